//! What the names of pages say: the texts of links and headings, and the parts of addresses.

use url::Url;

use super::address::is_item;
use crate::value::title;

/// What a page is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// A list of what is for sale. The higher the number, the surer.
    Current(u32),
    /// A list of what was sold.
    Sold,
}

/// Words of pages that are no list of vehicles: the site's own apparatus, what is done for customers, other wares.
pub(super) const REFUSED: [&str; 72] = [
    "about",
    "accessories",
    "account",
    "apparel",
    "appraisal",
    "appraisals",
    "author",
    "automobilia",
    "blog",
    "book",
    "careers",
    "cart",
    "category",
    "checkout",
    "coffee",
    "consign",
    "contact",
    "credit",
    "detailing",
    "event",
    "events",
    "faq",
    "feed",
    "finance",
    "financing",
    "gallery",
    "hire",
    "insurance",
    "json",
    "lease",
    "leasing",
    "loan",
    "loans",
    "locate",
    "locator",
    "login",
    "memorabilia",
    "merch",
    "merchandise",
    "news",
    "parts",
    "policy",
    "press",
    "privacy",
    "rent",
    "rental",
    "rentals",
    "reviews",
    "rss",
    "sell",
    "selling",
    "service",
    "services",
    "shipping",
    "signin",
    "sitemap",
    "staff",
    "storage",
    "store",
    "tag",
    "tags",
    "team",
    "terms",
    "testimonials",
    "tires",
    "trade",
    "transport",
    "videos",
    "wanted",
    "warranty",
    "wheels",
    "wishlist",
];

/// Words of lists that hold a choice of what is for sale, or what is not yet.
pub(super) const CHOICES: [&str; 13] = [
    "arrival", "arrivals", "arrived", "auction", "auctions", "coming", "featured", "incoming", "newly",
    "reduced", "special", "specials", "upcoming",
];

/// Words of lists of what is for sale, and how sure they make it.
const LISTS: [(&str, u32); 14] = [
    ("inventory", 50),
    ("sale", 50),
    ("available", 35),
    ("stock", 35),
    ("showroom", 30),
    ("vehicles", 30),
    ("cars", 30),
    ("automobiles", 30),
    ("motorcars", 30),
    ("listings", 30),
    ("motorcycles", 20),
    ("trucks", 20),
    ("collection", 25),
    ("current", 20),
];

/// Most words of a name; more are a sentence.
const MOST_WORDS: usize = 8;

/// The words of a text, in small letters: `carsSold` and `cars-sold` are two.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in text.chars() {
        let ends = !c.is_alphanumeric() || (after_small && c.is_uppercase());
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether one of the words is known.
pub(super) fn has(words: &[String], known: &[&str]) -> bool {
    words.iter().any(|word| known.contains(&word.as_str()))
}

/// Whether words name a list of what was sold: `Sold Inventory`, `Previously sold`, `Past inventory`.
pub(super) fn is_sold(words: &[String]) -> bool {
    let past = ["past", "previous", "previously", "archive", "archives", "archived"];
    words.len() <= MOST_WORDS && (has(words, &["sold"]) || (has(words, &past) && sureness(words) > 0))
}

/// Words that stand beside those of lists without making them anything else.
const BESIDE: [&str; 22] = [
    "all",
    "and",
    "browse",
    "car",
    "classic",
    "classics",
    "collector",
    "exotic",
    "for",
    "in",
    "luxury",
    "new",
    "of",
    "our",
    "owned",
    "pre",
    "preowned",
    "the",
    "used",
    "vehicle",
    "view",
    "vintage",
];

/// Whether words name a list of what is for sale and nothing else: `Our classic cars for sale`, but not "AC Cobra for sale".
pub(super) fn is_list(words: &[String]) -> bool {
    let is_known =
        |word: &String| BESIDE.contains(&word.as_str()) || LISTS.iter().any(|(known, _)| known == word);
    sureness(words) > 0 && words.iter().all(is_known)
}

/// How sure words make it that they name a list of what is for sale; zero if they do not.
pub(super) fn sureness(words: &[String]) -> u32 {
    if words.len() > MOST_WORDS {
        return 0;
    }
    let of = |word: &String| LISTS.iter().find(|(known, _)| known == word).map_or(0, |(_, sure)| *sure);
    let sure: u32 = words.iter().map(of).sum();
    // "Current projects": the word alone says nothing of what is current.
    if sure == 20 && has(words, &["current"]) && words.len() > 1 { 0 } else { sure }
}

/// What a link's text and address say that it leads to; `None` for pages that are no list of vehicles, for those about
/// one, and for lists of a choice.
pub(super) fn of_link(text: &str, url: &Url) -> Option<Name> {
    let parts = segments(url);
    let text = Some(words(text)).filter(|words| words.len() <= MOST_WORDS).unwrap_or_default();
    let path: Vec<Vec<String>> = parts.iter().map(|part| words(part)).collect();
    let last = path.last().map(Vec::as_slice).unwrap_or_default();
    let host = words(subdomain(url));
    // Notes are filed by year and month.
    let is_dated = parts.iter().any(|part| title::year(part).is_some());
    let is_refused = [&text, &host].into_iter().chain(&path).any(|words| has(words, &REFUSED));
    if is_dated
        || is_refused
        || has(&text, &CHOICES)
        || has(last, &CHOICES)
        || is_item(url)
        || is_later_page(url)
    {
        return None;
    }
    let surest = sureness(&text).min(100) + sureness(last).min(100);
    let in_path = path.iter().any(|words| is_sold(words));
    if in_path || asks_for_sold(url) || (is_sold(&text) && surest > 0) {
        return Some(Name::Sold);
    }
    // Deep pages and queries choose among what is for sale.
    let choosing = 5 * u32::try_from(path.len()).unwrap_or(u32::MAX).saturating_sub(1).min(5);
    let choosing = choosing + if url.query().is_some() { 15 } else { 0 };
    (surest > 0).then(|| Name::Current(surest.saturating_sub(choosing).max(1)))
}

/// What stands before the registrable domain of a URL's host.
fn subdomain(url: &Url) -> &str {
    let host = url.domain().unwrap_or_default();
    psl::domain_str(host).and_then(|domain| host.strip_suffix(domain)).unwrap_or_default()
}

/// Whether a list is asked for what was sold, by its query: `?sold=Sold`, `?status=sold`, but not by a search for the
/// word.
pub(super) fn asks_for_sold(url: &Url) -> bool {
    url.query_pairs().any(|(name, asked)| {
        let (name, asked) = (name.to_lowercase(), asked.to_lowercase());
        let searches = ["q", "s", "search", "keyword", "keywords"].contains(&name.as_str());
        (asked == "sold" && !searches && !name.starts_with("utm_"))
            || (name == "sold" && ["1", "true", "yes", "365_days"].contains(&asked.as_str()))
    })
}

/// The parts of a URL's path, decoded, the last without what it ends with: `.html`, `.aspx`.
pub(super) fn segments(url: &Url) -> Vec<String> {
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    let mut parts: Vec<String> = parts
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    if let Some(last) = parts.last_mut() {
        for ending in [".html", ".htm", ".aspx", ".asp", ".php", ".jsp", ".cfm"] {
            if let Some(stem) = last.strip_suffix(ending) {
                *last = stem.trim_end_matches('.').to_owned();
                break;
            }
        }
    }
    parts
}

/// Whether a URL is that of a list's second page or a later one.
pub(super) fn is_later_page(url: &Url) -> bool {
    let parts = segments(url);
    parts.iter().any(|part| part == "page" || part.starts_with("page:") || part.starts_with("srp-page-"))
        || url
            .query_pairs()
            .any(|(name, _)| ["page", "page_no", "page_number", "start", "offset"].contains(&&*name))
}
