//! In which country a network address is, and whether an office takes bookings from there. A port and its engines: a
//! database file in the MMDB format, or none. Knows no office, no request, no clock; when to reload the file is up to
//! the host.

mod country;
mod mmdb;

pub use country::{Country, NotACountry};
pub use mmdb::{Mmdb, MmdbFault};

use std::fmt::Debug;
use std::net::IpAddr;

/// What is known of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// In that country.
    In(Country),
    /// The database does not know the address.
    Unknown,
    /// There is no database.
    NotAsked,
}

/// The port: looks up the country of an address.
pub trait Territory: Debug + Send + Sync + 'static {
    /// Where an address is.
    fn of(&self, address: IpAddr) -> Whereabouts;

    /// Whether there is a database. Without one nobody is kept out.
    fn has_database(&self) -> bool {
        true
    }
}

/// Whether somebody at `place` may book where bookings are taken from `countries` only; an empty list means anywhere.
///
/// An address unknown to the database is refused: the rule says "from these countries", not "not from others". Without
/// a database nobody is kept out; whoever starts the program is warned.
pub fn admits(countries: &[String], place: Whereabouts) -> bool {
    match place {
        _ if countries.is_empty() => true,
        Whereabouts::In(country) => countries.iter().any(|code| code == country.code()),
        Whereabouts::Unknown => false,
        Whereabouts::NotAsked => true,
    }
}

/// The engine without a database.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDatabase;

impl Territory for NoDatabase {
    fn of(&self, _address: IpAddr) -> Whereabouts {
        Whereabouts::NotAsked
    }
    fn has_database(&self) -> bool {
        false
    }
}

/// Treats loopback, private and link-local addresses as being in one country, and asks another engine about all others.
/// For an installation tried out on one machine or inside one building.
#[derive(Clone, Debug)]
pub struct LocalIs<T> {
    /// The country of addresses that no database can know.
    pub country: Country,
    /// The engine for all other addresses.
    pub others: T,
}

impl<T: Territory> Territory for LocalIs<T> {
    fn of(&self, address: IpAddr) -> Whereabouts {
        if is_local(address.to_canonical()) {
            return Whereabouts::In(self.country);
        }
        self.others.of(address)
    }
    fn has_database(&self) -> bool {
        self.others.has_database()
    }
}

impl<T: Territory + ?Sized> Territory for std::sync::Arc<T> {
    fn of(&self, address: IpAddr) -> Whereabouts {
        T::of(self, address)
    }
    fn has_database(&self) -> bool {
        T::has_database(self)
    }
}

fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.is_loopback() || a.is_private() || a.is_link_local(),
        IpAddr::V6(a) => a.is_loopback() || a.is_unique_local() || a.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poland() -> Country {
        "PL".parse().unwrap()
    }

    #[test]
    fn only_the_named_countries_are_admitted_and_the_unknown_stay_outside() {
        let only = ["PL".to_owned()];
        assert!(admits(&only, Whereabouts::In(poland())));
        assert!(!admits(&only, Whereabouts::In("DE".parse().unwrap())));
        assert!(!admits(&only, Whereabouts::Unknown));
        assert!(admits(&only, Whereabouts::NotAsked));
        assert!(admits(&[], Whereabouts::In("DE".parse().unwrap())) && admits(&[], Whereabouts::Unknown));
    }

    #[test]
    fn local_addresses_are_where_the_installation_is_and_public_ones_are_looked_up() {
        let territory = LocalIs { country: poland(), others: NoDatabase };
        for local in ["127.0.0.1", "10.1.2.3", "192.168.0.7", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"]
        {
            assert_eq!(territory.of(local.parse().unwrap()), Whereabouts::In(poland()), "{local}");
        }
        for public in ["8.8.8.8", "2a02:d100::1", "0.0.0.0"] {
            assert_eq!(territory.of(public.parse().unwrap()), Whereabouts::NotAsked, "{public}");
        }
    }
}
