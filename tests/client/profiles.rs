//! Organizations' profiles from their own sites: which page is believed, what is asked for, what is left alone.

use bat_replica::{Config, SiteBase};
use serde_json::{Value, json};

use crate::server::{Server, Session};
use crate::site::Site;

/// What the partners' sites say, as the replica knows it: URL of the home page, truth.
pub fn truth(site: &Site) -> Vec<(String, Value)> {
    let all: serde_json::Map<String, Value> =
        serde_json::from_str(&site.page("/_replica/truth/sites")).expect("the truth");
    all.into_iter().collect()
}

/// The home page of a site in this form, and what it says.
pub fn home(site: &Site, form: &str) -> (String, Value) {
    let found = truth(site).into_iter().find(|(_, truth)| truth["form"] == form);
    found.expect("a site in this form")
}

/// A new organization with this web site; returns its id.
pub fn organization(client: &mut Session, website: &str) -> String {
    let insert = "INSERT INTO businesses (business_name, website) VALUES ('Somebody', ";
    client.text(&format!("{insert}'{website}') RETURNING id::text"))
}

/// A site, its server with the tables there. The partners' sites are folders of the one site.
pub fn start() -> (Site, Server) {
    serving(Site::small())
}

/// The same with the partners' sites on hosts of their own.
pub fn start_apart() -> (Site, Server) {
    serving(Site::start(Config {
        partners: 8,
        listings: 20,
        site_base: SiteBase::Hosts,
        ..Config::default()
    }))
}

fn serving(site: Site) -> (Site, Server) {
    let server = site.server();
    server.client().batch_execute("SELECT bat_setup()").unwrap();
    (site, server)
}

pub fn enrich(client: &mut Session, id: &str) -> Value {
    client.json(&format!("SELECT to_jsonb(s) FROM bat_enrich_org('{id}') AS s"))
}

pub fn row(client: &mut Session, id: &str) -> Value {
    client.json(&format!("SELECT to_jsonb(b) FROM businesses AS b WHERE id = '{id}'"))
}

/// The path of a URL.
pub fn path_of(url: &str) -> String {
    let (_, rest) = url.split_once("://").expect("a URL");
    rest.find('/').map_or("/", |at| &rest[at..]).to_owned()
}

/// The paths that were asked for whose URLs start like this.
pub fn asked(site: &Site, url: &str) -> Vec<String> {
    let (_, rest) = url.split_once("://").expect("a URL");
    let host = rest.split('/').next().expect("a host");
    let all = site.requests(&path_of(url));
    let of_host = all.iter().filter(|entry| entry["host"] == host);
    of_host.filter_map(|entry| Some(entry["path"].as_str()?.to_owned())).collect()
}

/// Serves this page in place of the one of a URL, whatever its host.
pub fn serve(site: &Site, url: &str, body: &str) {
    let matching = format!("^{}$", path_of(url).replace('.', "\\."));
    site.rules(&json!({ "match": matching, "fault": { "kind": "body", "body": body } }));
}

/// A contact page.
pub const CONTACT: &str = "<html><body><h1>Contact</h1><address>12 Mill Lane<br>Phoenix, AZ 85001<br>Phone: (602) 253-4100</address>
    <a href=\"mailto:hello@somebody-motors.com\">hello@somebody-motors.com</a>
    <p>Monday to Friday 9 am to 5 pm</p></body></html>";

#[test]
fn missing_fields_are_filled_with_what_each_sites_pages_say() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let sites = truth(&site);
    assert!(sites.len() >= 6, "{sites:?}");
    for (home, mut truth) in sites {
        if truth["favicon_url"].is_null() {
            // Every site of the replica has one that its pages need not name.
            truth["favicon_url"] = json!(format!("{home}favicon.ico"));
        }
        let id = organization(&mut client, &home);
        assert_eq!(enrich(&mut client, &id)["updated"], 1, "{home}");
        let row = row(&mut client, &id);
        for field in [
            "phone",
            "email",
            "address",
            "city",
            "state",
            "zip_code",
            "country",
            "latitude",
            "longitude",
            "description",
            "favicon_url",
            "logo_url",
            "banner_url",
        ] {
            assert_eq!(row[field], truth[field], "{field} of {home}: {truth}");
            let noted = &row["metadata"]["bat_profile"]["fields"][field];
            assert_eq!(noted.is_null(), row[field].is_null(), "{field} of {home}: {noted}");
            if !noted.is_null() {
                let confidence = noted["confidence"].as_f64().expect("a number");
                assert!((0.1..1.0).contains(&confidence), "{field}: {noted}");
                assert!(noted["source_url"].as_str().is_some_and(|url| url.starts_with(&home)), "{noted}");
            }
        }
    }
}

#[test]
fn a_contact_page_is_asked_for_where_the_home_page_says_too_little() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let contact = format!("{bare}contact");
    serve(&site, &contact, CONTACT);
    let id = organization(&mut client, &bare);
    enrich(&mut client, &id);
    let row = row(&mut client, &id);
    assert_eq!(row["phone"], "+16022534100", "{row}");
    assert_eq!(row["email"], "hello@somebody-motors.com");
    assert_eq!(row["address"], "12 Mill Lane");
    assert_eq!(row["city"], "Phoenix");
    let noted = &row["metadata"]["bat_profile"];
    assert_eq!(noted["fields"]["phone"]["source_url"], json!(format!("{bare}contact")), "{noted}");
    assert_eq!(row["metadata"]["bat_partners"]["phone"]["source_url"], json!(format!("{bare}contact")));
    assert_eq!(noted["phone_text"], "(602) 253-4100");
    assert_eq!(asked(&site, &contact).len(), 1);
    // The description is still missing, and an "about" page may tell it.
    assert_eq!(asked(&site, &format!("{bare}about")).len(), 1);
}

#[test]
fn no_further_page_is_asked_for_where_the_home_page_says_it_all() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    for page in ["contact", "about"] {
        assert_eq!(asked(&site, &format!("{home}{page}")).len(), 0, "{page}");
    }
}

#[test]
fn a_contact_page_that_robots_txt_forbids_is_not_asked_for() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let contact = format!("{bare}private/contact");
    serve(&site, &bare, "<html><body><h1>Somebody</h1><a href=\"private/contact\">Contact</a></body></html>");
    serve(&site, &contact, CONTACT);
    let id = organization(&mut client, &bare);
    assert_eq!(enrich(&mut client, &id)["status"], "done");
    assert_eq!(asked(&site, &contact).len(), 0);
    assert_eq!(row(&mut client, &id)["phone"], Value::Null);
}

#[test]
fn at_most_two_contact_pages_and_one_about_page_are_asked_for() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let links: String = ["contact", "contact-us", "locations", "about", "about-us", "company"]
        .iter()
        .map(|page| format!("<a href=\"{page}\">{page}</a>"))
        .collect();
    serve(&site, &bare, &format!("<html><body><h1>Somebody</h1>{links}</body></html>"));
    let id = organization(&mut client, &bare);
    enrich(&mut client, &id);
    let others = ["/", "/robots.txt", "/favicon.ico"];
    let all = asked(&site, &bare);
    let further: Vec<&String> = all.iter().filter(|path| !others.contains(&path.as_str())).collect();
    assert_eq!(further.len(), 3, "{all:?}");
}

#[test]
fn what_a_contact_page_says_in_a_better_way_beats_the_home_pages_running_text() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    // A phone number in text, no e-mail address: which is why the contact page is asked for.
    serve(
        &site,
        &bare,
        "<html><body><h1>Somebody</h1><a href=\"contact\">Contact</a><footer>Phone: (602) 253-4999</footer></body></html>",
    );
    serve(
        &site,
        &format!("{bare}contact"),
        "<html><body><header><a href=\"tel:+16022534100\">Call</a></header>
         <a href=\"mailto:hello@somebody-motors.com\">Write</a></body></html>",
    );
    let id = organization(&mut client, &bare);
    enrich(&mut client, &id);
    let row = row(&mut client, &id);
    assert_eq!(row["phone"], "+16022534100", "{row}");
    let noted = &row["metadata"]["bat_profile"]["fields"]["phone"];
    // 0.8 for a link; the home page contradicts it.
    assert_eq!((&noted["method"], &noted["confidence"]), (&json!("tel"), &json!(0.6)), "{noted}");
}

#[test]
fn what_has_no_column_is_kept_beside_the_row_and_what_is_confirmed_is_surer() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let data = json!({
        "@context": "https://schema.org", "@type": "AutoDealer", "name": "Somebody",
        "telephone": "(602) 253-4100", "email": "hello@somebody-motors.com", "openingHours": "Mo-Fr 09:00-17:00",
    });
    let link = "<header><a href=\"tel:+16022534100\">Call</a></header>";
    serve(
        &site,
        &bare,
        &format!(
            "<html><head><script type=\"application/ld+json\">{data}</script></head><body>{link}</body></html>"
        ),
    );
    let id = organization(&mut client, &bare);
    enrich(&mut client, &id);
    let noted = row(&mut client, &id)["metadata"]["bat_profile"].clone();
    assert_eq!(noted["phone_text"], "(602) 253-4100", "{noted}");
    assert!(noted["opening_hours"].as_str().is_some_and(|hours| hours.contains("09:00")), "{noted}");
    // 0.9 for JSON-LD; a link that says the same halves the doubt.
    assert_eq!(noted["fields"]["phone"]["confidence"], json!(0.95), "{noted}");
    assert_eq!(noted["fields"]["email"]["confidence"], json!(0.9), "{noted}");
}

#[test]
fn an_address_in_another_state_is_not_the_organizations_own() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    serve(&site, &format!("{bare}contact"), CONTACT);
    let id = organization(&mut client, &bare);
    client.batch_execute("UPDATE businesses SET city = 'Tampa', state = 'FL', country = 'US'").unwrap();
    enrich(&mut client, &id);
    let row = row(&mut client, &id);
    assert_eq!((&row["address"], &row["zip_code"]), (&Value::Null, &Value::Null), "{row}");
    assert_eq!(row["phone"], "+16022534100");
}

#[test]
fn a_task_fills_a_profile_too() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, truth) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    client.batch_execute(&format!("SELECT bat_enqueue('enrich', '{id}')")).unwrap();
    client.batch_execute("CALL bat_work()").unwrap();
    let row = row(&mut client, &id);
    assert_eq!((&row["phone"], &row["logo_url"]), (&truth["phone"], &truth["logo_url"]), "{row}");
}

#[test]
fn a_page_that_stands_in_for_a_site_fills_no_profile() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (url, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &url);
    let parked =
        "<title>Somebody</title><h1>This domain is for sale</h1><a href=\"tel:+12125550123\">Call us</a>";
    site.fault("^/$", json!({ "kind": "body", "body": parked }), None);
    let before = row(&mut client, &id);
    let error = client.error(&format!("SELECT bat_enrich_org('{id}')"));
    assert_eq!(error.sqlstate, "22000");
    assert!(error.message.contains("it stands in for a site that is not there"), "{}", error.message);
    assert_eq!(row(&mut client, &id), before);
    // It is read once it is there again.
    site.heal();
    assert_eq!(enrich(&mut client, &id)["updated"], 1);
}

#[test]
fn another_site_is_believed_only_if_it_names_the_organization() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (own, _) = home(&site, "Bare");
    let (other, truth) = home(&site, "JsonLd");
    let id = organization(&mut client, &own);
    // Of the two home pages, the one that is asked for first.
    site.fault("^/$", json!({ "kind": "redirect", "to": other }), Some(1));
    let before = row(&mut client, &id);
    let error = client.error(&format!("SELECT bat_enrich_org('{id}')"));
    assert_eq!(error.sqlstate, "22000", "{}", error.message);
    assert!(error.message.contains("does not name the organization"), "{}", error.message);
    assert_eq!(row(&mut client, &id), before);
    let name = truth["name"].as_str().unwrap().replace('\'', "''");
    client
        .batch_execute(&format!("UPDATE businesses SET business_name = '{name}' WHERE id = '{id}'"))
        .unwrap();
    site.heal();
    site.fault("^/$", json!({ "kind": "redirect", "to": other }), Some(1));
    enrich(&mut client, &id);
    assert_eq!(row(&mut client, &id)["phone"], truth["phone"]);
}
