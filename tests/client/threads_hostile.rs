//! A thread made to break what stores it.

use serde_json::json;

use crate::site::{Site, path};
use crate::threads::{import, keeping, writes};

/// A page with other entries in its thread.
pub fn with_entries(page: &str, entries: &str) -> String {
    let (before, rest) = page.split_once("\"comments\":[").unwrap();
    let (_, after) = rest.split_once("],\"commentsInitialLoad\"").unwrap();
    format!("{before}\"comments\":[{entries}],\"commentsInitialLoad\"{after}")
}

#[test]
fn a_hostile_thread_is_stored_in_two_statements_and_does_not_fail() {
    let site = Site::small();
    let server = keeping(&site);
    let url = site.listing("sold");
    let mut entries = vec![
        // Numbers that are none, and such as no column holds.
        r#"{"id":99999999999999999999,"type":"comment"}"#.to_owned(),
        r#"{"id":-7,"type":"bat-bid"},{"id":0},{"id":"x"},{"id":1.5e300},{},7,null,"x",[]"#.to_owned(),
        r#"{"id":9223372036854775807,"type":"bat-bid","bidAmount":9223372036854775807,"timestamp":9223372036854775807}"#.to_owned(),
        r#"{"id":9223372036854775806,"type":"comment","likes":99999999999,"commentParent":"9223372036854775807"}"#.to_owned(),
        // NULs, halves of surrogates, and one number twice, in both tables.
        r#"{"id":5,"type":"co\u0000mment","markup":"<p>a\u0000b\\","authorUrl":"\/member\/x\u0000y\/"}"#.to_owned(),
        r#"{"id":6,"type":"comment","markup":"\ud83d"}"#.to_owned(),
        r#"{"id":5,"type":"bat-bid","bidAmount":1},{"id":5,"type":"comment","markup":"second"}"#.to_owned(),
        r#"{"id":8,"type":"bat-bid","bidAmount":"-5","markup":"XXX $999999999999999999999999"}"#.to_owned(),
    ];
    entries.extend((1_000..50_970).map(|id| format!(r#"{{"id":{id},"type":"comment","markup":"x"}}"#)));
    let page = with_entries(&site.page(&url), &entries.join(","));
    site.fault(path(&url), json!({ "kind": "body", "body": page }), None);
    let mut client = server.client();
    client
        .batch_execute(
            "SELECT bat_setup();
             CREATE TABLE statements (name text);
             CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN INSERT INTO public.statements VALUES (TG_TABLE_NAME); RETURN NULL; END';
             CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON bat_bids EXECUTE FUNCTION note();
             CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON bat_comments EXECUTE FUNCTION note()",
        )
        .unwrap();
    assert_eq!(import(&mut client, &url), "1 0 0");
    // An upsert counts as an insert and as an update.
    let statements = "SELECT count(*) FILTER (WHERE name = 'bat_bids') || ' ' || count(*) FROM statements";
    assert_eq!(client.text(statements), "2 4");
    assert_eq!(
        client.column("SELECT concat_ws(' ', id, amount, placed_at) FROM bat_bids ORDER BY id"),
        ["8", "9223372036854775807 9223372036854775807"]
    );
    assert_eq!(client.number("SELECT count(*) FROM bat_comments WHERE id BETWEEN 1000 AND 60000"), 49_970);
    assert_eq!(
        client.column("SELECT concat_ws(' ', id, username, kind, body, likes, parent_id) FROM bat_comments WHERE id NOT BETWEEN 1000 AND 60000 ORDER BY id"),
        ["5 xy comment ab\\", "9223372036854775806 comment 9223372036854775807"]
    );
    let before = writes(&mut client);
    assert_eq!(import(&mut client, &url), "0 0 1");
    assert_eq!(writes(&mut client), before);
}
