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
