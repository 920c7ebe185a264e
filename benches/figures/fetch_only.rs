//! The same pages through the same client, read to the end and thrown away: what the site and HTTP cost alone.

use std::io::{Read, sink};
use std::time::Instant;

use reqwest::blocking::Client;

/// Seconds to fetch all, one after the other over one connection.
pub fn run(addresses: &[String]) -> f64 {
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(1)
        .no_proxy()
        .build()
        .expect("a client");
    let started = Instant::now();
    for address in addresses {
        let mut response = client.get(address).send().expect("an answer");
        assert_eq!(response.status(), 200, "{address}");
        let read = std::io::copy(&mut response.by_ref(), &mut sink()).expect("a body");
        assert!(read > 0, "{address} is empty");
    }
    started.elapsed().as_secs_f64()
}
