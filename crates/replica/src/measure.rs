//! How fast the replica serves: it must never be what a benchmark measures.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::{Config, Replica};

/// Pages and bytes of a measurement.
#[derive(Debug, Clone, Copy)]
pub struct Speed {
    /// Listing pages.
    pub pages: usize,
    /// Bytes of their bodies.
    pub bytes: usize,
    /// How long they took.
    pub elapsed: Duration,
}

impl Speed {
    /// Pages a second.
    pub fn per_second(&self) -> f64 {
        self.pages as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }
}

/// Fetches every listing `rounds` times over one connection, after one round that fills the cache; client and
/// server share the processor. The first number is the cold round.
///
/// # Errors
/// If the replica cannot be started or the connection breaks.
pub fn measure(config: Config, rounds: usize) -> std::io::Result<(Speed, Speed)> {
    let replica = Replica::start(config)?;
    let paths: Vec<String> = replica
        .shared
        .world
        .listings()
        .iter()
        .filter(|listing| !server_gone(listing))
        .map(|listing| format!("/listing/{}/", listing.slug))
        .collect();
    let mut client = BufReader::with_capacity(1 << 18, TcpStream::connect(("127.0.0.1", replica.port()))?);
    let mut body = Vec::new();
    let cold = round(&mut client, &paths, 1, &mut body)?;
    let warm = round(&mut client, &paths, rounds, &mut body)?;
    Ok((cold, warm))
}

fn server_gone(listing: &crate::model::listing::Listing) -> bool {
    crate::server::gone(listing)
}

fn round(
    client: &mut BufReader<TcpStream>,
    paths: &[String],
    rounds: usize,
    body: &mut Vec<u8>,
) -> std::io::Result<Speed> {
    let start = Instant::now();
    let mut bytes = 0;
    for path in paths.iter().cycle().take(paths.len() * rounds) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.get_mut().write_all(request.as_bytes())?;
        let length = head(client)?;
        body.resize(length, 0);
        client.read_exact(body)?;
        bytes += length;
    }
    Ok(Speed { pages: paths.len() * rounds, bytes, elapsed: start.elapsed() })
}

/// Reads a head; the length of the body that follows.
fn head(client: &mut BufReader<TcpStream>) -> std::io::Result<usize> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if client.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
        if line == "\r\n" {
            return Ok(length);
        }
    }
}
