//! Fuzzes the parser that the environment variable `PARSER` names; without it, all of them in turn.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/every_parser/parsers.rs"]
mod parsers;

use parsers::{PARSERS, Parser};

/// The parsers to fuzz.
static CHOSEN: LazyLock<Vec<&Parser>> = LazyLock::new(|| {
    let wanted = std::env::var("PARSER").unwrap_or_default();
    let chosen: Vec<&Parser> =
        PARSERS.iter().filter(|parser| wanted.is_empty() || parser.name == wanted).collect();
    assert!(!chosen.is_empty(), "there is no parser {wanted}");
    chosen
});

fuzz_target!(|page: &[u8]| CHOSEN.iter().for_each(|parser| (parser.check)(page)));
