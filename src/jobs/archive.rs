//! What is kept of a page's body.

use bat_pages::kind::PageKind;
use bat_pages::{PARSER_VERSION, listing_url};

use super::context::Context;
use super::visit::Page;
use crate::error::Result;
use crate::settings;
use crate::store::packing::Packed;
use crate::store::{Store, pages};

/// Version of the parser beside the body of a page that could not be parsed: the next visit asks for it
/// unconditionally.
pub const UNPARSED: i32 = 0;

/// Whether a page's parser could read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parsed {
    Yes,
    No,
}

/// `bat_page()`
pub fn page_text(url: &str) -> Result<Option<String>> {
    let store = Store::open()?;
    match (store.page_text(url)?, listing_url(url)) {
        (None, Some(canonical)) if canonical != url => store.page_text(&canonical),
        (text, _) => Ok(text),
    }
}

impl Context {
    /// Keeps a page's body, if bodies are kept.
    pub fn archive_text(&self, url: &str, kind: PageKind, page: &Page, parsed: Parsed) -> Result<()> {
        if !settings::archive_pages() {
            return Ok(());
        }
        let known = self.store.known_page(url, kind.word(), version(parsed))?;
        let packed = self.store.packer(kind.word(), &known)?.pack(&page.content)?;
        self.archive(url, kind, page, &packed, parsed)
    }

    /// Keeps a page's body that was packed when the page was read.
    pub fn archive<T>(
        &self,
        url: &str,
        kind: PageKind,
        page: &Page<T>,
        packed: &Packed,
        parsed: Parsed,
    ) -> Result<()> {
        let page = pages::Page {
            url,
            kind: kind.word(),
            status: i32::from(page.status),
            etag: page.etag.as_deref(),
            last_modified: page.last_modified.as_deref(),
            parser_version: version(parsed),
        };
        self.store.archive(&page, packed, self.batch.borrow_mut().as_mut())
    }
}

fn version(parsed: Parsed) -> i32 {
    match parsed {
        Parsed::Yes => PARSER_VERSION,
        Parsed::No => UNPARSED,
    }
}
