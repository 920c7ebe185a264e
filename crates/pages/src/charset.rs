//! From bytes to text.

/// Decodes a page: by byte-order mark, then the charset of the `Content-Type` header, then the page's own
/// `<meta>`, else UTF-8. Lossy; NUL characters are dropped, since PostgreSQL's text cannot hold them.
pub fn decode(body: &[u8], content_type: Option<&str>) -> String {
    todo!()
}
