//! Where the crawled site's pages are: canonical URLs for the tables, and the same pages at the configured origin.

use url::Url;

use crate::error::{Error, Result};
use crate::fetch::address;
use crate::settings;

/// Origin of all stored URLs.
const CANONICAL_ORIGIN: &str = "https://bringatrailer.com";

/// Canonical URL of the partner directory.
pub const DIRECTORY_URL: &str = "https://bringatrailer.com/local-partners/";

/// Canonical URL of a member page.
pub fn member_url(username: &str) -> String {
    format!("{CANONICAL_ORIGIN}/member/{username}/")
}

/// Where to fetch a canonical URL: the same path at `bat_partners.base_url`.
pub fn fetch_url(canonical: &str) -> Result<Url> {
    let path = canonical.strip_prefix(CANONICAL_ORIGIN).unwrap_or(canonical);
    on_site(parse(&format!("{}{path}", settings::base_url()))?)
}

/// A URL that must lie on the crawled site: of a task, which may have been written by hand.
pub fn on_site(url: Url) -> Result<Url> {
    match parse(&settings::base_url())?.origin() == url.origin() {
        true => Ok(url),
        false => Err(Error::Refused {
            url: address::printable(&url),
            reason: "it is not on the site that bat_partners.base_url names".to_owned(),
        }),
    }
}

/// Parses a URL that came from a page or a table.
pub fn parse(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| Error::Argument(format!("\"{}\" is not a URL: {error}", shown(text))))
}

/// Parses the address of a web site, which a person may have written as it is read out: `www.dealer.com`.
pub fn website(text: &str) -> Result<Url> {
    let text = text.trim();
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let is_read_out = host.contains('.') && !host.contains([':', '@']) && !host.contains(char::is_whitespace);
    if is_read_out { parse(&format!("http://{text}")) } else { parse(text) }
}

/// What is called a URL, as it may stand in an error: what is before an @ may be a password.
pub fn shown(text: &str) -> String {
    text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, rest)| format!("…@{rest}"))
}

/// Key of a host in pacing and in `bat_hosts`: its name, with the port if it is not the scheme's own. A dot at the name's end
/// makes no other host of it.
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// Key in `bat_hosts` of the robots.txt that holds for a URL. Each scheme has its own (RFC 9309, 2.3): that of plain http is
/// kept under the host's name with the port, 80.
pub fn robots_key(url: &Url) -> String {
    let key = host_key(url);
    if url.scheme() == "http" && url.port().is_none() { format!("{key}:80") } else { key }
}

/// Whether two pages are of one site, with or without `www.`.
pub fn is_same_site(one: &Url, other: &Url) -> bool {
    name(one) == name(other)
}

/// A site's name: its host and port, without `www.`.
pub fn name(url: &Url) -> String {
    let key = host_key(url);
    key.strip_prefix("www.").map_or_else(|| key.clone(), str::to_owned)
}

/// Host key of the crawled site.
pub fn base_host() -> Result<String> {
    Ok(host_key(&parse(&settings::base_url())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_no_password() {
        let told = parse("http://user:secret@256.1.1.1/").unwrap_err().to_string();
        assert!(told.starts_with("\"…@256.1.1.1/\" is not a URL"), "{told}");
    }

    #[test]
    fn a_web_site_may_be_written_without_a_scheme() {
        let parsed = |text: &str| website(text).ok().map(String::from);
        assert_eq!(parsed(" www.dealer.com ").as_deref(), Some("http://www.dealer.com/"));
        assert_eq!(
            parsed("dealer.com/cars?x=https://y").as_deref(),
            Some("http://dealer.com/cars?x=https://y")
        );
        assert_eq!(parsed("https://dealer.com").as_deref(), Some("https://dealer.com/"));
        for text in ["", "n/a", "none", "call us. Thanks", "sales@dealer.com", "user:secret@dealer.com"] {
            assert_eq!(parsed(text).filter(|url| url.starts_with("http")), None, "{text}");
        }
    }

    #[test]
    fn each_scheme_of_a_host_has_a_robots_txt_of_its_own() {
        let keys = |url: &str| {
            let url = Url::parse(url).unwrap();
            (host_key(&url), robots_key(&url))
        };
        assert_eq!(keys("https://Dealer.com/a"), ("dealer.com".to_owned(), "dealer.com".to_owned()));
        assert_eq!(keys("https://dealer.com./a"), ("dealer.com".to_owned(), "dealer.com".to_owned()));
        assert_eq!(keys("http://dealer.com/a"), ("dealer.com".to_owned(), "dealer.com:80".to_owned()));
        assert_eq!(
            keys("http://dealer.com:8080/"),
            ("dealer.com:8080".to_owned(), "dealer.com:8080".to_owned())
        );
    }
}
