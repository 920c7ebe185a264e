//! Finds the parts of a listing page in one pass.
//!
//! A listing page holds two dozen other auctions (sidebar, menus), several pop-ups with headings and
//! articles of their own, and copies of its own bid box in scripts. So nothing is searched in the whole page:
//! each part is cut out here, and every reader sees its own part only.

use crate::cut::{Tag, Token, Tokens, is_void};
use crate::script::runs;
use crate::text;

mod mark;

use mark::{Marks, Part, post_id};

/// The parts of a listing page, as slices of it.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    /// `<title>` of the head, decoded.
    pub head_title: Option<String>,
    /// `<link rel="canonical">`.
    pub canonical: Option<String>,
    /// `og:title`, `og:url`, `og:image`, `description`.
    pub og_title: Option<String>,
    pub og_url: Option<String>,
    pub og_image: Option<String>,
    pub description: Option<String>,
    /// Classes of the body.
    pub body_class: &'a str,
    /// `div.listing-intro`: heading, tags, result, taxonomy.
    pub intro: Option<&'a str>,
    /// First real `.post-excerpt`: the article.
    pub article: Option<&'a str>,
    /// Escaped JSON of the photo gallery.
    pub photos: Option<&'a str>,
    /// Escaped JSON of the video gallery.
    pub videos: Option<&'a str>,
    /// Classes of `#listing-bid-container`.
    pub bid_container_class: &'a str,
    /// `#listing-bid`.
    pub bid_table: Option<&'a str>,
    /// `.essentials`, or the list of essentials before 2022.
    pub essentials: Option<&'a str>,
    /// `.history`.
    pub history: Option<&'a str>,
    /// Heading of a page without an intro.
    pub heading: Option<&'a str>,
    /// "6,993 views", "792 watchers".
    pub views: Option<&'a str>,
    pub watchers: Option<&'a str>,
    /// Result before 2022: `span.data-label` and `span.data-value`, alternating.
    pub data_labels: Vec<&'a str>,
    pub data_values: Vec<&'a str>,
    /// Contents of scripts which assign the page's data.
    pub scripts: Vec<&'a str>,
    /// Post id, from the body's classes or the `data-…-id` attributes.
    pub listing_id: Option<i64>,
}

/// A part that is being read: which one, its element, and how many of these are open.
struct Open<'a> {
    part: Part,
    name: &'a str,
    depth: usize,
    start: usize,
}

/// Old pages print a handful of labelled values; more of them are not a listing's.
const MAX_DATA_PAIRS: usize = 16;

struct Collector<'a> {
    html: &'a str,
    parts: Parts<'a>,
    section: Option<Open<'a>>,
    snippet: Option<Open<'a>>,
    in_body: bool,
}

/// Finds the parts of a listing page.
pub(super) fn parts(html: &str) -> Parts<'_> {
    let mut collector =
        Collector { html, parts: Parts::default(), section: None, snippet: None, in_body: false };
    for token in Tokens::new(html) {
        match &token {
            Token::Open(tag) => collector.open(tag),
            Token::Close { name, start, end } => collector.close(name, *start, *end),
            Token::Raw(tag, text) => collector.raw(tag, text),
        }
    }
    collector.end_section(html.len());
    collector.end_snippet(html.len());
    collector.parts
}

impl<'a> Collector<'a> {
    fn open(&mut self, tag: &Tag<'a>) {
        for open in [&mut self.section, &mut self.snippet].into_iter().flatten() {
            if tag.is(open.name) {
                open.depth += 1;
            }
        }
        if tag.attributes.is_empty() {
            return;
        }
        if tag.is("meta") || tag.is("link") {
            if !self.in_body {
                self.head_element(tag);
            }
            return;
        }
        if tag.is("body") && !self.in_body {
            self.in_body = true;
            self.parts.body_class = tag.class;
            self.parts.listing_id = post_id(tag.class);
            return;
        }
        let marks = Marks::of(tag);
        self.galleries(tag, &marks);
        if tag.id == "listing-bid-container" {
            self.parts.bid_container_class = tag.class;
        }
        let foreign = self.section.as_ref().is_some_and(|open| open.part == Part::Foreign);
        let Some(part) = marks.part(tag, foreign) else { return };
        if matches!(part, Part::Views | Part::Watchers) && marks.is_of_another(self.parts.listing_id) {
            return;
        }
        if matches!(part, Part::Intro | Part::BidTable) {
            self.remember_id(marks.listing_id);
        }
        self.begin(part, tag);
    }

    fn begin(&mut self, part: Part, tag: &Tag<'a>) {
        if is_void(tag.name) {
            return;
        }
        let open = Some(Open { part, name: tag.name, depth: 1, start: tag.start });
        if part.is_snippet() {
            // The cell of the views before 2022 holds the two counters: their own elements count.
            if self.snippet.as_ref().is_some_and(|open| open.part == Part::Views) {
                self.snippet = None;
            }
            self.end_snippet(tag.start);
            self.snippet = open;
        } else {
            // The sections of a listing page do not contain one another: the start of one ends another whose
            // end tag is missing.
            self.end_section(tag.start);
            self.section = open;
        }
    }

    fn close(&mut self, name: &str, start: usize, end: usize) {
        if closes(self.snippet.as_mut(), name) {
            self.end_snippet(start);
        }
        if closes(self.section.as_mut(), name) {
            self.end_section(end);
        }
    }

    fn end_section(&mut self, end: usize) {
        let Some(open) = self.section.take() else { return };
        let html = self.html.get(open.start..end).unwrap_or_default();
        let place = match open.part {
            Part::Intro => &mut self.parts.intro,
            Part::Article => &mut self.parts.article,
            Part::BidTable => &mut self.parts.bid_table,
            Part::Essentials => &mut self.parts.essentials,
            Part::History => &mut self.parts.history,
            _ => return,
        };
        place.get_or_insert(html);
    }

    fn end_snippet(&mut self, end: usize) {
        let Some(open) = self.snippet.take() else { return };
        let html = self.html.get(open.start..end).unwrap_or_default();
        let place = match open.part {
            Part::Heading => &mut self.parts.heading,
            Part::Views => &mut self.parts.views,
            Part::Watchers => &mut self.parts.watchers,
            Part::DataLabel if self.parts.data_labels.len() < MAX_DATA_PAIRS => {
                self.parts.data_labels.push(html);
                return;
            }
            // A value without a label before it says nothing.
            Part::DataValue if self.parts.data_values.len() < self.parts.data_labels.len() => {
                self.parts.data_values.push(html);
                return;
            }
            _ => return,
        };
        place.get_or_insert(html);
    }

    fn galleries(&mut self, tag: &Tag<'a>, marks: &Marks<'a>) {
        let in_photos = self.section.as_ref().is_some_and(|open| open.part == Part::Photos);
        if let Some(photos) = marks.photos.filter(|_| in_photos) {
            self.parts.photos.get_or_insert(photos);
        }
        if let Some(videos) = marks.videos.filter(|_| tag.id == "bat_listing_page_video_gallery") {
            self.parts.videos.get_or_insert(videos);
        }
    }

    fn remember_id(&mut self, id: &str) {
        if self.parts.listing_id.is_none() {
            self.parts.listing_id = id.parse().ok().filter(|id| *id > 0);
        }
    }

    fn head_element(&mut self, tag: &Tag<'a>) {
        if tag.is("link") {
            let canonical = tag.raw("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
            if canonical && self.parts.canonical.is_none() {
                self.parts.canonical = tag.value("href");
            }
            return;
        }
        let Some(key) = tag.raw("property").or_else(|| tag.raw("name")) else { return };
        let place = match key {
            "og:title" => &mut self.parts.og_title,
            "og:url" => &mut self.parts.og_url,
            "og:image" => &mut self.parts.og_image,
            "description" => &mut self.parts.description,
            _ => return,
        };
        if place.is_none() {
            *place = tag.value("content");
        }
    }

    fn raw(&mut self, tag: &Tag<'a>, text: &'a str) {
        if tag.is("title") {
            if !self.in_body && self.parts.head_title.is_none() {
                self.parts.head_title = text::non_empty(&text::decode(text));
            }
        } else if tag.is("script") && runs(tag.raw("type").unwrap_or_default()) {
            self.parts.scripts.push(text);
        }
    }
}

/// Counts an end tag. Whether it ends the part.
fn closes(open: Option<&mut Open<'_>>, name: &str) -> bool {
    let Some(open) = open else { return false };
    if open.name.eq_ignore_ascii_case(name) {
        open.depth = open.depth.saturating_sub(1);
    }
    open.depth == 0
}
