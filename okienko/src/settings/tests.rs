//! What is reported about wrong settings, and what is never revealed.

use super::*;
use std::collections::HashMap;

fn read(file: &str, environment: &[(&str, &str)]) -> Result<Settings, Vec<Fault>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, file).unwrap();
    let pairs: HashMap<String, String> =
        environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let environment = Environment::with_prefix("OKIENKO").prefix_separator("__").separator("__");
    let environment = environment.source(Some(pairs.into_iter().collect()));
    Settings::read(Reader::open(&defaults(), Some(&path), environment))
}

fn keys(read: Result<Settings, Vec<Fault>>) -> Vec<String> {
    let mut keys: Vec<String> = read.expect_err("there are faults").into_iter().map(|f| f.key).collect();
    keys.sort();
    keys
}

#[test]
fn the_defaults_have_no_fault_and_the_stronger_layer_counts() {
    let plain = read("", &[]).unwrap();
    assert_eq!(plain.serve.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
    let file = "[serve]\nlisten = \"127.0.0.1:1\"\ngrpc_listen = \"127.0.0.1:2\"\n[ways]\nqueue = [\"http://a:1\"]\n";
    let environment = [
        ("OKIENKO__SERVE__LISTEN", "127.0.0.1:3"),
        ("OKIENKO__SERVE__LOG_JSON", "true"),
        ("OKIENKO__SERVE__GRACE_S", "7"),
        ("OKIENKO__WAYS__BOOKING", "http://b:1, http://b:2"),
    ];
    let both = read(file, &environment).unwrap();
    assert_eq!((both.serve.listen.port(), both.serve.grpc_listen.port()), (3, 2));
    assert_eq!((both.serve.log_json, both.serve.grace), (true, Duration::from_secs(7)));
    assert_eq!(both.ways[&Role::Booking], ["http://b:1", "http://b:2"]);
    assert_eq!(both.ways[&Role::Queue], ["http://a:1"]);
}

#[test]
fn every_fault_is_told_at_once_by_key() {
    let file = "sevre = 1\n[serve]\nlisten = \"here\"\ngrace_s = -1\ntrusted_proxies = [\"10/8\"]\nlog_json = 1\n\
        lisen = \"127.0.0.1:1\"\nbase_url = \"https://a/\"\n[ways]\nbooking = [\"booking:9090\"]\nqueue = 1\n\
        [nats]\nreplicas = 2\nkeep_days = 1.5\n[redis]\nurl = \"http://x\"\n[offices]\ndir = \"/nowhere\"\n\
        [tls]\nname = \"okienko\"\n[geo]\nlocal_country = \"Poland\"\n";
    let environment = [("OKIENKO__KEYS__SECRET", "short"), ("OKIENKO__KEYS__SECRT", "x")];
    let wanted = [
        "geo.local_country",
        "keys.secret",
        "keys.secrt",
        "nats.keep_days",
        "nats.replicas",
        "offices.dir",
        "redis.url",
        "serve.base_url",
        "serve.grace_s",
        "serve.lisen",
        "serve.listen",
        "serve.log_json",
        "serve.trusted_proxies",
        "sevre",
        "tls.authority_file",
        "tls.certificate_file",
        "tls.key_file",
        "ways.booking",
        "ways.queue",
    ];
    assert_eq!(keys(read(file, &environment)), wanted);
}

#[test]
fn a_fault_says_where_the_value_came_from_and_what_to_write() {
    let faults = read("[serve]\ngrace_s = 9999\n", &[("OKIENKO__SERVE__LISTEN", "x")]).unwrap_err();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "serve.listen (the environment): \"x\" cannot be read: write address and port, e.g. \"127.0.0.1:8080\""
    );
    assert!(told[1].starts_with("serve.grace_s (") && told[1].contains("settings.toml): "), "{}", told[1]);
    assert!(told[1].ends_with("write a whole number from 0 to 3600"), "{}", told[1]);
}

const PASSWORD: &str = "correct-horse-battery-staple-0123456789";

#[test]
fn a_secret_in_a_settings_file_is_a_fault_and_is_never_shown() {
    for (key, line) in [
        ("keys.secret", format!("[keys]\nsecret = \"{PASSWORD}\"")),
        ("postgres.url", format!("[postgres]\nurl = \"postgres://okienko:{PASSWORD}@db/okienko\"")),
        ("nats.url", format!("[nats]\nurl = \"nats://{PASSWORD}@nats:4222\"")),
        ("redis.url", format!("[redis]\nurl = \"redis://:{PASSWORD}@redis\"")),
    ] {
        let faults = read(&line, &[]).unwrap_err();
        assert_eq!(faults.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(), [key]);
        assert!(!format!("{faults:?} {}", faults[0]).contains(PASSWORD), "{key}");
    }
    // A line that cannot be parsed is not shown either.
    let faults = read(&format!("[keys]\nsecret = {PASSWORD}"), &[]).unwrap_err();
    let told = faults[0].to_string();
    assert!(told.contains("line 2") && !told.contains("horse"), "{told}");
}

#[test]
fn a_secret_comes_from_its_file_or_the_environment_and_prints_as_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, format!("postgres://a:{PASSWORD}@db/x\n")).unwrap();
    let file = format!("[postgres]\nurl_file = {path:?}\nrelay_url = \"postgres://relay@db/x\"\n");
    let settings = read(&file, &[("OKIENKO__KEYS__SECRET", PASSWORD)]).unwrap();
    assert_eq!(settings.postgres.url.as_ref().unwrap().reveal(), format!("postgres://a:{PASSWORD}@db/x"));
    assert!(settings.keys.is_some());
    assert!(!format!("{settings:?}").contains("horse"));
    assert_eq!(keys(read("[keys]\nsecret_file = \"/nowhere\"\n", &[])), ["keys.secret_file"]);
}

#[test]
fn a_role_names_what_it_cannot_do_without() {
    let settings = read("", &[]).unwrap();
    let told = |roles: &[Role]| -> Vec<String> {
        settings.missing(roles.to_vec()).into_iter().map(|fault| fault.key).collect()
    };
    assert_eq!(told(&Role::ALL), ["keys.secret_file", "postgres.url", "sms.token_file"]);
    assert_eq!(told(&[Role::Display]), ["keys.secret_file", "ways.queue"]);
    assert_eq!(
        told(&[Role::Queue]),
        ["keys.secret_file", "postgres.url", "ways.sms_gateway", "ways.booking"]
    );
}
