//! Drawings: SVG, told from other markup.

use scraper::Html;

use super::Image;

/// How much of a body may stand before its `<svg`, in bytes.
const HEAD: usize = 300;

/// Longest start tag that is looked at, in bytes.
const TAG: usize = 4_096;

/// Whether a body begins as markup does.
pub(super) fn is_markup(body: &[u8]) -> bool {
    start(body).first() == Some(&b'<')
}

/// The drawing that a body is; `None` for other markup.
pub(super) fn read(body: &[u8]) -> Option<Image> {
    let body = start(body);
    let lower = body.get(..HEAD.min(body.len()))?.to_ascii_lowercase();
    let begins = [&b"<!"[..], b"<?", b"<svg"].iter().any(|mark| lower.starts_with(mark));
    let at = memchr::memmem::find(&lower, b"<svg")?;
    let is_page = memchr::memmem::find(&lower[..at], b"<html").is_some();
    if !begins || is_page || memchr::memmem::find(&lower[..at], b"<!doctype html").is_some() {
        return None;
    }
    let tag = body.get(at..)?;
    let tag = &tag[..memchr::memchr(b'>', &tag[..TAG.min(tag.len())])?];
    let (width, height) = size(&String::from_utf8_lossy(tag));
    Some(Image { kind: "svg".to_owned(), width, height })
}

/// The body without a byte order mark and white space in front.
fn start(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start()
}

/// Size that a drawing's start tag tells: of its own, else that of its view box.
fn size(tag: &str) -> (Option<u32>, Option<u32>) {
    let fragment = Html::parse_fragment(&format!("{}></svg>", tag.trim_end_matches('/')));
    let Some(svg) = fragment.root_element().child_elements().find(|element| element.value().name() == "svg")
    else {
        return (None, None);
    };
    let own = |name: &str| svg.attr(name).and_then(pixels);
    if let (Some(width), Some(height)) = (own("width"), own("height")) {
        return (Some(width), Some(height));
    }
    let numbers: Vec<u32> = svg
        .attr("viewBox")
        .unwrap_or_default()
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .filter_map(whole)
        .collect();
    match numbers.as_slice() {
        [_, _, width, height] if *width > 0 && *height > 0 => (Some(*width), Some(*height)),
        _ => (None, None),
    }
}

/// A length in pixels; `None` for a share of what is around it, and the like.
fn pixels(length: &str) -> Option<u32> {
    whole(length.trim().trim_end_matches("px").trim_end()).filter(|pixels| *pixels > 0)
}

/// A number of an attribute, rounded; what is below zero counts as zero.
fn whole(number: &str) -> Option<u32> {
    let number: f64 = number.parse().ok()?;
    (number.is_finite() && number <= f64::from(u32::MAX)).then(|| number.round().max(0.0) as u32)
}
