//! Whose a site's inventory is, when its holder changes, and when a dealer's site moves.

use serde_json::json;

use crate::inventory::{dealer, dealers, ended, let_a_day_pass, work};
use crate::inventory_change::{count, sync};
use crate::server::{Server, Session};
use crate::site::Site;

/// What a dealer's list tells of his cars: the last part of the address, the title, and what else is known.
type Shown<'a> = &'a [(&'a str, &'a str, &'a str)];

const CARS: [(&str, &str, &str); 6] = [
    ("cobra", "1965 AC Cobra", "<li>VIN: WP0ZZZ99ZKS197103</li>"),
    ("carrera", "1989 Porsche 911 Carrera", "<li>VIN: ZFFYT53A010124655</li>"),
    ("giulia", "1967 Alfa Romeo Giulia", "<li>VIN: 1G1YY32G8X5113021</li><li>Stock # S3</li>"),
    ("elan", "1969 Lotus Elan", ""),
    ("stag", "1973 Triumph Stag", ""),
    ("pagoda", "1966 Mercedes-Benz 230SL", ""),
];

/// From now on every site shows these cars, under `/inventory`, and no others.
fn show(site: &Site, folder: &str, cars: Shown) {
    site.heal();
    let block = |(slug, title, more): &(&str, &str, &str)| {
        format!(
            "<div class=\"car\"><h3><a href=\"/{folder}/{slug}\">{title}</a></h3>
             <div class=\"price\">$50,000</div><ul><li>12,345 miles</li>{more}</ul></div>"
        )
    };
    let blocks: String = cars.iter().map(block).collect();
    let page = |title: &str, main: &str| {
        json!({ "kind": "body", "body": format!(
            "<html><head><title>{title}</title></head><body><nav><a href=\"/inventory\">Inventory</a></nav>
             <main><h1>{title}</h1>{main}</main></body></html>"
        ) })
    };
    site.fault("^/$", page("Welcome", ""), None);
    site.fault("^/inventory$", page("Inventory", &blocks), None);
    for (slug, title, more) in cars {
        let own = page(title, &format!("<h2>Price: $50,000</h2><ul>{more}</ul>"));
        site.fault(&format!("^/{folder}/{slug}$"), own, None);
    }
    site.fault(&format!("^/{folder}/"), json!({ "kind": "status", "status": 404 }), None);
}

struct Branches {
    site: Site,
    _server: Server,
    client: Session,
    /// In directory order.
    ids: [String; 2],
    /// The home pages of two sites. Both branches have the first.
    urls: [String; 2],
}

impl Branches {
    fn start() -> Branches {
        let (site, server) = dealers();
        let mut client = server.client();
        let (first, truth) = dealer(&site, &mut client, "nothing");
        let (_, other) = dealer(&site, &mut client, "dealer_center");
        let urls = [&truth, &other].map(|truth| truth["url"].as_str().unwrap().to_owned());
        client.batch_execute(&format!("DELETE FROM businesses WHERE website LIKE '{}%'", urls[1])).unwrap();
        let second = client.text(&format!(
            "INSERT INTO businesses (business_name, website, geographic_key)
             SELECT 'Branch', website, 'branch|na|NA|US' FROM businesses WHERE id = '{first}' RETURNING id"
        ));
        show(&site, "inventory", &CARS);
        Branches { site, _server: server, client, ids: [first, second], urls }
    }

    fn set(&mut self, place: usize, assignment: &str) {
        let id = &self.ids[place];
        self.client.batch_execute(&format!("UPDATE businesses SET {assignment} WHERE id = '{id}'")).unwrap();
    }

    fn moves_to(&mut self, place: usize, url: usize) {
        let url = self.urls[url].clone();
        self.set(place, &format!("website = '{url}'"));
    }

    /// A day later, a crawl by the queue and what follows from it.
    fn crawl(&mut self, place: usize) -> String {
        let_a_day_pass(&mut self.client);
        self.client
            .batch_execute(&format!("SELECT bat_enqueue('inventory', '{}')", self.ids[place]))
            .unwrap();
        work(&mut self.client);
        ended(&mut self.client, &self.ids[place])
    }

    /// How many cars each of them offers, by items and by links.
    fn offered(&mut self) -> [(i64, i64); 2] {
        let ids = self.ids.clone();
        ids.map(|id| {
            let links = format!(
                "SELECT count(*) FROM organization_vehicles
                 WHERE organization_id = '{id}' AND relationship_type = 'inventory' AND status = 'active'"
            );
            (count(&mut self.client, &id, "status = 'in_stock'"), self.client.number(&links))
        })
    }
}

#[test]
fn the_items_of_a_site_are_those_of_who_holds_it_now() {
    let mut branches = Branches::start();
    assert_eq!(branches.crawl(0), "complete");
    assert_eq!(branches.offered(), [(6, 3), (0, 0)]);
    let before = branches.client.column("SELECT id FROM dealer_inventory ORDER BY id");
    branches
        .client
        .batch_execute(
            "UPDATE dealer_inventory SET title = 'Of a person' WHERE title LIKE '%Cobra';
             UPDATE organization_vehicles SET notes = 'Asked for it' WHERE relationship_type = 'inventory'",
        )
        .unwrap();
    let left = "INSERT INTO bat_tasks (kind, key, host, priority, state)
         SELECT 'inventory_item', dealer_id || ' ' || listing_url, 'dealer', 42, 'dead' FROM dealer_inventory LIMIT 1;
         INSERT INTO bat_tasks (kind, key, host, priority, state, options)
         SELECT 'inventory', dealer_id || '#' || id || '#2', 'dealer', 32, 'dead', jsonb_build_object('crawl', id)
         FROM bat_crawls ORDER BY id DESC LIMIT 1";
    for (holder, change) in
        [(1, "website = NULL"), (0, "status = NULL"), (1, "status = 'left_directory'"), (0, "status = NULL")]
    {
        branches.client.batch_execute(left).unwrap();
        if holder == 0 {
            branches.moves_to(0, 0);
        }
        branches.set(0, change);
        assert_eq!(branches.crawl(holder), "complete");
        let mut offered = [(0, 0); 2];
        offered[holder] = (6, 3);
        assert_eq!(branches.offered(), offered, "{change}");
        assert_eq!(branches.client.column("SELECT id FROM dealer_inventory ORDER BY id"), before);
        let queued = "SELECT count(*) FROM bat_tasks WHERE kind LIKE 'inventory%'";
        assert_eq!(branches.client.number(queued), 0, "{change}");
    }
    let kept = "SELECT count(*) FROM dealer_inventory
                WHERE first_seen_at < now() - interval '3 days' AND seen_count = 5 AND jsonb_array_length(price_history) = 1";
    assert_eq!(branches.client.number(kept), 6);
    assert_eq!(
        branches.client.number("SELECT count(*) FROM dealer_inventory WHERE title = 'Of a person'"),
        1
    );
    let notes = "SELECT count(*) FROM organization_vehicles WHERE notes = 'Asked for it'";
    assert_eq!(branches.client.number(notes), 3);
    let of_others = format!("SELECT count(*) FROM bat_crawls WHERE dealer_id = '{}'", branches.ids[1]);
    assert_eq!(branches.client.number(&of_others), 0);
}

#[test]
fn what_two_holders_of_a_site_have_already_ends_with_the_former_one() {
    let mut branches = Branches::start();
    branches.crawl(0);
    branches.set(0, "website = NULL");
    // Nobody knows any more whose crawls have seen the items.
    branches.client.batch_execute("DELETE FROM bat_crawls").unwrap();
    branches.crawl(1);
    assert_eq!(branches.offered(), [(6, 3), (6, 3)]);
    branches.moves_to(0, 0);
    branches.set(0, "status = 'left_directory'");
    branches.crawl(1);
    assert_eq!(branches.offered(), [(0, 0), (6, 3)]);
    let id = branches.ids[0].clone();
    assert_eq!(count(&mut branches.client, &id, "status = 'gone'"), 6);
}

#[test]
fn an_organization_that_gets_a_site_of_its_own_keeps_what_is_on_that() {
    let mut branches = Branches::start();
    branches.crawl(0);
    branches.moves_to(0, 1);
    assert_eq!(branches.crawl(0), "complete");
    assert_eq!(branches.crawl(1), "complete");
    assert_eq!(branches.offered().map(|(items, _)| items), [6, 6]);
    let url = branches.urls[1].clone();
    let id = branches.ids[0].clone();
    assert_eq!(count(&mut branches.client, &id, &format!("listing_url LIKE '{url}%'")), 6);
    // And one whose own site has not been read yet leaves what was on the shared one.
    let mut branches = Branches::start();
    branches.crawl(0);
    branches.moves_to(0, 1);
    assert_eq!(branches.crawl(1), "complete");
    assert_eq!(branches.offered(), [(0, 0), (6, 3)]);
}

#[test]
fn an_item_of_a_site_that_is_held_by_another_is_not_asked_for() {
    let mut branches = Branches::start();
    branches.crawl(0);
    let asked = branches.site.requests("/inventory/").len();
    let enqueue = format!(
        "SELECT bat_enqueue('inventory_item', '{} ' || listing_url) FROM dealer_inventory",
        branches.ids[1]
    );
    branches.client.batch_execute(&enqueue).unwrap();
    work(&mut branches.client);
    assert_eq!(branches.site.requests("/inventory/").len(), asked);
    assert_eq!(branches.offered()[1], (0, 0));
    assert_eq!(branches.client.number("SELECT count(*) FROM bat_tasks WHERE kind LIKE 'inventory%'"), 0);
}

#[test]
fn the_cars_of_a_site_that_has_moved_stay_the_same_rows() {
    let mut branches = Branches::start();
    branches.set(1, "website = NULL");
    branches.crawl(0);
    let rows = "SELECT id FROM dealer_inventory ORDER BY id";
    let before = branches.client.column(rows);
    let id = branches.ids[0].clone();
    let left = format!(
        "INSERT INTO bat_tasks (kind, key, host, priority, state)
         SELECT 'inventory_item', dealer_id || ' ' || listing_url, 'dealer', 42, s.state
         FROM (SELECT d.*, row_number() OVER (ORDER BY id) AS n FROM dealer_inventory AS d) AS d
         JOIN (VALUES (1, 'dead'), (2, 'ready')) AS s (n, state) USING (n);
         INSERT INTO bat_tasks (kind, key, host, priority, state, options)
         VALUES ('inventory', '{id}#1#2', 'dealer', 32, 'ready', '{{\"crawl\": 1, \"page\": 2}}')"
    );
    branches.client.batch_execute(&left).unwrap();
    branches.moves_to(0, 1);
    // One of them was sold meanwhile.
    show(&branches.site, "inventory", &CARS[..5]);
    let_a_day_pass(&mut branches.client);
    sync(&mut branches.client, &id, "");
    assert_eq!(ended(&mut branches.client, &id), "complete");
    assert_eq!(branches.client.number("SELECT count(*) FROM bat_tasks WHERE kind LIKE 'inventory%'"), 0);
    for _ in 0..2 {
        assert_eq!(branches.crawl(0), "complete");
    }
    assert_eq!(branches.client.column(rows), before);
    let url = branches.urls[1].clone();
    let here = format!("status = 'in_stock' AND listing_url LIKE '{url}%'");
    assert_eq!(count(&mut branches.client, &id, &here), 5);
    assert_eq!(count(&mut branches.client, &id, "status = 'missing' AND title LIKE '%230SL'"), 1);
    // Nobody asks for a page of the site that was left.
    assert_eq!(branches.client.number("SELECT count(*) FROM bat_tasks WHERE kind LIKE 'inventory%'"), 0);
}

#[test]
fn other_cars_on_a_site_that_has_moved_are_believed() {
    let mut branches = Branches::start();
    branches.set(1, "website = NULL");
    branches.crawl(0);
    branches.moves_to(0, 1);
    let show_others = |site: &Site, decade: u32| {
        let titles: Vec<String> = (1..6).map(|year| format!("19{decade}{year} Jaguar Roadster")).collect();
        let cars: Vec<(&str, &str, &str)> =
            titles.iter().map(|title| (&title[..4], title.as_str(), "")).collect();
        show(site, "cars", &cars);
    };
    show_others(&branches.site, 6);
    for _ in 0..3 {
        assert_eq!(branches.crawl(0), "complete");
    }
    let id = branches.ids[0].clone();
    assert_eq!(count(&mut branches.client, &id, "status = 'in_stock' AND title LIKE '%Jaguar%'"), 5);
    assert_eq!(count(&mut branches.client, &id, "status = 'missing'"), 6);
    // Where it has not moved, they are not.
    show_others(&branches.site, 5);
    assert_eq!(branches.crawl(0), "incomplete other_items");
}
