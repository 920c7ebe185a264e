//! The logo.

use scraper::ElementRef;
use url::Url;

use super::Page;
use super::icon::touch_icon;
use super::image::{background, is_others, source, usable};
use super::picture::{Picture, distinct};
use crate::dom::Attributes;

/// Smallest logo, in pixels.
const SMALLEST: u32 = 32;

/// How many of a page's pictures may be its logo.
const FIRST: usize = 200;

/// Method of the icon that stands in for a logo.
pub(super) const TOUCH_ICON: &str = "touch-icon";

/// The page's logo, the likeliest first: as its data names it; the first picture called one in the page's head,
/// and those in links to its start; the first whose file is called just that; the background of what is called
/// so; and last its touch icon.
pub(super) fn logos(page: &Page<'_>) -> Vec<Picture> {
    let own = |href: &str, method: &str| usable(page, href).map(|url| Picture::new(url, method));
    let structured =
        page.businesses.iter().filter_map(|(source, business)| own(business.logo.as_deref()?, source));
    let meta = page.meta.first(&["og:logo", "logo"]).and_then(|href| own(href, "meta"));
    let marked = page.document.all("img[itemprop~=logo], [itemprop~=logo] img");
    let marked = marked.into_iter().find_map(|image| own(&source(image)?, "microdata"));
    let images: Vec<ElementRef<'_>> = page
        .document
        .all("img")
        .into_iter()
        .take(FIRST)
        .filter(|image| is_logo(*image) && !leads_elsewhere(page, *image))
        .collect();
    let framed = images.iter().find(|image| leads(page, **image));
    let home = images.iter().filter(|image| leads_home(page, **image));
    let shown = framed.into_iter().chain(home).filter_map(|image| own(&source(*image)?, "img"));
    let bare = images.iter().filter_map(|image| source(*image)).find(|src| is_bare(src));
    let bare = bare.and_then(|src| own(&src, "img"));
    let touch = touch_icon(page).map(|url| Picture::new(url, TOUCH_ICON));
    distinct(structured.chain(meta).chain(marked).chain(shown).chain(bare).chain(styled(page)).chain(touch))
}

/// The background of an element called a logo, in the page's own link to its start.
fn styled(page: &Page<'_>) -> Option<Picture> {
    let elements = page.document.all("[style*=url i]");
    let mut logos =
        elements.into_iter().take(FIRST).filter(|element| is_logo(*element) && leads(page, *element));
    logos.find_map(|element| usable(page, &background(element)?)).map(|url| Picture::new(url, "style"))
}

/// Whether a picture is the site's own logo in the page's head.
pub(super) fn is_leading_logo(page: &Page<'_>, image: ElementRef<'_>) -> bool {
    is_logo(image) && leads(page, image) && !leads_elsewhere(page, image)
}

/// Whether a picture is called a logo, by itself or by the link or block right around it.
fn is_logo(image: ElementRef<'_>) -> bool {
    let small = ["width", "height"]
        .iter()
        .filter_map(|key| image.attribute(key)?.trim_end_matches("px").parse::<u32>().ok())
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
    leads_home(page, image)
        || image.ancestors().filter_map(ElementRef::wrap).any(|around| match around.value().name() {
            "header" | "nav" => true,
            "body" | "html" => false,
            _ => ["class", "id"].iter().filter_map(|key| around.attribute(key)).any(|name| {
                let name = name.to_ascii_lowercase();
                ["header", "navbar", "masthead", "topbar"].iter().any(|word| name.contains(word))
            }),
        })
}

/// Whether a picture is a link to the site's start.
fn leads_home(page: &Page<'_>, image: ElementRef<'_>) -> bool {
    target(page, image).is_some_and(|url| {
        page.is_here(&url)
            && matches!(url.path(), "/" | "/index.htm" | "/index.html" | "/index.php" | "/home")
    })
}

/// Whether a picture is a link to another site: then it is that one's logo.
fn leads_elsewhere(page: &Page<'_>, image: ElementRef<'_>) -> bool {
    target(page, image).is_some_and(|url| page.address.is_some() && !page.is_here(&url))
}

/// Where the link around an element leads.
fn target(page: &Page<'_>, image: ElementRef<'_>) -> Option<Url> {
    let link = std::iter::once(image)
        .chain(image.ancestors().filter_map(ElementRef::wrap))
        .find(|element| element.value().name() == "a")?;
    page.resolve(link.attribute("href")?)
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
        .filter_map(|key| element.attribute(key))
        .map(str::to_ascii_lowercase)
        .collect()
}

fn named(element: ElementRef<'_>, word: &str) -> bool {
    names(element).iter().any(|name| name.contains(word) && !name.contains("logos"))
}
