//! The site of a page: what its links resolve against, and which addresses are of it. There are two meanings of that:
//! the same host, as a link has to have that is a page's own, and the same registrable domain, which a dealer's list
//! may share with a front page on another host.

use url::Url;

use crate::dom::{Attributes, Document};

/// Longest `<base>`, in bytes: each link of the page is as long.
const LONGEST_BASE: usize = 1_000;

/// What a page's links resolve against: its `<base>`, else its own address.
pub(crate) fn base(document: &Document, address: Option<&Url>) -> Option<Url> {
    let href = document.first("base[href]").and_then(|element| element.attribute("href"));
    let href = href.filter(|href| href.len() <= LONGEST_BASE).map(str::trim);
    match (href, address) {
        (Some(href), Some(address)) => address.join(href).ok().or_else(|| Some(address.clone())),
        (Some(href), None) => Url::parse(href).ok(),
        (None, address) => address.cloned(),
    }
}

/// An absolute web URL of a link or picture.
pub(crate) fn resolve(href: &str, base: Option<&Url>) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(href).ok()?,
        None => Url::parse(href).ok()?,
    };
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// A host, or what begins with one, without `www.`.
pub(crate) fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether two addresses are of one host, with or without `www.`, and with or without the dot that a full name may end
/// with.
pub(crate) fn are_of_one_host(one: &Url, other: &Url) -> bool {
    let host =
        |url: &Url| url.host_str().map(|host| without_www(host.strip_suffix('.').unwrap_or(host)).to_owned());
    host(one) == host(other)
}

/// Whether two addresses are of one site: of one host, or of one registrable domain.
pub fn are_of_one_site(one: &Url, other: &Url) -> bool {
    let domain = |url: &Url| url.domain().and_then(|host| psl::domain_str(host)).map(str::to_owned);
    one.host() == other.host() || domain(one).is_some_and(|of_one| domain(other) == Some(of_one))
}
