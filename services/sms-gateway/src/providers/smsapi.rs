//! SMSAPI.pl over HTTP: one form, a bearer token, our message id as their `idx`, so that a message sent twice is one
//! SMS, and the address for their reports. `smsapi_answer` interprets the answers.

use super::BadAddress;
use super::http::{Account, NoAnswer};
use super::smsapi_answer::read;
use crate::domain::Reason;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;

/// Returns the report address for the messages of an office.
pub type ReportTo = Box<dyn Fn(&str) -> String + Send + Sync>;

/// An account at SMSAPI.
pub struct SmsApi {
    account: Account,
    report_to: Option<ReportTo>,
}

impl SmsApi {
    /// Its name as a provider.
    pub const NAME: &'static str = "smsapi";
    /// The API address for accounts at smsapi.pl.
    pub const ADDRESS: &'static str = "https://api.smsapi.pl";

    /// An account by its token, at `address` (`https://api.smsapi.pl`; other countries and tests use others).
    pub fn new(address: &str, token: &str) -> Result<SmsApi, BadAddress> {
        let account = Account::new(address, "/sms.do", &format!("Bearer {token}"))?;
        Ok(SmsApi { account, report_to: None })
    }

    /// Sets the address for delivery reports.
    pub fn reporting(self, report_to: ReportTo) -> SmsApi {
        SmsApi { report_to: Some(report_to), ..self }
    }
}

#[async_trait]
impl Provider for SmsApi {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let id = message.id.to_string();
        let report_to = self.report_to.as_ref().map(|address| address(&message.office));
        let mut fields = vec![
            ("to", message.to.trim_start_matches('+')),
            ("message", &message.text),
            ("from", &message.sender),
            ("format", "json"),
            ("encoding", "utf-8"),
            ("idx", &id),
            ("check_idx", "1"),
        ];
        fields.extend(report_to.as_ref().map(|address| ("notify_url", address.as_str())));
        match self.account.post(&fields).await {
            Ok((status, body)) => read(status, &body),
            Err(NoAnswer::NotReached) => Err(ProviderFault::Again(Reason::new("not reached"))),
            // The next attempt with the same `idx` will tell what happened.
            Err(NoAnswer::Unknown(why)) => Err(ProviderFault::Unknown(Reason::new(why))),
        }
    }
}
