//! What of a tag tells that a part of the page begins.

use crate::cut::{Attributes, Tag};

/// Classes of pop-ups, the sidebar and the footer.
const FOREIGN: [&str; 5] = ["modal", "modal-cover", "modal-popup", "sidebar", "site-footer"];

/// A part of a listing page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Intro,
    Article,
    Photos,
    BidTable,
    Essentials,
    History,
    /// Pop-up, sidebar or footer: nothing in it belongs to the listing.
    Foreign,
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

/// What of a tag decides whether it starts a part.
#[derive(Default)]
pub(super) struct Marks<'a> {
    pub id: &'a str,
    pub class: &'a str,
    pub photos: Option<&'a str>,
    pub videos: Option<&'a str>,
    stats_item: &'a str,
    stats_id: &'a str,
    pub listing_id: &'a str,
}

impl<'a> Marks<'a> {
    pub fn of(tag: &Tag<'a>) -> Self {
        let mut marks = Self::default();
        for (name, value) in Attributes::new(tag.attributes) {
            match name {
                "id" => marks.id = value,
                "class" => marks.class = value,
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

    fn has_class(&self, wanted: &str) -> bool {
        self.class.split_ascii_whitespace().any(|class| class == wanted)
    }

    /// Which part a tag starts, if any. `foreign`: the tag is inside a pop-up, a sidebar or a footer.
    pub fn part(&self, tag: &Tag<'a>, foreign: bool) -> Option<Part> {
        match (self.id, self.stats_item) {
            ("listing-bid", _) => return Some(Part::BidTable),
            ("bat_listing_page_photo_gallery", _) => return Some(Part::Photos),
            (_, "views") => return Some(Part::Views),
            (_, "watchers") => return Some(Part::Watchers),
            _ => {}
        }
        if self.class.is_empty() {
            return None;
        }
        let has = |class: &str| self.has_class(class);
        if has("listing-intro") {
            Some(Part::Intro)
        } else if has("essentials") || has("listing-essentials-items") {
            Some(Part::Essentials)
        } else if has("history") && tag.is("div") {
            Some(Part::History)
        } else if foreign {
            None
        } else if FOREIGN.iter().any(|class| has(class)) {
            Some(Part::Foreign)
        } else if has("post-excerpt") {
            Some(Part::Article)
        } else if has("post-title") && tag.is("h1") {
            Some(Part::Heading)
        } else if has("listing-stats-views") {
            Some(Part::Views)
        } else if has("data-label") {
            Some(Part::DataLabel)
        } else if has("data-value") {
            Some(Part::DataValue)
        } else {
            None
        }
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
