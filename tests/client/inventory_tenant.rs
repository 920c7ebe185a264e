//! Dealers whose web site is a page on somebody else's host.

use serde_json::{Value, json};

use crate::inventory::{dealer, dealers, ended};
use crate::inventory_change::{count, sync};
use crate::server::{Server, Session};
use crate::site::Site;

fn page(links: &str, cars: &[&str]) -> Value {
    let block = |slug: &&str| {
        format!(
            "<div class=\"car\"><h3><a href=\"/{slug}\">1965 AC Cobra</a></h3><p>Stock #: {slug}</p></div>"
        )
    };
    let blocks: String = cars.iter().map(block).collect();
    let body = format!(
        "<html><head><title>Cars</title></head><body>{links}<h1>Fine cars</h1><p>Since 1990.</p>{blocks}</body></html>"
    );
    json!({ "kind": "body", "body": body })
}

/// An organization whose site is at a path of a host at whose root are the cars of another.
fn dealer_at(path: &str) -> (Site, Server, Session, String) {
    let (site, server) = dealers();
    let mut client = server.client();
    let (id, truth) = dealer(&site, &mut client, "nothing");
    let url = truth["url"].as_str().unwrap().trim_end_matches('/').to_owned();
    client
        .batch_execute(&format!("UPDATE businesses SET website = '{url}{path}' WHERE id = '{id}'"))
        .unwrap();
    let sitemap = format!("<urlset><url><loc>{url}/listings/</loc></url></urlset>");
    let robots = format!("User-agent: *\nAllow: /\nSitemap: {url}/sitemap.xml\n");
    site.fault(
        "^/sitemap.xml$",
        json!({ "kind": "body", "content_type": "text/xml", "body": sitemap }),
        None,
    );
    site.fault(
        "^/robots.txt$",
        json!({ "kind": "body", "content_type": "text/plain", "body": robots }),
        None,
    );
    site.fault("^/inventory$", page("", &["theirs-1", "theirs-2"]), None);
    site.fault("^/listings/$", page("", &["theirs-1", "theirs-2", "theirs-3"]), None);
    (site, server, client, id)
}

#[test]
fn what_is_at_the_root_of_somebody_else_s_host_is_not_the_dealer_s() {
    let (site, _server, mut client, id) = dealer_at("/phoenix");
    site.fault("^/phoenix$", page("", &[]), None);
    site.fault("^/phoenix/", json!({ "kind": "status", "status": 404 }), None);
    sync(&mut client, &id, "");
    assert_eq!(ended(&mut client, &id), "no_inventory");
    for path in ["/inventory", "/listings", "/sitemap.xml"] {
        assert!(site.requests(path).is_empty(), "{path}");
    }
    // What is below his own page, or what that leads to, is.
    for (links, list) in
        [("", "^/phoenix/inventory$"), ("<a href=\"/phoenix-cars\">Inventory</a>", "^/phoenix-cars$")]
    {
        let (site, _server, mut client, id) = dealer_at("/phoenix");
        site.fault("^/phoenix$", page(links, &[]), None);
        site.fault(list, page("", &["own-1"]), None);
        sync(&mut client, &id, "");
        assert_eq!(ended(&mut client, &id), "complete");
        assert_eq!(count(&mut client, &id, "listing_url LIKE '%/own-1'"), 1);
        assert_eq!(count(&mut client, &id, "true"), 1);
    }
    // And so is what it shows itself.
    let (site, _server, mut client, id) = dealer_at("/dealers/7");
    site.fault("^/dealers/7$", page("", &["own-1", "own-2"]), None);
    sync(&mut client, &id, "");
    assert_eq!(count(&mut client, &id, "listing_url LIKE '%/own-_'"), 2);
    assert_eq!(count(&mut client, &id, "true"), 2);
}

#[test]
fn the_root_of_a_dealer_s_host_is_his_if_his_site_is_a_landing_page_of_it() {
    for path in ["/en/", "/index.html", "/about-us"] {
        let (site, _server, mut client, id) = dealer_at(path);
        site.fault(&format!("^{path}$"), page("", &[]), None);
        sync(&mut client, &id, "");
        assert_eq!(ended(&mut client, &id), "complete", "{path}");
        assert_eq!(count(&mut client, &id, "true"), 3, "{path}");
    }
}
