//! Whose request it is: the address of the peer or, behind trusted proxies, the one that they report. Knows no limits
//! and no countries.

use crate::guarded::RequestContext;
use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

/// Proxies whose `X-Forwarded-For` is believed: networks such as `10.0.0.0/8`, or single addresses.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Debug, Clone, Copy)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The text is not a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANetwork(pub String);

impl std::fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is no network; write for example 10.0.0.0/8 or 192.0.2.7", self.0)
    }
}
impl std::error::Error for NotANetwork {}

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl TrustedProxies {
    /// Trusts nobody.
    pub fn none() -> TrustedProxies {
        TrustedProxies::default()
    }
    /// Trusts loopback, as the demo does.
    pub fn loopback() -> TrustedProxies {
        let v4 = Network { address: IpAddr::from([127, 0, 0, 0]), prefix: 8 };
        let v6 = Network { address: Ipv6Addr::LOCALHOST.into(), prefix: 128 };
        TrustedProxies(vec![v4, v6])
    }
    /// Parses networks.
    pub fn parse<'a>(networks: impl IntoIterator<Item = &'a str>) -> Result<TrustedProxies, NotANetwork> {
        networks.into_iter().map(str::parse).collect::<Result<_, _>>().map(TrustedProxies)
    }
    /// Whether `address` belongs to a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// The client behind `peer`. The header's lines form one list, read from the right; trusted addresses are skipped,
    /// and the first other one is the client. An unreadable entry ends the search at the last good address.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        self.client_of(peer, headers.get_all(&FORWARDED_FOR).iter())
    }

    /// Like [`TrustedProxies::client`], given the header's lines.
    pub(crate) fn client_of<'a>(
        &self,
        peer: IpAddr,
        lines: impl DoubleEndedIterator<Item = &'a HeaderValue>,
    ) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let lines = lines.rev().map(|line| line.to_str().unwrap_or("?"));
        let mut last = peer;
        for token in lines.flat_map(|line| line.rsplit(',')).map(str::trim) {
            let Some(address) = forwarded(token) else { return last };
            if !self.trusts(address) {
                return address;
            }
            last = address;
        }
        last
    }
}

/// The `X-Forwarded-For` lines; usually none.
pub(crate) fn forwarded_lines(headers: &HeaderMap) -> Vec<HeaderValue> {
    headers.get_all(&FORWARDED_FOR).iter().cloned().collect()
}

fn forwarded(token: &str) -> Option<IpAddr> {
    let bracketed = token.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let address: Option<IpAddr> = bracketed.unwrap_or(token).parse().ok();
    address.or_else(|| token.parse().ok().map(|a: SocketAddr| a.ip())).map(|a| a.to_canonical())
}

impl FromStr for Network {
    type Err = NotANetwork;
    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |p| p.trim().parse().map_err(|_| wrong()))?;
        if prefix > most { Err(wrong()) } else { Ok(Network { address, prefix }) }
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        let (bits, ours, theirs) = match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (32, u128::from(a.to_bits()), u128::from(b.to_bits())),
            (IpAddr::V6(a), IpAddr::V6(b)) => (128, a.to_bits(), b.to_bits()),
            _ => return false,
        };
        self.prefix == 0 || (ours ^ theirs) >> (bits - u32::from(self.prefix)) == 0
    }
}

/// The client's address. Without a known peer (in tests) it is unspecified: `0.0.0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientAddr(pub IpAddr);

impl ClientAddr {
    /// The client behind a request, from its connection and what trusted proxies report.
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap) -> ClientAddr {
        let info = extensions.get::<RequestContext>().map(|given| given.connection.peer);
        let info =
            info.or_else(|| extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer));
        let peer = info.or_else(|| extensions.get::<SocketAddr>().copied());
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |p| p.ip());
        let trusted = extensions.get::<Arc<TrustedProxies>>();
        let client = trusted.map_or(peer.to_canonical(), |t| t.client(peer, headers));
        ClientAddr(client)
    }
    /// The unit that limits count by: the IPv4 address, or the /64 of an IPv6 address.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
            v4 => v4,
        }
    }
    /// Whether the address is loopback, private or link-local.
    pub fn is_local(self) -> bool {
        match self.0 {
            IpAddr::V4(a) => a.is_loopback() || a.is_private() || a.is_link_local(),
            IpAddr::V6(a) => a.is_loopback() || a.is_unique_local() || a.is_unicast_link_local(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddr {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(ClientAddr::of(&parts.extensions, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let trusted = TrustedProxies::parse(trusted.iter().copied()).unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        trusted.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_first_untrusted_address_from_the_right_is_the_client() {
        let trusted = ["10.0.0.1", "10.0.0.2"];
        let header = "203.0.113.9, 198.51.100.7, 10.0.0.1";
        assert_eq!(client(&trusted, "10.0.0.2", &[header]), "198.51.100.7");
        assert_eq!(
            client(&trusted, "10.0.0.2", &["203.0.113.9", "198.51.100.7", "10.0.0.1"]),
            "198.51.100.7"
        );
        assert_eq!(client(&trusted, "::ffff:10.0.0.2", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client(&trusted, "10.0.0.2", &["[2001:db8::7]:443"]), "2001:db8::7");
    }

    #[test]
    fn an_untrusted_peer_is_itself_whatever_it_says() {
        assert_eq!(client(&["10.0.0.0/8"], "198.51.100.50", &["1.2.3.4"]), "198.51.100.50");
        assert_eq!(client(&[], "127.0.0.1", &["1.2.3.4"]), "127.0.0.1");
    }

    #[test]
    fn at_an_unreadable_token_the_last_good_address_stands() {
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["203.0.113.9, nonsense, 10.0.0.1"]), "10.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["unknown"]), "10.0.0.2");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &[]), "10.0.0.2");
    }

    #[test]
    fn networks_are_read_strictly_and_hold_what_they_should() {
        assert!(TrustedProxies::parse(["10.0.0.0/33"]).is_err());
        assert!(TrustedProxies::parse(["somewhere"]).is_err());
        let all = TrustedProxies::parse(["0.0.0.0/0", "2001:db8::/32"]).unwrap();
        assert!(all.trusts("9.9.9.9".parse().unwrap()));
        assert!(all.trusts("2001:db8:1::".parse().unwrap()));
        assert!(!all.trusts("2001:db9::".parse().unwrap()));
    }

    #[test]
    fn ipv6_is_counted_by_its_64() {
        let addr = ClientAddr("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(addr.network().to_string(), "2001:db8:1:2::");
        assert_eq!(ClientAddr("192.0.2.7".parse().unwrap()).network().to_string(), "192.0.2.7");
    }
}
