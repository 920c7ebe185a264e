//! The text of a comment.

use crate::nesting::is_inline;
use crate::text::{collapse, decode_again};
use crate::tree::{Edge, Tree};

/// Plain text of a comment's markup: lines as they are broken, paragraphs separated by a blank line. `None` if no word
/// is left.
pub(super) fn body(markup: &str) -> Option<String> {
    let tree = Tree::of(markup);
    let mut paragraphs: Vec<Vec<String>> = Vec::new();
    let mut lines = vec![String::new()];
    for edge in tree.edges() {
        match edge {
            Edge::Text(text) => {
                if let Some(line) = lines.last_mut() {
                    line.push_str(&text);
                }
            }
            Edge::Open(element) if element.is("br") => lines.push(String::new()),
            Edge::Close(element) if element.is("br") => {}
            // Pictures stand in lines as words do.
            Edge::Open(element) | Edge::Close(element) if is_inline(element.name()) || element.is("img") => {}
            Edge::Open(_) | Edge::Close(_) => {
                paragraphs.push(std::mem::replace(&mut lines, vec![String::new()]))
            }
        }
    }
    paragraphs.push(lines);
    let text = |lines: Vec<String>| {
        let lines =
            lines.into_iter().map(|line| decode_again(collapse(&line))).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    let paragraphs: Vec<String> = paragraphs.into_iter().map(text).filter(|text| !text.is_empty()).collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lines_links_and_entities() {
        assert_eq!(
            body("<p>2-24-11 &#8211; oil<br />\nfilter  changed</p>\n<p><a href=\"x\">@some</a> yes, 4&#215;4 &amp; <b>more</b></p>\n").as_deref(),
            Some("2-24-11 – oil\nfilter changed\n\n@some yes, 4×4 & more")
        );
        assert_eq!(body("no markup at all").as_deref(), Some("no markup at all"));
        assert_eq!(body("<p><img src=\"x\"></p><script>x</script> "), None);
    }
}
