//! Settings of message providers: those of SMS and the mail relay. Knows no provider's protocol.

use super::reader::{Fault, Reader};
use super::secret::Secret;
use super::{Settings, web_address};
use okienko_sms_gateway::providers::{Encryption, Pace, Relay, Rule};
use okienko_web::TrustedProxies;

/// `[sms]`.
#[derive(Debug)]
pub struct Sms {
    pub providers: Vec<Provider>,
    pub routes: Vec<Rule>,
    pub pace: Pace,
    pub callback_networks: Option<TrustedProxies>,
    pub address: Option<String>,
    pub token: Option<Secret>,
}

/// `[twilio]`.
#[derive(Debug)]
pub struct Twilio {
    pub address: Option<String>,
    pub account: Option<String>,
    pub token: Option<Secret>,
    pub from: Option<String>,
}

/// One of `sms.providers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// SMSAPI, or a compatible provider.
    SmsApi,
    /// Twilio.
    Twilio,
    /// An in-memory phone, for drills.
    Demo,
}

impl Provider {
    /// The name used in settings.
    pub fn name(self) -> &'static str {
        match self {
            Provider::SmsApi => "smsapi",
            Provider::Twilio => "twilio",
            Provider::Demo => "demo",
        }
    }
}

/// `[mail]`.
#[derive(Debug)]
pub struct Mail {
    pub relay: Option<Relay>,
    pub from: Option<String>,
}

impl Settings {
    /// Settings missing for the outside world: accounts of providers.
    pub fn missing_outside(&self) -> Vec<Fault> {
        let mut missing = Vec::new();
        let mut needs = |there: bool, key: &str, what: &str| {
            if !there {
                missing.push(Fault::missing(key, what));
            }
        };
        let by = |provider| self.sms.providers.contains(&provider);
        let token = "name the file that holds the provider's token";
        needs(self.sms.token.is_some() || !by(Provider::SmsApi), "sms.token_file", token);
        needs(self.twilio.token.is_some() || !by(Provider::Twilio), "twilio.token_file", token);
        let account = self.twilio.account.is_some() || !by(Provider::Twilio);
        needs(account, "twilio.account", "write the account, AC and 32 letters and digits");
        missing
    }
}

pub(super) fn sms(from: &mut Reader) -> Sms {
    let mut providers = Vec::new();
    for name in from.list("sms.providers") {
        match name.as_str() {
            "smsapi" => providers.push(Provider::SmsApi),
            "twilio" => providers.push(Provider::Twilio),
            // Its messages go nowhere: a real installation must not learn that from its citizens.
            "demo" if cfg!(feature = "drill") => providers.push(Provider::Demo),
            other => from
                .wrong("sms.providers", format!("{other:?} is no provider: write \"smsapi\" or \"twilio\"")),
        }
    }
    if providers.is_empty() {
        from.wrong("sms.providers", "is empty: write [\"smsapi\"]");
    }
    let mut routes = Vec::new();
    for text in from.list("sms.routes") {
        match Rule::parse(&text) {
            Ok(rule) => {
                for name in rule.providers().filter(|name| !providers.iter().any(|one| one.name() == *name)) {
                    from.wrong("sms.routes", format!("{name:?} is not among sms.providers"));
                }
                routes.push(rule);
            }
            Err(fault) => from.wrong("sms.routes", fault.to_string()),
        }
    }
    let networks = from.list("sms.callback_networks");
    let networks = (!networks.is_empty()).then(|| TrustedProxies::parse(networks.iter().map(String::as_str)));
    let callback_networks = networks.transpose().unwrap_or_else(|fault| {
        from.wrong("sms.callback_networks", fault.to_string());
        None
    });
    let at_once = from.number("sms.at_once", 1..=1_000) as usize;
    let pace = Pace { at_once, per_second: from.number("sms.per_second", 1..=1_000) };
    let (address, token) = (web_address(from, "sms.address"), from.secret("sms.token", |_| false));
    Sms { providers, routes, pace, callback_networks, address, token }
}

pub(super) fn twilio(from: &mut Reader) -> Twilio {
    let (address, token) = (web_address(from, "twilio.address"), from.secret("twilio.token", |_| false));
    let mut told = |key| Some(from.text(key)).filter(|text| !text.is_empty());
    Twilio { address, token, account: told("twilio.account"), from: told("twilio.from") }
}

pub(super) fn mail(from: &mut Reader) -> Mail {
    let mut told = |key| Some(from.text(key)).filter(|text| !text.is_empty());
    let (address, sender, user) = (told("mail.relay"), told("mail.from"), told("mail.user"));
    let encryption = match from.text("mail.encryption").as_str() {
        "none" => Encryption::None,
        "starttls" => Encryption::StartTls,
        "tls" => Encryption::Tls,
        other => {
            from.wrong("mail.encryption", format!("is {other:?}: write \"none\", \"starttls\" or \"tls\""));
            Encryption::None
        }
    };
    let port = |relay: &str| {
        relay.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
    };
    if address.as_deref().is_some_and(|relay| !port(relay)) {
        from.wrong("mail.relay", "write host and port, e.g. \"mail:25\"");
    }
    if address.is_some() && sender.is_none() {
        from.wrong("mail.from", "is missing: mails need a sender, e.g. \"wizyty@example.pl\"");
    }
    let password = from.secret("mail.password", |_| false);
    if user.is_some() != password.is_some() {
        from.wrong("mail.password", "user and password belong together: write both or neither");
    }
    if user.is_some() && encryption == Encryption::None {
        from.wrong("mail.encryption", "a password needs it: write \"starttls\" or \"tls\"");
    }
    let login = user.zip(password).map(|(user, password)| (user, password.reveal().to_owned()));
    Mail { relay: address.map(|address| Relay { address, encryption, login }), from: sender }
}
