//! Reads requests off a connection.

use bytes::{Buf, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub keep_alive: bool,
}

/// A request's head, at most.
const MAX_HEAD: usize = 64 * 1024;
/// A request's body, at most.
const MAX_BODY: usize = 8 << 20;

impl Request {
    /// Value of a header, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Path without query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// Query, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The next request of a connection; `None` at its end and where what comes is no HTTP.
    pub async fn read(stream: &mut TcpStream, buffer: &mut BytesMut) -> Option<Self> {
        loop {
            if let Some((mut request, length)) = parse(buffer)? {
                if request.header("expect").is_some_and(|expect| expect.eq_ignore_ascii_case("100-continue"))
                {
                    use tokio::io::AsyncWriteExt as _;
                    stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.ok()?;
                }
                while buffer.len() < length {
                    if stream.read_buf(buffer).await.ok()? == 0 {
                        return None;
                    }
                }
                request.body = buffer.split_to(length).to_vec();
                return Some(request);
            }
            if buffer.len() > MAX_HEAD || stream.read_buf(buffer).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// Takes a head off the buffer: outer `None` if it is malformed, inner `None` if it is incomplete.
fn parse(buffer: &mut BytesMut) -> Option<Option<(Request, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(buffer).ok()? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Some(None),
    };
    let mut request = Request {
        method: head.method?.to_owned(),
        target: head.path?.to_owned(),
        headers: head
            .headers
            .iter()
            .map(|header| (header.name.to_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
            .collect(),
        body: Vec::new(),
        keep_alive: head.version == Some(1),
    };
    if let Some(connection) = request.header("connection") {
        let connection = connection.to_lowercase();
        request.keep_alive =
            !connection.contains("close") && (request.keep_alive || connection.contains("keep-alive"));
    }
    let body = request.header("content-length").map_or(Some(0), |length| length.trim().parse().ok())?;
    buffer.advance(length);
    (body <= MAX_BODY).then_some(Some((request, body)))
}
