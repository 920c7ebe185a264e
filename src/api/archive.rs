//! The page archive.

use pgrx::prelude::*;

use super::edge::enter;
use crate::jobs::archive;

/// The archived text of a page, whole, byte for byte; NULL if there is none.
#[pg_extern(stable, strict)]
fn bat_page(url: &str) -> Option<String> {
    enter(|| archive::page_text(url))
}

extension_sql!(
    r"
COMMENT ON FUNCTION bat_page(text) IS
    'The text of a page as the archive has it, whole; by its URL in bat_pages, or any form of a listing''s URL. NULL if there is none.';
",
    name = "archive_comments",
    requires = [bat_page]
);
