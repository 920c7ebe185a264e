//! Whether a page is that of a business by name.

use deunicode::deunicode;

use crate::dom::{Attributes, Document, text};

/// Words behind a name that say in what legal form the business is: pages leave them out, or write others.
const FORMS: [&str; 14] = [
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "ltd",
    "plc",
    "sa",
];

/// Most descriptions of pictures that are looked at: the first one is the logo's, on most pages.
const MOST_PICTURES: usize = 50;

/// What begins markup that stands for something, or loads it.
const CONTENT: [&str; 11] =
    ["<title", "<meta", "<link", "<script", "<img", "<svg", "<a ", "<iframe", "<frame", "<form", "<object"];

/// Whether a page has neither text nor anything that could stand for some.
pub fn is_blank(html: &str) -> bool {
    let is_nothing = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
    if is_nothing(html) {
        return true;
    }
    if !is_nothing(&text(Document::parse(html).html.root_element())) {
        return false;
    }
    let html = html.to_ascii_lowercase();
    !CONTENT.iter().any(|mark| html.contains(mark))
}

/// Whether a page names a business, in what it shows or in what it calls itself. Case, accents, punctuation and the legal
/// form behind the name make no difference. Nothing is named by a page where the name has no letter or digit.
pub fn names_business(html: &str, name: &str) -> bool {
    let folded = words(name);
    let mut wanted = folded.as_str();
    while let Some((rest, last)) = wanted.trim_end().rsplit_once(' ') {
        if rest.is_empty() || !FORMS.contains(&last) {
            break;
        }
        wanted = rest;
    }
    let wanted = format!("{} ", wanted.trim_end());
    if wanted.trim().is_empty() {
        return false;
    }
    let document = Document::parse(html);
    let titles = document.all("title").into_iter().map(text);
    let named = "meta[property='og:site_name'], meta[property='og:title'], meta[name='application-name']";
    let metas =
        document.all(named).into_iter().filter_map(|meta| meta.attribute("content").map(str::to_owned));
    let pictures = document.all("img[alt]").into_iter().take(MOST_PICTURES);
    let described = pictures.filter_map(|picture| picture.attribute("alt").map(str::to_owned));
    let shown = std::iter::once_with(|| text(document.html.root_element()));
    titles.chain(metas).chain(described).chain(shown).any(|told| words(&told).contains(&wanted))
}

/// The words of a text in small letters, each with a blank before and behind it.
fn words(text: &str) -> String {
    let folded = deunicode(&text.replace('&', " and ")).to_ascii_lowercase();
    let mut words = String::with_capacity(folded.len() + 2);
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push(' ');
        words.push_str(word);
    }
    words.push(' ');
    words
}
