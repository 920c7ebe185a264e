//! Repeated blocks with a title that begins with a year.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::ElementRef;

use super::item::{Item, Mileage, Status};
use super::labels;
use super::mark::{mark, status};
use super::prices::Amounts;
use super::scope::{Scope, has_class, is_heading, is_in_head_or_foot, short_text};
use super::{Page, picture, title};
use crate::dom::Attributes;
use crate::value::powertrain::{is_engine, is_transmission};

/// What says in a block that its vehicle is sold.
#[derive(Clone, Copy)]
pub(super) enum Marks {
    /// A text such as "Sold".
    Texts,
    /// An element with all of these classes. Themes of the platform hold the words hidden in every block.
    Classes(&'static [&'static str]),
}

/// Most titles of a page.
const MOST: usize = 5_000;

/// Longest text that tells engine or transmission without a label.
const CELL: usize = 60;

/// A title and the block that it stands in alone.
pub(super) struct Block<'a> {
    pub title: ElementRef<'a>,
    pub text: String,
    pub root: ElementRef<'a>,
}

/// The blocks of a page: those around headings with a year-led title; where there is none, around such links. A single one
/// ends below what holds another heading of its level or above.
pub(super) fn of<'a>(page: &'a Page<'_>) -> Vec<Block<'a>> {
    let headings = titles(page, "h1, h2, h3, h4, h5, h6");
    let titles = if headings.is_empty() { distinct_links(page) } else { headings };
    let mut counts: HashMap<NodeId, usize> = HashMap::new();
    for (title, _) in &titles {
        for around in title.ancestors() {
            *counts.entry(around.id()).or_default() += 1;
        }
    }
    let wider = match titles.as_slice() {
        [(title, _)] => around_headings(page, *title),
        _ => HashSet::new(),
    };
    titles
        .into_iter()
        .map(|(title, text)| {
            let around = title.ancestors().filter_map(ElementRef::wrap);
            let alone = |around: &ElementRef<'_>| {
                counts.get(&around.id()) == Some(&1) && !wider.contains(&around.id())
            };
            let root = around.take_while(alone).last().unwrap_or(title);
            Block { title, text, root }
        })
        .collect()
}

/// What holds the whole page, and what holds another heading of the title's level or above.
fn around_headings(page: &Page<'_>, title: ElementRef<'_>) -> HashSet<NodeId> {
    let name = title.value().name();
    let mut wider: HashSet<NodeId> =
        page.document.all("html, body, main").iter().map(|element| element.id()).collect();
    for heading in page.document.all("h1, h2, h3, h4, h5, h6") {
        // The names are in the order of the levels.
        if heading.id() != title.id() && (!is_heading(name) || heading.value().name() <= name) {
            let around = heading.ancestors().map(|around| around.id());
            around.take_while(|around| wider.insert(*around)).for_each(drop);
        }
    }
    wider
}

fn titles<'a>(page: &'a Page<'_>, selector: &str) -> Vec<(ElementRef<'a>, String)> {
    let all = page.document.all(selector).into_iter();
    all.filter_map(|element| {
        let text = short_text(element)?;
        title::year_led(&text)?;
        (!is_framed(element)).then_some((element, text))
    })
    .take(MOST)
    .collect()
}

/// Links with a year-led text, one for each page that they lead to.
fn distinct_links<'a>(page: &'a Page<'_>) -> Vec<(ElementRef<'a>, String)> {
    let mut seen = HashSet::new();
    let mut links = titles(page, "a[href]");
    links.retain(|(link, _)| {
        link.attribute("href").and_then(|href| page.item_url(href)).is_some_and(|url| seen.insert(url))
    });
    links
}

/// Whether an element belongs to the frame of every page: its menu, head or foot.
fn is_framed(element: ElementRef<'_>) -> bool {
    let is_menu =
        |around: ElementRef<'_>| matches!(around.value().name(), "nav" | "aside") || has_class(around, "nav");
    is_in_head_or_foot(element) || element.ancestors().filter_map(ElementRef::wrap).any(is_menu)
}

impl Block<'_> {
    /// What the block tells.
    pub fn read(&self, page: &Page<'_>, marks: Marks) -> Item {
        let scope = Scope::new(self.root, &HashSet::new());
        let mut item = Item::default();
        item.set_title(&self.text);
        item.url = self.link(page, &scope);
        item.read_pairs(&labels::pairs(&scope));
        item.read_prices(&scope, Amounts::Bare);
        item.read_unlabelled(&scope);
        item.read_marks(&scope, marks);
        item.image_urls = picture::photos(page, &scope);
        item
    }

    /// The links around and in the title.
    fn title_links(&self) -> impl Iterator<Item = &str> {
        let around = std::iter::once(self.title).chain(self.title.ancestors().filter_map(ElementRef::wrap));
        let within = self.title.descendants().filter_map(ElementRef::wrap);
        around
            .chain(within)
            .filter(|element| element.value().name() == "a")
            .filter_map(|a| a.attribute("href"))
    }

    /// Whether the title links to another page, as that of a card does: neither to this one, whatever its query, nor to
    /// the site's front page.
    pub fn leads_elsewhere(&self, page: &Page<'_>) -> bool {
        self.title_links().filter_map(|href| page.resolve(href)).any(|url| {
            let path = url.path().trim_end_matches('/');
            let is_plain = url.query().is_none() && (path.is_empty() || path == page.path());
            page.is_here(&url) && !page.is_self(&url) && !is_plain
        })
    }

    /// Address of the item's page: of the link around or in the title, else the only one in the block.
    fn link(&self, page: &Page<'_>, scope: &Scope<'_>) -> Option<String> {
        if let Some(url) = self.title_links().find_map(|href| page.item_url(href)) {
            return Some(url);
        }
        let mut urls: Vec<String> = scope
            .elements
            .iter()
            .filter(|element| element.value().name() == "a")
            .filter_map(|link| page.item_url(link.attribute("href")?))
            .collect();
        urls.dedup();
        if urls.len() == 1 { urls.pop() } else { None }
    }
}

impl Item {
    /// Takes what cells tell by their words alone: mileage with its unit, engine, transmission.
    pub(super) fn read_unlabelled(&mut self, scope: &Scope<'_>) {
        for line in scope.lines.iter().filter(|line| line.cell && line.text.len() <= CELL) {
            let mileage = Mileage::of(&line.text, None).filter(|mileage| mileage.unit.is_some());
            if mileage.is_some() {
                self.mileage = self.mileage.take().or(mileage);
            } else if names_engine(&line.text) {
                self.engine.get_or_insert_with(|| line.text.clone());
            } else if names_transmission(&line.text) {
                self.transmission.get_or_insert_with(|| line.text.clone());
            }
        }
    }

    /// Takes the status that a mark in the block tells. What is hidden may be in every block.
    fn read_marks(&mut self, scope: &Scope<'_>, marks: Marks) {
        let found = match marks {
            Marks::Texts => {
                let leaves = scope.shown().filter(|element| {
                    element.child_elements().next().is_none() && !is_heading(element.value().name())
                });
                let lines = || scope.lines.iter().filter(|line| !line.hidden);
                lines()
                    .map(|line| line.text.clone())
                    .chain(leaves.filter_map(short_text))
                    .find_map(|text| mark(&text))
                    .or_else(|| lines().filter(|line| line.cell).find_map(|line| status(&line.text)))
            }
            Marks::Classes(classes) => {
                let marked =
                    |element: &ElementRef<'_>| classes.iter().all(|class| has_class(*element, class));
                scope.shown().any(|element| marked(&element)).then_some(Status::Sold)
            }
        };
        self.status = self.status.or(found);
    }
}

/// Whether a cell names the engine, in the spellings of dealers: `427 c.i. V8`, `4.0 Litre 12-Cylinder`, `3.0 Litre V-8`.
fn names_engine(text: &str) -> bool {
    let mut text = format!("{} ", text.to_lowercase());
    for (from, to) in [
        ("c.c.", "cc"),
        ("c.c", "cc"),
        ("c.i.", "ci"),
        (" cc ", "cc "),
        (" ci ", "ci "),
        (" litre", "-litre"),
        (" liter", "-liter"),
        (" v-", " v"),
    ] {
        text = text.replace(from, to);
    }
    is_engine(&text) || text.split_whitespace().any(|word| word.ends_with("-cylinder"))
}

/// Whether a cell names the transmission: `Automatic`, `4-Speed`, `5 Speed`.
fn names_transmission(text: &str) -> bool {
    let text = text.to_lowercase().replace(" speed", "-speed");
    text == "automatic" || text == "manual" || is_transmission(&text)
}

/// The largest blocks around links to items' pages, each about one of them: root and address.
pub(super) fn around_links<'a>(
    page: &'a Page<'_>,
    is_item: impl Fn(&str) -> bool,
) -> Vec<(ElementRef<'a>, String)> {
    let mut links: Vec<(ElementRef<'a>, String)> = Vec::new();
    for link in page.document.all("a[href]") {
        let url = link.attribute("href").and_then(|href| page.item_url(href));
        let path = url.as_deref().and_then(|url| url::Url::parse(url).ok());
        if let (Some(url), Some(path)) = (url, path)
            && is_item(path.path())
            && !is_framed(link)
        {
            links.push((link, url));
        }
    }
    // Which item an element is about; `None` once there is a second.
    let mut about: HashMap<NodeId, Option<&str>> = HashMap::new();
    for (link, url) in &links {
        for around in link.ancestors() {
            let known = about.entry(around.id()).or_insert(Some(url));
            if *known != Some(url.as_str()) {
                *known = None;
            }
        }
    }
    let mut seen = HashSet::new();
    let roots = links.iter().filter(|(_, url)| seen.insert(url.as_str())).map(|(link, url)| {
        let around = link.ancestors().filter_map(ElementRef::wrap);
        let alone = around.take_while(|around| {
            !matches!(around.value().name(), "html" | "body" | "main")
                && about.get(&around.id()).copied().flatten() == Some(url.as_str())
        });
        (alone.last().unwrap_or(*link), url.clone())
    });
    roots.collect()
}
