//! Real providers behind the port: SMSAPI and Twilio for SMS, a mail relay for mail, several combined into one. Knows
//! no outbox and no retries.

mod http;
mod routes;
mod smsapi;
mod smsapi_answer;
mod smtp;
mod twilio;

pub use routes::{BadRule, Pace, Routes, Rule};
pub use smsapi::{ReportTo, SmsApi};
pub use smtp::{Encryption, Relay, Smtp};
pub use twilio::Twilio;

use crate::domain::{Channel, Reason};
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use std::sync::Arc;

/// An unusable address in the settings; says what is wrong, without any secret.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadAddress(pub String);

/// SMS and mail have separate providers. A channel without one is for the operator to fix.
#[derive(Default)]
pub struct ByChannel {
    /// The provider of SMS.
    pub sms: Option<Arc<dyn Provider>>,
    /// The provider of mail.
    pub mail: Option<Arc<dyn Provider>>,
}

impl ByChannel {
    fn of(&self, channel: Channel) -> Option<&Arc<dyn Provider>> {
        match channel {
            Channel::Sms => self.sms.as_ref(),
            Channel::Email => self.mail.as_ref(),
        }
    }
}

#[async_trait]
impl Provider for ByChannel {
    fn name(&self) -> &str {
        "by-channel"
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        match self.of(message.channel) {
            Some(provider) => provider.send(message).await,
            None => Err(ProviderFault::CallOperator(Reason::new("no provider"))),
        }
    }
}
