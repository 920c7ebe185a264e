//! Whether a page is what it was fetched for.

/// Kind of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// `/local-partners/`
    Directory,
    /// `/member/<username>/`
    Member,
    /// `/listing/<slug>/`
    Listing,
    /// A page of a partner's own web site.
    Website,
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
pub fn impostor(kind: PageKind, html: &str) -> Option<Impostor> {
    todo!()
}
