//! From bytes to text: one test per rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bat_pages::charset::{decode, decode_owned};
use proptest::prelude::*;

/// "Göttingen ’" in windows-1252.
const WESTERN: &[u8] = b"G\xf6ttingen \x92";

fn page(head: &str) -> Vec<u8> {
    [format!("<html><head>{head}</head><body>").as_bytes(), WESTERN].concat()
}

#[test]
fn a_byte_order_mark_beats_all_else() {
    assert_eq!(decode(b"\xef\xbb\xbfG\xc3\xb6", Some("text/html; charset=iso-8859-1")), "Gö");
    assert_eq!(decode(b"\xff\xfeG\0\xf6\0", Some("text/html; charset=utf-8")), "Gö");
    assert_eq!(decode(b"\xfe\xff\0G\0\xf6", None), "Gö");
}

#[test]
fn the_header_beats_the_page() {
    let body = [b"<meta charset=shift_jis>".as_slice(), WESTERN].concat();
    assert!(decode(&body, Some("text/html; charset=windows-1252")).ends_with("Göttingen ’"));
}

#[test]
fn header_charsets_of_every_spelling() {
    for header in [
        "text/html; charset=ISO-8859-1",
        "text/html;charset=\"iso-8859-1\"",
        "text/html; CHARSET='latin1'; x=y",
        "text/html; charset = windows-1252",
        "charset=cp1252,",
    ] {
        assert_eq!(decode(WESTERN, Some(header)), "Göttingen ’", "{header}");
    }
}

#[test]
fn the_page_declares_its_charset_in_either_form() {
    for head in [
        "<meta charset=iso-8859-1>",
        "<META CHARSET='ISO-8859-1'/>",
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\" />",
        "<meta content='text/html;charset=iso-8859-1' http-equiv=content-type>",
    ] {
        assert!(decode(&page(head), Some("text/html")).ends_with("Göttingen ’"), "{head}");
    }
}

#[test]
fn a_declaration_behind_the_first_kilobyte_counts() {
    let head = format!("<script>{}</script><meta charset=windows-1251>", "x".repeat(5000));
    assert!(decode(&page(&head), None).ends_with("Gцttingen ’"));
}

#[test]
fn what_only_looks_like_a_declaration_is_none() {
    for head in [
        "<!-- <meta charset=windows-1251> -->",
        "<script>'<meta charset=windows-1251>'</script>",
        "<meta name=x content='charset=windows-1251'>",
        "<meta charset=nonsense>",
    ] {
        let body = [head.as_bytes(), "Göttingen".as_bytes()].concat();
        assert!(decode(&body, None).ends_with("Göttingen"), "{head}");
    }
}

#[test]
fn a_page_that_declares_latin_1_but_holds_utf_8_is_utf_8() {
    let body = [b"<meta charset=iso-8859-1>".as_slice(), "Göttingen ’".as_bytes()].concat();
    assert!(decode(&body, None).ends_with("Göttingen ’"));
}

#[test]
fn a_page_that_declares_utf_16_in_ascii_is_utf_8() {
    let body = [b"<meta charset=utf-16>".as_slice(), "Göttingen".as_bytes()].concat();
    assert!(decode(&body, None).ends_with("Göttingen"));
}

#[test]
fn an_undeclared_page_is_utf_8_even_with_a_broken_byte() {
    assert_eq!(decode("Göttingen, Köln".as_bytes(), None), "Göttingen, Köln");
    assert_eq!(decode(b"G\xc3\xb6ttingen, K\xc3\xb6ln \xff", None), "Göttingen, Köln \u{fffd}");
}

#[test]
fn an_undeclared_page_that_is_no_utf_8_is_western() {
    assert_eq!(decode(WESTERN, None), "Göttingen ’");
}

#[test]
fn sound_utf_8_is_not_copied() {
    for header in [None, Some("text/html; charset=UTF-8"), Some("text/html; charset=iso-8859-1")] {
        let body = "<p>Göttingen ’".as_bytes().to_vec();
        let place = body.as_ptr();
        let text = decode_owned(body, header);
        assert_eq!(text.as_ptr(), place, "{header:?}");
    }
}

#[test]
fn nul_characters_are_dropped() {
    assert_eq!(decode(b"a\0b\0", None), "ab");
    assert_eq!(decode(b"", None), "");
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
    fn any_bytes_decode(body in prop::collection::vec(any::<u8>(), 0..200), header in proptest::option::of("\\PC{0,40}")) {
        let text = decode(&body, header.as_deref());
        prop_assert!(!text.contains('\0'));
        prop_assert_eq!(decode_owned(body, header.as_deref()), text);
    }

    #[test]
    fn utf_8_stays_as_it_is(text in "[^\0\u{feff}<]{0,100}") {
        prop_assert_eq!(decode(text.as_bytes(), Some("text/html; charset=UTF-8")), text.clone());
        prop_assert_eq!(decode(text.as_bytes(), None), text);
    }
}
