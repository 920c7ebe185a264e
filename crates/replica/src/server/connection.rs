//! One connection: request, fault, answer, log entry, and again.

use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::request::Request;
use super::response::Wire;
use super::strike::{self, Delivery};
use super::{Shared, admin, routes};
use crate::log::{LogEntry, now_ns};

/// Serves a connection to its end.
pub(super) async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    // Failing to set it makes small answers slower, no more.
    let _ = stream.set_nodelay(true);
    let mut buffer = BytesMut::with_capacity(4096);
    while let Some(request) = Request::read(&mut stream, &mut buffer).await {
        let keep = if request.path().starts_with("/_replica/") {
            let wire = admin::respond(&shared, &request).wire(&request, false);
            send(&mut stream, &wire).await.is_some()
        } else {
            answer(&mut stream, &shared, &request).await
        };
        if !keep || !request.keep_alive {
            break;
        }
    }
}

/// Answers a request of the site. Whether the connection can go on.
async fn answer(stream: &mut TcpStream, shared: &Shared, request: &Request) -> bool {
    let mut entry = begin(shared, request);
    shared.log.record(&entry);
    let fault = shared.faults.strike(&request.method, &request.target);
    entry.fault = fault.as_ref().map(crate::faults::Fault::kind);
    if let Some(wait) = fault.as_ref().and_then(strike::wait) {
        tokio::time::sleep(wait).await;
    }
    let mut response = routes::respond(&shared.world, request);
    let mut delivery = Delivery::Whole;
    if let Some(fault) = &fault {
        delivery = strike::strike(fault, request, &mut response);
    }
    entry.retry_after = response.header("Retry-After").map(str::to_owned);
    let wire = response.wire(request, shared.world.switches().gzip);
    entry.status = if matches!(delivery, Delivery::Reset { after: 0 }) { 0 } else { response.status };
    entry.bytes = delivery.planned(&wire) as u64;
    shared.log.record(&entry);
    let sent = delivery.send(stream, &wire).await;
    entry.bytes = sent.unwrap_or(0) as u64;
    entry.end = now_ns() as f64 / 1e9;
    shared.log.finish(&entry);
    sent.is_some() && matches!(delivery, Delivery::Whole | Delivery::Drip { .. })
}

fn begin(shared: &Shared, request: &Request) -> LogEntry {
    let start_ns = now_ns();
    let header = |name: &str| request.header(name).map(str::to_owned);
    LogEntry {
        seq: shared.log.begin(),
        start: start_ns as f64 / 1e9,
        start_ns,
        end: 0.0,
        method: request.method.clone(),
        path: request.target.clone(),
        host: header("host"),
        status: 0,
        bytes: 0,
        user_agent: header("user-agent"),
        if_none_match: header("if-none-match"),
        if_modified_since: header("if-modified-since"),
        accept_encoding: header("accept-encoding"),
        fault: None,
        retry_after: None,
    }
}

/// Sends an answer whole. The bytes of its body; `None` if the client left.
pub(super) async fn send(stream: &mut TcpStream, wire: &Wire) -> Option<usize> {
    stream.write_all(&wire.head).await.ok()?;
    for piece in &wire.body {
        stream.write_all(piece).await.ok()?;
    }
    Some(wire.body_len())
}
