//! E-mail addresses.

use email_address::EmailAddress;
use percent_encoding::percent_decode_str;

use super::Page;
use super::phone::most_frequent;
use crate::dom::{lines, outermost};

/// Domains of examples and of the makers and monitors of web sites.
const STRANGERS: [&str; 16] = [
    "domain.com",
    "email.com",
    "example.com",
    "example.net",
    "example.org",
    "godaddy.com",
    "mail.com",
    "mysite.com",
    "sentry.io",
    "sentry-next.wixpress.com",
    "site.com",
    "website.com",
    "wixpress.com",
    "wordpress.com",
    "yourdomain.com",
    "yoursite.com",
];

/// How many lines of a contact block are read.
const LINES: usize = 300;

/// The page's e-mail address and its source. Of several, that of the site's own domain or the most frequent.
pub(super) fn find(page: &Page<'_>) -> Option<(String, &'static str)> {
    let structured = page
        .businesses
        .iter()
        .find_map(|(source, business)| Some((normal(business.email.as_deref()?)?, *source)));
    let meta = || {
        let keys = ["business:contact_data:email", "og:email"];
        Some((normal(page.meta.first(&keys)?)?, "meta"))
    };
    structured
        .or_else(meta)
        .or_else(|| choose(page, in_links(page)).map(|email| (email, "mailto")))
        .or_else(|| choose(page, in_text(page)).map(|email| (email, "text")))
}

/// An address as found in a page, without what stands around it, its domain in lower case. `None` if it is no
/// address, or one of nobody.
pub(super) fn normal(text: &str) -> Option<String> {
    let text = text.trim();
    let text =
        text.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).map_or(text, |_| &text[7..]);
    let (local, rest) = text.split_once('@')?;
    let local = local.rsplit(|c: char| !is_local(c)).next()?;
    let domain = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').next()?;
    let domain = domain.trim_matches(['.', '-']).to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or_default();
    let file = matches!(top, "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "css" | "js" | "ico");
    let named = domain.contains('.') && top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let stranger = STRANGERS
        .iter()
        .any(|known| domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    let email = format!("{local}@{domain}");
    (named && !file && !stranger && EmailAddress::is_valid(&email)).then_some(email)
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '&' | '\'')
}

/// Addresses of `mailto:` links, and those that Cloudflare hides.
fn in_links(page: &Page<'_>) -> Vec<String> {
    let links = page.document.all("a[href]");
    let mailto = links.iter().filter_map(|link| {
        let href = link.attr("href")?.trim();
        href.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"))?;
        let target = href[7..].split('?').next()?;
        normal(&percent_decode_str(target).decode_utf8_lossy())
    });
    let hidden = links.iter().filter_map(|link| {
        link.attr("href")?.split_once("/cdn-cgi/l/email-protection#").map(|(_, code)| code)
    });
    let marked = page.document.all("[data-cfemail]");
    let marked = marked.iter().filter_map(|element| element.attr("data-cfemail"));
    let revealed = hidden.chain(marked).filter_map(|code| normal(&reveal(code)?));
    mailto.chain(revealed).collect()
}

/// What Cloudflare hid: hexadecimal bytes, each XORed with the first.
fn reveal(code: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = code
        .trim()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let bytes = bytes?;
    let (key, rest) = bytes.split_first()?;
    let text = String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok()?;
    Some(text.split('?').next().unwrap_or_default().to_owned())
}

/// Addresses in the text of the page's contact blocks.
fn in_text(page: &Page<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for element in outermost(page.document, &["footer", "address", "header"]) {
        for line in lines(element).iter().take(LINES) {
            found.extend(line.split_whitespace().filter(|word| word.contains('@')).filter_map(normal));
        }
    }
    found
}

/// The only address, else the only one of the site's own domain, else the most frequent.
fn choose(page: &Page<'_>, found: Vec<String>) -> Option<String> {
    let host = page.base.as_ref().and_then(|url| url.domain().map(str::to_owned)).unwrap_or_default();
    let own: Vec<String> = found.iter().filter(|email| of_host(email, &host)).cloned().collect();
    most_frequent(own).or_else(|| most_frequent(found))
}

/// Whether an address belongs to a host's domain.
fn of_host(email: &str, host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let Some((_, domain)) = email.rsplit_once('@') else { return false };
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}
