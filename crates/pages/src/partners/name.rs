//! The name of a partner.

use super::location;
use super::page::Item;
use super::rows::Row;
use crate::text::collapse;

/// Name of a row's business, from the first of these that gives one:
///
/// 1. text of the first link to its web site;
/// 2. X of a link "visit the X website", unless X is a possessive ("visit the Depot‘s website");
/// 3. texts of the pictures of its links, of its other pictures, and titles of its links;
/// 4. text of its other links to its web site;
/// 5. its first text that is no location;
/// 6. X of "visit the X‘s website", without the possessive.
pub(super) fn of_row(row: &Row<'_>) -> Option<String> {
    let links = row.external();
    let visited: Vec<String> = links.iter().filter_map(|link| visited(&link.text)).collect();
    let first = links.first().and_then(|link| plain(&link.text));
    let full = visited.iter().find(|name| without_possessive(name).is_none()).cloned();
    let pictures = links.iter().flat_map(|link| &link.hints).chain(row.items.iter().flat_map(picture_texts));
    first
        .or(full)
        .or_else(|| pictures.filter_map(|text| of_picture(text)).next())
        .or_else(|| links.iter().find_map(|link| plain(&link.text)))
        .or_else(|| row.items.iter().find_map(|item| of_text(item, row.country.as_deref())))
        .or_else(|| visited.iter().find_map(|name| without_possessive(name)))
}

/// X of "visit the X website"; the text as a whole may not be a name then.
fn visited(text: &str) -> Option<String> {
    let text = collapse(text);
    let words: Vec<&str> = text.split(' ').collect();
    let [visit, middle @ .., website] = words.as_slice() else { return None };
    let site = website.trim_end_matches(|c: char| !c.is_alphanumeric());
    if !visit.eq_ignore_ascii_case("visit")
        || !(site.eq_ignore_ascii_case("website") || site.eq_ignore_ascii_case("site"))
    {
        return None;
    }
    let middle = match middle {
        [the, rest @ ..] if the.eq_ignore_ascii_case("the") || the.eq_ignore_ascii_case("our") => rest,
        all => all,
    };
    let name = middle.join(" ");
    let nothing = ["", "their", "its", "partner", "dealer"].contains(&name.to_lowercase().as_str());
    (!nothing).then_some(name)
}

/// A link's text if it is a name: neither an invitation nor an address.
fn plain(text: &str) -> Option<String> {
    let text = collapse(text);
    let lower = text.to_lowercase();
    let invitation = ["visit", "website", "web site", "click here", "learn more", "more info", "contact"]
        .iter()
        .any(|start| lower.starts_with(start));
    let address = lower.contains("://") || lower.starts_with("www.") || lower.contains('@');
    (text.contains(char::is_alphanumeric) && !invitation && !address).then_some(text)
}

/// A name without a possessive at its end; `None` if it has none.
fn without_possessive(name: &str) -> Option<String> {
    let stem = ["‘s", "’s", "'s"].iter().find_map(|end| name.strip_suffix(end))?;
    (!stem.is_empty()).then(|| stem.to_owned())
}

/// A name from the text of a picture, such as "Depot Cars logo". Names of files are no names.
fn of_picture(text: &str) -> Option<String> {
    let text = collapse(text);
    let mut words: Vec<&str> = text.split(' ').collect();
    if words.last().is_some_and(|last| last.eq_ignore_ascii_case("logo")) {
        words.pop();
    }
    let name = words.join(" ");
    let lower = name.to_lowercase();
    let file = name.contains('_')
        || [".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"].iter().any(|end| lower.ends_with(end))
        || (!name.contains(' ') && name.contains('-') && name.contains(|c: char| c.is_ascii_digit()));
    let nothing = ["", "image", "photo", "picture", "logo"].contains(&lower.as_str());
    if file || nothing { None } else { visited(&name).is_none().then(|| plain(&name)).flatten() }
}

/// Texts of a picture outside of links.
fn picture_texts(item: &Item) -> &[String] {
    match item {
        Item::Picture(texts) => texts,
        _ => &[],
    }
}

/// A piece's text if it may be a name: no location, no label, no address.
fn of_text(item: &Item, region: Option<&str>) -> Option<String> {
    let Item::Text(text) = item else { return None };
    let name = plain(text)?;
    let label = name.contains(':') || name.to_lowercase().contains("bat username");
    (!label && location::parse(&name, region).is_none()).then_some(name)
}
