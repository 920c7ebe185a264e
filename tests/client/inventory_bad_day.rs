//! Days on which a dealer's list is not what it was: what such a day says nothing of, and that it leaves nothing behind.

use std::ops::Range;

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers, ended, let_a_day_pass, work};
use crate::inventory_change::{count, sync};
use crate::server::{Server, Session};
use crate::site::Site;

/// The site of a dealer: his cars, so many a page, and how many of them his home page shows.
#[derive(Clone)]
pub struct Lot {
    pub cars: Range<u32>,
    pub per_page: usize,
    pub at_home: usize,
}

impl Lot {
    pub fn frame(title: &str, main: &str) -> String {
        format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><nav><a href=\"/\">Home</a>
             <a href=\"/inventory\">Inventory</a></nav><main><h1>{title}</h1>{main}</main></body></html>"
        )
    }

    pub fn blocks(cars: &[u32]) -> String {
        let block = |n: &u32| {
            format!(
                "<div class=\"car\"><h3><a href=\"/inventory/cobra-{n}\">1965 AC Cobra</a></h3>
                 <div class=\"price\">${n},000</div><ul><li>Chassis #: CSX20{n}</li><li>Stock # S{n}</li></ul></div>"
            )
        };
        format!("<div class=\"cars\">{}</div>", cars.iter().map(block).collect::<String>())
    }

    fn home(&self) -> String {
        let shown: Vec<u32> = self.cars.clone().take(self.at_home).collect();
        Lot::frame("Welcome", &format!("<p>Phone (602) 555-0100</p>{}", Lot::blocks(&shown)))
    }

    fn pages(&self) -> Vec<String> {
        let cars: Vec<u32> = self.cars.clone().collect();
        let chunks: Vec<&[u32]> = cars.chunks(self.per_page).collect();
        let page = |(place, cars): (usize, &&[u32])| {
            let next = format!("<a rel=\"next\" href=\"/inventory?page={}\">Next</a>", place + 2);
            let next = if place + 1 < chunks.len() { next } else { String::new() };
            Lot::frame("Inventory", &format!("{}<ul class=\"pagination\">{next}</ul>", Lot::blocks(cars)))
        };
        chunks.iter().enumerate().map(page).collect()
    }

    /// Serves it; requests that match one of the first rules get something else.
    pub fn serve(&self, site: &Site, instead: &[(&str, Value)]) {
        site.heal();
        for (matching, fault) in instead {
            site.fault(matching, fault.clone(), None);
        }
        site.fault("^/$", body(&self.home()), None);
        for (place, page) in self.pages().iter().enumerate().rev() {
            let matching = match place {
                0 => "^/inventory$".to_owned(),
                _ => format!("^/inventory[?]page={}$", place + 1),
            };
            site.fault(&matching, body(page), None);
        }
    }
}

pub fn body(text: &str) -> Value {
    json!({ "kind": "body", "body": text })
}

pub fn status(status: u16) -> Value {
    json!({ "kind": "status", "status": status })
}

/// A dealer with such a site, who had nothing yet.
pub fn dealer_with(lot: &Lot) -> (Site, Server, Session, String) {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, _) = dealer(&site, &mut client, "nothing");
    lot.serve(&site, &[]);
    (site, server, client, id)
}

/// Another day's crawl: how it ended.
pub fn next_day(client: &mut Session, id: &str) -> String {
    let_a_day_pass(client);
    client
        .batch_execute("UPDATE bat_hosts SET robots_fetched_at = NULL, resting_until = NULL, slowdown = 1")
        .unwrap();
    sync(client, id, "");
    ended(client, id)
}

pub fn last_list(client: &mut Session, id: &str) -> String {
    client.text(&format!(
        "SELECT concat_ws(' ', pages, items, substring(list_url from '[^/]*$'))
         FROM bat_crawls WHERE dealer_id = '{id}' ORDER BY id DESC LIMIT 1"
    ))
}

#[test]
fn on_a_bad_day_of_the_list_the_home_page_does_not_take_its_place() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 6 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    assert_eq!(
        (ended(&mut client, &id), last_list(&mut client, &id)),
        ("complete".into(), "1 8 inventory".into())
    );
    let wrong = body("<html><body><h1>Something went wrong</h1><p>Please try again.</p></body></html>");
    let forbidden = json!({
        "kind": "body", "content_type": "text/plain", "body": "User-agent: *\nDisallow: /inventory\n",
    });
    let days = [
        ("^/inventory", status(404), "incomplete error"),
        ("^/inventory", status(418), "incomplete error"),
        ("^/inventory$", json!({ "kind": "redirect", "to": "/" }), "incomplete nothing_found"),
        ("^/inventory$", wrong, "incomplete nothing_found"),
        ("^/robots.txt$", forbidden, "incomplete robots"),
    ];
    for (place, (matching, fault, end)) in days.into_iter().enumerate() {
        lot.serve(&site, &[(matching, fault)]);
        assert_eq!(next_day(&mut client, &id), end, "{matching} {place}");
        assert_eq!(count(&mut client, &id, "status = 'in_stock' AND missing_count = 0"), 8);
        // The next day it is there again, with a new car.
        let end = 20 + u32::try_from(place).unwrap();
        Lot { cars: 11..end, ..lot.clone() }.serve(&site, &[]);
        assert_eq!(next_day(&mut client, &id), "complete");
        assert_eq!(last_list(&mut client, &id), format!("1 {} inventory", end - 11));
        lot.serve(&site, &[]);
        client
            .batch_execute(
                "DELETE FROM organization_vehicles; DELETE FROM dealer_inventory WHERE item_id > 'S18'",
            )
            .unwrap();
    }
}

#[test]
fn a_list_that_stays_away_for_two_weeks_is_looked_for_anew_or_when_that_is_accepted() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 6 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    lot.serve(&site, &[("^/inventory", status(404))]);
    for _ in 0..13 {
        assert_eq!(next_day(&mut client, &id), "incomplete error");
    }
    next_day(&mut client, &id);
    assert_eq!((ended(&mut client, &id), last_list(&mut client, &id)), ("complete".into(), "1 6 ".into()));
    client.batch_execute("DELETE FROM bat_crawls WHERE list_url NOT LIKE '%/inventory'").unwrap();
    client.batch_execute("UPDATE bat_crawls SET started_at = clock_timestamp()").unwrap();
    assert_eq!(next_day(&mut client, &id), "incomplete error");
    sync(&mut client, &id, ", accept => true");
    assert_eq!(last_list(&mut client, &id), "1 6 ");
}

#[test]
fn what_was_missed_by_a_crawl_that_a_person_accepted_does_not_count_any_more() {
    let lot = Lot { cars: 11..25, per_page: 30, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    Lot { cars: 11..16, ..lot.clone() }.serve(&site, &[("^/inventory/", status(404))]);
    assert_eq!(next_day(&mut client, &id), "incomplete under_half");
    sync(&mut client, &id, ", accept => true");
    assert_eq!(ended(&mut client, &id), "complete");
    // It was the first miss of nine cars; the second follows without anybody's word.
    assert_eq!(next_day(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "status = 'gone'"), 9);
    assert_eq!(count(&mut client, &id, "status = 'in_stock'"), 5);
}

#[test]
fn a_site_without_its_list_that_a_person_accepted_loses_its_cars_before_it_is_one_without_inventory() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    lot.serve(&site, &[("^/inventory", status(404))]);
    assert_eq!(next_day(&mut client, &id), "incomplete error");
    sync(&mut client, &id, ", accept => true");
    assert_eq!(ended(&mut client, &id), "complete");
    client.batch_execute("UPDATE bat_crawls SET started_at = started_at - interval '14 days'").unwrap();
    assert_eq!(next_day(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "status = 'gone'"), 8);
    assert_eq!(next_day(&mut client, &id), "no_inventory");
}

#[test]
fn the_dead_task_of_a_later_page_goes_when_the_dealer_is_crawled_again() {
    let lot = Lot { cars: 11..25, per_page: 6, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    let enqueue = format!("SELECT bat_enqueue('inventory', '{id}')");
    let dead = "SELECT count(*) FROM bat_tasks WHERE kind = 'inventory' AND state = 'dead'";
    for bad in [status(500), status(404)] {
        lot.serve(&site, &[("^/inventory[?]page=2", bad)]);
        client.batch_execute(&enqueue).unwrap();
        work(&mut client);
        assert_eq!((ended(&mut client, &id), client.number(dead)), ("incomplete error".into(), 1));
        // That of the list of what was sold says nothing of this one.
        client.batch_execute(&format!("SELECT bat_sync_inventory('{id}', run_mode => 'sold')")).unwrap();
        assert_eq!(client.number(dead), 1);
        lot.serve(&site, &[]);
        let_a_day_pass(&mut client);
        client.batch_execute(&enqueue).unwrap();
        work(&mut client);
        assert_eq!((ended(&mut client, &id), client.number(dead)), ("complete".into(), 0));
        assert_eq!(client.number("SELECT count(*) FROM bat_problems WHERE kind = 'inventory'"), 0);
    }
    // What failed is told by its crawl still.
    let told = "SELECT count(*) FROM bat_crawls WHERE cause = 'error' AND message LIKE '%page=2 answered %'";
    assert_eq!(client.number(told), 2);
}

#[test]
fn a_later_page_that_leads_elsewhere_is_no_page_of_the_list() {
    let lot = Lot { cars: 11..25, per_page: 8, at_home: 3 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    assert_eq!(
        (ended(&mut client, &id), last_list(&mut client, &id)),
        ("complete".into(), "2 14 inventory".into())
    );
    lot.serve(&site, &[("^/inventory[?]page=2", json!({ "kind": "redirect", "to": "/" }))]);
    assert_eq!(next_day(&mut client, &id), "incomplete paging");
    assert_eq!(count(&mut client, &id, "missing_count > 0"), 0);
    // One that leads to the same list by another address is one.
    let second = lot.pages().remove(1);
    lot.serve(
        &site,
        &[
            ("^/inventory[?]page=2", json!({ "kind": "redirect", "to": "/inventory/page/2/" })),
            ("^/inventory/page/2/", body(&second)),
        ],
    );
    assert_eq!(next_day(&mut client, &id), "complete");
}

#[test]
fn a_later_page_that_says_that_there_is_nothing_is_no_end_where_the_one_before_promised_it() {
    let lot = Lot { cars: 11..25, per_page: 8, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    sync(&mut client, &id, "");
    let empty = body(&Lot::frame("Inventory", "<p>No vehicles found.</p>"));
    lot.serve(&site, &[("^/inventory[?]page=2", empty.clone())]);
    assert_eq!(next_day(&mut client, &id), "incomplete paging");
    assert_eq!(count(&mut client, &id, "missing_count > 0"), 0);
    // A button that is on every page promises nothing.
    let button = "<a href=\"/inventory?page=2\">Next</a>";
    let first = lot.pages().remove(0).replace("<a rel=\"next\" href=\"/inventory?page=2\">Next</a>", button);
    lot.serve(&site, &[("^/inventory$", body(&first)), ("^/inventory[?]page=2", empty)]);
    assert_eq!(next_day(&mut client, &id), "complete");
}

#[test]
fn a_page_that_is_cut_off_is_not_believed_where_the_site_ends_its_pages() {
    let lot = Lot { cars: 11..25, per_page: 8, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    client.batch_execute("SET bat_partners.max_attempts = 1").unwrap();
    sync(&mut client, &id, "");
    let pages = lot.pages();
    let cut = |page: &str| {
        page.split("cobra-15").next().and_then(|page| page.split("cobra-22").next()).map(body).unwrap()
    };
    for (matching, page) in [("^/inventory$", &pages[0]), ("^/inventory[?]page=2", &pages[1])] {
        lot.serve(&site, &[(matching, cut(page))]);
        let_a_day_pass(&mut client);
        client.batch_execute(&format!("SELECT bat_enqueue('inventory', '{id}')")).unwrap();
        work(&mut client);
        assert_eq!(ended(&mut client, &id), "incomplete error", "{matching}");
        assert_eq!(count(&mut client, &id, "missing_count > 0"), 0);
    }
    // Of a site that never ends its pages that says nothing.
    let never = |page: &str| body(&page.replace("</body></html>", ""));
    lot.serve(
        &site,
        &[
            ("^/$", never(&lot.home())),
            ("^/inventory$", never(&pages[0])),
            ("^/inventory[?]page=2", never(&pages[1])),
        ],
    );
    assert_eq!(next_day(&mut client, &id), "complete");
}

#[test]
fn a_page_for_the_list_that_is_left_to_a_script_is_no_proof_that_there_is_none() {
    let lot = Lot { cars: 11..19, per_page: 20, at_home: 0 };
    let (site, _server, mut client, id) = dealer_with(&lot);
    let is_due = |client: &mut Session| {
        let queued = format!("FROM bat_tasks WHERE kind = 'inventory' AND key = '{id}'");
        client.batch_execute("SELECT bat_enqueue_due('inventory')").unwrap();
        let count = client.number(&format!("SELECT count(*) {queued}"));
        client.batch_execute(&format!("DELETE {queued}")).unwrap();
        count == 1
    };
    lot.serve(&site, &[("^/inventory", json!({ "kind": "empty_shell" }))]);
    for days in [1, 7, 90] {
        sync(&mut client, &id, "");
        assert_eq!(ended(&mut client, &id), "no_inventory");
        for day in 0..days {
            assert!(!is_due(&mut client), "after {day} days of {days}");
            let_a_day_pass(&mut client);
        }
        assert!(is_due(&mut client), "after {days} days");
    }
    lot.serve(&site, &[]);
    assert_eq!(next_day(&mut client, &id), "complete");
    assert_eq!(count(&mut client, &id, "status = 'in_stock'"), 8);
}
