//! Web sites of partners: JSON-LD that is no JSON. One test per malformation; names are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::{Website, parse_website};
use proptest::prelude::*;

fn json_ld(body: &str) -> Website {
    let html = format!("<script type=\"application/ld+json\">{body}</script>");
    parse_website(&html, "https://www.mesa-motors.com/")
}

/// Name and e-mail address that a block tells.
fn tells(body: &str) -> (Option<String>, Option<String>) {
    let site = json_ld(body);
    (site.name, site.email)
}

/// What every block of these tests means.
fn mesa() -> (Option<String>, Option<String>) {
    (Some("Mesa Motors".to_owned()), Some("a@mesa.com".to_owned()))
}

#[test]
fn an_object_literal_of_javascript() {
    assert_eq!(
        tells("{'@type': 'Store', name: 'Mesa Motors', email: 'a@mesa.com', open: undefined};"),
        mesa()
    );
    assert_eq!(
        tells("{\"@type\": 'Store', 'name': \"Mesa Motors\", 'email': 'a@mesa.com', n: [.5, +1, 1e3]}"),
        mesa()
    );
}

#[test]
fn a_variable_is_no_value() {
    let site = json_ld("{\"@type\": 'Store', name: siteName, email: 'a@mesa.com'}");
    assert_eq!((site.name, site.email.as_deref()), (None, Some("a@mesa.com")));
}

#[test]
fn commas_that_are_missing_or_too_many() {
    assert_eq!(tells("{\"@type\":\"Store\"\n\"name\":\"Mesa Motors\"\n\"email\":\"a@mesa.com\"}"), mesa());
    assert_eq!(
        tells("{\"@type\":\"Store\",,\"name\":\"Mesa Motors\",\"x\":{}\"email\":\"a@mesa.com\",,}"),
        mesa()
    );
    assert_eq!(
        tells(
            "[{\"@type\":\"Store\",\"name\":\"Mesa Motors\"} {\"@type\":\"Store\",\"email\":\"a@mesa.com\"}]"
        ),
        mesa()
    );
    assert_eq!(
        tells("{\"@type\":\"Store\",\"name\":'Mesa Motors'}{\"@type\":\"Store\",\"email\":'a@mesa.com'}"),
        mesa()
    );
}

#[test]
fn quotes_within_strings() {
    let site = json_ld("{\"@type\":\"Store\",\"name\":\"Mesa \"Cars\" Ltd\",\"email\":\"a@mesa.com\"}");
    assert_eq!(site.name.as_deref(), Some("Mesa \"Cars\" Ltd"));
    let site = json_ld("{'@type':'Store','name':'Al's \"Cars\"','email':'a@mesa.com'}");
    assert_eq!(site.name.as_deref(), Some("Al's \"Cars\""));
}

#[test]
fn comments_beside_other_faults() {
    assert_eq!(
        tells(
            "{'@type':'Store' /* type */, // 'name': 'x'\n'name':'Mesa Motors' // it's\n,'email':'a@mesa.com'}"
        ),
        mesa()
    );
}

#[test]
fn a_block_that_breaks_off_tells_nothing() {
    for body in [
        "{'@type':'Store','name':'Mesa",
        "{'@type':'Store','name':",
        "{name",
        "'",
        "{'a':[",
        "\\",
        "{'@type':'Store','name':'a\\",
    ] {
        assert_eq!(tells(body), (None, None), "{body}");
    }
}

#[test]
fn hostile_blocks_are_survived() {
    for unit in ["'", "\" ", "{'a':", "[", "a:", "/*", "/", ",", "'a' \n", "\\'", "{'@graph':["] {
        json_ld(&unit.repeat(200_000 / unit.len()));
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: prop::test_runner::RngAlgorithm::ChaCha,
        rng_seed: prop::test_runner::RngSeed::Fixed(20_251_125),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_block_breaks_the_reader(body in "[\\PC'\"{}\\[\\]:,/*\\\\\n]{0,80}") {
        json_ld(&body);
    }

    #[test]
    fn an_object_literal_means_what_its_json_means(name in "[a-zA-Z][a-zA-Z ,:/{}\\[\\]\"-]{0,30}[a-z]") {
        let sound = serde_json::json!({"@type": "Store", "name": name}).to_string();
        let loose = format!("{{'@type': 'Store', name: '{name}'}}");
        prop_assert_eq!(json_ld(&loose).name, json_ld(&sound).name);
    }
}
