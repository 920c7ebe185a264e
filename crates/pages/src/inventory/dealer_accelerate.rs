//! DealerAccelerate (Speed Digital). Every dealer's theme differs; the shape of links to cars, the hosts of
//! pictures and the classes of what is sold do not.

use std::collections::{HashMap, HashSet};

use scraper::ElementRef;
use url::Url;

use super::item::{Item, Status};
use super::platform::{Platform, has_any};
use super::price::price;
use super::prices::Amounts;
use super::scope::{Scope, has_class_word, is_heading, short_text};
use super::{Inventory, Page, address_key, blocks, generic, mark, paging, picture, state, structured, title};
use crate::dom::Attributes;
use crate::website::microdata;

pub(super) struct DealerAccelerate;

/// Hosts of the platform's pictures.
const HOSTS: [&str; 5] = [
    "cdn.dealeraccelerate.com",
    "cdn.dealeraccelerate.net",
    "cdn-dev.dealeraccelerate.com",
    "cdn-dev.dealeraccelerate.net",
    "dealeraccelerate-all.s3",
];

impl Platform for DealerAccelerate {
    fn name(&self) -> &'static str {
        "DealerAccelerate"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &HOSTS)
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        match id_of(page.path()) {
            Some(id) => Inventory::of_item(car_page(page, id)),
            None => list(page),
        }
    }

    fn lists(&self) -> &'static [&'static str] {
        &["/vehicles", "/inventory"]
    }
}

/// The id in a car's address: `/vehicles/san/1300/1983-mercedes-benz-380-sl`, `/vehicles/8471-dfw/1955-…`,
/// `/vehicles/bin1260-j/1998-…`.
fn id_of(path: &str) -> Option<&str> {
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let (slug, id, before) = (segments.next()?, segments.next()?, segments.next()?);
    let (year, name) = slug.split_once('-')?;
    let plain = id.len() <= 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let numbered = id.bytes().any(|byte| byte.is_ascii_digit());
    (plain && numbered && !before.is_empty() && !name.is_empty() && crate::value::title::year(year).is_some())
        .then_some(id)
}

fn car_page(page: &Page<'_>, id: &str) -> Item {
    let mut item = generic::read(page).items.into_iter().next().unwrap_or_default();
    item.url = page.own_item_url();
    item.item_id = item.item_id.or_else(|| Some(id.to_owned()));
    item.status = item.status.or_else(|| is_marked_sold(page).then_some(Status::Sold));
    let photos = own_photos(page);
    if !photos.is_empty() {
        item.image_urls = photos;
    }
    item
}

/// Whether a car's page has the mark of what is sold, and not on another car's tile, in a link, or hidden.
fn is_marked_sold(page: &Page<'_>) -> bool {
    let others = blocks::around_links(page, |path| id_of(path).is_some());
    let others: HashSet<_> = others.iter().map(|(root, _)| root.id()).collect();
    let scope = Scope::new(page.document.html.root_element(), &others);
    let mut marked =
        scope.elements.iter().filter(|element| has_class_word(**element, "sold")).take(MOST_MARKS);
    marked.any(|element| {
        let is_mark = match short_text(*element) {
            Some(text) => mark::mark(&text) == Some(Status::Sold) || price(&text).is_some(),
            None => {
                let kinds = ["banner", "ribbon", "overlay", "badge", "flag", "stamp"];
                element.children().next().is_none() && kinds.iter().any(|kind| has_class_word(*element, kind))
            }
        };
        let around = element.ancestors().filter_map(ElementRef::wrap);
        let mut near = std::iter::once(*element).chain(around);
        is_mark
            && !near.any(|near| {
                near.value().name() == "a" || has_class_word(near, "modal") || state::is_hidden(near)
            })
    })
}

/// Most marks that are looked at.
const MOST_MARKS: usize = 50;

/// The car's own photos: their files are called as its page is, and their folders have the number of the first.
fn own_photos(page: &Page<'_>) -> Vec<String> {
    let slug = page.path().rsplit('/').next().unwrap_or_default();
    let own = |source: &String| {
        let file = source.rsplit('/').next().unwrap_or_default();
        file.split('.').next() == Some(slug) && is_hosted(source)
    };
    let folder = |source: &str| {
        let url = Url::parse(source).ok()?;
        url.path_segments()?.nth(2).map(str::to_owned)
    };
    let elements = page.document.all("img, [style], [data-background-image]").into_iter();
    let sources: Vec<String> = elements.filter_map(picture::source).filter(own).collect();
    let first = sources.first().and_then(|source| folder(source));
    picture::urls(page, sources.into_iter().filter(|source| folder(source) == first))
}

fn is_hosted(source: &str) -> bool {
    HOSTS.iter().any(|host| source.contains(host))
}

fn list(page: &Page<'_>) -> Inventory {
    let tiles = blocks::around_links(page, |path| id_of(path).is_some());
    let coming = ["coming-soon", "incoming"].iter().any(|part| page.path().ends_with(part));
    let unmarked = (!coming && !state::is_sold_list(page)).then_some(Status::InStock);
    let mut items: Vec<Item> = tiles.into_iter().map(|(root, url)| tile(page, root, url, unmarked)).collect();
    let structured = structured::Structured::of(page);
    let by_url: HashMap<String, usize> = items
        .iter()
        .enumerate()
        .filter_map(|(index, item)| Some((address_key(item.url.as_deref()?).to_owned(), index)))
        .collect();
    // What the tiles say of price and status is what visitors see; the block beside them is often older.
    for listed in structured.listed.into_iter().chain(structured.alone) {
        let index = listed.url.as_deref().and_then(|url| by_url.get(address_key(url)));
        match index.and_then(|index| items.get_mut(*index)) {
            Some(item) => item.fill_with_currency(listed),
            None if listed.url.is_some() => items.push(listed),
            None => {}
        }
    }
    let next_url = paging::next_url(page).and_then(|url| only_page(&url));
    Inventory { next_url, items_total: structured.total, ..Inventory::of_list(items) }
}

impl Item {
    /// Takes what a list's structured data adds, the currency of the same price included.
    fn fill_with_currency(&mut self, listed: Self) {
        if self.currency.is_none() && self.asking_price.is_some() && self.asking_price == listed.asking_price
        {
            self.currency.clone_from(&listed.currency);
        }
        self.fill(listed);
    }
}

/// The address of a list's page with no more than the page's number: robots may fetch no other query.
fn only_page(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let number = url.query_pairs().find(|(name, _)| name == "page").map(|(_, number)| number.into_owned())?;
    url.set_query(None);
    url.query_pairs_mut().append_pair("page", &number);
    Some(url.into())
}

/// Reads a tile. `unmarked`: the status of those that have no mark.
fn tile(page: &Page<'_>, root: ElementRef<'_>, url: String, unmarked: Option<Status>) -> Item {
    let scope = Scope::new(root, &HashSet::new());
    let path = Url::parse(&url).map(|url| url.path().to_owned()).unwrap_or_default();
    let marked = scope.elements.iter().find(|element| element.attribute("itemscope").is_some());
    let mut item = marked
        .and_then(|element| structured::item_of(page, &microdata::object(*element)))
        .unwrap_or_default();
    item.url = Some(url);
    item.item_id = item.item_id.or_else(|| id_of(&path).map(str::to_owned));
    let name = tile_title(&scope).unwrap_or_default();
    if !name.is_empty() {
        item.set_title(&name);
    }
    item.read_prices(&scope, Amounts::Named);
    let has = |word: &str| scope.elements.iter().any(|element| has_class_word(*element, word));
    item.status = match () {
        () if has("sold") => Some(Status::Sold),
        () if has("pending") => Some(Status::Pending),
        () => title::without_marks(&name).1.or(unmarked),
    };
    let sources = scope.elements.iter().filter_map(|element| picture::source(*element));
    item.image_urls = picture::urls(page, sources.filter(|source| is_hosted(source)));
    item
}

/// The tile's title: of its link, its heading, or its picture.
fn tile_title(scope: &Scope<'_>) -> Option<String> {
    let attributes =
        |name: &'static str| scope.elements.iter().filter_map(move |element| element.attribute(name));
    let headings = scope.elements.iter().filter(|element| is_heading(element.value().name()));
    let headings = headings.filter_map(|heading| short_text(*heading));
    let pictures = attributes("alt").map(|alt| alt.trim_end_matches(" first image").to_owned());
    let mut titles = attributes("title").map(str::to_owned).chain(headings).chain(pictures);
    titles.find(|text| title::year_led(text).is_some())
}
