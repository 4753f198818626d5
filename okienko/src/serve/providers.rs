//! Who carries messages out, chosen by the settings. Knows no outbox.

use crate::settings::{Provider as Named, Settings};
use anyhow::Context;
use okienko::Role;
use okienko_host::World;
use okienko_sms_gateway::provider::{DemoPhone, Provider};
use okienko_sms_gateway::providers::{ByChannel, SmsApi, Smtp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who carries messages out.
pub struct Carriers {
    /// All of them as one.
    pub provider: Arc<dyn Provider>,
    /// The phone in memory, in a drill without a real provider.
    #[cfg_attr(not(feature = "drill"), expect(dead_code, reason = "shown in drills alone"))]
    pub phone: Option<Arc<DemoPhone>>,
}

/// The carriers of these settings. A process without sms-gateway has none that could be asked.
pub fn of(settings: &Settings, roles: &BTreeSet<Role>, world: &World) -> anyhow::Result<Carriers> {
    if !roles.contains(&Role::SmsGateway) {
        return Ok(Carriers { provider: Arc::new(ByChannel::default()), phone: None });
    }
    if settings.sms.provider == Named::Demo {
        let phone = Arc::new(DemoPhone::new(world.clock.clone(), super::world::zone()));
        return Ok(Carriers { provider: phone.clone(), phone: Some(phone) });
    }
    let token = settings.sms.token.as_ref().map(|token| token.reveal()).unwrap_or_default();
    let address = settings.sms.address.as_deref().unwrap_or(SmsApi::ADDRESS);
    let sms = Arc::new(SmsApi::new(address, token).context("sms.address")?);
    let mail = match (&settings.mail.relay, &settings.mail.from) {
        (Some(relay), Some(from)) => {
            Some(Arc::new(Smtp::new(relay, from).context("mail.relay")?) as Arc<dyn Provider>)
        }
        _ => None,
    };
    Ok(Carriers { provider: Arc::new(ByChannel { sms: Some(sms), mail }), phone: None })
}
