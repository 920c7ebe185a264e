//! What of a tag tells that a part of the page begins.

use crate::cut::{Attributes, Tag};

/// A part of a listing page. Of a tag with the classes of several, the first of these counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    BidTable,
    Photos,
    Intro,
    Essentials,
    History,
    /// Pop-up, sidebar or footer: nothing in it belongs to the listing.
    Foreign,
    Article,
    Heading,
    Views,
    Watchers,
    DataLabel,
    DataValue,
}

impl Part {
    /// Short pieces of text, which may lie inside a section.
    pub fn is_snippet(self) -> bool {
        matches!(self, Self::Heading | Self::Views | Self::Watchers | Self::DataLabel | Self::DataValue)
    }
}

/// The part whose class this is, on a tag of its kind.
fn part_of_class(class: &str, tag: &Tag<'_>) -> Option<Part> {
    Some(match class {
        "listing-intro" => Part::Intro,
        "essentials" | "listing-essentials-items" => Part::Essentials,
        "history" if tag.is("div") => Part::History,
        "modal" | "modal-cover" | "modal-popup" | "sidebar" | "site-footer" => Part::Foreign,
        "post-excerpt" => Part::Article,
        "post-title" if tag.is("h1") => Part::Heading,
        "listing-stats-views" => Part::Views,
        "data-label" => Part::DataLabel,
        "data-value" => Part::DataValue,
        _ => return None,
    })
}

/// What the attributes `data-…` of a tag say.
#[derive(Default)]
pub(super) struct Marks<'a> {
    pub photos: Option<&'a str>,
    pub videos: Option<&'a str>,
    stats_item: &'a str,
    stats_id: &'a str,
    pub listing_id: &'a str,
}

impl<'a> Marks<'a> {
    pub fn of(tag: &Tag<'a>) -> Self {
        let mut marks = Self::default();
        if !tag.data {
            return marks;
        }
        for (name, value) in Attributes::new(tag.attributes) {
            match name {
                "data-gallery-items" => marks.photos = Some(value),
                "data-video-gallery-items" => marks.videos = Some(value),
                "data-stats-item" => marks.stats_item = value,
                "data-stats-id" => marks.stats_id = value,
                "data-listing-intro-id" | "data-listing-bid-id" => marks.listing_id = value,
                _ => {}
            }
        }
        marks
    }

    /// Which part a tag starts, if any. `foreign`: the tag is inside a pop-up, a sidebar or a footer, where nothing
    /// but the listing's own sections ends what is foreign.
    pub fn part(&self, tag: &Tag<'a>, foreign: bool) -> Option<Part> {
        match (tag.id, self.stats_item) {
            ("listing-bid", _) => return Some(Part::BidTable),
            ("bat_listing_page_photo_gallery", _) => return Some(Part::Photos),
            (_, "views") => return Some(Part::Views),
            (_, "watchers") => return Some(Part::Watchers),
            _ => {}
        }
        if tag.class.is_empty() {
            return None;
        }
        let parts = tag.class.split_ascii_whitespace().filter_map(|class| part_of_class(class, tag));
        parts.min().filter(|part| !foreign || *part < Part::Foreign)
    }

    /// Whether a counter names another listing than this one.
    pub fn is_of_another(&self, listing_id: Option<i64>) -> bool {
        let id = self.stats_id.parse::<i64>().ok();
        id.is_some() && listing_id.is_some() && id != listing_id
    }
}

/// The number in the class `postid-112195219`.
pub(super) fn post_id(class: &str) -> Option<i64> {
    class
        .split_ascii_whitespace()
        .find_map(|class| class.strip_prefix("postid-"))
        .and_then(|id| id.parse().ok())
        .filter(|id| *id > 0)
}
