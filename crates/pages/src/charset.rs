//! From bytes to text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::cut::{Token, Tokens};

/// How far into a page its own declaration is looked for. The HTML standard asks for 1,024 bytes; pages
/// that put scripts first need more.
const DECLARATION_WITHIN: usize = 8192;

/// Decodes a page: by byte-order mark, then the charset of the `Content-Type` header, then the page's own
/// `<meta>`, else UTF-8. Lossy; NUL characters are dropped, since PostgreSQL's text cannot hold them.
///
/// Two exceptions, both for pages as they are: a page that declares a Latin-1 charset but holds UTF-8 is
/// read as UTF-8, and one that declares nothing and holds more broken than sound UTF-8 is read as
/// windows-1252, the fallback of browsers.
pub fn decode(body: &[u8], content_type: Option<&str>) -> String {
    decode_owned(body.to_vec(), content_type)
}

/// Decodes a page as [`decode`] does. One of sound UTF-8, which nearly all are, is checked where it stands and
/// not copied.
pub fn decode_owned(body: Vec<u8>, content_type: Option<&str>) -> String {
    let mut text = match Encoding::for_bom(&body) {
        Some((encoding, length)) => without_mark(body, encoding, length),
        None => match content_type.and_then(charset_parameter).or_else(|| declared_in_page(&body)) {
            Some(encoding) => decode_declared(body, encoding),
            None => decode_undeclared(body),
        },
    };
    if memchr::memchr(0, text.as_bytes()).is_some() {
        text.retain(|c| c != '\0');
    }
    text
}

/// Decodes what follows a byte-order mark of this length.
fn without_mark(mut body: Vec<u8>, encoding: &'static Encoding, length: usize) -> String {
    body.drain(..length.min(body.len()));
    decode_as(body, encoding)
}

fn decode_declared(body: Vec<u8>, encoding: &'static Encoding) -> String {
    // Text of a Latin-1 charset is valid UTF-8 by chance only where it is plain ASCII.
    if encoding == WINDOWS_1252 { utf_8_or(body, WINDOWS_1252) } else { decode_as(body, encoding) }
}

fn decode_as(body: Vec<u8>, encoding: &'static Encoding) -> String {
    if encoding == UTF_8 {
        return utf_8_or(body, UTF_8);
    }
    encoding.decode_without_bom_handling(&body).0.into_owned()
}

/// The body itself if it is sound UTF-8, else its text in another encoding.
fn utf_8_or(body: Vec<u8>, other: &'static Encoding) -> String {
    String::from_utf8(body)
        .unwrap_or_else(|broken| other.decode_without_bom_handling(broken.as_bytes()).0.into_owned())
}

fn decode_undeclared(body: Vec<u8>) -> String {
    let broken_text = match String::from_utf8(body) {
        Ok(text) => return text,
        Err(broken) => broken,
    };
    let body = broken_text.as_bytes();
    let text = String::from_utf8_lossy(body);
    let broken = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let sound = text.chars().filter(|c| !c.is_ascii()).count() - broken;
    if broken > sound {
        return WINDOWS_1252.decode_without_bom_handling(body).0.into_owned();
    }
    text.into_owned()
}

/// The charset that the page's own `<meta charset>` or `<meta http-equiv="content-type">` declares.
fn declared_in_page(body: &[u8]) -> Option<&'static Encoding> {
    let head = body.get(..DECLARATION_WITHIN.min(body.len())).unwrap_or_default();
    let head = encoding_rs::mem::decode_latin1(head);
    let encoding = Tokens::new(&head).find_map(|token| match token {
        Token::Open(tag) if tag.is("meta") => match tag.raw("charset") {
            Some(label) => Encoding::for_label(label.trim().as_bytes()),
            None => charset_parameter(tag.raw("content")?).filter(|_| {
                tag.raw("http-equiv").is_some_and(|key| key.eq_ignore_ascii_case("content-type"))
            }),
        },
        _ => None,
    })?;
    // A declaration that could be read as ASCII is no UTF-16: the HTML standard has it mean UTF-8.
    Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
}

/// The encoding named after `charset=` in a content type, quoted or not, whatever else stands there.
fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let label = lower.split("charset").skip(1).find_map(|rest| rest.trim_start().strip_prefix('='))?;
    let label = label.trim_start();
    let label = match label.chars().next()? {
        quote @ ('"' | '\'') => label.split(quote).nth(1)?,
        _ => label.split(|c: char| c == ';' || c == ',' || c.is_whitespace()).next()?,
    };
    Encoding::for_label(label.as_bytes())
}
