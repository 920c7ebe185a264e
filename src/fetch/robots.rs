//! robots.txt (RFC 9309), read by the crate `texting_robots`.

use std::time::Duration;

use texting_robots::Robot;

/// Longest `Crawl-delay` that is honoured as it is; a longer one would stop the crawl for good.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(120);

/// RFC 9309, 2.5: at least 500 kibibytes are parsed.
const PARSED_BYTES: usize = 512 * 1024;

/// Most rules that end with `$`. Each is a regular expression: the 43,000 that fit into a text take five seconds and 450 MB.
const MOST_ANCHORED: usize = 500;

/// What a host's robots.txt says to this crawler.
pub struct Robots {
    /// `None`: it has rules that cannot be followed, and so forbids everything.
    rules: Option<Robot>,
}

/// What is read of a robots.txt.
pub fn start_of(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    &text[..text.floor_char_boundary(PARSED_BYTES)]
}

impl Robots {
    /// Reads the text. One without rules allows everything; one with too many, or too long ones, nothing.
    pub fn parse(text: &str) -> Robots {
        let text = start_of(text);
        if text.bytes().filter(|byte| *byte == b'$').count() > MOST_ANCHORED {
            return Robots { rules: None };
        }
        Robots { rules: Robot::new("bat_partners", text.as_bytes()).ok() }
    }

    /// Whether the URL may be fetched. The match is on path and query.
    pub fn allows(&self, url: &str) -> bool {
        self.rules.as_ref().is_some_and(|rules| rules.allowed(url))
    }

    /// The sitemaps that it names.
    pub fn sitemaps(&self) -> &[String] {
        self.rules.as_ref().map(|rules| rules.sitemaps.as_slice()).unwrap_or_default()
    }

    /// `Crawl-delay`, at most two minutes.
    pub fn crawl_delay(&self) -> Option<Duration> {
        let seconds = self.rules.as_ref()?.delay?;
        Duration::try_from_secs_f32(seconds).ok().map(|delay| delay.min(LONGEST_CRAWL_DELAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str =
        "User-agent: *\nCrawl-delay: 1\nDisallow: /wp-admin/\nDisallow: /member/\nDisallow: /*utm_source=\n";

    #[test]
    fn the_site_forbids_member_pages_and_allows_listings() {
        let robots = Robots::parse(SITE);
        assert!(!robots.allows("https://bringatrailer.com/member/somebody/"));
        assert!(!robots.allows("https://bringatrailer.com/listing/x/?utm_source=y"));
        assert!(robots.allows("https://bringatrailer.com/listing/x/"));
        assert!(robots.allows("https://bringatrailer.com/local-partners/"));
        assert_eq!(robots.crawl_delay(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_group_of_its_own_wins() {
        let robots =
            Robots::parse("User-agent: *\nDisallow: /\n\nUser-agent: bat_partners\nDisallow: /private/\n");
        assert!(robots.allows("https://bringatrailer.com/listing/x/"));
        assert!(!robots.allows("https://bringatrailer.com/private/x"));
    }

    #[test]
    fn an_empty_text_allows_everything() {
        assert!(Robots::parse("").allows("https://bringatrailer.com/member/x/"));
    }

    #[test]
    fn a_text_that_is_none_allows_everything() {
        for text in ["<!doctype html><title>Not found</title>", "\u{0}\u{1}", "\n\n#"] {
            assert!(Robots::parse(text).allows("https://example.com/x"), "{text}");
        }
    }

    #[test]
    fn rules_that_cannot_be_followed_forbid_everything() {
        let too_long = format!("User-agent: *\nDisallow: /private\nDisallow: /{}$\n", "*a".repeat(30_000));
        let too_many = format!("User-agent: *\n{}", "Disallow:*$\n".repeat(43_000));
        for text in [too_long, too_many] {
            assert!(!Robots::parse(&text).allows("https://example.com/x"));
        }
        let some = format!("User-agent: *\n{}", "Disallow: /*.pdf$\n".repeat(100));
        assert!(Robots::parse(&some).allows("https://example.com/x"));
        assert!(!Robots::parse(&some).allows("https://example.com/x.pdf"));
    }

    #[test]
    fn a_long_crawl_delay_is_capped_and_nonsense_is_ignored() {
        assert_eq!(
            Robots::parse("User-agent: *\nCrawl-delay: 9999\n").crawl_delay(),
            Some(LONGEST_CRAWL_DELAY)
        );
        assert_eq!(Robots::parse("User-agent: *\nCrawl-delay: -1\n").crawl_delay(), None);
    }

    #[test]
    fn a_huge_text_is_cut_at_a_character() {
        let text = format!("User-agent: *\nDisallow: /a\n#{}\nDisallow: /b\n", "\u{e9}".repeat(600_000));
        let robots = Robots::parse(&text);
        assert!(!robots.allows("https://example.com/a") && robots.allows("https://example.com/b"));
    }
}
