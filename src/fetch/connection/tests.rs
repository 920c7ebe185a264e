//! The resolver that the connection uses, with a source of addresses of the tests' own.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{IpAddr, TcpListener};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;

/// A name server that gives its answers one after the other, the last one for ever.
#[derive(Clone)]
struct Fake {
    answers: Arc<Mutex<VecDeque<Vec<IpAddr>>>>,
    asked: Arc<AtomicUsize>,
}

impl Fake {
    fn answering(answers: &[&[&str]]) -> Fake {
        let parse = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
        Fake { answers: Arc::new(Mutex::new(answers.iter().map(parse).collect())), asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Resolve for Fake {
    fn resolve(&self, _name: Name) -> Resolving {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        let addresses: Vec<SocketAddr> =
            answer.unwrap_or_default().into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as Addrs) })
    }
}

/// A site on this machine that counts its connections.
struct Canary {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Canary {
    fn start() -> Canary {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::Relaxed);
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 1024]);
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        Canary { port, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn config(private_addresses: bool) -> Config {
    Config {
        user_agent: "test".to_owned(),
        connect_timeout: Duration::from_secs(5),
        proxy: None,
        ca_file: None,
        private_addresses,
    }
}

/// Asks for a page of `name`, by a client of its own or one that is given.
fn get(client: &Client, name: &str, port: u16) -> Result<u16> {
    let url = Url::parse(&format!("http://{name}:{port}/")).unwrap();
    let answer = client.get(url.clone()).send();
    answer.map(|response| response.status().as_u16()).map_err(|error| error_of(&url, &error))
}

fn client_of(private_addresses: bool, fake: &Fake) -> Client {
    client_with(&config(private_addresses), &Connected::default(), fake.clone()).unwrap()
}

#[test]
fn names_that_lead_to_special_addresses_are_refused_before_anything_is_connected() {
    let canary = Canary::start();
    for address in [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "4000::1",
    ] {
        let fake = Fake::answering(&[&[address]]);
        let result = get(&client_of(false, &fake), "public.example", canary.port);
        let Err(Error::Refused { reason, .. }) = result else { panic!("{address}: {result:?}") };
        assert!(reason.contains("public.example resolves to"), "{address}: {reason}");
        assert_eq!(fake.asked(), 1, "{address}");
    }
    assert_eq!(canary.connections(), 0);
}

#[test]
fn one_special_address_among_public_ones_is_enough_to_refuse() {
    let canary = Canary::start();
    for answer in
        [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["2606:2800:220:1::1", "::1"]]
    {
        let fake = Fake::answering(&[&answer]);
        let result = get(&client_of(false, &fake), "public.example", canary.port);
        assert!(matches!(result, Err(Error::Refused { .. })), "{answer:?}: {result:?}");
    }
    assert_eq!(canary.connections(), 0);
}

#[test]
fn the_connection_goes_to_the_one_answer_that_was_checked() {
    let canary = Canary::start();
    // Whoever asks a second time, for a check or for the connection, is sent elsewhere: to an address where nobody is.
    let fake = Fake::answering(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = client_of(true, &fake);
    assert!(matches!(get(&client, "public.example", canary.port), Ok(200)));
    assert_eq!((fake.asked(), canary.connections()), (1, 1));
    assert!(matches!(get(&client, "public.example", canary.port), Err(Error::Connection { .. })));
    assert_eq!((fake.asked(), canary.connections()), (2, 1));
}

#[test]
fn what_the_resolver_hands_to_the_connection_is_what_it_has_checked() {
    let fake = Fake::answering(&[&["93.184.216.34"], &["127.0.0.1"]]);
    let resolver = GuardedResolver { source: Arc::new(fake.clone()), private_addresses: false, exempt: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let name = || "public.example".parse::<Name>().unwrap();
    let handed: Vec<IpAddr> =
        runtime.block_on(resolver.resolve(name())).ok().unwrap().map(|address| address.ip()).collect();
    assert_eq!(handed, ["93.184.216.34".parse::<IpAddr>().unwrap()]);
    assert_eq!(fake.asked(), 1);
    // The answer has changed: the next connection is refused.
    assert!(runtime.block_on(resolver.resolve(name())).is_err());
}

#[test]
fn only_the_proxy_itself_may_be_at_a_special_address() {
    let fake = Fake::answering(&[&["127.0.0.1"]]);
    let resolver = GuardedResolver {
        source: Arc::new(fake),
        private_addresses: false,
        exempt: Some("proxy.example".to_owned()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let is_permitted = |name: &str| runtime.block_on(resolver.resolve(name.parse::<Name>().unwrap())).is_ok();
    assert!(is_permitted("proxy.example"));
    assert!(!is_permitted("a.proxy.example"));
    assert!(!is_permitted("example"));
}
