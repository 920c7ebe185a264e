//! Which addresses may be reached. The one place that states the rule.
//!
//! A job's URLs come from pages, that is, from strangers; the server that runs the jobs stands inside a
//! network. So everything that is not a public address is refused (server-side request forgery), in the
//! URL as well as in the resolver that the connection really uses, on every redirect anew.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::IpNet;
use url::{Host, Url};

use crate::error::{Error, Result};

/// The address blocks that are not globally reachable: IANA's special-purpose address registries for IPv4
/// and IPv6, and the multicast blocks.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",       // "this network", RFC 791
    "10.0.0.0/8",      // private use, RFC 1918
    "100.64.0.0/10",   // carrier-grade NAT, RFC 6598
    "127.0.0.0/8",     // loopback, RFC 1122
    "169.254.0.0/16",  // link-local, RFC 3927; cloud metadata services
    "172.16.0.0/12",   // private use, RFC 1918
    "192.0.0.0/24",    // IETF protocol assignments, RFC 6890
    "192.0.2.0/24",    // documentation, RFC 5737
    "192.31.196.0/24", // AS112, RFC 7535
    "192.52.193.0/24", // AMT, RFC 7450
    "192.88.99.0/24",  // 6to4 relay anycast, RFC 7526
    "192.168.0.0/16",  // private use, RFC 1918
    "192.175.48.0/24", // AS112, RFC 7534
    "198.18.0.0/15",   // benchmarking, RFC 2544
    "198.51.100.0/24", // documentation, RFC 5737
    "203.0.113.0/24",  // documentation, RFC 5737
    "224.0.0.0/4",     // multicast, RFC 5771
    "240.0.0.0/4",     // reserved and limited broadcast, RFC 1112
    // Of IPv6, all but global unicast, 2000::/3 (IANA's registry of the address space): with it go the unspecified address,
    // loopback, IPv4-translated, local-use NAT64, discard-only, segment routing, unique local, link-local, site-local and
    // multicast addresses.
    "::/3",
    "4000::/2",
    "8000::/1",
    "2001::/23",         // IETF protocol assignments with Teredo, RFC 2928
    "2001:db8::/32",     // documentation, RFC 3849
    "2620:4f:8000::/48", // AS112, RFC 7534
    "3fff::/20",         // documentation, RFC 9637
];

static NOT_PUBLIC_NETS: LazyLock<Vec<IpNet>> =
    LazyLock::new(|| NOT_PUBLIC.iter().map(|net| net_of(net)).collect());

#[expect(
    clippy::expect_used,
    reason = "constants that the tests read; a block that is not understood may not pass for public"
)]
fn net_of(net: &str) -> IpNet {
    net.parse().expect("a network")
}

/// Whether an address is one that the whole internet can reach. IPv6 forms that carry an IPv4 address
/// (mapped, compatible, NAT64, 6to4) are judged by the address that they carry.
pub fn is_public(address: IpAddr) -> bool {
    if let IpAddr::V6(v6) = address
        && let Some(v4) = embedded_v4(v6)
    {
        return is_public(IpAddr::V4(v4));
    }
    !NOT_PUBLIC_NETS.iter().any(|net| net.contains(&address))
}

/// The IPv4 address inside of an IPv6 one: `::ffff:a.b.c.d` (RFC 4291), `::a.b.c.d` (RFC 4291, deprecated),
/// `64:ff9b::a.b.c.d` (RFC 6052), `2002:aabb:ccdd::` (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(join(high, low)),
        // :: and ::1 are addresses of their own.
        [0, 0, 0, 0, 0, 0] if high != 0 => Some(join(high, low)),
        [0x2002, b, c, ..] => Some(join(b, c)),
        _ => None,
    }
}

/// What the settings permit beyond the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Any address and any port.
    pub private_addresses: bool,
    /// Origin of the crawled site: its port is permitted, whatever it is.
    pub base_url: String,
}

/// Checks all of a URL that can be checked before its name is resolved: scheme, credentials, port, and the
/// address if the host is one.
pub fn check(url: &Url, permit: &Permit) -> Result<()> {
    let refuse = |reason: &str| Err(Error::Refused { url: printable(url), reason: reason.to_owned() });
    if !matches!(url.scheme(), "http" | "https") {
        return refuse(&format!("the scheme {} is not http or https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it carries credentials");
    }
    let Some(host) = url.host() else { return refuse("it has no host") };
    if permit.private_addresses {
        return Ok(());
    }
    if url.port().is_some_and(|port| !matches!(port, 80 | 443)) && !is_base(url, permit) {
        return refuse("its port is not 80 or 443");
    }
    let literal = match host {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    match literal {
        Some(address) if !is_public(address) => refuse(&format!("{address} is not a public address")),
        _ => Ok(()),
    }
}

fn is_base(url: &Url, permit: &Permit) -> bool {
    Url::parse(&permit.base_url).is_ok_and(|base| base.origin() == url.origin())
}

/// A URL without what must not be shown: its credentials.
pub fn printable(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that cannot hold credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

#[cfg(test)]
mod tests;
