//! One walk over a member page: its links and texts, each with the zone it stands in.

use std::collections::{HashMap, HashSet};

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::zone::{self, Zone};
use crate::dom::{Attributes, Document, text, within};
use crate::listing_url::listing_url;

/// Links and texts of a page, in its order.
#[derive(Default)]
pub(super) struct Scan<'a> {
    /// Links, with the zone of each and the number of texts before it.
    pub links: Vec<(ElementRef<'a>, Option<Zone>, usize)>,
    /// Texts that are not empty.
    pub texts: Vec<(NodeRef<'a, Node>, Option<Zone>)>,
}

/// A heading that tells what follows it.
#[derive(Clone, Copy)]
struct Heading {
    level: u8,
    zone: Zone,
}

/// State of the walk.
struct Walk {
    /// Zones that elements have by what stands inside them.
    known: HashMap<NodeId, Zone>,
    /// Elements around the main heading.
    whole: HashSet<NodeId>,
    /// Per open element: its zone, and the heading in force before it, if it ends with the element.
    open: Vec<(Option<Zone>, Option<Option<Heading>>)>,
    heading: Option<Heading>,
}

impl<'a> Scan<'a> {
    /// Walks over a page.
    pub fn of(document: &'a Document) -> Self {
        let mut scan = Self::default();
        let mut walk = Walk::new(document);
        for edge in document.html.root_element().traverse() {
            match edge {
                Edge::Open(node) => match ElementRef::wrap(node) {
                    Some(element) => {
                        walk.enter(element);
                        if element.value().name() == "a" {
                            scan.links.push((element, walk.zone(), scan.texts.len()));
                        }
                    }
                    None => {
                        let text = node.value().as_text().is_some_and(|text| !text.trim().is_empty());
                        if text {
                            scan.texts.push((node, walk.zone()));
                        }
                    }
                },
                Edge::Close(node) => {
                    if node.value().is_element() {
                        walk.leave();
                    }
                }
            }
        }
        scan
    }
}

impl Walk {
    fn new(document: &Document) -> Self {
        let mut known = HashMap::new();
        let whole =
            document.all("h1").iter().flat_map(|heading| heading.ancestors().map(|node| node.id())).collect();
        // The "Show more" button of a section names what the section holds.
        for button in document.all("[data-item-type]") {
            let section =
                button.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "section");
            let holder = section.or_else(|| button.parent().and_then(ElementRef::wrap));
            let zone = button.attribute("data-item-type").and_then(zone::of_heading);
            if let (Some(holder), Some(zone)) = (holder, zone) {
                known.insert(holder.id(), zone);
            }
        }
        Self { known, whole, open: Vec::new(), heading: None }
    }

    /// The zone at this point: that of the elements around, else that of the heading before.
    fn zone(&self) -> Option<Zone> {
        match self.open.last().and_then(|(zone, _)| *zone) {
            Some(Zone::Own) | None => {
                let element = self.open.last().and_then(|(zone, _)| *zone);
                self.heading.map(|heading| heading.zone).or(element)
            }
            other => other,
        }
    }

    fn enter(&mut self, element: ElementRef<'_>) {
        let outer = self.open.last().and_then(|(zone, _)| *zone);
        let name = element.value().name();
        if let Some(level) = level(name)
            && !matches!(outer, Some(Zone::Frame | Zone::Foreign))
        {
            self.pass_heading(element, level);
        }
        let own = if self.whole.contains(&element.id()) {
            None
        } else {
            self.known.get(&element.id()).copied().or_else(|| zone::of_element(element))
        };
        let zone = match (outer, own) {
            (Some(Zone::Foreign), _) => Some(Zone::Foreign),
            (Some(Zone::Frame), Some(Zone::Foreign)) => Some(Zone::Foreign),
            (Some(Zone::Frame), _) => Some(Zone::Frame),
            (outer, own) => own.or(outer),
        };
        // A section's headings say nothing of what follows the section.
        let section = own.is_some() || matches!(name, "section" | "article");
        let before = section.then_some(self.heading);
        if own == Some(Zone::Own) {
            self.heading = None;
        }
        self.open.push((zone, before));
    }

    fn leave(&mut self) {
        if let Some((_, Some(before))) = self.open.pop() {
            self.heading = before;
        }
    }

    fn pass_heading(&mut self, element: ElementRef<'_>, level: u8) {
        // The title of a listing is no heading of a section.
        let title = within(element, "a[href]")
            .iter()
            .any(|link| link.attribute("href").and_then(listing_url).is_some())
            || element.ancestors().filter_map(ElementRef::wrap).any(|around| around.value().name() == "a");
        if title {
            return;
        }
        match zone::of_heading(&text(element)) {
            Some(zone) => self.heading = Some(Heading { level, zone }),
            None if self.heading.is_some_and(|heading| level <= heading.level) => self.heading = None,
            None => {}
        }
    }
}

/// Level of a heading.
fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}
