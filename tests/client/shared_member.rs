//! To which of the partners that have, or had, a member's account a listing belongs.

use serde_json::{Value, json};

use crate::corrected::import;
use crate::life::{DAY, now};
use crate::respelt::{Shown, index, show};
use crate::server::{Server, Session};
use crate::site::{Site, path};

const BEND: &str = "Bend, Oregon 97701";
const MESA: &str = "Mesa, Arizona 85201";

/// A site, and a listing on it that was sold.
struct Sold {
    site: Site,
    server: Server,
    listing: Value,
}

impl Sold {
    fn begin() -> Sold {
        let site = Site::small();
        let server = site.server();
        server.client().batch_execute("SELECT bat_setup()").unwrap();
        let url = site.listing("sold");
        let listing = site.listings("").into_iter().find(|listing| listing["url"] == url.as_str()).unwrap();
        Sold { site, server, listing }
    }

    fn url(&self) -> &str {
        self.listing["url"].as_str().unwrap()
    }

    fn seller(&self) -> &str {
        self.listing["seller_username"].as_str().unwrap()
    }

    fn at<'a>(&'a self, city: &'a str, state: &'a str) -> Shown<'a> {
        (city, city, state, self.seller())
    }

    /// Imports the listing as if it were elsewhere.
    fn import_from(&self, client: &mut Session, location: &str) {
        let page = self.site.page(self.url()).replace(self.listing["location"].as_str().unwrap(), location);
        self.site.fault(path(self.url()), json!({ "kind": "body", "body": page }), None);
        client.batch_execute("UPDATE bat_pages SET etag = NULL, last_modified = NULL").unwrap();
        import(client, self.url());
    }

    /// The city of the organization of the listing, and of each that has a link to its vehicle.
    fn owners(&self, client: &mut Session) -> String {
        client.text(&format!(
            "SELECT concat_ws(' ', b.city, ':', (
                 SELECT string_agg(o.city, ' ' ORDER BY o.city)
                 FROM organization_vehicles AS v JOIN businesses AS o ON o.id = v.organization_id
                 WHERE v.vehicle_id = l.vehicle_id
             ))
             FROM bat_listings AS l LEFT JOIN businesses AS b ON b.id = l.organization_id WHERE l.url = '{}'",
            self.url()
        ))
    }
}

/// Asks for what is not imported yet of the member of the organization in a city, and for no page of the member.
fn catch_up(client: &mut Session, city: &str) {
    client
        .batch_execute(&format!(
            "SELECT bat_import_partner_vehicles(id, max_pages => 0) FROM businesses WHERE city = '{city}'"
        ))
        .unwrap();
}

#[test]
fn a_second_place_that_comes_later_gets_its_listings_without_a_request() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    index(&sold.site, &mut client, &[sold.at("Yuma", "AZ")]);
    sold.import_from(&mut client, BEND);
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
    index(&sold.site, &mut client, &[sold.at("Yuma", "AZ"), sold.at("Bend", "OR")]);
    let asked = sold.site.requests(path(sold.url())).len();
    catch_up(&mut client, "Yuma");
    assert_eq!(sold.owners(&mut client), "Bend : Bend");
    let versions = "SELECT l.xmin || ' ' || v.xmin FROM bat_listings AS l, organization_vehicles AS v";
    let before = client.text(versions);
    catch_up(&mut client, "Bend");
    assert_eq!(client.text(versions), before);
    assert_eq!(sold.site.requests(path(sold.url())).len(), asked);
    // What a person gave stays.
    client
        .batch_execute(
            "UPDATE bat_listings SET organization_id = (SELECT id FROM businesses WHERE city = 'Yuma')",
        )
        .unwrap();
    catch_up(&mut client, "Bend");
    assert_eq!(sold.owners(&mut client), "Yuma : Bend");
}

#[test]
fn the_order_of_the_directory_moves_no_listing() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    let places = [sold.at("Yuma", "AZ"), sold.at("Bend", "OR")];
    index(&sold.site, &mut client, &places);
    sold.import_from(&mut client, "Miami, Florida 33101");
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
    index(&sold.site, &mut client, &[places[1], places[0]]);
    sold.import_from(&mut client, "Miami, Florida 33102");
    catch_up(&mut client, "Bend");
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
}

#[test]
fn who_has_left_gets_no_new_listing_once_the_account_is_somebody_else_s() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    index(&sold.site, &mut client, &[sold.at("Yuma", "AZ")]);
    index(&sold.site, &mut client, &[sold.at("Bend", "OR")]);
    assert_eq!(client.text("SELECT status FROM businesses WHERE city = 'Yuma'"), "left_directory");
    sold.import_from(&mut client, "Yuma, Arizona 85364");
    assert_eq!(sold.owners(&mut client), "Bend : Bend");
}

#[test]
fn who_has_left_keeps_what_it_had() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    index(&sold.site, &mut client, &[sold.at("Mesa", "AZ")]);
    sold.import_from(&mut client, MESA);
    index(&sold.site, &mut client, &[sold.at("Bend", "OR")]);
    sold.import_from(&mut client, "Mesa, Arizona 85202");
    catch_up(&mut client, "Bend");
    assert_eq!(sold.owners(&mut client), "Mesa : Mesa");
    // Its account was renamed.
    client.batch_execute("UPDATE businesses SET bat_username = 'other' WHERE city = 'Bend'").unwrap();
    sold.import_from(&mut client, MESA);
    assert_eq!(sold.owners(&mut client), "Mesa : Mesa");
}

#[test]
fn the_link_of_a_partner_whose_account_was_renamed_follows_its_auction() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    let url = sold.url();
    sold.site.set(json!({ "listing": url, "status": "live", "ends_at": now() + DAY }));
    index(&sold.site, &mut client, &[sold.at("Yuma", "AZ")]);
    import(&mut client, url);
    let links = "SELECT concat_ws(' ', relationship_type, status, listing_status) FROM organization_vehicles";
    assert_eq!(client.column(links), ["consigner active live"]);
    index(&sold.site, &mut client, &[("Yuma", "Yuma", "AZ", "renamed")]);
    sold.site.set(json!({ "listing": url, "status": "sold", "price": 20_000, "ends_at": now() - DAY }));
    import(&mut client, url);
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
    assert_eq!(client.column(links), ["sold_by past sold"]);
    // The page has the new name before the directory does: the listing comes back with it.
    show(&sold.site, &[("Yuma", "Yuma", "AZ", "again")]);
    let page = sold.site.page(url).replace(sold.seller(), "again");
    sold.site.fault(path(url), json!({ "kind": "body", "body": page }), None);
    import(&mut client, url);
    assert_eq!(sold.owners(&mut client), ":");
    client.batch_execute("SELECT bat_index_partners()").unwrap();
    catch_up(&mut client, "Yuma");
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
}

#[test]
fn a_listing_whose_seller_turns_out_to_be_nobody_s_account_leaves_no_link() {
    let sold = Sold::begin();
    let mut client = sold.server.client();
    let url = sold.url();
    sold.site.set(json!({ "listing": url, "status": "live", "ends_at": now() + DAY }));
    index(&sold.site, &mut client, &[sold.at("Yuma", "AZ")]);
    import(&mut client, url);
    assert_eq!(sold.owners(&mut client), "Yuma : Yuma");
    sold.site.set(json!({ "listing": url, "status": "sold", "price": 20_000, "ends_at": now() - DAY }));
    let page = sold.site.page(url).replace(sold.seller(), "private1");
    sold.site.fault(path(url), json!({ "kind": "body", "body": page }), None);
    import(&mut client, url);
    assert_eq!(sold.owners(&mut client), ":");
    assert_eq!(client.text("SELECT seller_username || ' ' || status FROM bat_listings"), "private1 sold");
}
