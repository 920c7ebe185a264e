//! "BaT Essentials": seller, place, bullets, lot number, in the three markups of the site's history.
//!
//! Labels and values are not nested in one way: the place stands bare between two boxes, old pages put label
//! and value into one `b`, and before 2022 everything was one list. So the block is cut into the lines that a
//! reader sees, and each line is read by its label.

use super::SellerType;
use super::thread::{member_slug, without_seller_mark};
use crate::number;
use crate::text::{self, strip_prefix_ignore_case};
use crate::tree::{Edge, Element, Tree};
use crate::value::chassis;

/// What the essentials say.
#[derive(Debug, Default)]
pub(super) struct Essentials {
    pub seller_username: Option<String>,
    pub seller_name: Option<String>,
    pub location: Option<String>,
    pub chassis: Option<String>,
    pub details: Vec<String>,
    pub seller_type: Option<SellerType>,
    pub dealer_charges: Option<String>,
    pub lot_number: Option<i64>,
}

/// One line as a reader sees it.
#[derive(Default)]
struct Line {
    text: String,
    /// Address and text of each link.
    links: Vec<(String, String)>,
    kind: Kind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// A line outside any list.
    #[default]
    Plain,
    /// An item of the listing details.
    Bullet,
    /// An item of the one list that was all of the essentials before 2022.
    OldItem,
    /// The categories at the end of that list.
    Skipped,
}

/// Labels of lines. The longer ones first: one starts like another.
const LABELS: [&str; 6] = [
    "Additional charges from this dealer",
    "Private Party or Dealer",
    "Location",
    "Seller",
    "Listing Details",
    "Lot",
];

/// Reads the essentials.
pub(super) fn essentials(html: Option<&str>) -> Essentials {
    let Some(html) = html else { return Essentials::default() };
    let mut essentials = Essentials::default();
    for line in lines(&Tree::of(html)) {
        essentials.read(&line);
    }
    essentials
}

/// Cuts the block into lines, at every box, list item and label.
fn lines(tree: &Tree<'_>) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    for edge in tree.edges() {
        let (element, opens) = match edge {
            Edge::Text(text) => {
                if let Some(line) = lines.last_mut() {
                    line.text.push_str(&text);
                }
                continue;
            }
            Edge::Open(element) => (element, true),
            Edge::Close(element) => (element, false),
        };
        match element.name() {
            "div" | "ul" | "h2" | "br" => lines.push(Line::default()),
            "li" => {
                lines.push(Line { kind: if opens { kind(element) } else { Kind::Plain }, ..Line::default() })
            }
            "strong" | "b" if opens && label(&element.text()).is_some() => lines.push(Line::default()),
            "a" if opens => {
                if let (Some(href), Some(line)) = (element.attr("href"), lines.last_mut()) {
                    line.links.push((href.into_owned(), element.text()));
                }
            }
            _ => {}
        }
    }
    lines
}

fn kind(item: Element<'_>) -> Kind {
    if item.has_class("listing-essentials-item-categories") {
        Kind::Skipped
    } else if item.has_class("listing-essentials-item") {
        Kind::OldItem
    } else {
        Kind::Bullet
    }
}

/// The label that a line starts with, and what follows it.
fn label(line: &str) -> Option<(&'static str, &str)> {
    LABELS.iter().find_map(|label| {
        let rest = strip_prefix_ignore_case(line, label)?;
        let ends = rest.is_empty() || rest.starts_with([':', ' ', '#']);
        ends.then(|| (*label, rest.trim_start_matches([':', ' '])))
    })
}

impl Essentials {
    fn read(&mut self, line: &Line) {
        let Some(text) = text::non_empty(&line.text).map(text::decode_again) else { return };
        let labelled = if line.kind == Kind::Bullet { None } else { label(&text) };
        match (line.kind, labelled) {
            (Kind::Skipped, _) => {}
            (_, Some((label, value))) => self.read_labelled(label, value, line),
            (Kind::Bullet | Kind::OldItem, None) => self.read_bullet(text, line),
            (Kind::Plain, None) => {}
        }
    }

    fn read_labelled(&mut self, label: &str, value: &str, line: &Line) {
        match label {
            "Seller" => self.read_seller(value, line),
            "Location" => {
                let link =
                    line.links.iter().find(|(href, _)| href.contains("/maps")).map(|(_, text)| text.as_str());
                let printed = link.unwrap_or_else(|| value.split('[').next().unwrap_or_default());
                self.location = self.location.take().or_else(|| text::non_empty(printed));
            }
            "Private Party or Dealer" if self.seller_type.is_none() => {
                self.seller_type = match value.to_ascii_lowercase().as_str() {
                    "dealer" => Some(SellerType::Dealer),
                    "private party" => Some(SellerType::PrivateParty),
                    _ => None,
                };
            }
            "Additional charges from this dealer" => {
                self.dealer_charges = self.dealer_charges.take().or_else(|| text::non_empty(value));
            }
            "Lot" => self.lot_number = self.lot_number.or_else(|| lot(value)),
            _ => {}
        }
    }

    fn read_seller(&mut self, value: &str, line: &Line) {
        if self.seller_name.is_some() {
            return;
        }
        let account = line.links.iter().find_map(|(href, name)| Some((member_slug(href)?, name.as_str())));
        let name = account.as_ref().map_or(value, |(_, name)| name);
        self.seller_name = text::non_empty(without_seller_mark(name));
        self.seller_username = account.map(|(slug, _)| slug);
    }

    fn read_bullet(&mut self, text: String, line: &Line) {
        let number = ["Chassis:", "VIN:"].iter().find_map(|label| strip_prefix_ignore_case(&text, label));
        if let (None, Some(number)) = (&self.chassis, number) {
            let linked = line.links.first().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty());
            self.chassis = chassis::chassis(linked.unwrap_or(number));
        }
        self.details.push(text);
    }
}

/// `#239408`, `#239,408`.
pub(super) fn lot(text: &str) -> Option<i64> {
    number::first(text.trim_start().strip_prefix('#')?)
}
