//! Threads of listing pages: one test per quirk, and what holds for every page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use bat_pages::{Thread, parse_thread};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

/// An entry as the page prints it, with some of its keys replaced.
fn entry(replaced: &Value) -> Value {
    let mut entry = json!({
        "channels": ["comment;item;11", ["]"]], "approved": "1", "authorId": 7, "authorName": "Some One",
        "authorUrl": "https://bringatrailer.com/member/Some_One/", "authorDeleted": false, "dislikes": 1, "id": 11,
        "likes": 3, "likers": ["aa"], "post": "112", "markup": "<p>4&#215;4, <a href=\"x\">@you</a></p>",
        "content": "4×4, @you", "timestamp": 1_777_056_942, "type": "comment", "bidAmount": 0, "commentParent": null,
    });
    entry.as_object_mut().unwrap().extend(replaced.as_object().unwrap().clone());
    entry
}

fn page(entries: &[Value]) -> String {
    let vms = json!({"ajaxUrl": "x", "comments": entries, "postAuthor": "42", "userId": "0"});
    // PHP escapes every slash, so that no string ends the script.
    let vms = vms.to_string().replace('/', "\\/");
    format!(
        "<html><script id='x' nonce='y'>\n/* <![CDATA[ */\nvar BAT_VMS = {vms};\n/* ]]> */\n</script></html>"
    )
}

fn thread(entries: &[Value]) -> Thread {
    parse_thread(&page(&entries.iter().map(entry).collect::<Vec<_>>()))
}

#[test]
fn bids_name_their_currency_in_the_markup_only() {
    let bid = json!({"type": "bat-bid", "bidAmount": 10_000, "content": "$10,000 bid placed by x"});
    let with = |markup: &str| {
        let mut bid = bid.clone();
        bid["markup"] = json!(markup);
        thread(&[bid]).bids.remove(0)
    };
    assert_eq!(
        with("<p>CAD $10,000 bid placed by <a href=\"/member/usd5/\">x</a></p>").currency.as_deref(),
        Some("CAD")
    );
    assert_eq!(with("<p>GBP &pound;10,000 bid placed by x</p>").currency.as_deref(), Some("GBP"));
    let bare = with("");
    assert_eq!((bare.amount, bare.currency), (Some(10_000), None));
}

#[test]
fn canceled_bids_are_there_with_the_amount_that_they_print() {
    let markup = "<p>The bid of USD $9,000 by <a href=\"/member/x/\">x</a> was canceled by BaT</p>";
    let bids = thread(&[
        json!({"type": "bat-bid", "id": 1, "bidAmount": "8000"}),
        json!({"type": "bat-bid-canceled", "id": 2, "markup": markup}),
    ])
    .bids;
    let seen: Vec<_> = bids.iter().map(|bid| (bid.id, bid.amount, bid.canceled)).collect();
    assert_eq!(seen, [(1, Some(8_000), false), (2, Some(9_000), true)]);
    assert_eq!(bids[1].currency.as_deref(), Some("USD"));
}

#[test]
fn the_record_of_a_cancellation_is_no_second_bid() {
    let bid = |id: i64, amount: &str| {
        json!({"type": "bat-bid-canceled", "id": id, "timestamp": 1_777_056_942,
            "markup": format!("<p>USD {amount} bid placed by <a href=\"/member/some_one/\">Some One</a></p>")})
    };
    let record = |id: i64, amount: &str, member: &str| {
        json!({"type": "bat-bid-canceled", "id": id, "timestamp": 1_777_086_942, "authorUrl": member,
            "markup": format!("<p>The bid of USD {amount} was canceled by BaT</p>")})
    };
    let of_the_bidder = "https://bringatrailer.com/member/Some_One/";
    let ids = |entries: &[Value]| {
        let thread = thread(entries);
        let comments: Vec<_> = thread.comments.iter().map(|comment| comment.id).collect();
        (thread.bids.iter().map(|bid| bid.id).collect::<Vec<_>>(), comments)
    };
    for author in [of_the_bidder, ""] {
        assert_eq!(ids(&[bid(1, "$40,000"), record(2, "$40,000", author)]), (vec![1], vec![2]), "{author}");
    }
    // Of another amount, of another author or before its bid, it is all that tells of a bid.
    let other = "https://bringatrailer.com/member/other/";
    for entries in [
        [bid(1, "$40,000"), record(2, "$41,000", of_the_bidder)],
        [bid(1, "$40,000"), record(2, "$40,000", other)],
        [record(1, "$40,000", of_the_bidder), bid(2, "$40,000")],
    ] {
        assert_eq!(ids(&entries), (vec![1, 2], vec![]));
    }
    let standing = json!({"type": "bat-bid", "id": 1, "bidAmount": 40_000});
    assert_eq!(ids(&[standing, record(2, "$40,000", of_the_bidder)]), (vec![1, 2], vec![]));
}

#[test]
fn a_withdrawal_among_the_canceled_bids_is_no_bid() {
    let thread = thread(&[json!({
        "type": "bat-bid-canceled", "markup": "<p>This listing has been withdrawn by BaT because of damage</p>"
    })]);
    assert_eq!((thread.bids.len(), thread.comments.len()), (0, 1));
    assert_eq!(thread.comments[0].kind, "bat-bid-canceled");
}

#[test]
fn trap_08_the_copy_of_the_bid_box_inside_the_closing_event_is_no_entry() {
    let thread = thread(&[json!({
        "type": "bat-bid-reserve", "content": "Sold on 4/24/26 for USD $42,000.00 to Some_One",
        "biddable_markup": {"box": "<script>var BAT_VMS = {\"comments\":[{\"id\":5,\"type\":\"bat-bid\"}]}</script>"}
    })]);
    assert_eq!((thread.bids.len(), thread.comments.len()), (0, 1));
    assert_eq!(thread.comments[0].kind, "bat-bid-reserve");
}

#[test]
fn trap_19_usernames_are_slugs_in_small_letters() {
    let thread = thread(&[json!({}), json!({"id": 12, "type": "bat-bid"})]);
    assert_eq!(thread.comments[0].username.as_deref(), Some("some_one"));
    assert_eq!(thread.bids[0].username.as_deref(), Some("some_one"));
}

#[test]
fn trap_28_deleted_accounts_keep_what_they_wrote_and_bid() {
    let deleted = |id: i64, kind: &str| {
        json!({"id": id, "type": kind, "authorUrl": "", "authorDeleted": true,
            "bidAmount": 5})
    };
    let named = json!({"id": 99, "authorDeleted": true});
    let thread =
        thread(&[deleted(1, "comment"), deleted(2, "bat-bid"), deleted(3, "bat-bid-canceled"), named]);
    assert_eq!((thread.comments.len(), thread.bids.len()), (2, 2));
    assert!(thread.comments.iter().all(|comment| comment.username.is_none() && comment.body.is_some()));
    assert!(thread.bids.iter().all(|bid| bid.username.is_none() && bid.amount == Some(5)));
}

#[test]
fn trap_29_comments_follow_the_closing_event() {
    let thread = thread(&[
        json!({"id": 1, "type": "bat-bid-reserve", "authorId": 0, "authorName": "Anonymous", "authorUrl": "",
            "markup": "<p>Reserve not met on 11/07/2025 at USD $53,000</p>"}),
        json!({"id": 2, "type": "bat-rnm-accepted"}),
        json!({"id": 3, "commentParent": "1"}),
    ]);
    let kinds: Vec<_> =
        thread.comments.iter().map(|comment| (comment.kind.as_str(), comment.parent_id)).collect();
    assert_eq!(kinds, [("bat-bid-reserve", None), ("bat-rnm-accepted", None), ("comment", Some(1))]);
    assert_eq!(thread.comments[0].username, None);
}

#[test]
fn the_seller_is_told_by_the_name_or_by_the_number() {
    let comments = thread(&[
        json!({"id": 1, "authorName": "Some One (The Seller)"}),
        json!({"id": 2, "authorId": "42"}),
        json!({"id": 3, "authorId": 0, "markup": "I am (The Seller)"}),
    ])
    .comments;
    assert_eq!(comments.iter().map(|comment| comment.is_seller).collect::<Vec<_>>(), [true, true, false]);
    let nobody = page(&[entry(&json!({"authorId": 0}))]).replace("\"42\"", "\"0\"");
    assert!(!parse_thread(&nobody).comments[0].is_seller);
}

#[test]
fn entities_once_and_times_in_utc() {
    let comment = thread(&[json!({})]).comments.remove(0);
    assert_eq!(comment.body.as_deref(), Some("4×4, @you"));
    assert_eq!(comment.posted_at.as_deref(), Some("2026-04-24T18:55:42Z"));
    assert_eq!((comment.likes, comment.parent_id), (Some(3), None));
    let odd =
        thread(&[json!({"timestamp": 0, "likes": null, "markup": "", "content": "", "commentParent": {}})]);
    let comment = &odd.comments[0];
    assert_eq!(
        (&comment.posted_at, comment.likes, &comment.body, comment.parent_id),
        (&None, None, &None, None)
    );
}

#[test]
fn entries_without_a_number_of_their_own_are_left_out() {
    let entries =
        [entry(&json!({"id": null})), json!(7), entry(&json!({})), entry(&json!({"type": "bat-bid"}))];
    let thread = parse_thread(&page(&entries));
    assert_eq!((thread.comments.len(), thread.bids.len()), (1, 0));
}

#[test]
fn nuls_that_json_can_hold_and_postgresql_cannot_are_dropped() {
    let url = "https://bringatrailer.com/member/so\0me/";
    let thread = thread(&[
        json!({"type": "comm\0ent", "markup": "<p>a\0b</p>", "authorUrl": url}),
        json!({"id": 12, "type": "bat-bid", "markup": "<p>USD $1\0,000 bid</p>", "authorUrl": url}),
    ]);
    let comment = &thread.comments[0];
    assert_eq!((comment.kind.as_str(), comment.body.as_deref()), ("comment", Some("ab")));
    assert_eq!(comment.username.as_deref(), Some("some"));
    assert!(!serde_json::to_string(&thread).unwrap().contains("u0000"));
}

#[test]
fn numbers_out_of_range_are_no_numbers() {
    let entries: Vec<Value> = ["99999999999999999999999", "9223372036854775807", "-5", "0", "1e400", "1.5"]
        .iter()
        .map(|number| {
            serde_json::from_str(&format!("{{\"id\":\"{number}\",\"likes\":\"{number}\"}}")).unwrap()
        })
        .map(|replaced| entry(&replaced))
        .collect();
    let comments = parse_thread(&page(&entries)).comments;
    let seen: Vec<_> = comments.iter().map(|comment| (comment.id, comment.likes)).collect();
    assert_eq!(seen, [(i64::MAX, None)]);
    let late =
        thread(&[json!({"timestamp": i64::MAX, "bidAmount": i64::MAX, "type": "bat-bid"})]).bids.remove(0);
    assert_eq!((late.amount, late.placed_at), (Some(i64::MAX), None));
}

#[test]
fn pages_without_a_thread() {
    for page in [
        "",
        "<p>x",
        "<script>var BAT_VMS = {\"comments\":false};</script>",
        "<script>var BAT_VMS = {\"comments\":[{</script>",
        "<script type='text/html'>var BAT_VMS = {\"comments\":[{\"id\":1}]};</script>",
    ] {
        assert_eq!(parse_thread(page), Thread::default(), "{page}");
    }
}

fn check(html: &str) {
    let thread = parse_thread(html);
    let json = serde_json::to_string(&thread).map(|json| json.len()).unwrap_or(usize::MAX);
    // Keys and `null`s of an entry are 120 bytes for the 9 of `{"id":1},`.
    assert!(json <= 1_000 + html.len() * 20, "{json} bytes out of {}", html.len());
}

/// The nearest character boundary at or before a share of the text.
fn at(text: &str, share: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let offset = (text.len() as f64 * share) as usize;
    text.floor_char_boundary(offset.min(text.len()))
}

proptest! {
    #![proptest_config(Config {
        cases: 256, rng_seed: RngSeed::Fixed(20_260_424), failure_persistence: None, ..Config::default()
    })]

    #[test]
    fn arbitrary_text(text in any::<String>(), number in any::<i64>()) {
        check(&text);
        check(&format!("<script>var BAT_VMS = {{\"comments\":{text}}}</script>"));
        check(&page(&[entry(&json!({"markup": text, "authorUrl": text, "type": text, "timestamp": number, "likes": number}))]));
    }

    #[test]
    fn broken_pages(share in 0.0..1.0_f64, breaker in prop::sample::select(
        ["<", "\"", "</script>", "&", "\0", "é", "{", "]", "\\", "\\ud83d"].to_vec()), cut in any::<bool>()) {
        let whole = page(&[entry(&json!({})), entry(&json!({"id": 12, "type": "bat-bid"}))]);
        let (before, after) = whole.split_at(at(&whole, share));
        check(&format!("{before}{breaker}{}", if cut { "" } else { after }));
    }
}

/// 4 MB of what makes a careless parser quadratic.
#[test]
fn hostile_pages_end_in_time() {
    const SIZE: usize = 4 << 20;
    let filled = |start: &str, piece: &str| format!("{start}{}", piece.repeat(SIZE / piece.len()));
    for (name, html) in [
        ("entries", filled("<script>var BAT_VMS = {\"comments\":[", "{\"id\":1},") + "{}]}"),
        ("brackets", filled("<script>var BAT_VMS = {\"comments\":", "[")),
        (
            "nested markup",
            filled("<script>var BAT_VMS = {\"comments\":[{\"id\":1,\"markup\":\"", "<p><b>x<div>") + "\"}]}",
        ),
        (
            "breaks",
            filled("<script>var BAT_VMS = {\"comments\":[{\"id\":1,\"markup\":\"", "<br>&amp") + "\"}]}",
        ),
    ] {
        let started = Instant::now();
        check(&html);
        let limit = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_secs(1) };
        assert!(started.elapsed() < limit, "{name} took {:?}", started.elapsed());
    }
}
