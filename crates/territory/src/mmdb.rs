//! A database file in the MMDB format, of any vendor: their records differ in shape. Keeps the last good file in memory
//! and loads a newer one when asked to check; a broken newer one changes nothing. Knows no office.

use crate::{Country, Territory, Whereabouts};
use maxminddb::Reader;
use parking_lot::{Mutex, RwLock};
use serde::Deserialize;
use std::fmt;
use std::fs::Metadata;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MmdbFault {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not an MMDB file.
    #[error("{path} is no MMDB database: {error}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: maxminddb::MaxMindDbError,
    },
}

/// Countries from an MMDB file.
pub struct Mmdb {
    path: PathBuf,
    reader: RwLock<Reader<Vec<u8>>>,
    /// The mark of the file that was last examined.
    mark: Mutex<Option<Mark>>,
}

/// What changes when a file is rewritten.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    length: u64,
    modified: Option<SystemTime>,
}

impl Mark {
    fn of(metadata: &Metadata) -> Mark {
        Mark { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Mmdb {
    /// Reads the whole file into memory (a country database has a few megabytes).
    pub fn open(path: &Path) -> Result<Mmdb, MmdbFault> {
        let (reader, mark) = read(path)?;
        Ok(Mmdb { path: path.to_owned(), reader: RwLock::new(reader), mark: Mutex::new(Some(mark)) })
    }

    /// Reloads the file if it has changed since the last check; returns whether it did. Reads from disk: call it from a
    /// thread that may block. After a fault the file in memory stays in use.
    pub fn refresh(&self) -> Result<bool, MmdbFault> {
        let seen = std::fs::metadata(&self.path).map_err(|error| unreadable(&self.path, error))?;
        if *self.mark.lock() == Some(Mark::of(&seen)) {
            return Ok(false);
        }
        // Marked before it is read, so that a broken file is reported once and not at every check.
        *self.mark.lock() = Some(Mark::of(&seen));
        let (reader, mark) = read(&self.path)?;
        *self.reader.write() = reader;
        *self.mark.lock() = Some(mark);
        Ok(true)
    }

    /// When the vendor built the data in memory, in seconds since the Unix epoch.
    pub fn built_at(&self) -> u64 {
        self.reader.read().metadata().build_epoch
    }
}

fn unreadable(path: &Path, error: std::io::Error) -> MmdbFault {
    MmdbFault::Unreadable { path: path.to_owned(), error }
}

fn read(path: &Path) -> Result<(Reader<Vec<u8>>, Mark), MmdbFault> {
    let seen = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, error))?;
    let malformed = |error| MmdbFault::Malformed { path: path.to_owned(), error };
    Ok((Reader::from_source(bytes).map_err(malformed)?, Mark::of(&seen)))
}

impl fmt::Debug for Mmdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mmdb({})", self.path.display())
    }
}

impl Territory for Mmdb {
    fn of(&self, address: IpAddr) -> Whereabouts {
        let reader = self.reader.read();
        let found = reader.lookup(address.to_canonical()).and_then(|entry| entry.decode::<Record<'_>>());
        match found.ok().flatten().and_then(|record| record.country()) {
            Some(country) => Whereabouts::In(country),
            None => Whereabouts::Unknown,
        }
    }
}

/// A record of any vendor. `country` is a map with `iso_code` in one shape, a plain code or name in another; some have
/// `country_code` beside or instead of it. `registered_country` is where the network is registered, used when nothing
/// says where it is in use.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    country_code: Option<&'a str>,
    #[serde(borrow, default)]
    country: Option<Named<'a>>,
    #[serde(borrow, default)]
    registered_country: Option<Named<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named<'a> {
    Plain(&'a str),
    #[serde(borrow)]
    Map(Coded<'a>),
}

#[derive(Deserialize)]
struct Coded<'a> {
    #[serde(borrow, default)]
    iso_code: Option<&'a str>,
}

impl Named<'_> {
    fn code(&self) -> Option<&str> {
        match self {
            Named::Plain(code) => Some(code),
            Named::Map(coded) => coded.iso_code,
        }
    }
}

impl Record<'_> {
    fn country(&self) -> Option<Country> {
        let named = |named: &Option<Named<'_>>| named.as_ref().and_then(|n| n.code()?.parse().ok());
        let flat = self.country_code.and_then(|code| code.parse().ok());
        flat.or_else(|| named(&self.country)).or_else(|| named(&self.registered_country))
    }
}
