//! Faults by rule: which requests go wrong, and how.

use std::sync::{Mutex, PoisonError};

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// A rule: requests that match it get the fault instead of, or on top of, the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Prefix of path and query; a regular expression over both if it begins with `^`.
    #[serde(rename = "match")]
    pub matching: String,
    /// Only requests of this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// Only for the first so many matching requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only for this part of the matching requests, 0 to 1. Which ones follows from `seed`, the place of the rule
    /// among the rules, and the number of the request among those that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Seed of the choice.
    #[serde(default)]
    pub seed: u64,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Another status, with a short body.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After` as it stands: seconds, a date, or nonsense.
        #[serde(default)]
        retry_after: Option<String>,
        /// `Retry-After` as an HTTP date so many seconds from now.
        #[serde(default)]
        retry_after_date: Option<i64>,
    },
    /// Waits before the head of the answer.
    Slow {
        /// How long.
        seconds: f64,
        /// What goes wrong besides.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<Box<Fault>>,
    },
    /// Sends the body in small pieces.
    Drip {
        /// Bytes a piece.
        bytes: usize,
        /// Pause between pieces, in milliseconds.
        interval_ms: u64,
    },
    /// Announces the whole length, sends a part, closes.
    Truncate {
        /// Bytes sent; half if absent.
        #[serde(default)]
        at: Option<usize>,
    },
    /// Resets the connection.
    Reset {
        /// Bytes of the answer sent before; none if absent.
        #[serde(default)]
        after: usize,
    },
    /// A small gzip body that unpacks to a large one.
    GzipBomb {
        /// Size unpacked.
        megabytes: usize,
    },
    /// A large body of valid HTML.
    Big {
        /// Size.
        megabytes: usize,
    },
    /// A redirect.
    Redirect {
        /// Where to; `{path}` stands for the request's path, so that `{path}` alone is a loop.
        to: String,
        /// 301, 302, 303, 307 or 308.
        #[serde(default = "found")]
        status: u16,
    },
    /// A challenge page in place of the page.
    BlockPage {
        /// Its status; 200 is the treacherous one.
        #[serde(default = "ok")]
        status: u16,
    },
    /// A page without content, as left to scripts to fill.
    EmptyShell,
    /// The page in another character set.
    Charset {
        /// Label of the character set: `latin-1`, `windows-1252`, `utf-16le`, `utf-16be`, …
        charset: String,
        /// How it is declared.
        #[serde(default)]
        declare: Declare,
    },
    /// The page with NUL bytes in it.
    Nul,
    /// Another body.
    Body {
        /// The body.
        body: String,
        /// `Content-Type`.
        #[serde(default = "html")]
        content_type: String,
        /// Status.
        #[serde(default = "ok")]
        status: u16,
    },
}

/// How a character set is declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declare {
    /// In the `Content-Type` header.
    #[default]
    Header,
    /// In a `<meta charset>` at the start of the page.
    Meta,
    /// By a byte order mark alone.
    Bom,
    /// Not at all.
    None,
    /// The header names UTF-8.
    Wrong,
}

fn found() -> u16 {
    302
}
fn ok() -> u16 {
    200
}
fn html() -> String {
    "text/html; charset=UTF-8".to_owned()
}

impl Fault {
    /// Name of the kind, as in its JSON.
    pub(crate) fn kind(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| Some(value.get("kind")?.as_str()?.to_owned()))
            .unwrap_or_default()
    }
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Active>>,
}

#[derive(Debug)]
struct Active {
    rule: Rule,
    pattern: Option<Regex>,
    place: u64,
    asked: u64,
    struck: u64,
}

impl Faults {
    /// Adds a rule. Earlier rules come first. An error if its expression is none.
    pub fn add(&self, rule: Rule) -> Result<(), regex::Error> {
        let pattern = rule.matching.starts_with('^').then(|| Regex::new(&rule.matching)).transpose()?;
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let place = rules.len() as u64;
        rules.push(Active { rule, pattern, place, asked: 0, struck: 0 });
        Ok(())
    }

    /// Drops all rules.
    pub fn clear(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The rules, and how often each has struck.
    pub fn list(&self) -> Vec<(Rule, u64)> {
        let rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.iter().map(|active| (active.rule.clone(), active.struck)).collect()
    }

    /// The fault that strikes a request: of the first rule that matches, is not used up, and chooses it.
    pub fn strike(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let active = rules
            .iter_mut()
            .find_map(|active| (active.matches(method, path) && active.chooses()).then_some(active))?;
        active.struck += 1;
        Some(active.rule.fault.clone())
    }
}

impl Active {
    fn matches(&self, method: &str, path: &str) -> bool {
        self.rule.times.is_none_or(|times| self.struck < times)
            && self.rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && match &self.pattern {
                Some(pattern) => pattern.is_match(path),
                None => path.starts_with(&self.rule.matching),
            }
    }

    /// Whether the next matching request is among those that it strikes.
    fn chooses(&mut self) -> bool {
        let Some(share) = self.rule.share else { return true };
        self.asked += 1;
        let mut random = Random::of(self.rule.seed, "fault", self.place << 32 | self.asked);
        // The upper 53 bits: as many as a float holds.
        ((random.bits() >> 11) as f64) < share * (1_u64 << 53) as f64
    }
}
