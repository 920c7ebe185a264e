//! Pages that stand in for a site that is not there: repairs, a parked domain, a web server without a site.

use crate::dom::{Attributes, Document, lines, text};
use crate::text::title_parts;

/// Titles, or their parts, of pages that stand in for a site.
const DOWN_NAMES: [&str; 12] = [
    "coming soon",
    "domain default page",
    "it works",
    "it works!",
    "maintenance",
    "offline",
    "opening soon",
    "parked",
    "site not found",
    "suspended",
    "under construction",
    "website coming soon",
];

/// What such pages say: repairs, domains for sale, web servers without a site, sites whose owner does not pay.
const DOWN_WORDS: [&str; 35] = [
    "account has been suspended",
    "account suspended",
    "apache2 debian default page",
    "apache2 ubuntu default page",
    "buy this domain",
    "closed for maintenance",
    "default web site page",
    "domain has expired",
    "domain is available for sale",
    "domain is for sale",
    "domain is parked",
    "domain isn't connected",
    "domain may be for sale",
    "domain name is for sale",
    "domain parking",
    "down for maintenance",
    "down for scheduled maintenance",
    "future home of something quite cool",
    "iis windows server",
    "iis7",
    "internet information services",
    "is parked free",
    "maintenance mode",
    "parked free, courtesy",
    "site is offline",
    "site is under construction",
    "site under construction",
    "site maintenance",
    "store is unavailable",
    "shop is currently unavailable",
    "test page for the",
    "under maintenance",
    "website expired",
    "website is under construction",
    "welcome to nginx",
];

/// Hosts of those who park domains.
const PARKERS: [&str; 8] = [
    "sedoparking.com",
    "parkingcrew.net",
    "bodis.com",
    "hugedomains.com",
    "afternic.com/forsale",
    "dan.com/buy-domain",
    "wsimg.com/parking-lander",
    "location.href=\"/lander\"",
];

/// Most visible text of a page that stands in for a site, and most links to other pages of it.
const SMALL_PAGE: usize = 1_500;
const FEW_LINKS: usize = 3;

/// Most headings that are looked at.
const MOST_HEADINGS: usize = 10;

/// Whether a page stands in for a site that is not there. `leads_on`: whether a link leads to another page of the site.
pub(crate) fn is_down(document: &Document, html: &str, leads_on: impl Fn(&str) -> bool) -> bool {
    let shown = lines(document.html.root_element()).join(" ").to_lowercase();
    if shown.len() > SMALL_PAGE {
        return false;
    }
    if PARKERS.iter().any(|host| html.contains(host)) {
        return true;
    }
    let links = document.all("a[href]").into_iter().filter_map(|link| link.attribute("href"));
    if links.filter(|href| leads_on(href)).take(FEW_LINKS + 1).count() > FEW_LINKS {
        return false;
    }
    let title = document.first("title").map(text).unwrap_or_default();
    let headings = document.all("h1").into_iter().take(MOST_HEADINGS).map(text);
    let mut names = title_parts(&title).into_iter().chain(headings);
    names.any(|name| DOWN_NAMES.contains(&name.to_lowercase().as_str()))
        || DOWN_WORDS.iter().any(|words| shown.contains(words))
}
