//! Whether what came is a whole page: not cut off, nor a frame that a script is to fill.

use super::Page;
use super::state::is_hidden;
use crate::dom::lines_outside;

/// Visible text of a page, in bytes, that is still none: `Loading ...`.
const FEW_BYTES: usize = 32;

/// Whether a page begins as HTML and does not end so. It may be cut off; some sites never end theirs.
pub fn is_unclosed(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    html.contains("<html") && !html.contains("</html")
}

/// Whether a page shows nothing, and has a script that may be meant to fill it.
pub(super) fn is_shell(page: &Page<'_>) -> bool {
    if !page.html.to_ascii_lowercase().contains("<script") {
        return false;
    }
    let shown = lines_outside(page.document.html.root_element(), |element| {
        matches!(element.value().name(), "head" | "noscript") || is_hidden(element)
    });
    shown.iter().map(String::len).sum::<usize>() <= FEW_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_cut_off_lacks_its_end() {
        assert!(is_unclosed("<!DOCTYPE html><HTML><body><p>1967 AC Cobra</p><di"));
        assert!(!is_unclosed("<html><body><p>1967 AC Cobra</p></body></HTML >"));
        assert!(!is_unclosed("{\"products\": []}"));
        assert!(!is_unclosed("<p>A page without the element"));
    }

    #[test]
    fn a_frame_for_a_script_shows_nothing_itself() {
        let is_shell = |body: &str| {
            let html = format!("<html><head><title>Dealer</title></head><body>{body}</body></html>");
            is_shell(&Page::of(&html, "https://dealer.example/inventory"))
        };
        let script = "<script src=\"/app.js\"></script>";
        assert!(is_shell(&format!("<div id=\"root\"></div>{script}")));
        assert!(is_shell(&format!(
            "<noscript>You need to enable JavaScript to see this page.</noscript>Loading...{script}"
        )));
        assert!(!is_shell(""));
        assert!(!is_shell(&format!("<h1>Our workshop</h1><p>We restore cars of the fifties.</p>{script}")));
    }
}
