//! Reasons why `serve` would refuse to start, beyond the checks of single keys: judged in one place for `serve` and
//! `check`, so that what one accepts the other does too. Opens files that settings name; makes no connection.

use crate::settings::{Fault, Provider, Secret, Settings};
use crate::{demo_mark, samples};
use okienko::Role;
use okienko_sms_gateway::providers::{SmsApi, Smtp, Twilio};
use okienko_territory::Mmdb;
use std::path::Path;

/// Judges an office on one PC with that data folder. Needs a runtime.
pub fn one_pc(data: &Path, settings: &Settings) -> Vec<Fault> {
    let mut faults = settings.missing_outside();
    if settings.offices.is_none() {
        faults.push(Fault::missing("offices.dir", "name the folder with your office file"));
    }
    if data.exists() && !data.is_dir() {
        faults.push(Fault::missing("embedded.data", &format!("{} is no folder", data.display())));
    }
    if demo_mark::is_marked(data) {
        faults.push(Fault::missing("embedded.data", &demo_mark::refusal(data)));
    }
    faults.extend(content(settings, true));
    faults
}

/// Judges a process with these roles among many. Needs a runtime.
pub fn of_roles(settings: &Settings, roles: &[Role]) -> Vec<Fault> {
    let mut faults = settings.missing(roles.to_vec());
    faults.extend(content(settings, roles.contains(&Role::SmsGateway)));
    faults.extend(among_many(settings));
    faults
}

/// Checks the named files, addresses and accounts.
fn content(settings: &Settings, sends: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |key: &str, what: String| faults.push(Fault::missing(key, &what));
    if let Some(folder) = &settings.offices {
        match samples::offices(Some(folder)) {
            Err(error) => wrong("offices.dir", error.to_string()),
            Ok(offices) if offices.is_empty() => {
                wrong("offices.dir", "there is no office to serve".to_owned())
            }
            Ok(_) => {}
        }
    }
    if let Some(file) = &settings.geo.file
        && let Err(error) = Mmdb::open(file)
    {
        wrong("geo.file", format!("{}: {error}", file.display()));
    }
    if let Some(error) = settings.collector(&[], "").and_then(|collector| collector.fault()) {
        wrong("telemetry.collector", error);
    }
    if !sends {
        return faults;
    }
    let by = |provider| settings.sms.providers.contains(&provider);
    let shown = |secret: &Option<Secret>| secret.as_ref().map(|it| it.reveal().to_owned());
    if let (true, Some(token)) = (by(Provider::SmsApi), shown(&settings.sms.token)) {
        let address = settings.sms.address.as_deref().unwrap_or(SmsApi::ADDRESS);
        if let Err(error) = SmsApi::new(address, &token) {
            wrong("sms.address", error.to_string());
        }
    }
    let twilio = (shown(&settings.twilio.token), settings.twilio.account.as_deref());
    if let (true, (Some(token), Some(account))) = (by(Provider::Twilio), twilio) {
        let address = settings.twilio.address.as_deref().unwrap_or(Twilio::ADDRESS);
        if let Err(error) = Twilio::new(address, account, &token, settings.twilio.from.as_deref()) {
            wrong("twilio.account", error.to_string());
        }
    }
    if let (Some(relay), Some(from)) = (&settings.mail.relay, &settings.mail.from)
        && let Err(error) = Smtp::new(relay, from)
    {
        wrong("mail.relay", error.to_string());
    }
    faults
}

#[cfg(feature = "cluster")]
fn among_many(settings: &Settings) -> Vec<Fault> {
    use crate::serve::{call_fault, server_fault};
    let mut faults = Vec::new();
    let mut wrong = |key: &str, what: String| faults.push(Fault::missing(key, &what));
    let postgres = [
        ("postgres.url", &settings.postgres.url),
        ("postgres.relay_url", &settings.postgres.relay_url),
        ("postgres.owner_url", &settings.postgres.owner_url),
    ];
    for (key, url) in postgres {
        if let Some(Err(error)) = url.as_ref().map(|url| okienko_journal::login_of(url.reveal())) {
            wrong(key, error.to_string());
        }
    }
    if let Some(error) = settings.tls.as_ref().and_then(server_fault) {
        wrong("tls.certificate_file", error);
    }
    if let Some(error) = call_fault(settings) {
        wrong("ways", error);
    }
    faults
}

#[cfg(not(feature = "cluster"))]
fn among_many(_settings: &Settings) -> Vec<Fault> {
    Vec::new()
}
