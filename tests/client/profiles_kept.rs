//! What a visit to an organization's site leaves as it is, and what organizations with one site share.

use serde_json::Value;

use crate::profiles::{CONTACT, asked, enrich, home, organization, row, serve, start_apart};

#[test]
fn what_a_person_wrote_stays_and_is_not_asked_for() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, truth) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    client
        .batch_execute(
            "UPDATE businesses SET phone = '+1 602 555 0000', logo_url = 'https://mine.example/logo.png'",
        )
        .unwrap();
    enrich(&mut client, &id);
    let row = row(&mut client, &id);
    assert_eq!(row["phone"], "+1 602 555 0000");
    assert_eq!(row["logo_url"], "https://mine.example/logo.png");
    assert_eq!(row["email"], truth["email"]);
    let noted = &row["metadata"]["bat_profile"];
    assert!(noted["fields"]["phone"].is_null() && noted["phone_text"].is_null(), "{noted}");
    assert_eq!(asked(&site, &format!("{home}assets/logo")).len(), 0);
}

#[test]
fn what_a_person_emptied_stays_empty_and_is_not_asked_for() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    enrich(&mut client, &id);
    client.batch_execute("UPDATE businesses SET logo_url = NULL, phone = NULL").unwrap();
    let before = asked(&site, &format!("{home}assets/")).len();
    assert_eq!(enrich(&mut client, &id)["unchanged"], 1);
    assert_eq!(row(&mut client, &id)["logo_url"], Value::Null);
    assert_eq!(asked(&site, &format!("{home}assets/")).len(), before);
    assert_eq!(asked(&site, &format!("{home}contact")).len(), 0);
}

#[test]
fn three_organizations_share_a_site_and_ask_for_it_once() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, truth) = home(&site, "JsonLd");
    let ids: Vec<String> = (0..3).map(|_| organization(&mut client, &home)).collect();
    for id in &ids {
        assert_eq!(enrich(&mut client, id)["updated"], 1);
    }
    for id in &ids {
        let row = row(&mut client, id);
        for field in ["phone", "email", "logo_url", "banner_url"] {
            assert_eq!(row[field], truth[field], "{field}");
        }
    }
    assert_eq!(client.number("SELECT count(*) FROM businesses"), 3);
    let mut paths = asked(&site, &home);
    let all = paths.len();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(all, paths.len(), "{paths:?}");
}

#[test]
fn the_same_organization_sees_its_site_as_it_is_now() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (bare, _) = home(&site, "Bare");
    let id = organization(&mut client, &bare);
    enrich(&mut client, &id);
    assert_eq!(row(&mut client, &id)["phone"], Value::Null);
    serve(&site, &format!("{bare}contact"), CONTACT);
    enrich(&mut client, &id);
    assert_eq!(row(&mut client, &id)["phone"], "+16022534100");
}

#[test]
fn reading_an_unchanged_site_again_touches_no_row() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let rows = "SELECT string_agg(v, ' ') FROM (
                    SELECT xmin::text || ctid::text AS v FROM businesses
                    UNION ALL SELECT xmin::text || ctid::text FROM bat_pages ORDER BY 1
                ) AS t";
    for form in ["Bare", "JsonLd", "Footer"] {
        let (home, _) = home(&site, form);
        let id = organization(&mut client, &home);
        assert_eq!(enrich(&mut client, &id)["updated"], 1);
        let before = client.text(rows);
        let pictures = asked(&site, &format!("{home}assets/")).len();
        assert_eq!(enrich(&mut client, &id)["unchanged"], 1, "{form}");
        assert_eq!(client.text(rows), before, "{form}");
        assert_eq!(asked(&site, &format!("{home}assets/")).len(), pictures, "{form}");
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let (site, server) = start_apart();
    let mut client = server.client();
    let (home, _) = home(&site, "JsonLd");
    let id = organization(&mut client, &home);
    let before = row(&mut client, &id);
    let summary =
        client.json(&format!("SELECT to_jsonb(s) FROM bat_enrich_org('{id}', dry_run => true) AS s"));
    assert_eq!(summary["updated"], 1, "{summary}");
    assert!(summary["message"].as_str().is_some_and(|text| text.starts_with("dry run")), "{summary}");
    assert_eq!(row(&mut client, &id), before);
    assert_eq!(client.number("SELECT count(*) FROM bat_pages"), 0);
}
