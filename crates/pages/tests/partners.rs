//! The directory of local partners: hand-made rows, one test per quirk. Names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Partner, parse_partners};
use proptest::prelude::*;

/// A directory page around `body`, with what surrounds the directory on the site.
fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Local Partners | Bring a Trailer</title></head><body>\
         <header><nav><a href=\"https://shop.example.org/\">Shop</a> <a href=\"/member/somebody/\">You</a></nav></header>\
         <main><h1>Local Partners</h1><p>Each partner sells under the BaT username below its name.</p>{body}</main>\
         <footer><h4>Follow</h4><a href=\"https://www.facebook.com/example\">Facebook</a></footer></body></html>"
    )
}

/// A row as the site prints it.
fn row(name: &str, place: &str, url: &str, member: &str) -> String {
    format!(
        "<tr><td><a href=\"{url}\"><img src=\"/wp-content/uploads/x.jpg\"></a></td>\
         <td><a href=\"{url}\">{name}</a> <strong>{place}</strong> <a href=\"{url}\">visit the {name} website</a> \
         BaT username: <a href=\"https://bringatrailer.com/member/{member}/\">{member}</a></td></tr>"
    )
}

fn table(rows: &str) -> String {
    format!("<table><tbody>{rows}</tbody></table>")
}

fn one(body: &str) -> Partner {
    let mut partners = parse_partners(&page(body));
    assert_eq!(partners.len(), 1, "{partners:#?}");
    partners.remove(0)
}

fn us(rows: &str) -> String {
    format!("<h2>UNITED STATES</h2><h3>ARIZONA</h3>{}", table(rows))
}

fn keys(partners: &[Partner]) -> Vec<&str> {
    partners.iter().map(|partner| partner.geographic_key.as_deref().unwrap_or("-")).collect()
}

#[test]
fn a_row_gives_all_fields() {
    let partner = one(&us(&row("Mesa Motor Club", "Mesa, AZ", "https://www.mesa.example/bat", "mesamotors")));
    assert_eq!(
        partner,
        Partner {
            name: Some("Mesa Motor Club".into()),
            city: Some("Mesa".into()),
            state: Some("AZ".into()),
            country: Some("US".into()),
            website: Some("https://www.mesa.example".into()),
            referral_url: Some("https://www.mesa.example/bat".into()),
            bat_username: Some("mesamotors".into()),
            bat_profile_url: Some("https://bringatrailer.com/member/mesamotors/".into()),
            geographic_key: Some("mesa-motor-club|mesa|AZ|US".into()),
        }
    );
}

#[test]
fn a_whole_directory() {
    let us = row("Mesa Motor Club", "Mesa, AZ", "https://www.mesa.example/bat", "mesamotors")
        + &row("Åke &amp; Sons", "San Rafael – East Bay, CA", "https://ake.example/", "Ake_Sons")
        + &row("Vault&#8217;s Keep", "Iowa City / Davenport, IA", "//keep.example/bat?a=1&amp;b=2", "keep");
    let canada = row("Northern Cars", "Calgary, AB", "https://northern.example/", "northern");
    let europe = row("Söhne Cars", "Köln, Germany", "https://soehne.example/bat", "soehne");
    let uk = row("Chase Depot", "Dorset, England", "https://depot.example/bat", "depot");
    let body = format!(
        "<h2>UNITED STATES</h2><h3>ARIZONA</h3>{}<h2>CANADA</h2><h3>CANADA</h3>{}\
         <h2>EUROPE</h2><h3>GERMANY</h3>{}<h2>UNITED KINGDOM</h2><h3>ENGLAND</h3>{}",
        table(&us),
        table(&canada),
        table(&europe),
        table(&uk)
    );
    insta::assert_json_snapshot!(parse_partners(&page(&body)));
}

#[test]
fn one_member_with_several_places_keeps_them_all() {
    let rows = row("Club", "Dallas, TX", "https://club.example/a", "club")
        + &row("Club", "Houston, TX", "https://club.example/a", "club");
    assert_eq!(keys(&parse_partners(&page(&us(&rows)))), ["club|dallas|TX|US", "club|houston|TX|US"]);
}

#[test]
fn a_row_printed_twice_is_one() {
    let same = row("Club", "Dallas, TX", "https://club.example/a", "club");
    let other = row("Club", "Dallas, TX", "https://club.example/a", "club_too");
    assert_eq!(parse_partners(&page(&us(&format!("{same}{same}{other}")))).len(), 2);
}

#[test]
fn member_links_in_any_form_become_one() {
    for href in [
        "https://bringatrailer.com/member/Some_Body/",
        "https://www.bringatrailer.com/MEMBER/some_body",
        "//bringatrailer.com/member/some_body/",
        "/member/some_body/?ref=1#top",
        "/it/member/some_body/",
    ] {
        let html = row("Club", "Dallas, TX", "https://club.example/", "x")
            .replace("https://bringatrailer.com/member/x/", href);
        let partner = one(&us(&html));
        assert_eq!(partner.bat_username.as_deref(), Some("some_body"), "{href}");
        assert_eq!(partner.bat_profile_url.as_deref(), Some("https://bringatrailer.com/member/some_body/"));
    }
}

#[test]
fn the_label_may_be_split_spaced_or_in_capitals() {
    for label in ["BAT USERNAME:", "bat&nbsp;username", "<b>BaT</b>\n   username:", "<em>BaT user</em>name :"]
    {
        let html = row("Club", "Dallas, TX", "https://club.example/", "x").replace("BaT username:", label);
        assert_eq!(one(&us(&html)).bat_username.as_deref(), Some("x"), "{label}");
    }
}

#[test]
fn a_row_without_location_has_only_the_country_of_its_headings() {
    let html = row("VAULT", "", "https://vault.example/bat", "vault").replace("<strong></strong>", "");
    let partner = one(&format!("<h2>UNITED STATES</h2><h3>INDIANA</h3>{}", table(&html)));
    assert_eq!(partner.geographic_key.as_deref(), Some("vault|na|na|US"));
    assert_eq!((partner.city, partner.state), (None, None));
}

#[test]
fn canadian_provinces_are_no_states() {
    let html = row("Club", "Toronto, ON", "https://club.example/", "x");
    let partner = one(&format!("<h2>CANADA</h2><h3>CANADA</h3>{}", table(&html)));
    assert_eq!((partner.state.as_deref(), partner.country.as_deref()), (Some("ON"), Some("CA")));
}

#[test]
fn a_code_that_is_both_a_state_and_a_country_follows_the_headings() {
    let html = row("Club", "Köln, DE", "https://club.example/", "x");
    let germany = one(&format!("<h2>EUROPE</h2><h3>GERMANY</h3>{}", table(&html)));
    assert_eq!(germany.geographic_key.as_deref(), Some("club|koln|na|DE"));
    let html = row("Club", "Lewes, DE", "https://club.example/", "x");
    let delaware = one(&format!("<h2>UNITED STATES</h2><h3>DELAWARE</h3>{}", table(&html)));
    assert_eq!(delaware.geographic_key.as_deref(), Some("club|lewes|DE|US"));
}

#[test]
fn georgia_is_a_state_among_states_and_a_country_elsewhere() {
    let html = table(&row("Club", "", "https://club.example/", "x"));
    let state = one(&format!("<h2>UNITED STATES</h2><h3>FLORIDA</h3><h3>GEORGIA</h3>{html}"));
    assert_eq!(state.country.as_deref(), Some("US"));
    let country = one(&format!("<h2>UNITED STATES</h2><h2>EUROPE</h2><h3>GEORGIA</h3>{html}"));
    assert_eq!(country.country.as_deref(), Some("GE"));
}

#[test]
fn states_and_countries_by_name() {
    for (place, key) in [
        ("Portland, Oregon", "club|portland|OR|US"),
        ("Toronto, ON, Canada", "club|toronto|ON|CA"),
        ("Dorset, England", "club|dorset|na|GB"),
        ("Haarlem, The Netherlands", "club|haarlem|na|NL"),
        ("Placer County, CA", "club|placer-county|CA|US"),
        ("St. Anne, UT.", "club|st-anne|UT|US"),
        ("Nice City, Nowhere", "club|na|na|US"),
    ] {
        let partner = one(&us(&row("Club", place, "https://club.example/", "x")));
        assert_eq!(partner.geographic_key.as_deref(), Some(key), "{place}");
    }
}

#[test]
fn names_from_visit_links_of_rows_whose_first_link_is_a_picture() {
    let html = row("NAME", "Dallas, TX", "https://club.example/", "x")
        .replace("<a href=\"https://club.example/\">NAME</a>", "")
        .replace("NAME", "Rust &amp; Söhne");
    assert_eq!(one(&us(&html)).name.as_deref(), Some("Rust & Söhne"));
}

#[test]
fn a_possessive_visit_link_is_no_name() {
    let link = "<a href=\"https://d.example/\">visit the Depot‘s website</a>";
    let label = "<strong>Dallas, TX</strong> BaT username: <a href=\"/member/depot/\">depot</a>";
    for (start, name) in [
        ("<a href=\"https://d.example/\"><img alt=\"The Depot logo\" src=x.png></a>", "The Depot"),
        ("<img alt=\"The Depot\" src=x.png>", "The Depot"),
        (
            "<a href=\"https://d.example/\" title=\"The Depot\"><img alt=\"logo_1.png\" src=x.png></a>",
            "The Depot",
        ),
        ("<p>The Depot</p>", "The Depot"),
        ("<a href=\"https://d.example/\"><img src=x.png></a>", "Depot"),
    ] {
        let html = format!("<tr><td>{start}</td><td>{link}{label}</td></tr>");
        assert_eq!(one(&us(&html)).name.as_deref(), Some(name), "{start}");
    }
    let html = format!("<tr><td>{link}<a href=\"https://d.example/\">The Depot</a>{label}</td></tr>");
    assert_eq!(one(&us(&html)).name.as_deref(), Some("The Depot"));
}

#[test]
fn only_web_links_lead_to_a_web_site() {
    for href in [
        "mailto:a@b.example",
        "javascript:void(0)",
        "tel:1",
        "/local-partners/",
        "https://bringatrailer.com/x",
        "data:,x",
    ] {
        let partner = one(&us(&row("Club", "Dallas, TX", href, "x")));
        assert_eq!((partner.website, partner.referral_url), (None, None), "{href}");
    }
}

#[test]
fn without_tables_each_block_is_a_row() {
    let block = |name: &str, place: &str, id: &str| {
        format!(
            "<p><a href=\"https://{id}.example/bat\">{name}</a><br><strong>{place}</strong><br>\
             BaT username: <a href=\"/member/{id}/\">{id}</a></p>"
        )
    };
    let body = format!(
        "<h2>UNITED STATES</h2><h3>TEXAS</h3>{}{}<h3>UTAH</h3>{}",
        block("A Cars", "Dallas, TX", "a"),
        block("B Cars", "Houston, TX", "b"),
        block("C Cars", "Provo, UT", "c"),
    );
    let partners = parse_partners(&page(&body));
    assert_eq!(keys(&partners), ["a-cars|dallas|TX|US", "b-cars|houston|TX|US", "c-cars|provo|UT|US"]);
    assert_eq!(partners[2].website.as_deref(), Some("https://c.example"));
}

#[test]
fn partners_side_by_side_in_one_element_are_told_apart() {
    for (open, close) in [("", "<br>"), ("<p>", "</p>"), ("<div>", "</div>")] {
        let partner = |name: &str, id: &str| {
            format!(
                "{open}<a href=\"https://{id}.example/\">{name}</a>{close}{open}<b>Dallas, TX</b>{close}\
                 {open}BaT username: <a href=\"/member/{id}/\">{id}</a>{close}"
            )
        };
        let body =
            format!("<h2>UNITED STATES</h2><div>{}{}</div>", partner("A Cars", "a"), partner("B Cars", "b"));
        let partners = parse_partners(&page(&body));
        assert_eq!(keys(&partners), ["a-cars|dallas|TX|US", "b-cars|dallas|TX|US"], "{open}");
        assert_eq!(partners[1].bat_username.as_deref(), Some("b"));
        assert_eq!(partners[1].website.as_deref(), Some("https://b.example"));
    }
}

#[test]
fn nested_tables_do_not_count_twice() {
    let inner = row("Club", "Dallas, TX", "https://club.example/", "x");
    let html = format!("<tr><td><img alt=\"\" src=a.png></td><td>{}</td></tr>", table(&inner));
    assert_eq!(
        keys(&parse_partners(&page(&us(&format!("{html}{html}").replacen("Club", "Duo", 3))))).len(),
        2
    );
    let layout = format!("<table><tr><td>{}</td></tr></table>", us(&inner));
    assert_eq!(one(&layout).geographic_key.as_deref(), Some("club|dallas|TX|US"));
}

#[test]
fn rows_without_end_tags_are_rows() {
    let html = (row("A Cars", "Dallas, TX", "https://a.example/", "a")
        + &row("B Cars", "Dallas, TX", "https://b.example/", "b"))
        .replace("</td>", "")
        .replace("</tr>", "");
    assert_eq!(parse_partners(&page(&us(&html))).len(), 2);
}

#[test]
fn a_row_in_a_comment_or_script_is_no_row() {
    let html = row("Club", "Dallas, TX", "https://club.example/", "x");
    assert!(parse_partners(&page(&format!("<!-- {html} --><script>var x = '{html}';</script>"))).is_empty());
}

#[test]
fn a_page_without_partners_gives_none() {
    for html in ["", "<html></html>", "BaT username", "<h1>Just a moment...</h1>", "\u{feff}\0"] {
        assert!(parse_partners(html).is_empty(), "{html}");
    }
    assert!(parse_partners(&page("")).is_empty());
}

#[test]
fn hostile_nesting_is_survived() {
    for unit in [
        "<div>",
        "<table><tr><td>",
        "<b a=1>",
        "<a href=x>",
        "<strong>BaT username",
        "<a b c d",
        "<!--",
        "<p><b id=x>",
    ] {
        let html = unit.repeat(400_000 / unit.len());
        let html = page(&(html + &us(&row("Club", "Dallas, TX", "https://club.example/", "x"))));
        parse_partners(&html);
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: prop::test_runner::RngAlgorithm::ChaCha,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_251_214),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_page_breaks_the_parser(
        parts in prop::collection::vec(
            prop_oneof![
                Just("<tr>"), Just("</tr>"), Just("<table>"), Just("</table>"), Just("<td>"), Just("</td>"),
                Just("<h2>"), Just("</h2>"), Just("EUROPE"), Just("BaT username: "), Just("<strong>"),
                Just("</strong>"), Just("Dallas, TX"), Just("<a href='https://a.example/'>"), Just("</a>"),
                Just("<a href=/member/X>"), Just("<b>"), Just("</div>"), Just("<div>"), Just("visit the ‘s website"),
                Just("<!--"), Just("-->"), Just("<a "), Just("\u{a0}"), Just("é<"), Just("\""),
            ],
            0..60,
        )
    ) {
        let partners = parse_partners(&parts.concat());
        prop_assert!(partners.len() <= parts.len());
        for partner in partners {
            prop_assert!(partner.bat_username.is_some() || partner.website.is_some());
        }
    }
}
