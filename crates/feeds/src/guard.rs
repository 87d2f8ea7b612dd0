//! Which addresses may be asked: nothing on this machine or in its network, whatever a page or a name server says.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether an address belongs to the public internet: not loopback, private, link-local, shared, multicast, reserved
/// or documentation, and no IPv6 form of such an IPv4 address.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // ::, ::1 and the old IPv4-compatible form.
        [0, 0, 0, 0, 0, 0, ..] => false,
        // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) lead to the IPv4 address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, documentation, benchmarking.
        [0x2001, 0 | 2 | 0xdb8, ..] => false,
        // Global unicast is 2000::/3; unique local, link-local and multicast lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The rules of one fetcher.
#[derive(Debug)]
pub(crate) struct Guard {
    allow_private: bool,
    fixed: BTreeMap<String, IpAddr>,
}

/// The address is not to be asked.
#[derive(Debug, thiserror::Error)]
#[error(
    "{host} is {address}, which is not on the public internet; fetch.allow_private_addresses lets it through"
)]
pub(crate) struct Blocked {
    host: String,
    address: IpAddr,
}

impl Guard {
    pub(crate) fn new(allow_private: bool, fixed: BTreeMap<String, IpAddr>) -> Self {
        Self { allow_private, fixed }
    }

    /// Refuses addresses that need no look-up: names go through [`Resolve`], literal addresses do not.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Blocked> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        self.permit(&address.to_string(), address)
    }

    fn permit(&self, host: &str, address: IpAddr) -> Result<(), Blocked> {
        if self.allow_private || is_public(address) {
            return Ok(());
        }
        Err(Blocked { host: host.to_owned(), address })
    }
}

/// Resolves names and refuses those that lead inside. The connection goes to exactly the addresses judged here, so a
/// name that resolves differently a moment later gains nothing.
#[derive(Clone, Debug)]
pub(crate) struct Resolver(pub(crate) Arc<Guard>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = match guard.fixed.get(host) {
                Some(address) => vec![SocketAddr::new(*address, 0)],
                None => tokio::net::lookup_host((host, 0)).await?.collect(),
            };
            // One address inside condemns the name: a mixed answer is an attack or a mistake.
            for address in &found {
                guard
                    .permit(host, address.ip())
                    .map_err(|blocked| Box::new(blocked) as Box<dyn Error + Send + Sync>)?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_told_from_outside() {
        for inside in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.7",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001:0:1::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "2606:2800:220:1::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn literal_addresses_in_any_notation_are_refused() {
        let guard = Guard::new(false, BTreeMap::new());
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]:80/",
            "http://017700000001/",
        ] {
            assert!(guard.check(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
        assert!(guard.check(&Url::parse("http://example.org/").unwrap()).is_ok());
        assert!(Guard::new(true, BTreeMap::new()).check(&Url::parse("http://127.0.0.1/").unwrap()).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn mapped_addresses_are_judged_like_their_own(octets: [u8; 4]) {
            let address = Ipv4Addr::from(octets);
            proptest::prop_assert_eq!(is_public(IpAddr::V6(address.to_ipv6_mapped())), is_public(IpAddr::V4(address)));
        }
    }
}
