//! robots.txt (RFC 9309), read by the crate `texting_robots`.

use std::time::Duration;

use texting_robots::Robot;

/// Longest `Crawl-delay` that is honoured as it is; a longer one would stop the crawl for good.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(120);

/// RFC 9309, 2.5: at least 500 kibibytes are parsed.
const PARSED_BYTES: usize = 512 * 1024;

/// What a host's robots.txt says to this crawler.
pub struct Robots {
    rules: Option<Robot>,
}

impl Robots {
    /// Reads the text; an empty or unreadable one allows everything.
    pub fn parse(text: &str) -> Robots {
        let text = text.trim_start_matches('\u{feff}');
        let text = &text[..text.floor_char_boundary(PARSED_BYTES)];
        Robots { rules: Robot::new("bat_partners", text.as_bytes()).ok() }
    }

    /// Whether the URL may be fetched. The match is on path and query.
    pub fn allows(&self, url: &str) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.allowed(url))
    }

    /// `Crawl-delay`, at most two minutes.
    pub fn crawl_delay(&self) -> Option<Duration> {
        let seconds = self.rules.as_ref()?.delay?;
        Duration::try_from_secs_f32(seconds).ok().map(|delay| delay.min(LONGEST_CRAWL_DELAY))
    }
}
