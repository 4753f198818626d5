//! A client's network as limits and logs see it: a keyed hash, never the address. Knows no rule.

use super::figures::WIDER;
use okienko_kernel::{Keys, base32};
use okienko_limits::{Hit, Rate};
use okienko_web::ClientAddr;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The keyed hash of a network; shown in base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NetworkId([u8; 10]);

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::encode(&self.0))
    }
}

/// A network: one IPv4 address, or an IPv6 /64 with the wider ones around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The hash of the network itself.
    pub id: NetworkId,
    /// Hashes of the wider ones, each with the multiple of a figure that it may have.
    wider: Vec<(NetworkId, u32)>,
}

impl Network {
    /// The network of a client.
    pub fn of(client: ClientAddr, keys: &Keys) -> Network {
        let hash = |address: &[u8], prefix: u8| {
            let mut id = [0; 10];
            id.copy_from_slice(&keys.mac("network", &[address, &[prefix]])[..10]);
            NetworkId(id)
        };
        match client.0.to_canonical() {
            IpAddr::V4(address) => Network { id: hash(&address.octets(), 32), wider: Vec::new() },
            IpAddr::V6(address) => {
                let part = |prefix| hash(&cut(address, prefix), prefix);
                Network {
                    id: part(64),
                    wider: WIDER.iter().map(|(prefix, times)| (part(*prefix), *times)).collect(),
                }
            }
        }
    }

    /// The hashes of the network and of the wider ones, each with the multiple of a figure that it may have.
    pub fn all(&self) -> impl Iterator<Item = (NetworkId, u32)> {
        std::iter::once((self.id, 1)).chain(self.wider.iter().copied())
    }

    /// A limit applied to the network and to the wider ones.
    pub fn hits(&self, rule: &str, rate: Rate) -> Vec<Hit> {
        let own = Hit { key: format!("{rule}/net/{}", self.id), rate };
        let wider = self.wider.iter().map(|(id, times)| Hit {
            key: format!("{rule}/net/{id}"),
            rate: Rate { count: rate.count * times, per: rate.per, burst: rate.burst * times },
        });
        std::iter::once(own).chain(wider).collect()
    }
}

fn cut(address: Ipv6Addr, prefix: u8) -> [u8; 16] {
    (address.to_bits() & (u128::MAX << (128 - u32::from(prefix)))).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn network(address: &str) -> Network {
        Network::of(ClientAddr(address.parse().unwrap()), &Keys::from_secret(b"s"))
    }

    #[test]
    fn one_ipv4_address_is_a_network_and_so_is_an_ipv6_64_within_wider_ones() {
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.7"));
        assert_ne!(network("192.0.2.7").id, network("192.0.2.8").id);
        let rate = Rate::new(10, Duration::from_secs(60));
        let keys = |address: &str| -> Vec<String> {
            network(address).hits("x", rate).into_iter().map(|hit| hit.key).collect()
        };
        let here = keys("2001:db8:1:2::7");
        assert_eq!(here, keys("2001:db8:1:2:ffff::1"));
        let beside = keys("2001:db8:1:3::7");
        assert_ne!(here[0], beside[0]);
        assert_eq!(here[1..], beside[1..]);
        let farther = keys("2001:db8:1:ff02::7");
        assert_ne!(here[1], farther[1]);
        assert_eq!(here[2], farther[2]);
        assert_ne!(here[2], keys("2001:db8:2:2::7")[2]);
        let counts: Vec<u32> =
            network("2001:db8::1").hits("x", rate).iter().map(|hit| hit.rate.burst).collect();
        assert_eq!(counts, [10, 40, 160]);
    }

    #[test]
    fn no_key_shows_an_address() {
        let rate = Rate::new(1, Duration::from_secs(1));
        for hit in network("192.0.2.7").hits("x", rate) {
            assert!(!hit.key.contains("192"), "{}", hit.key);
        }
    }
}
