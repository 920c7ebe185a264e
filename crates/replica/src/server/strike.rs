//! What a fault does to an answer and to its delivery.

use std::time::{Duration, SystemTime};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::connection::send;
use super::request::Request;
use super::response::{Response, Wire};
use crate::faults::{Declare, Fault};
use crate::page::{Page, Piece};

/// How an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    Drip { bytes: usize, interval: Duration },
    Truncate { at: Option<usize> },
    Reset { after: usize },
}

/// How long to wait before the head.
pub(super) fn wait(fault: &Fault) -> Option<Duration> {
    match fault {
        Fault::Slow { seconds, .. } => Duration::try_from_secs_f64(*seconds).ok(),
        _ => None,
    }
}

const HTML: &str = "text/html; charset=UTF-8";

/// Applies a fault to an answer.
pub(super) fn strike(fault: &Fault, request: &Request, response: &mut Response) -> Delivery {
    match fault {
        Fault::Slow { then, .. } => {
            if let Some(fault) = then {
                return strike(fault, request, response);
            }
        }
        Fault::Drip { bytes, interval_ms } => {
            return Delivery::Drip { bytes: (*bytes).max(1), interval: Duration::from_millis(*interval_ms) };
        }
        Fault::Truncate { at } => return Delivery::Truncate { at: *at },
        Fault::Reset { after } => return Delivery::Reset { after: *after },
        Fault::Status { status, retry_after, retry_after_date } => {
            *response = Response::new(
                *status,
                HTML,
                Page::of(format!("<html><body><h1>{status}</h1></body></html>")),
            );
            let date = retry_after_date.map(|seconds| httpdate::fmt_http_date(from_now(seconds)));
            if let Some(value) = retry_after.clone().or(date) {
                response.set("Retry-After", value);
            }
        }
        Fault::GzipBomb { megabytes } => {
            let bomb = Page(vec![Piece::new(vec![b' '; 1 << 20]); *megabytes]);
            *response = Response::html(Page(bomb.gzip().into_iter().map(Piece::new).collect()));
            response.set("Content-Encoding", "gzip".to_owned());
        }
        Fault::Big { megabytes } => *response = Response::html(big(*megabytes)),
        Fault::Redirect { to, status } => {
            *response = Response::redirect(*status, &to.replace("{path}", &request.target));
        }
        Fault::BlockPage { status } => {
            *response =
                Response::new(*status, HTML, Page::of(include_str!("../../templates/block_page.html")));
        }
        Fault::EmptyShell => {
            *response = Response::html(Page::of(include_str!("../../templates/empty_shell.html")))
        }
        Fault::Charset { charset, declare } => recode(response, charset, *declare),
        Fault::Nul => {
            let with_nul = response.page.to_vec().chunks(997).collect::<Vec<_>>().join(&0_u8);
            response.page = Page::of(with_nul);
        }
        Fault::Body { body, content_type, status } => {
            *response = Response::new(*status, content_type, Page::of(body.clone()));
        }
    }
    Delivery::Whole
}

fn from_now(seconds: i64) -> SystemTime {
    let offset = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { SystemTime::now() - offset } else { SystemTime::now() + offset }
}

/// A large page that is well-formed to its end.
fn big(megabytes: usize) -> Page {
    let paragraph = "<p>A page that does not know when to stop.</p>\n";
    let filler = Piece::new(paragraph.repeat((1 << 20) / paragraph.len() + 1));
    let mut pieces = vec![Piece::new("<!doctype html>\n<html><head><title>Big</title></head><body>\n")];
    pieces.extend(std::iter::repeat_n(filler, megabytes));
    pieces.push(Piece::new("</body></html>\n"));
    Page(pieces)
}

/// The page in another character set; what it lacks becomes a numeric entity.
fn recode(response: &mut Response, charset: &str, declare: Declare) {
    let bytes = response.page.to_vec();
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if declare == Declare::Meta {
        text = text.replacen("<head>", &format!("<head><meta charset=\"{charset}\">"), 1);
    }
    text = text.replacen("<meta charset=\"UTF-8\">", "", 1);
    let mut encoded = encode(&text, charset);
    if declare == Declare::Bom {
        let mark = encode("\u{feff}", charset);
        encoded.splice(0..0, mark);
    }
    response.page = Page::of(encoded);
    response.set(
        "Content-Type",
        match declare {
            Declare::Header => format!("text/html; charset={charset}"),
            Declare::Wrong => HTML.to_owned(),
            Declare::Meta | Declare::Bom | Declare::None => "text/html".to_owned(),
        },
    );
}

fn encode(text: &str, charset: &str) -> Vec<u8> {
    let charset = charset.to_lowercase();
    match charset.as_str() {
        "utf-16le" | "utf-16" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let label = if charset == "latin-1" { "iso-8859-1" } else { &charset };
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
            encoding.encode(text).0.into_owned()
        }
    }
}

impl Delivery {
    /// How many bytes of the body are to go out.
    pub fn planned(self, wire: &Wire) -> usize {
        match self {
            Self::Whole | Self::Drip { .. } => wire.body_len(),
            Self::Truncate { at } => at.unwrap_or(wire.body_len() / 2).min(wire.body_len().saturating_sub(1)),
            Self::Reset { after } => after.saturating_sub(wire.head.len()).min(wire.body_len()),
        }
    }

    /// Sends an answer. The bytes of its body that went out; `None` if the client left.
    pub async fn send(self, stream: &mut TcpStream, wire: &Wire) -> Option<usize> {
        match self {
            Self::Whole => send(stream, wire).await,
            Self::Drip { bytes, interval } => {
                stream.write_all(&wire.head).await.ok()?;
                for piece in wire.body.concat().chunks(bytes) {
                    stream.write_all(piece).await.ok()?;
                    tokio::time::sleep(interval).await;
                }
                Some(wire.body_len())
            }
            Self::Truncate { .. } => {
                let body = wire.body.concat();
                let at = self.planned(wire);
                stream.write_all(&wire.head).await.ok()?;
                stream.write_all(&body[..at]).await.ok()?;
                stream.shutdown().await.ok()?;
                Some(at)
            }
            Self::Reset { after } => {
                let whole = [wire.head.as_slice(), &wire.body.concat()].concat();
                let part = &whole[..after.min(whole.len())];
                stream.write_all(part).await.ok()?;
                // Closing with a linger time of zero discards what is unsent and resets the connection. Only for
                // a part that must arrive first: give the other side a moment to take it.
                if after > 0 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).ok()?;
                Some(self.planned(wire))
            }
        }
    }
}
