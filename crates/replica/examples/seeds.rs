//! Writes some pages of the replica into a folder, for the fuzzer to start from: the argument.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use bat_replica::{Config, Replica};

/// How many pages of each kind are written.
const EACH: usize = 5;

/// The body that a path of the replica answers with.
fn page(replica: &Replica, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", replica.port()))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(0, |at| at + 4);
    Ok(answer.split_off(end))
}

/// Paths of the first pages of each kind.
fn paths(replica: &Replica) -> Vec<String> {
    let truth = replica.truth();
    let urls = |list: &str, key: &str| -> Vec<String> {
        let entries = truth[list].as_array().into_iter().flatten();
        let urls = entries.filter_map(|entry| entry[key].as_str());
        urls.map(|url| url.replace("https://bringatrailer.com", "").replace(&replica.base_url(), ""))
            .filter(|path| path.starts_with('/'))
            .take(EACH)
            .collect()
    };
    let mut paths =
        vec!["/local-partners/".to_owned(), "/auctions/".to_owned(), "/auctions/results/".to_owned()];
    paths.extend(urls("listings", "url"));
    paths.extend(urls("partners", "bat_profile_url"));
    paths.extend(urls("partners", "website"));
    paths
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("the argument is a folder")?);
    let replica = Replica::start(Config { partners: 8, listings: 20, ..Config::default() })?;
    for path in paths(&replica) {
        let name = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        std::fs::write(Path::new(&folder).join(format!("replica{name}.html")), page(&replica, &path)?)?;
    }
    Ok(())
}
