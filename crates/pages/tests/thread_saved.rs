//! Threads of saved pages of the real site: counts, and rows as the pages print them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::thread::{Bid, Comment};
use bat_pages::{Thread, parse_listing, parse_thread};
use serde_json::{Value, json};

mod saved_pages;

/// The words of a text: how it is broken into lines is checked where a test quotes it.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of markup, as a browser's parser sees them. Line breaks and paragraphs divide words.
fn words_of_markup(markup: &str) -> String {
    let markup = markup.replace("<br", " <br").replace("</p>", " </p>").replace("</div>", " </div>");
    words(&scraper::Html::parse_fragment(&markup).root_element().text().collect::<String>())
}

/// What the thread must hold of an entry of the page's JSON, by key.
fn expected(entry: &Value, seller: &str) -> Value {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    let slug = text("authorUrl").trim_end_matches('/').rsplit('/').next().unwrap().to_lowercase();
    let is_deleted = entry["authorDeleted"].as_bool().unwrap();
    let username = if is_deleted || slug.is_empty() { Value::Null } else { json!(slug) };
    let time = jiff::Timestamp::from_second(entry["timestamp"].as_i64().unwrap()).unwrap().to_string();
    if text("type") == "bat-bid" {
        let currency = words_of_markup(text("markup")).split(' ').next().unwrap().to_owned();
        return json!({
            "id": entry["id"], "username": username, "amount": entry["bidAmount"], "currency": currency,
            "canceled": false, "placed_at": time,
        });
    }
    let body = words_of_markup(text("markup"));
    let parent = entry["commentParent"]
        .as_str()
        .map_or_else(|| entry["commentParent"].clone(), |id| json!(id.parse::<i64>().unwrap()));
    json!({
        "id": entry["id"], "username": username,
        "is_seller": entry["authorId"].as_i64().unwrap().to_string() == seller,
        "kind": text("type"), "body": if body.is_empty() { Value::Null } else { json!(body) },
        "likes": entry["likes"], "parent_id": if parent == json!(0) { Value::Null } else { parent }, "posted_at": time,
    })
}

/// Every field of every entry against the page's JSON, read by a decoder that knows nothing of the site.
fn check_every_entry(page: &str, thread: &Thread) {
    let (_, rest) = page.split_once("var BAT_VMS = ").unwrap();
    let vms: Value = serde_json::Deserializer::from_str(rest).into_iter().next().unwrap().unwrap();
    let seller = vms["postAuthor"].as_str().unwrap();
    let entries = vms["comments"].as_array().unwrap();
    assert_eq!(entries.len(), thread.bids.len() + thread.comments.len());
    let (bids, comments): (Vec<&Value>, Vec<&Value>) =
        entries.iter().partition(|entry| entry["type"] == "bat-bid");
    for (bid, entry) in thread.bids.iter().zip(bids) {
        assert_eq!(json!(bid), expected(entry, seller));
    }
    for (comment, entry) in thread.comments.iter().zip(comments) {
        let mut actual = json!(comment);
        actual["body"] = json!(comment.body.as_deref().map(words));
        assert_eq!(actual, expected(entry, seller));
    }
}

/// The thread of a saved page, checked against what its listing says of itself, and entry by entry.
fn saved(name: &str) -> Option<Thread> {
    let page = saved_pages::text("pages", name)?;
    let (thread, listing) = (parse_thread(&page), parse_listing(&page));
    check_every_entry(&page, &thread);
    assert_eq!(thread.bids.iter().filter(|bid| !bid.canceled).count().try_into().ok(), listing.bid_count);
    let comments = thread.comments.iter().filter(|comment| comment.kind == "comment").count();
    assert_eq!(comments.try_into().ok(), listing.comment_count);
    for comment in thread.comments.iter().filter(|comment| comment.is_seller) {
        assert_eq!(comment.username, listing.seller_username);
    }
    assert!(thread.bids.iter().all(|bid| bid.currency.as_deref() == Some("USD") && bid.placed_at.is_some()));
    Some(thread)
}

fn bid(id: i64, username: &str, amount: i64, placed_at: &str) -> Bid {
    Bid {
        id,
        username: Some(username.to_owned()),
        amount: Some(amount),
        currency: Some("USD".to_owned()),
        canceled: false,
        placed_at: Some(placed_at.to_owned()),
    }
}

fn comment(thread: &Thread, id: i64) -> &Comment {
    thread.comments.iter().find(|comment| comment.id == id).unwrap()
}

/// Bids, other entries, entries of the seller, entries without a word; sums of the bids and of the likes.
fn sums(thread: &Thread) -> (usize, usize, usize, usize, i64, i32) {
    let count = |is: fn(&Comment) -> bool| thread.comments.iter().filter(|comment| is(comment)).count();
    (
        thread.bids.len(),
        thread.comments.len(),
        count(|comment| comment.is_seller),
        count(|comment| comment.body.is_none()),
        thread.bids.iter().filter_map(|bid| bid.amount).sum(),
        thread.comments.iter().filter_map(|comment| comment.likes).sum(),
    )
}

#[test]
fn sold() {
    let Some(thread) = saved("listing-sold.html") else { return };
    assert_eq!(sums(&thread), (28, 65, 18, 1, 977_375, 92));
    assert_eq!(thread.bids[0], bid(20_877_835, "jacknimble1", 10_000, "2026-04-17T21:48:53Z"));
    assert_eq!(thread.bids[27], bid(20_947_607, "duke280", 42_000, "2026-04-24T18:53:42Z"));
    assert_eq!(
        thread.comments[0],
        Comment {
            id: 20_877_873,
            username: Some("9zgangr".to_owned()),
            is_seller: false,
            kind: "comment".to_owned(),
            body: Some(
                "Wow, this will be a sweet little Cayman for someone! Heated AND vented seats!".to_owned()
            ),
            likes: Some(1),
            parent_id: None,
            posted_at: Some("2026-04-17T21:54:56Z".to_owned()),
        }
    );
    let record = comment(&thread, 20_947_672);
    assert_eq!((record.kind.as_str(), record.username.as_deref()), ("bat-bid-reserve", Some("duke280")));
    assert_eq!(record.body.as_deref(), Some("Sold on 04/24/2026 for USD $42,000 to Duke280"));
    assert_eq!(record.posted_at.as_deref(), Some("2026-04-24T18:55:43Z"));
    let service = comment(&thread, 20_907_307);
    let body = service.body.as_deref().unwrap();
    assert!(body.starts_with(
        "Im going to summarize the service records and include a picture of them all together.\n\n\
         2-24-11 – brake fluid, oil change, coolant flush, leather conditioned.\n3-1-12- 2 year/ 20k mile service\n"
    ));
    assert!(body.ends_with("\n3-25-26- new battery, oil change, brake fluid service."));
    assert!(service.is_seller);
    let last = thread.comments.last().unwrap();
    assert_eq!((last.id, last.username.as_deref()), (20_953_502, Some("boffkiss")));
    assert!(
        last.body
            .as_deref()
            .unwrap()
            .starts_with("@RogerD, I wouldn’t feel too bad about it – the .2 manual")
    );
}

#[test]
fn live() {
    let Some(thread) = saved("listing-live.html") else { return };
    assert_eq!(sums(&thread), (1, 11, 1, 0, 300_000, 6));
    assert_eq!(thread.bids, [bid(20_990_688, "brutaltruth", 300_000, "2026-04-29T00:08:35Z")]);
    assert_eq!(comment(&thread, 20_990_678).username.as_deref(), Some("motorenn"));
}

#[test]
fn reserve_not_met() {
    let Some(thread) = saved("listing-reserve-not-met.html") else { return };
    assert_eq!(sums(&thread), (24, 29, 9, 2, 1_050_000, 38));
    assert_eq!(thread.bids[0], bid(19_405_017, "strotter13", 20_000, "2025-11-02T00:40:04Z"));
    assert_eq!(thread.bids[23], bid(19_467_562, "strotter13", 53_000, "2025-11-07T20:43:12Z"));
    let record = comment(&thread, 19_467_616);
    assert_eq!((record.kind.as_str(), record.username.as_deref()), ("bat-bid-reserve", None));
    assert_eq!(record.body.as_deref(), Some("Reserve not met on 11/07/2025 at USD $53,000"));
    let deleted = comment(&thread, 19_467_664);
    assert_eq!((deleted.username.as_deref(), deleted.likes), (None, Some(4)));
    assert_eq!(deleted.body.as_deref(), Some("Amazing these are now less then a 355."));
}
