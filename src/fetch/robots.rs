//! robots.txt (RFC 9309), read by the crate `texting_robots`.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use regex::{Captures, Regex};
use texting_robots::Robot;

/// Longest `Crawl-delay` that is honoured as it is; a longer one would stop the crawl for good.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(120);

/// RFC 9309, 2.5: at least 500 kibibytes are parsed.
const PARSED_BYTES: usize = 512 * 1024;

/// Most rules with a `$`, which stands at their end. Each is a regular expression: the 43,000 that fit into a text take five
/// seconds and 450 MB.
const MOST_ANCHORED: usize = 500;

/// A rule with a `$` that is no comment's, as the crate reads rules, its spellings of "Disallow" included.
static ANCHORED: LazyLock<Regex> =
    LazyLock::new(|| regex("(?imR)^[ \t]*(?:allow|di[a-z]+)[ \t:][^#\r\n]*[$]"));

/// Why rules cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    TooManyAnchored,
    TooLong,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::TooManyAnchored => write!(out, "more than {MOST_ANCHORED} of its rules have a $"),
            Flaw::TooLong => out.write_str("one of its rules is too long"),
        }
    }
}

/// A percent-encoded octet.
static ENCODED: LazyLock<Regex> = LazyLock::new(|| regex("%[0-9A-Fa-f]{2}"));

/// This crawler's name at the head of a group, and what is no part of the name: a version, a comment.
static NAMED: LazyLock<Regex> =
    LazyLock::new(|| regex("(?imR)^([ \t]*user[- ]?agent[ \t:]+bat_partners)[^a-z_\r\n-].*$"));

/// What a host's robots.txt says to this crawler.
pub struct Robots {
    /// With rules that cannot be followed it forbids everything.
    rules: Result<Robot, Flaw>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants that the tests compile")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

/// A text whose percent-encodings can be compared as they stand: unreserved characters are decoded, the digits of others are
/// in upper case (RFC 9309, 2.2.2; RFC 3986, 6.2.2).
fn comparable(text: &str) -> Cow<'_, str> {
    ENCODED.replace_all(text, |found: &Captures<'_>| match u8::from_str_radix(&found[0][1..], 16) {
        Ok(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        _ => found[0].to_ascii_uppercase(),
    })
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
        if ANCHORED.find_iter(text).nth(MOST_ANCHORED).is_some() {
            return Robots { rules: Err(Flaw::TooManyAnchored) };
        }
        let text = comparable(text);
        // A product token is letters, "_" and "-" (RFC 9309, 2.2.1): what follows it is no part of the name.
        let text = NAMED.replace_all(&text, "$1");
        Robots { rules: Robot::new("bat_partners", text.as_bytes()).map_err(|_| Flaw::TooLong) }
    }

    /// Why its rules cannot be followed, if so.
    pub fn flaw(&self) -> Option<Flaw> {
        self.rules.as_ref().err().copied()
    }

    /// Whether the URL may be fetched. The match is on path and query.
    pub fn allows(&self, url: &str) -> bool {
        let url = url.split('#').next().unwrap_or_default();
        self.rules.as_ref().is_ok_and(|rules| rules.allowed(&comparable(url)))
    }

    /// The sitemaps that it names.
    pub fn sitemaps(&self) -> &[String] {
        self.rules.as_ref().map(|rules| rules.sitemaps.as_slice()).unwrap_or_default()
    }

    /// `Crawl-delay`, at most two minutes.
    pub fn crawl_delay(&self) -> Option<Duration> {
        let seconds = self.rules.as_ref().ok()?.delay?;
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
    fn a_group_that_names_a_version_of_it_is_its_own() {
        let names = ["bat_partners/0.1.0", "BAT_Partners (+https://example.com)", "bat_partners # us"];
        for name in names {
            for end in ["\n", "\r\n", "\r"] {
                let text = ["User-agent: *", "Allow: /", "", &format!("User-agent: {name}"), "Disallow: /"];
                assert!(!Robots::parse(&text.join(end)).allows("https://example.com/x"), "{name}{end:?}");
            }
        }
        for name in ["bat_partners_images", "bat_partners-images", "bat_partnersx", "not/bat_partners"] {
            let text = format!("User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /\n");
            assert!(Robots::parse(&text).allows("https://example.com/x"), "{name}");
        }
    }

    #[test]
    fn percent_encodings_that_mean_the_same_are_equal() {
        // The last three are of RFC 9309, 2.2.2.
        let same = [
            ("/caf%c3%a9/", "/caf\u{e9}/"),
            ("/caf\u{e9}/", "/caf%c3%a9/"),
            ("/~dealer/", "/%7Edealer/"),
            ("/%7edealer/", "/~dealer/"),
            ("/*?q=%2fx", "/a?q=%2Fx"),
            ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%E3%83%84", "/foo/bar/\u{30c4}"),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ];
        for (rule, path) in same {
            let robots = Robots::parse(&format!("User-agent: *\nDisallow: {rule}\n"));
            assert!(!robots.allows(&format!("https://example.com{path}")), "{rule} {path}");
        }
        let robots = Robots::parse("User-agent: *\nDisallow: /a%2Fb\nDisallow: /c%\n");
        assert!(robots.allows("https://example.com/a/b") && robots.allows("https://example.com/c"));
    }

    #[test]
    fn a_fragment_is_no_part_of_what_is_asked_for() {
        let robots = Robots::parse("User-agent: *\nDisallow: /cars$\nDisallow: /*top\n");
        assert!(!robots.allows("https://example.com/cars#top"));
        assert!(robots.allows("https://example.com/trucks#top"));
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
        assert_eq!(Robots::parse(&too_long).flaw(), Some(Flaw::TooLong));
        assert!(!Robots::parse(&too_long).allows("https://example.com/x"));
        for rule in
            ["Disallow:*$\n", " disallow\t/$x\r", "Allow : /a$b\r\n", "DISSALLOW /$\n", "diasllow:$#\n"]
        {
            let too_many = format!("User-agent: *\n{}", rule.repeat(512 * 1024 / 16));
            let robots = Robots::parse(&too_many);
            assert_eq!(robots.flaw(), Some(Flaw::TooManyAnchored), "{rule:?}");
            assert!(!robots.allows("https://example.com/x"), "{rule:?}");
        }
        let some = format!("User-agent: *\n{}", "Disallow: /*.pdf$\n".repeat(100));
        assert!(Robots::parse(&some).allows("https://example.com/x"));
        assert!(!Robots::parse(&some).allows("https://example.com/x.pdf"));
    }

    #[test]
    fn only_rules_count_among_those_with_a_dollar_sign() {
        let dollars = "$".repeat(600);
        for text in [
            format!("# {dollars}\nUser-agent: *\nDisallow: /private # {dollars}\n"),
            format!(
                "User-agent: *\nDisallow: /private\nNote: {dollars}\nSitemap: https://example.com/{dollars}\n"
            ),
            format!("User-agent: *\nDisallow: /private\n{}", "# Disallow: /x$\n".repeat(600)),
            format!("User-agent: *\nDisallow: /private\n{}", "Disallow: /*.pdf$\n".repeat(MOST_ANCHORED)),
        ] {
            let robots = Robots::parse(&text);
            assert_eq!(robots.flaw(), None);
            assert!(robots.allows("https://example.com/x") && !robots.allows("https://example.com/private"));
        }
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
