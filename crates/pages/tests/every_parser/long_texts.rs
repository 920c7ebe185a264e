//! Pages of one long text and many small pieces: quadratic where each piece asks for the text, or for all pieces.

use super::{Filling, Flood};

/// A page whose first half is a text of nothing but `text`, and whose second half is of pieces.
fn beside(name: &'static str, start: &str, text: &'static str, piece: &str) -> Flood {
    Flood { text, ..Flood::new(name, start, piece, "") }
}

/// A page of many pieces in one element. A `#` in them is their number.
fn together(name: &'static str, start: &str, piece: &'static str) -> Flood {
    Flood { filling: Filling::Numbered(piece), ..Flood::new(name, start, piece, "") }
}

/// All of them. Copying a short text is too fast to be told from noise: these want larger pages than the others.
pub fn long_texts() -> Vec<Flood> {
    vec![
        beside("links behind a text", "<body>", "a ", "<a href=http://a.b></a>"),
        beside("links behind colons", "<body>", "a: ", "<a href=http://a.b></a>"),
        beside("counters beside a text", "<div>", "x", "<p>listings"),
        beside("labels of a text", "<div class=listing-intro>", "x", "<p class=group-title-label>x"),
        together("labels of groups", "<div class=listing-intro>", "<p class=group-title-label>a"),
        together("nested labels of groups", "<div class=listing-intro>", "<div class=group-title-label>a"),
        together(
            "categories",
            "<div class=listing-intro>",
            "<p><b class=group-title-label>Category</b>#</p>",
        ),
        Flood::new("brackets that are never closed", "<footer>[at]", "[", "</footer>"),
        Flood::new("brackets that one closes", "<footer>[at]", "[", "]</footer>"),
        together("phone numbers", "<footer>", "phone +4989123#, "),
    ]
}
