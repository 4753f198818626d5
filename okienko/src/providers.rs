//! The message providers, chosen by the settings, and whose delivery reports are accepted. Knows no outbox.

use crate::settings::{Provider as Named, Settings};
use anyhow::Context;
use okienko::Role;
use okienko_host::World;
use okienko_kernel::Zone;
use okienko_sms_gateway::callbacks::{Reporters, smsapi_address};
use okienko_sms_gateway::provider::{DemoPhone, Provider};
use okienko_sms_gateway::providers::{ByChannel, Routes, SmsApi, Smtp, Twilio};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The message providers of a process.
pub struct Carriers {
    /// All of them combined.
    pub provider: Arc<dyn Provider>,
    /// Whose delivery reports are accepted.
    pub reporters: Reporters,
    /// The in-memory phone, in a drill without a real provider.
    #[cfg_attr(not(feature = "drill"), expect(dead_code, reason = "shown in drills alone"))]
    pub phone: Option<Arc<DemoPhone>>,
}

/// The providers of these settings. A process without sms-gateway has none. `base_url` is where providers reach this
/// installation, `zone` that in which a drill's phone records messages.
pub fn of(
    settings: &Settings,
    roles: &BTreeSet<Role>,
    world: &World,
    (base_url, zone): (&str, Zone),
) -> anyhow::Result<Carriers> {
    if !roles.contains(&Role::SmsGateway) {
        let provider = Arc::new(ByChannel::default());
        return Ok(Carriers { provider, reporters: Reporters::default(), phone: None });
    }
    if settings.sms.providers.contains(&Named::Demo) {
        let phone = Arc::new(DemoPhone::new(world.clock.clone(), zone));
        return Ok(Carriers { provider: phone.clone(), reporters: Reporters::default(), phone: Some(phone) });
    }
    let mut providers = Vec::new();
    for named in &settings.sms.providers {
        let provider: Arc<dyn Provider> = match named {
            Named::SmsApi => Arc::new(smsapi(settings, world, base_url)?),
            Named::Twilio => Arc::new(twilio(settings, base_url)?),
            Named::Demo => continue,
        };
        providers.push((provider, settings.sms.pace));
    }
    let sms = Arc::new(Routes::new(providers, settings.sms.routes.clone()));
    let mail = match (&settings.mail.relay, &settings.mail.from) {
        (Some(relay), Some(from)) => {
            Some(Arc::new(Smtp::new(relay, from).context("mail.relay")?) as Arc<dyn Provider>)
        }
        _ => None,
    };
    let reporters = Reporters {
        base_url: base_url.to_owned(),
        smsapi_networks: settings.sms.callback_networks.clone(),
        twilio_token: settings.twilio.token.as_ref().map(|token| token.reveal().to_owned()),
    };
    Ok(Carriers { provider: Arc::new(ByChannel { sms: Some(sms), mail }), reporters, phone: None })
}

fn smsapi(settings: &Settings, world: &World, base_url: &str) -> anyhow::Result<SmsApi> {
    let token = settings.sms.token.as_ref().map(|token| token.reveal()).unwrap_or_default();
    let address = settings.sms.address.as_deref().unwrap_or(SmsApi::ADDRESS);
    let (keys, base_url) = (world.keys.clone(), base_url.to_owned());
    let report_to = Box::new(move |office: &str| smsapi_address(&keys, &base_url, office));
    Ok(SmsApi::new(address, token).context("sms.address")?.reporting(report_to))
}

fn twilio(settings: &Settings, base_url: &str) -> anyhow::Result<Twilio> {
    let told = &settings.twilio;
    let token = told.token.as_ref().map(|token| token.reveal()).unwrap_or_default();
    let address = told.address.as_deref().unwrap_or(Twilio::ADDRESS);
    let account = told.account.as_deref().unwrap_or_default();
    let twilio = Twilio::new(address, account, token, told.from.as_deref()).context("twilio.account")?;
    Ok(twilio.reporting(base_url))
}
