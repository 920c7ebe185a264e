//! Partners whose name, place or username changes in the directory: each keeps its row and nobody gets another's.

use serde_json::json;

use crate::server::{Server, Session};
use crate::site::Site;

/// A partner as the directory shows it: name, city, state, username.
pub type Shown<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Lets the directory show three partners and these. All other faults end.
pub fn show(site: &Site, partners: &[Shown]) {
    let others =
        [("One", "o1"), ("Two", "o2"), ("Three", "o3")].map(|(name, user)| (name, "Mesa", "AZ", user));
    let rows: String = others
        .iter()
        .chain(partners)
        .map(|(name, city, state, username)| {
            let link = format!("{}/site/{username}/bat", site.url());
            format!(
                "<table><tbody><tr><td><a href=\"{link}\"><img src=\"/{username}.png\" alt=\"\"></a></td>
                 <td><a href=\"{link}\">{name}</a> <strong>{city}, {state}</strong>
                 <a href=\"{link}\">visit the {name} website</a>
                 BaT username: <a href=\"https://bringatrailer.com/member/{username}/\">{username}</a></td></tr></tbody></table>\n"
            )
        })
        .collect();
    let body = format!(
        "<!doctype html><html><head><title>Local Partners | Bring a Trailer</title>
         <link rel=\"canonical\" href=\"https://bringatrailer.com/local-partners/\"></head><body><main>
         <h1 class=\"post-title\">BaT Local Partners</h1><h2>UNITED STATES</h2>{rows}</main></body></html>"
    );
    site.heal();
    site.fault("^/local-partners/$", json!({ "kind": "body", "body": body }), None);
}

/// Reads such a directory. How many partners were found, new, changed, unchanged, skipped, failed.
pub fn index(site: &Site, client: &mut Session, partners: &[Shown]) -> String {
    show(site, partners);
    client.text(
        "SELECT concat_ws(' ', found, inserted, updated, unchanged, skipped, failed) FROM bat_index_partners()",
    )
}

fn begin() -> (Site, Server) {
    let site = Site::small();
    let server = site.server();
    (site, server)
}

/// The partners but the three others, in the order of their making.
fn rows(client: &mut Session) -> Vec<String> {
    client.column(
        "SELECT concat_ws('/', business_name, city, bat_username, geographic_key, NULLIF(status, 'active'))
         FROM businesses WHERE bat_username !~ '^o[123]$' ORDER BY created_at, geographic_key COLLATE \"C\"",
    )
}

fn id(client: &mut Session, username: &str) -> String {
    client.text(&format!("SELECT id FROM businesses WHERE bat_username = '{username}'"))
}

#[test]
fn the_old_name_of_a_respelt_partner_is_free_for_another_dealer() {
    let (site, server) = begin();
    let mut client = server.client();
    assert_eq!(index(&site, &mut client, &[("Ash Motors", "Bend", "OR", "ash")]), "4 4 0 0 0 0");
    let ash = id(&mut client, "ash");
    assert_eq!(index(&site, &mut client, &[("Ash Classics", "Bend", "OR", "ash")]), "4 0 1 3 0 0");
    let both = [("Ash Classics", "Bend", "OR", "ash"), ("Ash Motors", "Bend", "OR", "newdealer")];
    assert_eq!(index(&site, &mut client, &both), "5 1 0 4 0 0");
    assert_eq!(
        rows(&mut client),
        ["Ash Classics/Bend/ash/ash-classics|bend|OR|US", "Ash Motors/Bend/newdealer/ash-motors|bend|OR|US"]
    );
    assert_eq!(id(&mut client, "ash"), ash);
    // Whose key was not rewritten, because an earlier version did not, is found by its username all the same.
    client
        .batch_execute(&format!(
            "DELETE FROM businesses WHERE bat_username = 'newdealer';
             UPDATE businesses SET geographic_key = 'ash-motors|bend|OR|US', metadata = jsonb_set(
                 metadata, '{{bat_partners,geographic_key,value}}', '\"ash-motors|bend|OR|US\"'
             ) WHERE id = '{ash}'"
        ))
        .unwrap();
    assert_eq!(index(&site, &mut client, &[both[1], both[0]]), "5 1 1 3 0 0");
    assert_eq!(id(&mut client, "ash"), ash);
    assert_eq!(index(&site, &mut client, &both), "5 0 0 5 0 0");
    // A key that a person wrote stays.
    client
        .batch_execute(&format!("UPDATE businesses SET geographic_key = 'mine' WHERE id = '{ash}'"))
        .unwrap();
    index(&site, &mut client, &[("Ash", "Bend", "OR", "ash"), both[1]]);
    assert_eq!(rows(&mut client)[0], "Ash/Bend/ash/mine");
}

#[test]
fn a_partner_that_moved_and_opens_again_where_it_was_has_two_rows() {
    let (site, server) = begin();
    let mut client = server.client();
    index(&site, &mut client, &[("Ash", "Bend", "OR", "ash")]);
    let ash = id(&mut client, "ash");
    index(&site, &mut client, &[("Ash", "Salem", "OR", "ash")]);
    index(&site, &mut client, &[("Ash", "Bend", "OR", "ash"), ("Ash", "Salem", "OR", "ash")]);
    assert_eq!(rows(&mut client), ["Ash/Salem/ash/ash|salem|OR|US", "Ash/Bend/ash/ash|bend|OR|US"]);
    assert_eq!(client.text("SELECT id FROM businesses WHERE city = 'Salem'"), ash);
}

#[test]
fn a_respelt_partner_whose_username_changes_later_keeps_its_row() {
    let (site, server) = begin();
    let mut client = server.client();
    index(&site, &mut client, &[("Ash Motors", "Bend", "OR", "ash")]);
    // An edit in a database whose usernames were typed: they are the same in any case.
    client.batch_execute("UPDATE businesses SET bat_username = 'Ash' WHERE bat_username = 'ash'").unwrap();
    index(&site, &mut client, &[("Ash Motor Cars", "Bend", "OR", "ash")]);
    client.batch_execute("UPDATE businesses SET bat_username = 'ash' WHERE bat_username = 'Ash'").unwrap();
    index(&site, &mut client, &[("Ash Motor Cars", "Bend", "OR", "ashcars")]);
    assert_eq!(rows(&mut client), ["Ash Motor Cars/Bend/ashcars/ash-motor-cars|bend|OR|US"]);
}

#[test]
fn two_members_of_one_name_and_place_are_two_partners_and_no_row_is_written_twice() {
    let (site, server) = begin();
    let mut client = server.client();
    let twins = [("Ash Motors", "Bend", "OR", "ash"), ("Ash Motors", "Bend", "OR", "ash2")];
    assert_eq!(index(&site, &mut client, &twins), "5 5 0 0 0 0");
    assert_eq!(
        rows(&mut client),
        ["Ash Motors/Bend/ash/ash-motors|bend|OR|US", "Ash Motors/Bend/ash2/ash-motors|bend|OR|US|ash2"]
    );
    let versions = "SELECT string_agg(b.xmin::text, ' ' ORDER BY b.id) FROM businesses AS b";
    let before = client.text(versions);
    assert_eq!(index(&site, &mut client, &twins), "5 0 0 5 0 0");
    assert_eq!(client.text(versions), before);
    // The first of them leaves, and comes back.
    assert_eq!(index(&site, &mut client, &twins[1..]), "4 0 0 4 0 0");
    assert_eq!(index(&site, &mut client, &twins), "5 0 1 4 0 0");
}

#[test]
fn a_place_that_left_long_ago_takes_nothing_from_its_respelt_sister() {
    let (site, server) = begin();
    let mut client = server.client();
    index(&site, &mut client, &[("Ash", "Bend", "OR", "ash"), ("Ash", "Salem", "OR", "ash")]);
    index(&site, &mut client, &[("Ash", "Salem", "OR", "ash")]);
    assert_eq!(index(&site, &mut client, &[("Ash Cars", "Salem", "OR", "ash")]), "4 0 1 3 0 0");
    assert_eq!(
        rows(&mut client),
        ["Ash Cars/Salem/ash/ash-cars|salem|OR|US", "Ash/Bend/ash/ash|bend|OR|US/left_directory"]
    );
}

#[test]
fn a_row_that_cannot_be_written_is_not_taken_for_another_s() {
    let (site, server) = begin();
    let mut client = server.client();
    index(&site, &mut client, &[("Ash Motors", "Bend", "OR", "ash")]);
    client
        .batch_execute(
            "ALTER TABLE businesses ADD CONSTRAINT unwanted CHECK (business_name <> 'Ash Classics')",
        )
        .unwrap();
    let both = [("Ash Classics", "Bend", "OR", "ash"), ("Ash Motors", "Bend", "OR", "newdealer")];
    assert_eq!(index(&site, &mut client, &both), "5 0 0 3 0 2");
    assert_eq!(rows(&mut client), ["Ash Motors/Bend/ash/ash-motors|bend|OR|US"]);
    client.batch_execute("ALTER TABLE businesses DROP CONSTRAINT unwanted").unwrap();
    assert_eq!(index(&site, &mut client, &both), "5 1 1 3 0 0");
}

#[test]
fn a_limited_ingest_takes_the_partners_that_the_page_shows_first_now() {
    let (site, server) = begin();
    let mut client = server.client();
    let [a, b, c] = ["a", "b", "c"].map(|name| (name, "Bend", "OR", name));
    index(&site, &mut client, &[a, b, c]);
    let asked = |site: &Site| -> Vec<String> {
        let requests = site.requests("/member/");
        requests.iter().map(|request| request["path"].as_str().unwrap().replace("/member/", "")).collect()
    };
    client.batch_execute("DELETE FROM businesses WHERE bat_username LIKE 'o_'").unwrap();
    // The three others are new, and come first; of those after them only the first one is among four.
    show(&site, &[c, b, a]);
    client.batch_execute("CALL bat_ingest(max_partners => 4, skip_enrich => true)").unwrap();
    let mut members = asked(&site);
    members.sort();
    assert_eq!(members, ["c/", "o1/", "o2/", "o3/"]);
    let order = "SELECT string_agg(bat_username, ' ' ORDER BY (metadata->>'directory_position')::int) FROM businesses";
    assert_eq!(client.text(order), "o1 o2 o3 c b a");
}
