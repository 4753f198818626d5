//! Twilio's messages over HTTP: one form, account and token as user and password. Twilio has no idempotency key, so a
//! message whose answer was lost may arrive twice if repeated: that is why only Twilio itself is tried again. Source:
//! twilio.com/docs/messaging/api/message-resource, twilio.com/docs/api/errors.

use super::BadAddress;
use super::http::{Account, NoAnswer};
use crate::callbacks::twilio_address;
use crate::domain::Reason;
use crate::provider::{OutMessage, Provider, ProviderFault, ProviderReceipt};
use async_trait::async_trait;
use data_encoding::BASE64;
use serde::Deserialize;

/// An account at Twilio.
pub struct Twilio {
    account: Account,
    from: Option<String>,
    report_to: Option<String>,
}

impl Twilio {
    /// Its name as a provider.
    pub const NAME: &'static str = "twilio";
    /// The API address.
    pub const ADDRESS: &'static str = "https://api.twilio.com";

    /// The account `sid` with its token, at `address`. `from` is a number, a name or a messaging service (`MG…`) that
    /// sends everything; without it each office sends under its own name.
    pub fn new(address: &str, sid: &str, token: &str, from: Option<&str>) -> Result<Twilio, BadAddress> {
        if sid.is_empty() || !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(BadAddress("an account is named by letters and digits (AC…)".to_owned()));
        }
        let secret = format!("Basic {}", BASE64.encode(format!("{sid}:{token}").as_bytes()));
        let account = Account::new(address, &format!("/2010-04-01/Accounts/{sid}/Messages.json"), &secret)?;
        Ok(Twilio { account, from: from.map(str::to_owned), report_to: None })
    }

    /// Makes the outcomes of its messages be reported to the installation at this address.
    pub fn reporting(self, base_url: &str) -> Twilio {
        Twilio { report_to: Some(base_url.to_owned()), ..self }
    }
}

#[async_trait]
impl Provider for Twilio {
    fn name(&self) -> &str {
        Self::NAME
    }
    async fn send(&self, message: OutMessage) -> Result<ProviderReceipt, ProviderFault> {
        let from = self.from.as_deref().unwrap_or(&message.sender);
        let sender = if from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let report_to = self.report_to.as_ref().map(|base| twilio_address(base, &message.office, message.id));
        let mut fields = vec![("To", message.to.as_str()), (sender, from), ("Body", &message.text)];
        fields.extend(report_to.as_ref().map(|address| ("StatusCallback", address.as_str())));
        match self.account.post(&fields).await {
            Ok((status, body)) => read(status, &body),
            Err(NoAnswer::NotReached) => Err(ProviderFault::Again(Reason::new("not reached"))),
            Err(NoAnswer::Unknown(why)) => Err(ProviderFault::Unknown(Reason::new(why))),
        }
    }
}

/// Both forms of an answer in one.
#[derive(Deserialize)]
struct Answer {
    sid: Option<String>,
    code: Option<u32>,
}

/// Accepted, or the kind of fault.
fn read(status: u16, body: &[u8]) -> Result<ProviderReceipt, ProviderFault> {
    let answer = serde_json::from_slice::<Answer>(body).ok();
    let (sid, code) = answer.map_or((None, None), |answer| (answer.sid, answer.code));
    let why =
        || Reason::new(&code.map_or(format!("twilio status {status}"), |code| format!("twilio {code}")));
    match (status, sid, code) {
        (200..=299, Some(sid), _) => Ok(ProviderReceipt::new(Twilio::NAME, &sid)),
        // A success status with an unknown body may mean acceptance.
        (200..=299, None, _) => Err(ProviderFault::Unknown(Reason::new("not understood"))),
        // No valid number, a landline, a person who has opted out, a text too long or empty.
        (_, _, Some(21211 | 21217 | 21614 | 21610 | 21612 | 21602 | 21605 | 21617)) => {
            Err(ProviderFault::Never(why()))
        }
        // A country or route that this account lacks: another provider may have it.
        (_, _, Some(21408 | 21215 | 21635)) => Err(ProviderFault::NextProvider(why())),
        (429, ..) | (_, _, Some(20429)) => Err(ProviderFault::Again(why())),
        // Account, password, credit, sender.
        (400..=499, ..) => Err(ProviderFault::CallOperator(why())),
        _ => Err(ProviderFault::Again(why())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_consequence() {
        let taken = br#"{"sid":"SM1","status":"queued","num_segments":"1","error_code":null}"#;
        assert_eq!(read(201, taken), Ok(ProviderReceipt::new("twilio", "SM1")));
        assert!(matches!(read(201, b"<html>"), Err(ProviderFault::Unknown(_))));
        let refused = |status: u16, code: u32| {
            read(
                status,
                format!(r#"{{"code":{code},"message":"to +48601234567","status":{status}}}"#).as_bytes(),
            )
        };
        for code in [21211, 21614, 21610] {
            assert!(matches!(refused(400, code), Err(ProviderFault::Never(_))), "{code}");
        }
        assert!(matches!(refused(400, 21408), Err(ProviderFault::NextProvider(_))));
        for (status, code) in [(401, 20003), (400, 21606), (403, 20005)] {
            assert!(matches!(refused(status, code), Err(ProviderFault::CallOperator(_))), "{code}");
        }
        for (status, body) in [(429, ""), (429, r#"{"code":20429}"#), (500, ""), (503, "{}"), (302, "")] {
            assert!(matches!(read(status, body.as_bytes()), Err(ProviderFault::Again(_))), "{status}");
        }
        assert_eq!(refused(400, 21211).unwrap_err().reason().as_str(), "twilio_21211");
    }

    #[test]
    fn an_account_that_is_none_is_refused() {
        assert!(Twilio::new(Twilio::ADDRESS, "AC12", "t", None).is_ok());
        for bad in ["", "AC/../x", "AC 1"] {
            assert!(Twilio::new(Twilio::ADDRESS, bad, "t", None).is_err(), "{bad}");
        }
    }
}
