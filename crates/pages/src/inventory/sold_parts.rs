//! Parts of a page below a heading such as "Recently sold".

use std::collections::HashSet;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use super::scope::{is_heading, short_text};
use super::{Page, state, title};
use crate::dom::Attributes;

/// Where a page is read up to, and which part it is in.
#[derive(Default)]
struct Reading {
    /// How many elements are open.
    depth: usize,
    part: Option<Part>,
    /// Level of the heading before, and whether anything but headings stands behind it.
    level: Option<u8>,
    is_filled: bool,
    /// The heading that is open.
    heading: Option<NodeId>,
    within: HashSet<NodeId>,
}

/// The part below one heading.
struct Part {
    level: u8,
    /// Depth of the outermost element known to be a part of it.
    depth: usize,
    has_vehicle: bool,
}

/// The links and the headings with a year-led title that stand below headings over what was sold: up to the next heading
/// of the same level or a higher one that is no vehicle's, and no further than the smallest element around the heading
/// that has a vehicle. Linear.
pub(super) fn of(page: &Page<'_>) -> HashSet<NodeId> {
    let mut reading = Reading::default();
    for edge in page.document.html.root_element().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => reading.is_filled |= reading.heading.is_none() && !text.trim().is_empty(),
                _ => ElementRef::wrap(node).into_iter().for_each(|element| reading.open(element)),
            },
            Edge::Close(node) => {
                ElementRef::wrap(node).into_iter().for_each(|element| reading.close(element))
            }
        }
    }
    reading.within
}

impl Reading {
    fn open(&mut self, element: ElementRef<'_>) {
        self.depth += 1;
        let name = element.value().name();
        self.is_filled |= name == "img";
        if is_heading(name) {
            self.head(element, name.as_bytes().last().map_or(0, |digit| digit - b'0'));
        } else if let ("a", Some(part)) = (name, &mut self.part) {
            let is_titled = || short_text(element).is_some_and(|text| title::year_led(&text).is_some());
            part.has_vehicle |= element.attribute("href").is_some_and(leads_to_vehicle) || is_titled();
            self.within.insert(element.id());
        }
    }

    fn head(&mut self, heading: ElementRef<'_>, level: u8) {
        let text = short_text(heading).unwrap_or_default();
        if title::year_led(&text).is_some() {
            self.part.take_if(|part| level < part.level);
            if let Some(part) = &mut self.part {
                part.has_vehicle = true;
                self.within.insert(heading.id());
            }
            self.is_filled = true;
            return;
        }
        // Two headings in a row are tabs: what follows may be below either.
        let is_tab = self.level == Some(level) && !self.is_filled;
        self.level = Some(level);
        self.heading = Some(heading.id());
        self.part.take_if(|part| level <= part.level);
        if state::heads_sold_list(&text) && !is_tab && !is_aside(heading) {
            self.part = Some(Part { level, depth: self.depth, has_vehicle: false });
        }
    }

    fn close(&mut self, element: ElementRef<'_>) {
        self.depth = self.depth.saturating_sub(1);
        if self.heading == Some(element.id()) {
            self.heading = None;
            self.is_filled = false;
        }
        let depth = self.depth;
        self.part.take_if(|part| depth + 1 < part.depth && part.has_vehicle);
        if let Some(part) = &mut self.part {
            part.depth = part.depth.min(depth + 1);
        }
    }
}

/// Whether a heading is one of a menu, of tabs or of an aside, or is hidden: it stands over nothing.
fn is_aside(heading: ElementRef<'_>) -> bool {
    let around = heading.ancestors().filter_map(ElementRef::wrap);
    std::iter::once(heading).chain(around).any(|element| {
        let apart = ["a", "aside", "button", "footer", "header", "label", "li", "nav"];
        apart.contains(&element.value().name()) || state::is_hidden(element)
    })
}

/// Whether an address ends with a name that begins with a year.
fn leads_to_vehicle(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let slug = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    super::generic::year_of_slug(slug).is_some()
}
