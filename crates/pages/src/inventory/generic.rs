//! A page of no platform whose markup is known.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::ElementRef;
use url::Url;

use super::address::is_item;
use super::blocks::{self, Block, Marks};
use super::item::{Item, Status};
use super::labels::{self, Field};
use super::names::{REFUSED, has, segments, words};
use super::prices::Amounts;
use super::scope::{Scope, is_heading, short_text};
use super::structured::Structured;
use super::{Inventory, Page, joined, picture, sold_parts, state, title};
use crate::dom::Attributes;
use crate::text::{non_empty, strip_prefix_ignore_case};

/// How many labelled values make a page that of one item.
const ENOUGH: usize = 2;

/// Reads a page by what it says for machines, by repeated blocks, and by labels.
pub(super) fn read(page: &Page<'_>) -> Inventory {
    read_with(page, Marks::Texts)
}

/// Reads a page. `marks`: what says in a block that its vehicle is sold.
pub(super) fn read_with(page: &Page<'_>, marks: Marks) -> Inventory {
    let mut structured = Structured::of(page);
    let blocks = blocks::of(page);
    let lists_one = lists_one(page, &blocks, marks);
    let is_list = lists_one || blocks.len() > 1;
    let own = if lists_one { None } else { own_title(page, &blocks) };
    if let Some(index) = own_vehicle(page, &structured, own.is_some() || !is_list) {
        let mut item = structured.alone.swap_remove(index);
        item.fill(item_page(page, &blocks, own).unwrap_or_default().0);
        item.url = item.url.filter(|url| !page.is_own(url)).or_else(|| page.own_item_url());
        return Inventory::of_item(item);
    }
    let mut listed = structured.listed;
    listed.extend(structured.alone);
    if let Some((item, told)) = item_page(page, &blocks, own).filter(|_| listed.is_empty() && !lists_one)
        && told >= ENOUGH
    {
        return Inventory::of_item(item);
    }
    let sold = sold_parts::of(page);
    let mut items: Vec<Item> = if is_list {
        blocks.iter().map(|block| listed_item(page, block, marks, &sold)).collect()
    } else {
        Vec::new()
    };
    if items.is_empty()
        && listed.is_empty()
        && let Some(item) = by_address(page)
    {
        return Inventory::of_item(item);
    }
    joined::join(&mut items, listed);
    Inventory {
        items_total: structured.total,
        item_urls: year_led_links(page, &sold),
        ..Inventory::of_list(items)
    }
}

/// Whether a page with a single block is a list with one item: the block's title links to a page of its own, or it stands
/// on a page that is called a list, with a link or a price. On a car's page it is another car: behind a heading over others,
/// or besides what the page tells by its own title and labels.
fn lists_one(page: &Page<'_>, blocks: &[Block<'_>], marks: Marks) -> bool {
    let [block] = blocks else { return false };
    let root = page.document.html.root_element();
    // The whole page is read for it: only where all else is so.
    let is_told = || Scope::new(root, &HashSet::new()).elements.contains(&block.title);
    if page.url.as_ref().is_some_and(is_item) {
        return false;
    }
    if state::is_named_list(page) {
        let Item { url, asking_price, .. } = block.read(page, marks);
        let parts = url.and_then(|url| Url::parse(&url).ok()).map(|url| segments(&url)).unwrap_or_default();
        let is_refused = parts.iter().any(|part| has(&words(part), &REFUSED));
        let leads_to_item = !parts.is_empty() && !is_refused;
        let is_offered = leads_to_item || asking_price.is_some() && block.title.value().name() != "h1";
        return is_offered && is_told();
    }
    let told_around = || telling(&labels::pairs(&Scope::new(root, &HashSet::from([block.root.id()]))));
    block.leads_elsewhere(page) && page_title(page).is_none() && told_around() < ENOUGH && is_told()
}

/// What a block of a list tells, and, where it has no mark, what the heading over it does.
fn listed_item(page: &Page<'_>, block: &Block<'_>, marks: Marks, sold: &HashSet<NodeId>) -> Item {
    let mut item = block.read(page, marks);
    if sold.contains(&block.title.id()) {
        item.status.get_or_insert(Status::Sold);
    }
    item
}

/// Which of the vehicles that stand by themselves the page is about: the one with the page's address, else the only one,
/// unless it has another address and the page looks like a list.
fn own_vehicle(page: &Page<'_>, structured: &Structured, looks_single: bool) -> Option<usize> {
    let is_own = |item: &Item| item.url.as_deref().is_some_and(|url| page.is_own(url));
    let own = structured.alone.iter().position(is_own);
    let only = match structured.alone.as_slice() {
        [one] if structured.listed.is_empty() && (looks_single || one.url.is_none()) => Some(0),
        _ => None,
    };
    own.or(only)
}

/// The block that the page is about, none of a card with a page of its own: that of the only main heading, else the first
/// that the page is called after.
fn own_title(page: &Page<'_>, blocks: &[Block<'_>]) -> Option<usize> {
    let own = || blocks.iter().enumerate().filter(|(_, block)| !block.leads_elsewhere(page));
    let mut main = own().filter(|(_, block)| block.title.value().name() == "h1");
    if let (Some((index, _)), None) = (main.next(), main.next()) {
        return Some(index);
    }
    let names = page_titles(page);
    let is_named = |block: &Block<'_>| {
        let (title, _) = title::without_marks(&block.text);
        let behind = |name: &String| Some(strip_prefix_ignore_case(name, title)?.chars().next());
        names.iter().filter_map(behind).any(|next| next.is_none_or(|c| !c.is_alphanumeric()))
    };
    own().find(|(_, block)| is_named(block)).map(|(index, _)| index)
}

/// The blocks of other vehicles on a page about one: all but its own, which may have several headings. Where it has none,
/// those of cards with pages of their own.
fn other_blocks(page: &Page<'_>, blocks: &[Block<'_>], own: Option<usize>) -> HashSet<NodeId> {
    let own = own.and_then(|own| blocks.get(own));
    let is_other = |block: &&Block<'_>| {
        block.leads_elsewhere(page) || own.is_some_and(|own| !own.text.eq_ignore_ascii_case(&block.text))
    };
    blocks.iter().filter(is_other).map(|block| block.root.id()).collect()
}

/// What a page about one item tells by labels, and how many of them: read from the page without the blocks of
/// other vehicles.
fn item_page(page: &Page<'_>, blocks: &[Block<'_>], own: Option<usize>) -> Option<(Item, usize)> {
    let scope = Scope::new(page.document.html.root_element(), &other_blocks(page, blocks, own));
    let mut item = Item { url: page.own_item_url(), ..Item::default() };
    let name =
        own.and_then(|own| blocks.get(own)).map(|block| block.text.clone()).or_else(|| page_title(page))?;
    item.set_title(&name);
    let pairs = labels::pairs(&scope);
    item.read_pairs(&pairs);
    item.read_prices(&scope, Amounts::Named);
    item.image_urls = picture::photos(page, &scope);
    item.description = description(&scope);
    Some((item, telling(&pairs)))
}

/// How many fields labels tell of that only pages about one item tell of.
fn telling(pairs: &[(Field, String)]) -> usize {
    let telling =
        [Field::Number, Field::ItemId, Field::Exterior, Field::Interior, Field::Engine, Field::Transmission];
    let mut told: Vec<Field> = pairs.iter().map(|(field, _)| *field).collect();
    told.retain(|field| telling.contains(field) || matches!(field, Field::Mileage(_)));
    told.sort_unstable();
    told.dedup();
    told.len()
}

/// The page's own title, if it begins with a year.
pub(super) fn page_title(page: &Page<'_>) -> Option<String> {
    page_titles(page).into_iter().find(|text| title::year_led(text).is_some())
}

/// What the page calls itself, to those who share it and in its head.
fn page_titles(page: &Page<'_>) -> Vec<String> {
    let named = page
        .document
        .first("meta[property=\"og:title\"][content]")
        .and_then(|meta| meta.attribute("content"));
    let head = page.document.first("title").and_then(short_text);
    named.and_then(non_empty).into_iter().chain(head).collect()
}

/// Text under a heading that announces one.
pub(super) fn description(scope: &Scope<'_>) -> Option<String> {
    let heading = scope.elements.iter().find(|element| {
        is_heading(element.value().name())
            && short_text(**element).is_some_and(|text| {
                let text = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                matches!(
                    text.as_str(),
                    "description" | "comments" | "vehicle description" | "overview" | "seller's notes"
                )
            })
    })?;
    let mut parts = Vec::new();
    for sibling in heading.next_siblings().filter_map(ElementRef::wrap) {
        let is_block = sibling.value().name() == "div";
        let is_paragraph = matches!(sibling.value().name(), "p" | "ul" | "ol");
        // One block holds the whole text, or paragraphs do, which may be many: then a block behind them is another matter.
        if !is_paragraph && !is_block || is_block && !parts.is_empty() {
            break;
        }
        parts.extend(non_empty(&crate::dom::text(sibling)));
        if is_block && !parts.is_empty() {
            break;
        }
    }
    non_empty(&parts.join(" "))
}

/// A page whose address and title begin with the same year, and that says no more in a form known.
fn by_address(page: &Page<'_>) -> Option<Item> {
    let year = year_of_slug(page.path().rsplit('/').next()?)?;
    let name = page_title(page).or_else(|| page.document.all("h1").into_iter().find_map(short_text))?;
    let (named, _) = title::year_led(&name)?;
    if named != year {
        return None;
    }
    let scope = Scope::new(page.document.html.root_element(), &HashSet::new());
    let mut item = Item { url: page.own_item_url(), ..Item::default() };
    item.set_title(&name);
    item.image_urls = picture::photos(page, &scope);
    Some(item)
}

/// The year that the last part of a path begins with: `1967-ac-cobra`, `2011_TOYOTA_FJ.html`.
pub(super) fn year_of_slug(slug: &str) -> Option<i32> {
    let (year, rest) = slug.split_once(['-', '_'])?;
    rest.starts_with(|c: char| c.is_alphanumeric()).then(|| crate::value::title::year(year)).flatten()
}

/// Links of this site whose address ends with a name that begins with a year, without those below headings over what
/// was `sold`.
fn year_led_links(page: &Page<'_>, sold: &HashSet<NodeId>) -> Vec<String> {
    let links = page.document.all("a[href]").into_iter().filter(|link| !sold.contains(&link.id()));
    let links = links.filter_map(|link| {
        let url = page.resolve(link.attribute("href")?)?;
        let slug = url.path().trim_end_matches('/').rsplit('/').next()?;
        let refused = ["/author/", "/tag/", "/category/", "/feed", "/blog", "/wp-json", "/cart", "/news"];
        if refused.iter().any(|part| url.path().contains(part)) || is_picture(slug) {
            return None;
        }
        year_of_slug(slug)?;
        page.item_url(url.as_str())
    });
    let mut seen = HashSet::new();
    links.filter(|url| seen.insert(url.clone())).collect()
}

fn is_picture(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, kind)| {
        ["jpg", "jpeg", "png", "gif", "webp", "avif", "pdf", "mp4"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    })
}
