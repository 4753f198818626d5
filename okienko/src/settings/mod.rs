//! Settings of an installation: the meaning of every key, all read in one place before anything starts. A file with
//! faults is refused with all of them listed. Knows no engine.

mod messages;
mod reader;
mod secret;
mod telemetry;

pub use messages::{Mail, Provider, Sms, Twilio};
pub use reader::Fault;
pub use secret::Secret;
pub use telemetry::Telemetry;

use crate::server::Limits;
use config::Environment;
use okienko::Role;
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::{Keys, Moment, Span};
use okienko_rpc::Tls;
use okienko_territory::Country;
use okienko_web::TrustedProxies;
use reader::Reader;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every key with its meaning and default.
pub const DEFAULTS: &str = include_str!("defaults.toml");
/// Keys for drills, unknown to a program for real installations.
const DRILL: &str = "\n[drill]\n# Domain time stands here (RFC 3339) and is moved by POST /dev/drill; empty: real time.\nclock = \"\"\n";
/// The minimum length of an installation's secret, in bytes.
const SECRET_BYTES: usize = 32;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The settings of an installation. Fields are the keys of `defaults.toml`, which documents them.
#[derive(Debug)]
pub struct Settings {
    pub embedded: Option<PathBuf>,
    pub serve: Serve,
    pub telemetry: Telemetry,
    pub ways: BTreeMap<Role, Vec<String>>,
    pub keys: Option<Keys>,
    pub tls: Option<Tls>,
    pub postgres: Postgres,
    pub nats: Nats,
    pub redis: Redis,
    pub processes: u32,
    pub sms: Sms,
    pub twilio: Twilio,
    pub mail: Mail,
    pub offices: Option<PathBuf>,
    pub access: Access,
    pub geo: Geo,
    pub drill_clock: Option<Moment>,
}

/// `[serve]`.
#[derive(Debug)]
pub struct Serve {
    pub listen: SocketAddr,
    pub grpc_listen: SocketAddr,
    pub advertise: Option<String>,
    pub base_url: Option<String>,
    pub trusted_proxies: TrustedProxies,
    pub client_connections: u32,
    pub client_streams: u32,
    pub notice: Duration,
    pub grace: Duration,
    pub staff_idle: Span,
    pub log: String,
    pub log_json: bool,
}

impl Serve {
    /// The limits for clients of this process.
    pub fn limits(&self) -> Limits {
        Limits {
            per_client: self.client_connections as usize,
            streams_per_client: self.client_streams as usize,
            ..Limits::here()
        }
    }
}

/// `[postgres]`.
#[derive(Debug)]
pub struct Postgres {
    pub url: Option<Secret>,
    pub relay_url: Option<Secret>,
    pub owner_url: Option<Secret>,
    pub request_connections: u32,
    pub relay_connections: u32,
}

/// `[nats]`.
#[derive(Debug)]
pub struct Nats {
    pub url: Option<Secret>,
    pub credentials: Option<Secret>,
    pub installation: String,
    pub keep: Duration,
    pub replicas: usize,
}

/// `[redis]`.
#[derive(Debug)]
pub struct Redis {
    pub url: Option<Secret>,
    pub prefix: String,
}

/// `[access]`.
#[derive(Debug)]
pub struct Access {
    pub dir: PathBuf,
    pub keep_days: i64,
}

/// `[geo]`.
#[derive(Debug)]
pub struct Geo {
    pub file: Option<PathBuf>,
    pub local_country: Option<Country>,
}

/// Lists faults, one per line.
pub fn listed(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    format!("{} to mend in the settings:\n{}", lines.len(), lines.join("\n"))
}

/// Whether a file holds settings rather than an office: it has a section that only settings have, or a name that says
/// so.
pub fn is_settings(path: &Path) -> bool {
    let named = path.file_stem().is_some_and(|name| name.to_string_lossy().contains("settings"));
    let read = std::fs::read_to_string(path).ok().and_then(|text| text.parse::<toml::Table>().ok());
    let known: toml::Table = defaults().parse().unwrap_or_default();
    let has =
        |table: toml::Table| table.iter().any(|(key, value)| known.contains_key(key) && value.is_table());
    path.is_file() && (named || read.is_some_and(|table| !table.contains_key("number") && has(table)))
}

/// The output of `okienko serve --defaults`.
pub fn defaults() -> String {
    let drill = if cfg!(feature = "drill") { DRILL } else { "" };
    format!("{DEFAULTS}{drill}")
}

impl Settings {
    /// Reads the defaults, the file and the environment.
    pub fn load(file: Option<&Path>) -> Result<Settings, Vec<Fault>> {
        let environment = Environment::with_prefix(reader::PREFIX).prefix_separator("__").separator("__");
        Settings::read(Reader::open(&defaults(), file, environment))
    }

    fn read(mut from: Reader) -> Result<Settings, Vec<Fault>> {
        let settings = Settings {
            embedded: from.path("embedded.data"),
            serve: serve(&mut from),
            telemetry: telemetry::telemetry(&mut from),
            ways: ways(&mut from),
            keys: keys(&mut from),
            tls: tls(&mut from),
            postgres: postgres(&mut from),
            nats: nats(&mut from),
            redis: Redis {
                url: address(&mut from, "redis.url", &["redis", "rediss"]),
                prefix: from.text("redis.prefix"),
            },
            processes: from.number("limits.processes", 1..=1000),
            sms: messages::sms(&mut from),
            twilio: messages::twilio(&mut from),
            mail: messages::mail(&mut from),
            offices: folder(&mut from, "offices.dir"),
            access: Access {
                dir: from.path("access.dir").unwrap_or_else(|| PathBuf::from("data/access")),
                keep_days: i64::from(from.number("access.keep_days", 1..=36_500)),
            },
            geo: Geo {
                file: from.path("geo.file"),
                local_country: from.parsed("geo.local_country", "a country's two letters, e.g. \"PL\""),
            },
            drill_clock: if cfg!(feature = "drill") { drill_clock(&mut from) } else { None },
        };
        let faults = from.faults();
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// Missing settings that these roles require.
    pub fn missing(&self, roles: impl IntoIterator<Item = Role> + Clone) -> Vec<Fault> {
        let mut missing = Vec::new();
        let mut needs = |there: bool, key: &str, what: &str| {
            if !there {
                missing.push(Fault::missing(key, what));
            }
        };
        let here = |role: Role| roles.clone().into_iter().any(|one| one == role);
        let gateway = here(Role::SmsGateway);
        needs(self.keys.is_some(), "keys.secret_file", "name the file that holds the installation's secret");
        let nowhere = self.serve.grpc_listen.ip().is_unspecified() && self.serve.advertise.is_none();
        needs(
            !nowhere,
            "serve.advertise",
            "write where others reach this process, e.g. http://10.0.0.7:9090",
        );
        let journal = roles.clone().into_iter().any(|role| role.has_journal());
        needs(self.postgres.url.is_some() || !journal, "postgres.url", "write postgres://user@host/database");
        needs(self.nats.url.is_some(), "nats.url", "write nats://host:4222");
        needs(self.redis.url.is_some(), "redis.url", "write redis://host:6379");
        for role in roles.clone() {
            for called in role.calls().iter().filter(|called| !here(**called)) {
                let known = self.ways.get(called).is_some_and(|ways| !ways.is_empty());
                let what = format!("{role} calls {called}, which does not run here: write where it runs");
                needs(known, &way_key(*called), &what);
            }
        }
        missing.extend(gateway.then(|| self.missing_outside()).into_iter().flatten());
        missing
    }
}

fn way_key(role: Role) -> String {
    format!("ways.{}", role.name().replace('-', "_"))
}

fn serve(from: &mut Reader) -> Serve {
    const LISTEN: &str = "address and port, e.g. \"127.0.0.1:8080\"";
    let mut listen = |key| {
        let read = from.parsed(key, LISTEN);
        read.unwrap_or_else(|| {
            if from.text(key).is_empty() {
                from.wrong(key, format!("is empty: write {LISTEN}"));
            }
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    };
    let (http, grpc) = (listen("serve.listen"), listen("serve.grpc_listen"));
    let networks = from.list("serve.trusted_proxies");
    let trusted = TrustedProxies::parse(networks.iter().map(String::as_str)).unwrap_or_else(|fault| {
        from.wrong("serve.trusted_proxies", fault.to_string());
        TrustedProxies::none()
    });
    let base_url = web_address(from, "serve.base_url");
    if base_url.as_ref().is_some_and(|url| url.ends_with('/')) {
        from.wrong("serve.base_url", "ends with a slash: write it without");
    }
    Serve {
        listen: http,
        grpc_listen: grpc,
        advertise: web_address(from, "serve.advertise"),
        base_url,
        trusted_proxies: trusted,
        client_connections: from.number("serve.client_connections", 10..=60_000),
        client_streams: from.number("serve.client_streams", 10..=60_000),
        notice: Duration::from_secs(u64::from(from.number("serve.notice_s", 0..=300))),
        grace: Duration::from_secs(u64::from(from.number("serve.grace_s", 0..=3600))),
        staff_idle: Span::from_mins(i64::from(from.number("serve.staff_idle_min", 5..=720))),
        log: from.text("serve.log"),
        log_json: from.is("serve.log_json"),
    }
}

fn ways(from: &mut Reader) -> BTreeMap<Role, Vec<String>> {
    let called = [Role::SmsGateway, Role::Booking, Role::Queue];
    let all = called.map(|role| {
        let (key, mut addresses) = (way_key(role), Vec::new());
        for address in from.list(&key) {
            if is_web_address(&address) {
                addresses.push(address);
            } else {
                from.wrong(&key, format!("{address:?} is no address: write http://host:port"));
            }
        }
        (role, addresses)
    });
    all.into()
}

fn keys(from: &mut Reader) -> Option<Keys> {
    const FILE: &str = "keys.secret_file";
    // All bytes of the file count: the secret that a demo creates in its data folder is not text.
    let (key, secret) = if from.path(FILE).is_some() {
        let path = from.path(FILE)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if crate::demo_mark::is_marked(folder) {
            from.wrong(
                FILE,
                "is a demo's, whose keys everybody may have: make one with `openssl rand -hex 32`",
            );
        }
        (FILE, from.bytes(FILE)?)
    } else {
        ("keys.secret", from.secret("keys.secret", |_| false)?.reveal().as_bytes().to_vec())
    };
    if secret.len() < SECRET_BYTES {
        let what = format!("is shorter than {SECRET_BYTES} bytes: make one with `openssl rand -hex 32`");
        from.wrong(key, what);
    }
    Some(Keys::from_secret(&secret))
}

fn tls(from: &mut Reader) -> Option<Tls> {
    let keys = ["tls.authority_file", "tls.certificate_file", "tls.key_file", "tls.name"];
    let told = keys.map(|key| !from.text(key).is_empty());
    if !told.contains(&true) {
        return None;
    }
    for (key, told) in keys.iter().zip(told) {
        if !told {
            from.wrong(key, "is missing: TLS needs authority, certificate, key and name");
        }
    }
    let mut read = |key| from.contents(key).map(|text| text.reveal().to_owned());
    let (authority, certificate, key) = (read(keys[0])?, read(keys[1])?, read(keys[2])?);
    Some(Tls { authority, certificate, key, name: from.text(keys[3]) })
}

fn postgres(from: &mut Reader) -> Postgres {
    const SCHEMES: &[&str] = &["postgres", "postgresql"];
    Postgres {
        url: address(from, "postgres.url", SCHEMES),
        relay_url: address(from, "postgres.relay_url", SCHEMES),
        owner_url: address(from, "postgres.owner_url", SCHEMES),
        request_connections: from.number("postgres.request_connections", 1..=100),
        relay_connections: from.number("postgres.relay_connections", 1..=100),
    }
}

fn nats(from: &mut Reader) -> Nats {
    let installation = from.text("nats.installation");
    if !installation.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        from.wrong("nats.installation", "write small letters and digits alone");
    }
    let replicas = from.number("nats.replicas", 1..=5);
    if replicas.is_multiple_of(2) {
        from.wrong("nats.replicas", "write 1, 3 or 5: an even number is no safer than the one below it");
    }
    Nats {
        url: address(from, "nats.url", &["nats", "tls"]),
        credentials: from.contents("nats.credentials_file"),
        installation,
        keep: DAY * from.number("nats.keep_days", 1..=365),
        replicas: replicas as usize,
    }
}

/// An address of a server with one of these schemes; several separated by commas. Counts as a secret if more than a
/// user name precedes the host.
fn address(from: &mut Reader, key: &str, schemes: &[&str]) -> Option<Secret> {
    let bare = |text: &str| {
        let people = text.split(',').filter_map(|one| one.rsplit_once('@')).map(|(before, _)| before);
        let names = people.map(|before| before.rsplit("//").next().unwrap_or(before));
        // With NATS, text without a colon there is a token.
        names.into_iter().all(|name| !name.contains(':') && !schemes.contains(&"nats"))
    };
    let secret = from.secret(key, bare)?;
    let known = |one: &str| schemes.iter().any(|scheme| one.trim().starts_with(&format!("{scheme}://")));
    if !secret.reveal().split(',').all(known) {
        // The value itself is not shown: it may contain a password.
        from.wrong(key, format!("is no address of that kind: write {}://host…", schemes[0]));
    }
    Some(secret)
}

fn web_address(from: &mut Reader, key: &str) -> Option<String> {
    let text = Some(from.text(key)).filter(|text| !text.is_empty())?;
    if !is_web_address(&text) {
        from.wrong(key, format!("{text:?} is no address: write http://host:port"));
    }
    Some(text)
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && text.parse::<http::Uri>().is_ok())
}

fn folder(from: &mut Reader, key: &str) -> Option<PathBuf> {
    let path = from.path(key)?;
    if !path.is_dir() {
        from.wrong(key, format!("{} is no folder", path.display()));
    }
    Some(path)
}

fn drill_clock(from: &mut Reader) -> Option<Moment> {
    let text = Some(from.text("drill.clock")).filter(|text| !text.is_empty())?;
    let read = parse_rfc3339(&text).ok();
    if read.is_none() {
        from.wrong("drill.clock", "write an instant, e.g. \"2026-12-01T07:30:00+01:00\"");
    }
    read
}

#[cfg(test)]
mod tests;
