//! Answers before they are sent.

use bytes::Bytes;

use super::request::Request;
use crate::page::Page;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub page: Page,
}

/// An answer in the form in which it goes onto the wire.
#[derive(Debug)]
pub(crate) struct Wire {
    pub head: Vec<u8>,
    pub body: Vec<Bytes>,
}

impl Wire {
    /// Length of the body.
    pub fn body_len(&self) -> usize {
        self.body.iter().map(Bytes::len).sum()
    }
}

impl Response {
    /// An answer with a body of this type.
    pub fn new(status: u16, content_type: &str, page: Page) -> Self {
        Self { status, headers: vec![("Content-Type", content_type.to_owned())], page }
    }

    /// A page.
    pub fn html(page: Page) -> Self {
        Self::new(200, "text/html; charset=UTF-8", page)
    }

    /// JSON.
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json; charset=UTF-8", Page::of(value.to_string()))
    }

    /// A redirect.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::new(status, "text/html; charset=UTF-8", Page::default()).with("Location", to)
    }

    /// The site's page for what does not exist.
    pub fn not_found(status: u16) -> Self {
        let page = "<!doctype html>\n<html lang=\"en-US\"><head><title>Page not found |  Bring a Trailer</title></head>\n\
                    <body class=\"error404 wp-theme-bringatrailer\"><h1>Nothing is parked here</h1></body></html>\n";
        Self::new(status, "text/html; charset=UTF-8", Page::of(page))
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces a header.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.headers.retain(|(header, _)| !header.eq_ignore_ascii_case(name));
        self.headers.push((name, value));
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The answer as bytes: compressed if allowed and accepted, without a body where there may be none.
    pub fn wire(&self, request: &Request, gzip: bool) -> Wire {
        let text = self
            .header("content-type")
            .is_none_or(|kind| !kind.starts_with("image/") || kind.contains("svg"));
        let accepted = request.header("accept-encoding").is_some_and(accepts_gzip);
        let gzip =
            gzip && accepted && text && self.page.len() > 512 && self.header("content-encoding").is_none();
        let body = if gzip { self.page.gzip() } else { self.page.plain() };
        let length: usize = body.iter().map(Bytes::len).sum();
        let mut head = format!("HTTP/1.1 {} {}\r\nServer: nginx\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if text {
            head.push_str("Vary: Accept-Encoding\r\n");
        }
        if gzip {
            head.push_str("Content-Encoding: gzip\r\n");
        }
        if self.status != 304 {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head.push_str(if request.keep_alive {
            "Connection: keep-alive\r\n\r\n"
        } else {
            "Connection: close\r\n\r\n"
        });
        let bodiless = self.status == 304 || request.method == "HEAD";
        Wire { head: head.into_bytes(), body: if bodiless { Vec::new() } else { body } }
    }
}

/// Whether an `Accept-Encoding` admits gzip.
fn accepts_gzip(header: &str) -> bool {
    header.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts
            .any(|part| matches!(part.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
