//! Whether a page is what it was fetched for.

mod challenge;

use crate::cut::{Token, Tokens};
use crate::text;

use challenge::is_challenge;

/// Kind of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// `/local-partners/`
    Directory,
    /// `/member/<username>/`
    Member,
    /// `/listing/<slug>/`
    Listing,
    /// A page of the catalogue: the feed's JSON, the live board, the results.
    Catalogue,
    /// A page of a partner's own web site.
    Website,
}

impl PageKind {
    /// All of them.
    pub const ALL: [PageKind; 5] =
        [PageKind::Directory, PageKind::Member, PageKind::Listing, PageKind::Catalogue, PageKind::Website];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            PageKind::Directory => "directory",
            PageKind::Member => "member",
            PageKind::Listing => "listing",
            PageKind::Catalogue => "catalogue",
            PageKind::Website => "website",
        }
    }

    /// The kind that a word stands for.
    pub fn of_word(word: &str) -> Option<PageKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Why a page that came with status 200 is not the page that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impostor {
    /// A bot wall: a challenge, a captcha, "access denied".
    Challenge,
    /// The markers of the page kind are missing: an empty shell, a maintenance page, another page.
    Unmarked,
}

/// Checks the markers of a page kind. `None`: the page is what it was fetched for.
///
/// The markers come first: a page that carries them is genuine whatever its comments or scripts speak of (BaT's
/// own pages load a captcha for their forms). Pages of a partner's web site have no markers; of these, only
/// challenges are told.
pub fn impostor(kind: PageKind, html: &str) -> Option<Impostor> {
    let genuine = match kind {
        PageKind::Directory => visible_text(html).to_lowercase().contains("bat username"),
        PageKind::Member => is_member_page(html),
        PageKind::Listing => has_listing_body(html) || crate::listing::is_listing_page(html),
        PageKind::Catalogue => is_catalogue(html),
        PageKind::Website => !is_challenge(html),
    };
    if genuine {
        None
    } else if is_challenge(html) {
        Some(Impostor::Challenge)
    } else {
        Some(Impostor::Unmarked)
    }
}

/// Today's listing pages say what they are in the class of their body: no need to read on.
fn has_listing_body(html: &str) -> bool {
    let body = Tokens::new(html).find_map(|token| match token {
        Token::Open(tag) if tag.is("body") => Some(tag),
        _ => None,
    });
    let class = body.as_ref().and_then(|body| body.raw("class")).unwrap_or_default();
    class.split_ascii_whitespace().any(|class| class == "single-bat-listing")
}

/// The feed's answer has items; pages embed it, or show cards.
fn is_catalogue(body: &str) -> bool {
    let start = body.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match start.starts_with(['{', '[']) {
        true => body.contains("\"items\"") || start.starts_with('['),
        false => {
            crate::catalogue::EMBEDDED.iter().any(|name| body.contains(name)) || body.contains("listing-card")
        }
    }
}

/// The markup of member pages changes; each of these marks is enough.
fn is_member_page(html: &str) -> bool {
    let linked = Tokens::new(html).any(|token| {
        let Token::Open(tag) = token else { return false };
        let address = if tag.is("link") && tag.raw("rel") == Some("canonical") {
            tag.raw("href")
        } else if tag.is("meta") && tag.raw("property") == Some("og:url") {
            tag.raw("content")
        } else if tag.is("section") {
            return tag.raw("class").is_some_and(|class| class.contains("-listings"));
        } else {
            None
        };
        address.is_some_and(|address| address.contains("/member/"))
    });
    linked || visible_text(html).to_lowercase().contains("member since")
}

/// Text of a page outside of tags, scripts and comments, white space collapsed.
fn visible_text(html: &str) -> String {
    let mut out = String::new();
    let mut tokens = Tokens::new(html);
    let mut from = 0;
    while let Some(token) = tokens.next() {
        push_text(&mut out, html.get(from..token.start()).unwrap_or_default());
        from = tokens.position();
    }
    push_text(&mut out, html.get(from..).unwrap_or_default());
    text::collapse(&text::decode(&out))
}

/// Appends what is no comment, behind a space: a tag parts words.
fn push_text(out: &mut String, mut piece: &str) {
    out.push(' ');
    while let Some((before, comment)) = piece.split_once("<!--") {
        out.push_str(before);
        piece = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(piece);
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
