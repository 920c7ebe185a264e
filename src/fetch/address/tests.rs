//! Every notation of every kind of address, and what else a URL can try.

use super::*;

fn permit(private_addresses: bool) -> Permit {
    Permit { private_addresses, base_url: "http://base.example:8080".to_owned() }
}

/// Whether a URL is kept from being fetched: it is refused, or it is no URL at all.
fn is_refused(url: &str) -> bool {
    Url::parse(url).is_err() || is_refused_by_rule(url)
}

fn is_refused_by_rule(url: &str) -> bool {
    let url = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    matches!(check(&url, &permit(false)), Err(Error::Refused { .. }))
}

/// Hosts that stand for an address that is not public, by what they are.
const SPECIAL: &[(&str, &[&str])] = &[
    (
        "loopback in every notation",
        &[
            "127.0.0.1",
            "127.255.255.254",
            "127.1",
            "127.0.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0x7f.0x0.0x0.0x1",
            "0177.0.0.1",
            "0177.0.0.01",
            "017700000001",
            "%31%32%37.0.0.1",
            "１２７.０.０.１",
            "①②⑦.0.0.1",
            "127。0。0。1",
        ],
    ),
    ("this network", &["0.0.0.0", "0", "0x0", "00", "0.1.2.3"]),
    (
        "private",
        &[
            "10.0.0.0",
            "10.255.255.255",
            "10.1",
            "167772161",
            "0x0a000001",
            "012.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "0xac.0x10.1",
            "2886729729",
            "192.168.0.1",
            "192.168.257",
            "3232235777",
            "0300.0250.1.1",
        ],
    ),
    (
        "link-local, where cloud metadata services are",
        &[
            "169.254.169.254",
            "169.254.0.1",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
        ],
    ),
    ("carrier-grade NAT", &["100.64.0.1", "100.127.255.255", "1681915905", "0x64.0x40.1"]),
    (
        "protocol assignments, anycast, documentation, benchmarking",
        &[
            "192.0.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.175.48.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
        ],
    ),
    ("multicast", &["224.0.0.1", "239.255.255.255", "3758096385"]),
    ("reserved and broadcast", &["240.0.0.1", "255.255.255.255", "4294967295", "0xffffffff", "037777777777"]),
    ("IPv6 loopback and unspecified", &["[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::0.0.0.1]"]),
    (
        "IPv4-mapped, -compatible and -translated",
        &[
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:100.64.0.1]",
            "[::127.0.0.1]",
            "[::10.0.0.1]",
            "[::ffff:0:127.0.0.1]",
            "[::ffff:0:93.184.216.34]",
        ],
    ),
    (
        "NAT64",
        &[
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::1]",
            "[64:ff9b:1::808:808]",
        ],
    ),
    (
        "6to4",
        &[
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[2002:a9fe:a9fe::1]",
            "[2002:a00:1::]",
            "[2002:6440:1::]",
        ],
    ),
    ("Teredo", &["[2001::1]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]"]),
    ("unique local", &["[fc00::1]", "[fd12:3456::1]", "[fdff:ffff::1]", "[fd00:ec2::254]"]),
    ("link-local and site-local", &["[fe80::1]", "[febf::1]", "[fec0::1]", "[feff::1]"]),
    ("IPv6 multicast", &["[ff02::1]", "[ff0e::1]"]),
    (
        "IPv6 documentation, discard, segment routing, AS112, benchmarking, ORCHID",
        &[
            "[2001:db8::1]",
            "[3fff::1]",
            "[100::1]",
            "[5f00::1]",
            "[2620:4f:8000::1]",
            "[2001:2::1]",
            "[2001:20::1]",
        ],
    ),
    (
        "IPv6 outside of what is assigned",
        &["[200::1]", "[1000::1]", "[4000::1]", "[6000::1]", "[8000::1]", "[e000::1]"],
    ),
];

#[test]
fn every_block_of_the_table_parses() {
    assert_eq!(NOT_PUBLIC_NETS.len(), NOT_PUBLIC.len());
}

#[test]
fn special_addresses_are_refused_in_every_notation() {
    for (kind, hosts) in SPECIAL {
        for host in *hosts {
            for url in
                [format!("http://{host}/"), format!("https://{host}:443/x?y#z"), format!("http:\\\\{host}\\")]
            {
                assert!(is_refused_by_rule(&url), "{kind}: {url}");
            }
        }
    }
}

#[test]
fn addresses_with_a_zone_and_numbers_that_are_none_are_no_urls() {
    for host in [
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[::1%250]",
        "256.256.256.256",
        "4294967296",
        "127.0.0.0x100",
        "0x1ffffffff",
        "1.2.3.4.5",
        "",
    ] {
        assert!(Url::parse(&format!("http://{host}/")).is_err(), "{host}");
    }
}

#[test]
fn public_addresses_and_names_pass() {
    for host in [
        "93.184.216.34",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "169.253.255.255",
        "223.255.255.255",
        "[2606:2800:220:1::1]",
        "[2a00:1450::1]",
        "[2001:4860:4860::8888]",
        "[::ffff:93.184.216.34]",
        "[64:ff9b::93.184.216.34]",
        "[2002:5db8:d822::1]",
        "example.com",
        "localhost",
    ] {
        assert!(!is_refused(&format!("https://{host}/")), "{host}");
    }
}

#[test]
fn other_schemes_are_refused() {
    for url in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "gopher://example.com/",
        "ws://example.com/",
        "data:text/html,x",
        "javascript:alert(1)",
        "about:blank",
        "blob:https://example.com/1",
        "unix:/run/postgresql/.s.PGSQL.5432",
        "jar:http://example.com!/",
        "view-source:http://example.com/",
    ] {
        assert!(is_refused_by_rule(url), "{url}");
    }
}

#[test]
fn credentials_are_refused_however_they_hide_the_host() {
    for url in [
        "http://user@example.com/",
        "http://u:p@example.com/",
        "http://:p@example.com/",
        "https://bringatrailer.com@127.0.0.1/",
        "https://bringatrailer.com:443@example.com/",
        "https://example.com%2f@127.0.0.1/",
        "http://example.com\\@127.0.0.1/x@y",
    ] {
        let parsed = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        // A backslash ends the host: what follows is a path.
        let is_path = parsed.host_str() == Some("example.com")
            && parsed.username().is_empty()
            && parsed.password().is_none();
        assert!(is_path && url.contains('\\') || is_refused_by_rule(url), "{url}");
    }
}

#[test]
fn ports_are_those_of_the_web_and_of_the_site() {
    for url in [
        "http://example.com:8080/",
        "https://example.com:22/",
        "http://example.com:5432/",
        "http://example.com:0/",
        "http://example.com:65535/",
        "https://base.example:8080/x",
        "http://other.example:8080/x",
        "http://base.example:8081/x",
    ] {
        assert!(is_refused_by_rule(url), "{url}");
    }
    for url in [
        "http://example.com:443/",
        "https://example.com:80/",
        "http://example.com:80/",
        "http://base.example:8080/x",
    ] {
        assert!(!is_refused(url), "{url}");
    }
}

#[test]
fn the_setting_permits_addresses_and_ports_but_no_schemes_or_credentials() {
    let check = |url: &str| Url::parse(url).is_ok_and(|url| check(&url, &permit(true)).is_ok());
    assert!(check("http://127.0.0.1:9000/"));
    assert!(!check("ftp://127.0.0.1/"));
    assert!(!check("http://u:p@127.0.0.1/"));
}

#[test]
fn a_message_never_shows_credentials() {
    let url = Url::parse("http://user:secret@example.com/x");
    let message = url.map(|url| check(&url, &permit(false)).map_err(|error| error.to_string()));
    assert!(matches!(message, Ok(Err(text)) if !text.contains("secret") && text.contains("example.com/x")));
}
