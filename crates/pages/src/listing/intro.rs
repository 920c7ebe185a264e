//! The head of a listing: title, tags, result line, taxonomy.

use super::outcome::{Stated, stated};
use crate::number;
use crate::text;
use crate::tree::{Element, Tree};

/// Most taxonomy links that are read, and most nodes of one: the site's have four, and a lot has a dozen of them. Labels
/// beside each other in one element are no links, and all of them would have its whole text.
const MAX_GROUPS: usize = 100;
const MAX_NODES: usize = 100;

/// What `.listing-intro` says.
#[derive(Debug, Default)]
pub(super) struct Intro {
    /// Heading.
    pub title: Option<String>,
    /// Result line, such as "Sold for USD $42,000 on 4/24/26".
    pub stated: Option<Stated>,
    /// End of the auction, or time of the result, in Unix seconds.
    pub ends: Option<i64>,
    /// Number beside "Comments".
    pub comments: Option<i32>,
    /// Visible tags; `None` if the page has no tags at all.
    pub tags: Option<Tags>,
    /// The class `listing-type-premium`.
    pub premium_class: bool,
    /// Country named by the flag.
    pub flag: Option<String>,
    /// Main picture, without query.
    pub image: Option<String>,
    /// Label and text of each taxonomy link, in page order.
    pub groups: Vec<(String, String)>,
}

/// Tags that the listing shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tags {
    pub no_reserve: bool,
    pub premium: bool,
    pub alumni: bool,
}

/// Reads `.listing-intro`.
pub(super) fn intro(html: Option<&str>) -> Intro {
    let Some(html) = html else { return Intro::default() };
    let tree = Tree::of(html);
    let info = tree.by_class("listing-available-info");
    Intro {
        title: tree.find(|tag| tag.is("h1")).and_then(|h1| text::non_empty(&h1.text())),
        stated: info.and_then(result_line),
        ends: info.and_then(ends),
        comments: tree.by_class("comments_header_html").and_then(comments),
        tags: tree.by_class("item-tags").map(tags),
        premium_class: tree.by_class("listing-type-premium").is_some(),
        flag: tree.by_class("countries-flags").and_then(|flag| text::non_empty(&flag.attr("alt")?)),
        image: tree.by_class("wp-post-image").and_then(|image| original(&image.attr("src")?)),
        groups: groups(&tree),
    }
}

/// The address of a picture in its original size: without the query that scales it.
pub(super) fn original(url: &str) -> Option<String> {
    let url = url.trim();
    let end = memchr::memchr2(b'?', b'#', url.as_bytes()).unwrap_or(url.len());
    let url = url.get(..end)?;
    (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned())
}

/// The result stands in the texts of the line, not always first: before 2021 it was in a span of its own.
fn result_line(info: Element<'_>) -> Option<Stated> {
    stated(&info.text()).or_else(|| info.below().find_map(|piece| stated(&piece.text())))
}

fn ends(info: Element<'_>) -> Option<i64> {
    let until = |name: &str| info.below().find_map(|tag| tag.attr(name)?.trim().parse::<i64>().ok());
    until("data-until").or_else(|| until("data-timestamp"))
}

/// "64 Comments", "1 Comment", "No Comments".
fn comments(element: Element<'_>) -> Option<i32> {
    let text = element.text();
    if text.to_ascii_lowercase().starts_with("no comments") {
        return Some(0);
    }
    number::first(&text).and_then(|number| i32::try_from(number).ok())
}

/// Tags that an element shows. Those that do not apply may be on the page, hidden.
pub(crate) fn tags(element: Element<'_>) -> Tags {
    let shows = |class: &str| element.below().any(|tag| tag.has_class(class) && !tag.is_hidden());
    Tags {
        no_reserve: shows("item-tag-noreserve"),
        premium: shows("item-tag-premium"),
        alumni: shows("item-tag-repeat") || shows("item-tag-alumni"),
    }
}

/// Taxonomy: `a.group-link` today, `button.group-title` in 2023, each with its label in front.
fn groups(tree: &Tree<'_>) -> Vec<(String, String)> {
    tree.elements()
        .filter(|tag| tag.has_class("group-title-label"))
        .filter_map(|label| {
            let whole = label.parent().filter(|link| link.nodes() <= MAX_NODES)?.text();
            let label = label.text();
            let value = whole.strip_prefix(label.as_str())?.trim_start_matches([':', ' ']);
            text::non_empty(value).map(|value| (label.trim_end_matches(':').to_owned(), value))
        })
        .take(MAX_GROUPS)
        .collect()
}
