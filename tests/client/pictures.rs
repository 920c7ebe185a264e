//! Pictures of organizations: none is stored that was not seen to be one.

use bat_replica::Config;
use serde_json::{Value, json};

use crate::profiles::{enrich, home, organization, path_of, row, serve, start};
use crate::server::Session;
use crate::site::Site;

/// A GIF of this size: bytes that are text, as a rule of the replica needs them.
fn gif(width: u8, height: u8) -> String {
    let (width, height) = (char::from(width), char::from(height));
    format!("GIF89a{width}\0{height}\0\0\0\0,\0\0\0\0\u{1}\0\u{1}\0\0\u{2}\u{2}D\u{1}\0;")
}

/// Serves this in place of a site's logo.
fn serve_logo(site: &Site, home: &str, fault: Value) -> String {
    let logo = format!("{home}assets/logo.png");
    site.fault(&path_of(&logo), fault, None);
    logo
}

fn body(content_type: &str, body: &str) -> Value {
    json!({ "kind": "body", "body": body, "content_type": content_type })
}

/// What is remembered of a URL that was asked for.
fn checked(row: &Value, url: &str) -> Value {
    row["metadata"]["bat_images"]["checked"][url].clone()
}

fn backfill(client: &mut Session, batch: i32) -> Value {
    client.json(&format!("SELECT to_jsonb(s) FROM bat_backfill_primary_images({batch}) AS s"))
}

#[test]
fn what_is_no_picture_is_not_stored_and_not_asked_for_again() {
    let page = "<!DOCTYPE html><html><body>Not found</body></html>";
    let faults = [
        ("a page", body("text/html; charset=UTF-8", page)),
        ("a page that is called a picture", body("image/png", page)),
        ("a dot", body("image/gif", &gif(1, 1))),
        ("a small icon", body("image/gif", &gif(31, 31))),
        ("the head of a picture", body("image/gif", "GIF89a@\0@\0\0\0\0")),
        ("no file", json!({ "kind": "status", "status": 404 })),
        ("a forbidden file", json!({ "kind": "status", "status": 403 })),
        ("text", body("text/plain", &gif(100, 100))),
    ];
    for (what, fault) in faults {
        let (site, server) = start();
        let mut client = server.client();
        let (home, _) = home(&site, "JsonLd");
        let logo = serve_logo(&site, &home, fault);
        let id = organization(&mut client, &home);
        assert_eq!(enrich(&mut client, &id)["updated"], 1, "{what}");
        let found = row(&mut client, &id);
        assert_eq!(found["logo_url"], Value::Null, "{what}");
        let checked = checked(&found, &logo);
        assert!(checked["flaw"].is_string() || checked["width"].is_number(), "{what}: {found}");
        let asked = site.requests(&path_of(&logo)).len();
        assert_eq!(asked, 1, "{what}");
        enrich(&mut client, &id);
        assert_eq!(site.requests(&path_of(&logo)).len(), asked, "{what}");
        assert_eq!(
            client.number("SELECT count(*) FROM bat_hosts WHERE resting_until IS NOT NULL"),
            0,
            "{what}"
        );
    }
}

#[test]
fn what_was_seen_is_noted_beside_the_url() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    let row = row(&mut client, &id);
    for (field, width, height) in [
        ("favicon_url", 64, 64),
        ("logo_url", 240, 80),
        ("banner_url", 1200, 400),
        ("primary_image_url", 1200, 400),
    ] {
        let noted = &row["metadata"]["bat_profile"]["fields"][field];
        assert_eq!((&noted["type"], &noted["width"]), (&json!("png"), &json!(width)), "{field}: {noted}");
        assert_eq!(noted["height"], height, "{field}");
    }
    // Banner and primary image are one picture, asked for once.
    assert_eq!(site.requests(&path_of(&format!("{home}assets/banner.png"))).len(), 1);
}

#[test]
fn a_redirect_is_followed_on_the_site_and_not_to_a_third_party() {
    let site = Site::start(Config { partners: 8, listings: 20, extra_hosts: 1, ..Config::default() });
    let server = site.server();
    let mut client = server.client();
    client.batch_execute("SELECT bat_setup()").unwrap();
    let (home, _) = home(&site, "JsonLd");
    let path = path_of(&home);
    let id = organization(&mut client, &home);
    let third = format!("{}{path}assets/icon.png", site.url().replace("127.0.0.1", "127.0.0.2"));
    serve_logo(&site, &home, json!({ "kind": "redirect", "to": third }));
    enrich(&mut client, &id);
    assert_eq!(row(&mut client, &id)["logo_url"], Value::Null);
    let elsewhere = site
        .requests("/")
        .iter()
        .filter(|entry| entry["host"].as_str().is_some_and(|h| h.starts_with("127.0.0.2")))
        .count();
    assert_eq!(elsewhere, 0);

    site.heal();
    // What another organization with the same host has just seen is believed.
    client.batch_execute("UPDATE businesses SET metadata = metadata - 'bat_images'").unwrap();
    let logo =
        serve_logo(&site, &home, json!({ "kind": "redirect", "to": format!("{path}assets/icon.png") }));
    let other = organization(&mut client, &format!("{home}index"));
    serve(
        &site,
        &format!("{home}index"),
        &format!("<img class=logo src=\"{logo}\"><a href=\"{home}\"><img alt=logo src=\"{logo}\"></a>"),
    );
    enrich(&mut client, &other);
    let found = row(&mut client, &other);
    assert_eq!(found["logo_url"], json!(logo), "{found}");
}

#[test]
fn an_icon_that_a_service_draws_is_never_asked_for() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, _) = home(&site, "Bare");
    serve(
        &site,
        &home,
        "<html><head><link rel=icon href=\"https://www.google.com/s2/favicons?domain=x.test\"></head><body>
         <header><img class=logo src=\"https://logo.clearbit.com/x.test\"></header></body></html>",
    );
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    let found = row(&mut client, &id);
    assert_eq!((&found["favicon_url"], &found["logo_url"]), (&Value::Null, &Value::Null));
    let hosts = client.text("SELECT string_agg(DISTINCT host, ' ') FROM bat_fetches");
    assert!(!hosts.contains("google") && !hosts.contains("clearbit"), "{hosts}");
}

#[test]
fn a_picture_that_breaks_off_is_tried_again_another_day() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, truth) = home(&site, "JsonLd");
    let logo = serve_logo(&site, &home, json!({ "kind": "truncate", "at": 60 }));
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    let found = row(&mut client, &id);
    assert_eq!(found["logo_url"], Value::Null);
    assert!(checked(&found, &logo).is_null(), "{found}");
    site.heal();
    enrich(&mut client, &id);
    assert_eq!(row(&mut client, &id)["logo_url"], truth["logo_url"]);
}

#[test]
fn a_banner_is_wide() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    site.fault(&path_of(&format!("{home}assets/banner.png")), body("image/gif", &gif(120, 110)), None);
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    let found = row(&mut client, &id);
    assert_eq!(found["banner_url"], Value::Null, "{found}");
    // The same picture may stand for the business.
    assert_eq!(found["primary_image_url"], json!(format!("{home}assets/banner.png")));
}

#[test]
fn the_requests_for_pictures_have_a_limit() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, _) = home(&site, "Bare");
    let icons: String = (0..6).map(|n| format!("<link rel=icon href=\"none/{n}.png\">")).collect();
    let heroes: String = (0..3).map(|n| format!("<img class=hero src=\"none/hero{n}.jpg\">")).collect();
    let page = format!("<html><head>{icons}</head><body>{heroes}</body></html>");
    serve(&site, &home, &page);
    let id = organization(&mut client, &home);
    let none = path_of(&format!("{home}none/"));
    enrich(&mut client, &id);
    assert_eq!(site.requests(&none).len(), 4);
    // The next visit goes on with those that were not asked for.
    enrich(&mut client, &id);
    let all = site.requests(&none);
    let mut paths: Vec<&str> = all.iter().filter_map(|entry| entry["path"].as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!((all.len(), paths.len()), (7, 7), "{paths:?}");
}

#[test]
fn a_site_that_fails_does_not_keep_the_others_from_their_turn() {
    let (site, server) = start();
    let mut client = server.client();
    let homes: Vec<String> = ["Meta", "JsonLd", "Graph"].iter().map(|form| home(&site, form).0).collect();
    site.fault(&path_of(&homes[0]), json!({ "kind": "status", "status": 503 }), None);
    let ids: Vec<String> = homes.iter().map(|home| organization(&mut client, home)).collect();
    let failed = backfill(&mut client, 1);
    assert_eq!((&failed["failed"], &failed["found"]), (&json!(1), &json!(1)), "{failed}");
    for id in &ids[1..] {
        let summary = backfill(&mut client, 1);
        assert_eq!(summary["updated"], 1, "{summary}");
        assert!(row(&mut client, id)["banner_url"].is_string());
    }
    assert_eq!(backfill(&mut client, 25)["status"], "nothing_to_do");
    let noted = row(&mut client, &ids[0])["metadata"]["bat_images"].clone();
    assert_eq!((&noted["attempts"], &noted["failures"]), (&json!(1), &json!(1)), "{noted}");
    assert!(noted["last_error"].as_str().is_some_and(|error| error.contains("503")), "{noted}");
    assert_eq!(site.requests(&path_of(&homes[0])).len(), 1);
}

#[test]
fn attempts_are_spaced_out_and_the_oldest_comes_first() {
    let (site, server) = start();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let ids: Vec<String> = (0..3).map(|n| organization(&mut client, &format!("{bare}?{n}"))).collect();
    // The first was tried last, the second before, the third never.
    for (id, day) in [(&ids[0], 10), (&ids[1], 5)] {
        client
            .batch_execute(&format!(
                "UPDATE businesses SET metadata = jsonb_build_object('bat_images', jsonb_build_object(
                     'attempts', 1, 'failures', 0, 'last_attempt_at', '2026-01-{day:02}T00:00:00Z',
                     'next_attempt_at', '2026-01-{day:02}T01:00:00Z'
                 )) WHERE id = '{id}'"
            ))
            .unwrap();
    }
    let mut order = Vec::new();
    for _ in 0..3 {
        backfill(&mut client, 1);
        order.push(client.text(
            "SELECT id::text FROM businesses
             ORDER BY (metadata #>> '{bat_images,last_attempt_at}')::timestamptz DESC NULLS LAST LIMIT 1",
        ));
    }
    assert_eq!(order, [ids[2].clone(), ids[1].clone(), ids[0].clone()]);
    let pauses = client.column(
        "SELECT round(extract(epoch FROM (metadata #>> '{bat_images,next_attempt_at}')::timestamptz
             - (metadata #>> '{bat_images,last_attempt_at}')::timestamptz) / 86400)::text
         FROM businesses ORDER BY website",
    );
    assert_eq!(pauses, ["3", "3", "1"]);
    assert_eq!(backfill(&mut client, 25)["found"], 0);
}

#[test]
fn a_backfill_fills_pictures_alone() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, truth) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    assert_eq!(client.text("SELECT status FROM bat_backfill_primary_images()"), "done");
    let row = row(&mut client, &id);
    assert_eq!((&row["logo_url"], &row["phone"]), (&truth["logo_url"], &Value::Null), "{row}");
    assert_eq!(site.requests(&path_of(&format!("{home}contact"))).len(), 0);
}

#[test]
fn a_backfill_can_be_cancelled() {
    let (site, server) = start();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    serve_logo(&site, &home, json!({ "kind": "slow", "seconds": 30.0 }));
    let before = row(&mut client, &id);
    client.batch_execute("SET statement_timeout = '2s'").unwrap();
    assert_eq!(client.error("SELECT bat_backfill_primary_images()").sqlstate, "57014");
    client.batch_execute("SET statement_timeout = 0").unwrap();
    assert_eq!(row(&mut client, &id), before);
    site.heal();
    assert_eq!(backfill(&mut client, 25)["updated"], 1);
    assert_eq!(client.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}
