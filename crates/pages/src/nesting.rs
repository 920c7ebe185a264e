//! What a tag closes, of pages that leave end tags out or set them wrong.
//!
//! The rules are those of the HTML standard as far as the text of a page depends on them. Each looks at the open
//! elements once: callers bound how many there are.

/// Elements that stop the search for an open cell's or paragraph's start.
const CELLS: [&str; 4] = ["td", "th", "caption", "table"];

/// How many of the `open` elements, outermost first, stay open where an element of this name starts; `None` if
/// all do. Names are in small letters.
pub(crate) fn kept_at_start(open: &[impl AsRef<str>], name: &str) -> Option<usize> {
    let (ends, stops): (&[&str], &[&str]) = match name {
        "li" => (&["li"], &["ul", "ol", "menu"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot", "tr"], &["table"]),
        "a" | "button" | "nobr" => (&[name], &CELLS),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (&["h1", "h2", "h3", "h4", "h5", "h6", "p"], &["div"]),
        _ if ends_paragraph(name) => (&["p"], &["td", "th", "caption", "table", "button", "div"]),
        _ => return None,
    };
    let found = open.iter().enumerate().rev().find_map(|(index, open)| {
        let open = open.as_ref();
        if ends.contains(&open) { Some(Some(index)) } else { stops.contains(&open).then_some(None) }
    });
    found.flatten()
}

/// How many of the `open` elements stay open behind an end tag of this name: it closes the innermost of its name,
/// unless that would end what it stands in. `None` if it closes nothing.
pub(crate) fn kept_at_end(open: &[impl AsRef<str>], name: &str) -> Option<usize> {
    let table = matches!(name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption");
    let found = open.iter().enumerate().rev().find_map(|(index, open)| {
        let open = open.as_ref();
        if open == name {
            return Some(Some(index));
        }
        let barrier = if table {
            open == "table"
        } else if is_inline(name) {
            !is_inline(open)
        } else {
            CELLS.contains(&open)
        };
        barrier.then_some(None)
    });
    found.flatten()
}

/// Whether an element stands in no paragraph, so that its start ends one: those that the HTML standard names, and no
/// other. A picture in a link in a paragraph ends neither.
fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "hr"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
    )
}

/// Elements that flow in a line of text.
pub(crate) fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 31] = [
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
        "tt", "u", "var",
    ];
    INLINE.contains(&name)
}
