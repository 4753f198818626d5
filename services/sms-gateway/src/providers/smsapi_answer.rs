//! Interprets SMSAPI's answers. Errors come with success statuses, so the body is examined before the status. Pure.

use super::SmsApi;
use crate::domain::Reason;
use crate::provider::{ProviderFault, ProviderReceipt};
use serde::Deserialize;

/// This `idx` was accepted before.
const REPEATED: u32 = 53;

/// Both forms of an answer in one.
#[derive(Deserialize)]
struct Answer {
    error: Option<u32>,
    #[serde(default)]
    list: Vec<Accepted>,
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
    error: Option<u32>,
}

/// Accepted, or the kind of fault.
pub fn read(status: u16, body: &[u8]) -> Result<ProviderReceipt, ProviderFault> {
    let answer = serde_json::from_slice::<Answer>(body).ok();
    let number = answer.as_ref().and_then(|a| a.error.or_else(|| a.list.iter().find_map(|sms| sms.error)));
    if let Some(number) = number {
        return refused(number);
    }
    let accepted = answer.and_then(|answer| answer.list.into_iter().next());
    match (status, accepted) {
        (200..=299, Some(sms)) => Ok(ProviderReceipt::new(SmsApi::NAME, &sms.id)),
        (401 | 403, _) => Err(ProviderFault::CallOperator(why("status", status.into()))),
        // A success status with an unknown body may mean acceptance: the same `idx` again will tell.
        (200..=299, None) => Err(ProviderFault::Unknown(Reason::new("not understood"))),
        _ => Err(ProviderFault::Again(why("status", status.into()))),
    }
}

fn refused(number: u32) -> Result<ProviderReceipt, ProviderFault> {
    let reason = why("error", number);
    Err(match number {
        REPEATED => return Ok(ProviderReceipt::new(SmsApi::NAME, "")),
        // Text too long or empty, no valid number.
        11..=13 => ProviderFault::Never(reason),
        // Sender not approved; account, credit, allowed network addresses; actions not permitted to the account.
        14 | 101..=105 | 110 | 1000.. => ProviderFault::CallOperator(reason),
        // Failures on their side (8, 201, 666, 999), and unknown codes: attempts are few.
        _ => ProviderFault::Again(reason),
    })
}

fn why(what: &str, number: u32) -> Reason {
    Reason::new(&format!("smsapi {what} {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCEPTED: &str = r#"{"count":1,"list":[{"id":"1","points":0.1,"number":"48100200300","date_sent":1460969712,"submitted_number":"48100200300","status":"QUEUE","idx":null,"error":null}]}"#;
    const REFUSED: &str = r#"{"invalid_numbers":[{"number":"48100","submitted_number":"48100","message":"Invalid phone number"}],"error":13,"message":"No correct phone numbers"}"#;

    #[test]
    fn the_body_decides_before_the_status() {
        assert_eq!(read(200, ACCEPTED.as_bytes()), Ok(ProviderReceipt::new(SmsApi::NAME, "1")));
        assert_eq!(read(201, ACCEPTED.as_bytes()), Ok(ProviderReceipt::new(SmsApi::NAME, "1")));
        let never = ProviderFault::Never(Reason::new("smsapi error 13"));
        assert_eq!(read(200, REFUSED.as_bytes()), Err(never));
    }

    #[test]
    fn each_number_has_its_consequence() {
        let answer = |number: u32| read(200, format!(r#"{{"error":{number},"message":"x"}}"#).as_bytes());
        assert_eq!(answer(53), Ok(ProviderReceipt::new(SmsApi::NAME, "")));
        for number in [14, 101, 102, 103, 105, 110, 1000, 1001] {
            assert!(matches!(answer(number), Err(ProviderFault::CallOperator(_))), "{number}");
        }
        for number in [8, 201, 666, 999, 77] {
            assert!(matches!(answer(number), Err(ProviderFault::Again(_))), "{number}");
        }
        for number in [11, 12, 13] {
            assert!(matches!(answer(number), Err(ProviderFault::Never(_))), "{number}");
        }
    }

    #[test]
    fn statuses_and_rubbish_are_tried_again_and_a_closed_door_is_the_operators() {
        for (status, body) in [(500, ""), (503, "{}"), (429, "slow down"), (302, "")] {
            assert!(matches!(read(status, body.as_bytes()), Err(ProviderFault::Again(_))), "{status} {body}");
        }
        for body in ["<html>", "{}"] {
            assert!(matches!(read(200, body.as_bytes()), Err(ProviderFault::Unknown(_))), "{body}");
        }
        // An acceptance with an error status does not count.
        assert!(matches!(read(500, ACCEPTED.as_bytes()), Err(ProviderFault::Again(_))));
        assert!(matches!(read(401, b""), Err(ProviderFault::CallOperator(_))));
    }
}
