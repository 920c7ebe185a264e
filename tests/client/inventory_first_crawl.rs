//! The first crawl of a dealer whose list cannot be had that day, and what becomes of a home page that was taken for it.

use serde_json::json;

use crate::inventory::{ended, work};
use crate::inventory_bad_day::{Lot, body, dealer_with, last_list, next_day, status};
use crate::inventory_change::{count, sync};

#[test]
fn on_the_first_day_a_list_that_cannot_be_had_is_not_replaced_by_the_home_page() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 6 };
    let down = body(
        "<html><head><title>Maintenance</title></head><body><h1>Site under maintenance</h1>
         <p>We will be back soon.</p></body></html>",
    );
    let lost = json!({ "kind": "reset" });
    for (bad, end) in
        [(status(503), "incomplete error"), (lost, "incomplete error"), (down, "incomplete down")]
    {
        let (site, _server, mut client, id) = dealer_with(&lot);
        client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
        lot.serve(&site, &[("^/inventory", bad)]);
        client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}')")).unwrap();
        work(&mut client);
        assert_eq!(ended(&mut client, &id), end);
        assert_eq!(count(&mut client, &id, "true"), 0);
        lot.serve(&site, &[]);
        assert_eq!(next_day(&mut client, &id), "complete");
        assert_eq!(last_list(&mut client, &id), "1 8 inventory");
    }
}

#[test]
fn a_home_page_that_was_taken_for_the_list_gives_way_to_the_list_that_it_links() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 6 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    lot.serve(&site, &[("^/inventory", status(404))]);
    sync(&mut client, &id, "");
    assert_eq!((ended(&mut client, &id), last_list(&mut client, &id)), ("complete".into(), "1 6 ".into()));
    // Neither a page that cannot be had nor one with a choice of the cars is the list.
    let choice = body(&Lot::frame("Inventory", &Lot::blocks(&[11, 12])));
    for instead in [status(404), status(503), choice] {
        lot.serve(&site, &[("^/inventory", instead)]);
        assert_eq!(next_day(&mut client, &id), "complete");
        assert_eq!(last_list(&mut client, &id), "1 6 ");
    }
    lot.serve(&site, &[]);
    assert_eq!(next_day(&mut client, &id), "complete");
    assert_eq!(last_list(&mut client, &id), "1 8 inventory");
    assert_eq!(count(&mut client, &id, "status = 'in_stock'"), 8);
}
