//! Threads as the page carries them.

use super::*;

fn comment(kind: &str, author: &str, content: &str, amount: i64) -> String {
    format!(
        r#"{{"channels":["comment;item;1",["x"]],"authorName":"{author}","authorUrl":"https:\/\/bringatrailer.com\/member\/{}\/","authorDeleted":false,"type":"{kind}","bidAmount":{amount},"content":"{content}","likers":[{{"a":[]}}],"timestamp":1}}"#,
        author.to_lowercase()
    )
}

fn script(comments: &[String]) -> String {
    format!(
        "\n/* <![CDATA[ */\nvar BAT_VMS = {{\"ajaxUrl\":\"x\",\"comments\":[{}],\"userId\":\"0\"}};\n/* ]]> */\n",
        comments.join(",")
    )
}

fn read(comments: &[String]) -> Thread {
    let script = script(comments);
    thread(&[script.as_str()]).expect("a thread")
}

#[test]
fn counts_comments_and_standing_bids() {
    let thread = read(&[
        comment("bat-bid", "One", "$1,000 bid placed by One", 1_000),
        comment("comment", "Two", "first ] }; bid", 0),
        comment("bat-bid", "Two", "$2,000 bid placed by Two", 2_000),
        comment("bat-bid-canceled", "Three", "The bid of USD $9,000 was canceled by BaT", 9_000),
    ]);
    assert_eq!((thread.comments, thread.bids), (1, 2));
    let last = thread.last_bid.expect("a bid");
    assert_eq!((last.amount, last.username.as_deref()), (Some(2_000), Some("two")));
    assert_eq!(thread.closing, None);
}

#[test]
fn the_record_of_an_old_sale_names_the_buyer_not_its_author() {
    let thread = read(&[comment("bat-bid-reserve", "staff", "Sold on 9/14/15 for $12,000 to NIACC", 0)]);
    let closing = thread.closing.expect("a record");
    assert_eq!(closing.buyer.as_deref(), Some("niacc"));
    assert_eq!(
        closing.money.map(|money| (money.amount, money.currency)),
        Some((12_000, Some("USD".to_owned())))
    );
}

#[test]
fn a_buyer_whose_name_holds_a_to_is_the_linked_one() {
    let content = "Sold on 04/21/2026 for $24,000 to Back to Basics";
    let markup = r#""markup":"<p>Sold on 04\/21\/2026 for USD $24,000 to <a href=\"https:\/\/bringatrailer.com\/member\/backtobasics\/\">Back to Basics<\/a><\/p>","type""#;
    let sale = comment("bat-bid-reserve", "staff", content, 0).replace("\"type\"", markup);
    let buyer = |sale: String| read(&[sale]).closing.expect("a record").buyer;
    assert_eq!(buyer(sale).as_deref(), Some("backtobasics"));
    assert_eq!(buyer(comment("bat-bid-reserve", "staff", content, 0)), None);
}

#[test]
fn a_withdrawal_among_the_canceled_bids_is_a_record() {
    let thread = read(&[
        comment("bat-bid-canceled", "One", "$9,000 bid placed by One", 0),
        comment("bat-bid-canceled", "staff", "This listing has been withdrawn by BaT because of damage", 0),
    ]);
    assert_eq!(thread.closing.map(|closing| closing.ending), Some(Ending::Withdrawn));
    assert_eq!((thread.bids, thread.comments), (0, 0));
    let bid = comment("bat-bid-canceled", "One", "The bid of USD $9,000 has been withdrawn", 0);
    assert_eq!(read(&[bid]).closing, None);
}

#[test]
fn records_of_each_ending() {
    for (content, ending) in [
        ("Sold on 4/24/26 for USD $42,000.00 to Duke280", Ending::Sold),
        ("Reserve not met on 11/7/25 at USD $53,000", Ending::ReserveNotMet),
        ("No bids were placed on 1/2/26", Ending::NoBids),
        ("This listing has been withdrawn by BaT because of something", Ending::Withdrawn),
    ] {
        let thread = read(&[comment("bat-bid-reserve", "Anonymous", content, 0)]);
        assert_eq!(thread.closing.map(|closing| closing.ending), Some(ending), "{content}");
    }
}

#[test]
fn an_offer_accepted_later() {
    let thread = read(&[
        comment("bat-bid-reserve", "Anonymous", "Reserve not met on 4/11/25 at USD $23,000", 0),
        comment("bat-rnm-accepted", "nocera76", "Sold on 04/11/2025 for $24,000 to nocera76", 0),
        comment("comment", "One", "congratulations", 0),
    ]);
    assert!(thread.accepted_after);
    let closing = thread.closing.expect("a record");
    assert_eq!((closing.ending, closing.buyer.as_deref()), (Ending::Sold, Some("nocera76")));
}

#[test]
fn deleted_accounts_have_no_name() {
    let bid =
        comment("bat-bid", "Gone", "$1 bid", 1).replace("\"authorDeleted\":false", "\"authorDeleted\":true");
    assert_eq!(read(&[bid]).last_bid.expect("a bid").username, None);
    let sale = comment("bat-bid-reserve", "Gone", "Sold on 4/24/26 for USD $1 to Gone", 0)
        .replace("\"authorDeleted\":false", "\"authorDeleted\":true");
    assert_eq!(read(&[sale]).closing.expect("a record").buyer, None);
}

#[test]
fn a_quoted_assignment_is_no_assignment() {
    let quoting = "var OTHER = {\"a\":\"x var BAT_VMS = {\\\"comments\\\":[]}\"};";
    assert_eq!(thread(&[quoting]), None);
    assert_eq!(assigned("var BAT_VMS={}", "BAT_VMS"), Some("{}"));
    assert_eq!(assigned("a;var BAT_VMS = {}", "BAT_VMS"), Some("{}"));
}

#[test]
fn odd_types_do_not_lose_the_thread() {
    let odd = r#"var BAT_VMS = {"comments":{"0":{"type":"bat-bid","bidAmount":"5000","authorUrl":false,"content":null},"2":{"type":["comment"]}}};"#;
    let thread_read = thread(&[odd]).expect("a thread");
    assert_eq!((thread_read.bids, thread_read.comments), (1, 0));
    assert_eq!(thread_read.last_bid.expect("a bid").amount, Some(5_000));
    assert_eq!(thread(&["var BAT_VMS = {\"comments\":false};"]), None);
    assert_eq!(thread(&["var BAT_VMS = {\"comments\":[{"]), None);
}

#[test]
fn an_odd_entry_does_not_lose_the_others() {
    let bid = comment("bat-bid", "One", "$1,000 bid placed by One", 1_000);
    let twice = "{\"type\":\"comment\",\"type\":\"comment\"}";
    for odd in ["null", "false", "7", "\"x\"", twice] {
        let thread = read(&[odd.to_owned(), bid.clone(), odd.to_owned()]);
        assert_eq!((thread.bids, thread.comments), (1, 0), "{odd}");
        assert_eq!(thread.last_bid.and_then(|bid| bid.amount), Some(1_000), "{odd}");
    }
}

#[test]
fn seller_marks_and_slugs() {
    assert_eq!(without_seller_mark("Motorenn (The Seller)"), "Motorenn");
    assert_eq!(member_slug("https://bringatrailer.com/member/Duke280/?x"), Some("duke280".to_owned()));
    assert_eq!(member_slug("https://bringatrailer.com/member//"), None);
}
