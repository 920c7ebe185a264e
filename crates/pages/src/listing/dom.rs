//! Small trees of the parts of a page.

use scraper::{ElementRef, Html, Node};

use crate::cut::{Attributes, Tag, Token, Tokens, is_void};
use crate::text;

/// Limits of what is given to the tree builder. Its time is linear in pages that people write, but some of
/// its rules walk the open elements or the attributes for each tag: a hostile page would make that quadratic.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 128;
const MAX_UNCLOSED_FORMATTING: usize = 64;
const MAX_ATTRIBUTES: usize = 64;

/// Elements that the tree builder opens again in every block until they are closed.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose next start tag closes them, so that they do not nest by being left open.
const SELF_ENDING: [&str; 8] = ["p", "li", "td", "th", "tr", "dt", "dd", "option"];

/// Builds the tree of a part of a page: of a hostile part, the tree of its harmless beginning.
pub(super) fn fragment(html: &str) -> Html {
    Html::parse_fragment(harmless(html))
}

/// The longest beginning of `html` within the limits.
fn harmless(html: &str) -> &str {
    let html = html.get(..html.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    let mut limits = Limits::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next_anywhere() {
        let (start, exceeded) = match token {
            Token::Raw(tag, text) => (tag.start, limits.raw(&tag, text)),
            Token::Open(tag) => (tag.start, limits.open(&tag)),
            Token::Close { name, start, .. } => {
                limits.close(name);
                (start, false)
            }
        };
        if exceeded {
            return html.get(..start).unwrap_or_default();
        }
    }
    // A tag that does not end was not looked at.
    let tail = html.get(tokens.position()..).unwrap_or_default();
    let end = tail.find('<').map_or(html.len(), |at| tokens.position() + at);
    html.get(..end).unwrap_or_default()
}

/// How much is open while a part is scanned.
#[derive(Default)]
struct Limits<'a> {
    open: Vec<&'a str>,
    unclosed_formatting: usize,
    in_foreign: bool,
}

impl<'a> Limits<'a> {
    /// Counts a start tag. Whether it exceeds a limit.
    fn open(&mut self, tag: &Tag<'a>) -> bool {
        self.in_foreign |= tag.is("svg") || tag.is("math");
        if !is_void(tag.name) && !contains(&SELF_ENDING, tag.name) {
            self.open.push(tag.name);
            self.unclosed_formatting += usize::from(contains(&FORMATTING, tag.name));
        }
        self.open.len() > MAX_DEPTH
            || self.unclosed_formatting > MAX_UNCLOSED_FORMATTING
            || exceeds_attributes(tag.attributes)
    }

    /// In a drawing, `title` and `style` hold markup, which the scanner took for text.
    fn raw(&mut self, tag: &Tag<'a>, text: &str) -> bool {
        exceeds_attributes(tag.attributes) || (self.in_foreign && text.contains('<'))
    }

    /// An end tag of a block leaves formatting elements in it open: the builder opens them again.
    fn close(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|tag| tag.eq_ignore_ascii_case(name)) {
            self.open.truncate(at);
            let formatting = usize::from(contains(&FORMATTING, name));
            self.unclosed_formatting = self.unclosed_formatting.saturating_sub(formatting);
        }
    }
}

fn exceeds_attributes(attributes: &str) -> bool {
    Attributes::new(attributes).nth(MAX_ATTRIBUTES).is_some()
}

fn contains(names: &[&str], name: &str) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Elements below `element`, in document order.
pub(super) fn below<'a>(element: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    element.descendants().skip(1).filter_map(ElementRef::wrap)
}

/// First element below `element` that is so.
pub(super) fn find<'a>(
    element: ElementRef<'a>,
    is_so: impl Fn(&ElementRef<'a>) -> bool,
) -> Option<ElementRef<'a>> {
    below(element).find(is_so)
}

/// Whether an element has a class.
pub(super) fn has_class(element: &ElementRef<'_>, wanted: &str) -> bool {
    element.value().classes().any(|class| class == wanted)
}

/// First element below `element` with a class.
pub(super) fn by_class<'a>(element: ElementRef<'a>, class: &str) -> Option<ElementRef<'a>> {
    find(element, |candidate| has_class(candidate, class))
}

/// Whether an inline style hides the element: templates of tags that do not apply are on the page, hidden.
pub(super) fn is_hidden(element: &ElementRef<'_>) -> bool {
    element.attr("hidden").is_some()
        || element.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.to_ascii_lowercase().contains("display:none")
        })
}

/// Visible text of an element, white space collapsed; `br` counts as a space.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(piece) => out.push_str(piece),
            Node::Element(tag) if tag.name() == "br" => out.push(' '),
            _ => {}
        }
    }
    text::decode_again(text::collapse(&out))
}

/// Text of a cut-out piece of markup.
pub(super) fn text_of_html(html: &str) -> String {
    text_of(fragment(html).root_element())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_markup_is_kept_whole() {
        let html = "<div><p>a<p>b<b>c</b><img src=x></div>".repeat(500);
        assert_eq!(harmless(&html), html);
    }

    #[test]
    fn deep_nesting_open_formatting_and_many_attributes_are_cut_off() {
        assert!(harmless(&"<div>".repeat(10_000)).len() < 1_000);
        let reopened: String = (0..10_000).map(|n| format!("<div><b id={n}></div>")).collect();
        assert!(harmless(&reopened).len() < 2_000);
        let attributes: String = (0..10_000).map(|n| format!(" a{n}")).collect();
        for hidden in ["", "<template>", "<svg><title>", "<!-- --!>"] {
            let html = format!("<i>x</i>{hidden}<p{attributes}>y");
            assert!(harmless(&html).len() < 40, "{hidden}");
            assert!(harmless(html.trim_end_matches(">y")).len() < 40, "{hidden}");
        }
    }

    #[test]
    fn hidden_elements_are_told_by_their_style() {
        let tree = fragment("<i style='color: red; Display : none;'></i><b style='x'></b>");
        let hidden: Vec<bool> = below(tree.root_element()).map(|tag| is_hidden(&tag)).collect();
        assert_eq!(hidden, [true, false]);
    }
}
