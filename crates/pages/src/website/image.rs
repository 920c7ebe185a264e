//! Logo, banner and primary image.

use scraper::ElementRef;
use url::Url;

use super::Page;
use super::meta::Picture;

/// Words in the address or text of pictures that belong to others: vendors, payment, portals, networks.
const OTHERS: [&str; 32] = [
    "amex",
    "app-store",
    "appstore",
    "applepay",
    "autocheck",
    "autotrader",
    "award",
    "badge",
    "bbb",
    "bringatrailer",
    "captcha",
    "carfax",
    "cargurus",
    "carsforsale",
    "dealerrater",
    "facebook",
    "flag",
    "google",
    "hagerty",
    "instagram",
    "linkedin",
    "loader",
    "mastercard",
    "payment",
    "paypal",
    "pixel",
    "placeholder",
    "spacer",
    "spinner",
    "sprite",
    "twitter",
    "yelp",
];

/// Words in the address of pictures that a platform puts where none was chosen, or that are marks.
const DEFAULTS: [&str; 6] = ["favicon", "cropped-", "social-share", "default-share", "logo", "placeholder"];

/// Smallest logo, in pixels.
const SMALLEST: u32 = 32;

/// How many of a page's pictures may be its logo.
const FIRST: usize = 200;

/// The page's logo: as its data names it; else the first picture called one in the page's head or in the link
/// to its start; else the first whose file is called just that.
pub(super) fn logo(page: &Page<'_>) -> Option<(String, &'static str)> {
    let own = |href: &str| page.resolve(href).filter(|url| !is_others(url.as_str())).map(String::from);
    let structured = page
        .businesses
        .iter()
        .find_map(|(source, business)| Some((own(business.logo.as_deref()?)?, *source)));
    let meta = || page.meta.first(&["og:logo", "logo"]).and_then(own).map(|url| (url, "meta"));
    let marked = || {
        let images = page.document.all("img[itemprop~=logo], [itemprop~=logo] img");
        images.into_iter().find_map(|image| own(source(image)?)).map(|url| (url, "microdata"))
    };
    structured.or_else(meta).or_else(marked).or_else(|| {
        let images: Vec<_> =
            page.document.all("img").into_iter().take(FIRST).filter(|image| is_logo(*image)).collect();
        let framed = images.iter().find(|image| leads(page, **image)).and_then(|image| own(source(*image)?));
        let bare = || images.iter().filter_map(|image| source(*image)).find(|src| is_bare(src)).and_then(own);
        framed.or_else(bare).map(|url| (url, "img"))
    })
}

/// Address of a picture, also of one that is loaded later.
fn source(image: ElementRef<'_>) -> Option<&str> {
    let lazy = ["data-src", "data-lazy-src", "data-original"].iter().find_map(|key| image.attr(key));
    let src = image.attr("src").filter(|src| !src.trim_start().starts_with("data:"));
    lazy.or(src).map(str::trim).filter(|src| !src.is_empty())
}

/// Whether a picture is called a logo, by itself or by the link or block right around it.
fn is_logo(image: ElementRef<'_>) -> bool {
    let small = ["width", "height"]
        .iter()
        .filter_map(|key| image.attr(key)?.trim_end_matches("px").parse::<u32>().ok())
        .any(|pixels| pixels < SMALLEST);
    if small || names(image).iter().any(|name| is_others(name)) {
        return false;
    }
    let around: Vec<ElementRef<'_>> = image.ancestors().filter_map(ElementRef::wrap).collect();
    let footer = around.iter().any(|element| element.value().name() == "footer" || named(*element, "footer"));
    let mut near = around.iter().take(3).filter(|element| !matches!(element.value().name(), "body" | "main"));
    !footer && (named(image, "logo") || near.any(|element| named(*element, "logo")))
}

/// Whether a picture stands in the page's head, or links to the site's start.
fn leads(page: &Page<'_>, image: ElementRef<'_>) -> bool {
    image.ancestors().filter_map(ElementRef::wrap).any(|around| {
        let home =
            |href: &str| page.resolve(href).is_some_and(|url| url.path() == "/" && is_here(page, &url));
        match around.value().name() {
            "header" | "nav" => true,
            "a" => around.attr("href").is_some_and(home),
            "body" | "html" => false,
            _ => ["class", "id"].iter().filter_map(|key| around.attr(key)).any(|name| {
                let name = name.to_ascii_lowercase();
                ["header", "navbar", "masthead", "topbar"].iter().any(|word| name.contains(word))
            }),
        }
    })
}

fn is_here(page: &Page<'_>, url: &Url) -> bool {
    page.base.as_ref().is_some_and(|base| base.host_str() == url.host_str())
}

/// Whether a picture's file is called "logo" and no more: a maker's logo is called by its maker.
fn is_bare(src: &str) -> bool {
    const PLAIN: [&str; 12] = [
        "logo", "main", "site", "header", "white", "black", "dark", "light", "color", "new", "retina", "web",
    ];
    let file = src.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let mut words = stem.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
    stem.contains("logo") && words.all(|word| PLAIN.contains(&word))
}

/// Names that an element has or shows.
fn names(element: ElementRef<'_>) -> Vec<String> {
    ["class", "id", "alt", "title", "src", "data-src", "aria-label"]
        .iter()
        .filter_map(|key| element.attr(key))
        .map(str::to_ascii_lowercase)
        .collect()
}

fn named(element: ElementRef<'_>, word: &str) -> bool {
    names(element).iter().any(|name| name.contains(word) && !name.contains("logos"))
}

fn is_others(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
    words
        .iter()
        .any(|word| OTHERS.iter().any(|other| word == other || word.split('-').any(|part| part == *other)))
}

/// The picture that the page names as its image, else the image of its business.
pub(super) fn primary(page: &Page<'_>) -> Option<(String, &'static str)> {
    let named = best_picture(page).and_then(|picture| usable(page, picture.url)).map(|url| (url, "meta"));
    let linked = || {
        let link = page.document.first("link[rel~=image_src i][href]")?;
        usable(page, link.attr("href")?).map(|url| (url, "link"))
    };
    named.or_else(|| of_business(page)).or_else(linked)
}

/// A wide picture of the business: the page's image, unless it is that of an article or of something for sale,
/// a mark, or a platform's default.
pub(super) fn banner(page: &Page<'_>) -> Option<(String, &'static str)> {
    let kind = page.meta.first(&["og:type"]).unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("product") || kind.starts_with("article") || kind.contains("vehicle") {
        return None;
    }
    let wide = |picture: &Picture<'_>| match (picture.width, picture.height) {
        (Some(width), Some(height)) => width >= 400 && width > height,
        _ => true,
    };
    let named = best_picture(page).filter(wide).and_then(|picture| usable(page, picture.url));
    let named = named.map(|url| (url, "meta")).or_else(|| of_business(page));
    named.filter(|(url, _)| {
        let url = url.to_ascii_lowercase();
        !DEFAULTS.iter().any(|word| url.contains(word))
    })
}

/// The first of the page's pictures whose size is stated, else the first.
fn best_picture<'a>(page: &'a Page<'_>) -> Option<Picture<'a>> {
    let pictures = page.meta.pictures();
    pictures.iter().find(|picture| picture.width.is_some()).or(pictures.first()).copied()
}

fn of_business(page: &Page<'_>) -> Option<(String, &'static str)> {
    page.businesses
        .iter()
        .find_map(|(source, business)| Some((usable(page, business.image.as_deref()?)?, *source)))
}

/// Address of a picture that is the business's own.
fn usable(page: &Page<'_>, href: &str) -> Option<String> {
    page.resolve(href).filter(|url: &Url| !is_others(url.as_str())).map(String::from)
}
