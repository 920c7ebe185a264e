//! The messages that the FAQ quotes are the program's own words.

use std::fs;
use std::path::Path;

use regex::Regex;

use super::listed::NOT_OURS;
use super::markdown::{Example, examples, messages};
use super::root;

/// The texts of a folder's files, without what takes a long text apart: breaks of lines, doubled quotes.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if !path.to_string_lossy().contains("--") {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    let breaks = Regex::new(r"\\\n\s*|'\s*\n\s*'").unwrap();
    breaks.replace_all(&text, "").replace("''", "'").replace("\\\"", "\"")
}

#[test]
fn the_messages_of_the_faq_are_those_of_the_program() {
    let faq = fs::read_to_string(root().join("docs/faq.md")).unwrap();
    let mut known = sources(&root().join("src")) + &sources(&root().join("sql"));
    // Also what PostgreSQL says: its answers are compared where the examples are run.
    for example in examples(&faq) {
        if let Example::Session(steps) = example {
            known.extend(steps.into_iter().map(|(_, answer)| answer));
        }
    }
    let quoted = messages(&faq);
    assert!(quoted.len() > 15, "{quoted:?}");
    for (message, _) in NOT_OURS {
        assert!(quoted.iter().any(|quoted| quoted == message), "{message} is listed, and not there");
    }
    for message in quoted.iter().filter(|quoted| NOT_OURS.iter().all(|(message, _)| quoted != message)) {
        for part in message.split('…').filter(|part| !part.trim().is_empty()) {
            assert!(known.contains(part), "{message}: nothing says {part:?}");
        }
    }
}
