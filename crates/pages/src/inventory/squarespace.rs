//! Squarespace. Its robots.txt refuses the JSON of its pages: the page itself is read.

use super::blocks::Marks;
use super::platform::{Platform, has_any};
use super::{Inventory, Page, generic};

pub(super) struct Squarespace;

impl Platform for Squarespace {
    fn name(&self) -> &'static str {
        "Squarespace"
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, &["static1.squarespace.com", "Static.SQUARESPACE_CONTEXT"])
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        generic::read_with(page, Marks::Classes(&["product-mark", "sold-out"]))
    }
}
