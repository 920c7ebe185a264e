//! The one canonical form of a listing's URL.

use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use url::{Host, Url};

use crate::site::without_www;

/// Where relative links of the site resolve, and the start of every canonical URL.
pub(crate) const SITE: &str = "https://bringatrailer.com/";

/// The same, taken apart.
static BASE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse(SITE).ok());

/// Longest slug, percent-encoded. WordPress keeps slugs in a column of 200 characters; a longer one is no
/// listing, and would not fit into an index either.
const MAX_SLUG: usize = 600;

/// All but RFC 3986's unreserved characters, which stay as they are.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `https://bringatrailer.com/listing/<slug>/` for any way to write it: other scheme, `www.`, missing or
/// doubled slash, query, fragment, language prefix, upper case, percent-encoding, relative. `None` if it
/// is no listing's URL; so are pages below a listing, such as `/listing/<slug>/feed/`. Idempotent.
pub fn listing_url(text: &str) -> Option<String> {
    canonical(text, "listing")
}

/// The account that a member URL names, and that URL's canonical form,
/// `https://bringatrailer.com/member/<slug>/`. Reads what [`listing_url`] reads.
pub(crate) fn member(text: &str) -> Option<(String, String)> {
    let url = canonical(text, "member")?;
    let slug = url.strip_suffix('/')?.rsplit('/').next()?.to_owned();
    Some((slug, url))
}

/// `text` as an absolute URL of the site, if it is one.
pub(crate) fn site_url(text: &str) -> Option<Url> {
    let text = text.trim();
    let lower = text.get(..30.min(text.len())).unwrap_or(text).to_ascii_lowercase();
    let bare = without_www(&lower).starts_with("bringatrailer.com/");
    let url =
        if bare { Url::parse(&format!("https://{text}")).ok()? } else { BASE.as_ref()?.join(text).ok()? };
    let plain = matches!(url.scheme(), "http" | "https")
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (plain && is_site(&url)).then_some(url)
}

/// Whether a URL lies on the site's own host.
pub(crate) fn is_site(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(host)) => without_www(host) == "bringatrailer.com",
        _ => false,
    }
}

/// `https://bringatrailer.com/<kind>/<slug>/`, if `text` links exactly such a page.
fn canonical(text: &str, kind: &str) -> Option<String> {
    let url = site_url(text)?;
    let mut segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.first().is_some_and(|first| is_language(first)) {
        segments.remove(0);
    }
    let [found, slug] = segments[..] else { return None };
    if !found.eq_ignore_ascii_case(kind) {
        return None;
    }
    let slug = normal_slug(slug)?;
    Some(format!("{SITE}{kind}/{slug}/"))
}

/// `it`, `es`, `nl`, `de`: the site's translations live below such a prefix.
fn is_language(segment: &str) -> bool {
    segment.len() == 2 && segment.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Lower case, and percent-encoded the way the site does it: `13x5%e2%80%b3-fps-wheels-for-bmw`.
fn normal_slug(slug: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_decode_str(slug).collect();
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => text.trim().to_lowercase().into_bytes(),
        Err(error) => error.into_bytes().to_ascii_lowercase(),
    };
    if bytes.is_empty() || bytes.iter().any(|byte| byte.is_ascii_control() || *byte == b'/') {
        return None;
    }
    let slug = percent_encode(&bytes, RESERVED).to_string().to_ascii_lowercase();
    // A slug of dots alone would be taken for a relative path by the next reader.
    let nameless = slug.bytes().all(|byte| byte == b'.');
    (slug.len() <= MAX_SLUG && !nameless).then_some(slug)
}
