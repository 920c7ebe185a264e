//! Whether what came is a whole page: not cut off, nor a frame that a script is to fill.

use super::state::is_hidden;
use crate::dom::{Document, lines_outside};

/// Visible text of a page, in bytes, that is still none: `Loading ...`.
const FEW_BYTES: usize = 32;

/// Whether a page begins as HTML and does not end so. It may be cut off; some sites never end theirs.
pub fn is_unclosed(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    html.contains("<html") && !html.contains("</html")
}

/// Whether a page shows nothing, and has a script that may be meant to fill it.
pub fn is_shell(html: &str) -> bool {
    if !html.to_ascii_lowercase().contains("<script") {
        return false;
    }
    let document = Document::parse(html);
    let shown = lines_outside(document.html.root_element(), |element| {
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
        let page = |body: &str| format!("<html><head><title>Dealer</title></head><body>{body}</body></html>");
        let script = "<script src=\"/app.js\"></script>";
        assert!(is_shell(&page(&format!("<div id=\"root\"></div>{script}"))));
        assert!(is_shell(&page(&format!(
            "<noscript>You need to enable JavaScript to see this page.</noscript>Loading...{script}"
        ))));
        assert!(!is_shell(&page("")));
        assert!(!is_shell(&page(&format!(
            "<h1>Our workshop</h1><p>We restore cars of the fifties.</p>{script}"
        ))));
    }
}
