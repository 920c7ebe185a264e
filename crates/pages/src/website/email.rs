//! E-mail addresses.

use std::borrow::Cow;

use email_address::EmailAddress;
use percent_encoding::percent_decode_str;

use super::Page;
use super::phone::most_telling;
use crate::dom::{Attributes, lines};
use crate::site::without_www;
use crate::text::strip_prefix_ignore_case;

/// Domains of examples and of the makers and monitors of web sites.
const STRANGERS: [&str; 26] = [
    "allautonetwork.com",
    "automanager.com",
    "autorevo.com",
    "carsforsale.com",
    "dealeraccelerate.com",
    "dealercenter.net",
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
    "shopify.com",
    "site.com",
    "speeddigital.com",
    "squarespace.com",
    "website.com",
    "wix.com",
    "wixpress.com",
    "wordpress.com",
    "yourdomain.com",
    "yoursite.com",
];

/// Most elements whose text is written backwards.
const BACKWARDS: usize = 20;

/// The page's e-mail address by each method that tells one, the most telling first. Of several, that of the
/// site's own domain or the most frequent; never one of those who made the site.
pub(super) fn find(page: &Page<'_>) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for (source, business) in &page.businesses {
        found.extend(business.email.as_deref().and_then(normal).map(|email| (email, *source)));
    }
    let meta = page.meta.first(&["business:contact_data:email", "og:email"]);
    found.extend(meta.and_then(normal).map(|email| (email, "meta")));
    found.extend(choose(page, in_links(page)).map(|email| (email, "mailto")));
    found.extend(choose(page, in_text(page)).map(|email| (email, "text")));
    found.retain(|(email, _)| !is_makers(page, email));
    found
}

/// An address as found in a page, without what stands around it, its domain in lower case. `None` if it is no
/// address, or one of nobody.
pub(super) fn normal(text: &str) -> Option<String> {
    let text = text.trim();
    let text = strip_prefix_ignore_case(text, "mailto:").unwrap_or(text);
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
        let target =
            strip_prefix_ignore_case(link.attribute("href")?.trim(), "mailto:")?.split('?').next()?;
        normal(&percent_decode_str(target).decode_utf8_lossy())
    });
    let hidden = links.iter().filter_map(|link| {
        link.attribute("href")?.split_once("/cdn-cgi/l/email-protection#").map(|(_, code)| code)
    });
    let marked = page.document.all("[data-cfemail]");
    let marked = marked.iter().filter_map(|element| element.attribute("data-cfemail"));
    let revealed = hidden.chain(marked).filter_map(|code| normal(&reveal(code)?));
    mailto.chain(revealed).collect()
}

/// What Cloudflare hid: hexadecimal bytes, each XORed with the first.
fn reveal(code: &str) -> Option<String> {
    // A subject may stand behind the code, as it may behind the address.
    let bytes: Option<Vec<u8>> = code
        .split(['?', '&', '%'])
        .next()?
        .trim()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let bytes = bytes?;
    let (key, rest) = bytes.split_first()?;
    let text = String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok()?;
    let text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    Some(text.split('?').next().unwrap_or_default().to_owned())
}

/// Addresses in the text of the page's contact blocks and beside its address, and those written backwards.
fn in_text(page: &Page<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let blocks = page.contacts.iter().chain([&page.beside_address]);
    for line in blocks.flatten() {
        let line = spelled_out(line);
        found.extend(line.split_whitespace().filter(|word| word.contains('@')).filter_map(normal));
    }
    for element in
        page.document.all("[style*=\"rtl\" i][style*=\"bidi-override\" i]").into_iter().take(BACKWARDS)
    {
        for line in lines(element) {
            found.extend(normal(&line.chars().rev().collect::<String>()));
        }
    }
    found
}

/// A line with `info [at] mesa (dot) com` as an address.
fn spelled_out(line: &str) -> Cow<'_, str> {
    let lower = line.to_ascii_lowercase();
    if !["[at]", "(at)", "{at}"].iter().any(|sign| lower.contains(sign)) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(['[', '(', '{']) {
        let (before, tail) = rest.split_at(start);
        if let Some((sign, after)) = sign(&tail[1..]) {
            out.push_str(before.trim_end());
            out.push(sign);
            rest = after.trim_start();
        } else {
            out.push_str(&rest[..start + 1]);
            rest = &tail[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The sign that a bracket spells out, and what follows the bracket. Looked for no further than the word goes: what
/// closes a bracket may be far away, behind thousands of others.
fn sign(bracket: &str) -> Option<(char, &str)> {
    [("at", '@'), ("dot", '.')].into_iter().find_map(|(word, sign)| {
        let rest = strip_prefix_ignore_case(bracket.trim_start(), word)?.trim_start();
        rest.strip_prefix([']', ')', '}']).map(|after| (sign, after))
    })
}

/// The most frequent address of the site's own domain if there are any, else of all.
fn choose(page: &Page<'_>, mut found: Vec<String>) -> Option<String> {
    found.retain(|email| !is_makers(page, email));
    let host = page.address.as_ref().and_then(|url| url.domain().map(str::to_owned)).unwrap_or_default();
    let own: Vec<String> = found.iter().filter(|email| of_host(email, &host)).cloned().collect();
    most_telling(own, found)
}

/// Whether an address is of those who made the site.
fn is_makers(page: &Page<'_>, email: &str) -> bool {
    page.makers.iter().any(|maker| of_host(email, maker))
}

/// Whether an address belongs to a host's domain.
fn of_host(email: &str, host: &str) -> bool {
    let host = without_www(host);
    let Some((_, domain)) = email.rsplit_once('@') else { return false };
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}
