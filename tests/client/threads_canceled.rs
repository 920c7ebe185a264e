//! Bids that are canceled between two visits: the page then has the bid in another form, or only the record that it was
//! canceled.

use serde_json::json;

use crate::server::{Server, Session};
use crate::site::{Site, path};
use crate::threads::{import, keeping};
use crate::threads_hostile::with_entries;

const BID: &str = r#"{"id":5,"type":"bat-bid","bidAmount":40000,"authorUrl":"\/member\/bob\/","timestamp":1777056942,"markup":"<p>USD $40,000 bid placed by <a>bob<\/a><\/p>"}"#;
const CANCELED: &str = r#"{"id":5,"type":"bat-bid-canceled","bidAmount":0,"authorUrl":"\/member\/bob\/","timestamp":1777056942,"markup":"<p>USD $40,000 bid placed by <a>bob<\/a><\/p>"}"#;
const WITHOUT_AMOUNT: &str = r#"{"id":5,"type":"bat-bid-canceled","bidAmount":0,"authorUrl":"\/member\/bob\/","timestamp":1777056942,"markup":"<p>Bid by <a>bob<\/a> was canceled<\/p>"}"#;
const RECORD: &str = r#"{"id":9,"type":"bat-bid-canceled","bidAmount":0,"authorUrl":"\/member\/bob\/","timestamp":1777086942,"markup":"<p>The bid of USD $40,000 by bob was canceled by BaT<\/p>"}"#;
const OF_ANOTHER: &str = r#"{"id":9,"type":"bat-bid-canceled","bidAmount":0,"authorUrl":"\/member\/eve\/","timestamp":1777086942,"markup":"<p>The bid of USD $40,000 by eve was canceled by BaT<\/p>"}"#;

/// The ids of both tables after visits with these threads.
fn visited(site: &Site, server: &Server, visits: &[&[&str]]) -> (Session, String) {
    let url = site.listing("sold");
    let page = site.page(&url);
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup(); DELETE FROM bat_bids; DELETE FROM bat_comments").unwrap();
    for entries in visits {
        site.heal();
        let body = with_entries(&page, &entries.join(","));
        site.fault(path(&url), json!({ "kind": "body", "body": body }), None);
        client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
        import(&mut client, &url);
    }
    let stored = client.text(
        "SELECT concat_ws('; ',
             (SELECT string_agg(concat_ws(' ', 'bid', id, username, amount, canceled), '; ' ORDER BY id) FROM bat_bids),
             (SELECT string_agg(concat_ws(' ', 'comment', id, kind), '; ' ORDER BY id) FROM bat_comments))",
    );
    (client, stored)
}

#[test]
fn a_record_of_a_cancellation_cancels_the_bid_that_is_stored() {
    let site = Site::small();
    let server = keeping(&site);
    let stored = |visits: &[&[&str]]| visited(&site, &server, visits).1;
    let once = "bid 5 bob 40000 t; comment 9 bat-bid-canceled";
    // As one page tells both.
    assert_eq!(stored(&[&[CANCELED, RECORD]]), once);
    for visits in [
        [&[BID] as &[&str], &[RECORD]],
        [&[CANCELED, RECORD], &[RECORD]],
        [&[BID], &[WITHOUT_AMOUNT, RECORD]],
        [&[RECORD], &[CANCELED, RECORD]],
    ] {
        assert_eq!(stored(&visits), once, "{visits:?}");
        // Reading it once more changes nothing.
        let again = [visits[0], visits[1], visits[1]];
        assert_eq!(stored(&again), once, "{visits:?}");
    }
}

#[test]
fn a_record_whose_bid_is_nowhere_is_the_bid() {
    let site = Site::small();
    let server = keeping(&site);
    let stored = |visits: &[&[&str]]| visited(&site, &server, visits).1;
    assert_eq!(stored(&[&[RECORD], &[RECORD]]), "bid 9 bob 40000 t");
    assert_eq!(stored(&[&[BID], &[BID, OF_ANOTHER]]), "bid 5 bob 40000 f; bid 9 eve 40000 t");
}

#[test]
fn a_bid_that_a_person_changed_is_not_canceled() {
    let site = Site::small();
    let server = keeping(&site);
    let (mut client, _) = visited(&site, &server, &[&[BID]]);
    client.batch_execute("UPDATE bat_bids SET placed_at = now()").unwrap();
    let url = site.listing("sold");
    site.heal();
    let body = with_entries(&site.page(&url), RECORD);
    site.fault(path(&url), json!({ "kind": "body", "body": body }), None);
    import(&mut client, &url);
    assert_eq!(client.column("SELECT concat_ws(' ', id, canceled) FROM bat_bids"), ["5 f"]);
}
