//! Tests of the stored form: every sample ever written can be read, and this version writes the newest samples.

use crate::domain::{Channel, CodeRef, Event, Reason};
use okienko_kernel::{Id, Moment, Stored};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// One event of every kind, as in the newest samples.
fn events() -> Vec<Event> {
    let verification = id("0m000080004xt0g40r40m30e20");
    let message = id("0r000080004xt0g40r40m30e24");
    let at = Moment::from_micros(1_796_106_600_000_000);
    let later = Moment::from_micros(1_796_107_200_000_000);
    let reason = || Reason::new("smsapi_201");
    vec![
        Event::VerificationStarted {
            verification,
            subject: "04000080004xt0g40r40m30e20".into(),
            address_hash: "9w2k".into(),
            channel: Channel::Sms,
            locale: "pl".into(),
            expires_at: later,
            replaces: None,
            ranges: Vec::new(),
            at,
        },
        Event::CodeRenewed { verification, no: 2, expires_at: later, at },
        Event::MessageQueued {
            message,
            channel: Channel::Sms,
            template: "sms-code".into(),
            request_key: Some("start/1".into()),
            code: Some(CodeRef { verification, no: 1 }),
            parts: 1,
            budget: 1000,
            not_before: None,
            not_after: None,
            at,
        },
        Event::CodeProved { verification, at },
        Event::CodeFailed { verification, at },
        Event::Attempted { message, attempt: 1, at },
        Event::Sent { message, provider: "smsapi".into(), provider_id: "60E576ED".into(), at },
        Event::AttemptFailed { message, attempt: 1, reason: reason(), retry_at: later, held_by: None, at },
        Event::RetryDue { message, at },
        Event::Failed { message, reason: reason(), at },
        Event::Delivered { message, at },
        Event::Undelivered { message, at },
    ]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn the_newest_samples_are_what_this_version_writes() {
    for event in events() {
        let path = folder().join(format!("{}.{}.json", event.kind(), event.schema()));
        let written = event.encode().unwrap();
        let sample = std::fs::read(&path).unwrap_or_default();
        let same = serde_json::from_slice::<Value>(&sample).ok() == serde_json::from_slice(&written).ok();
        assert!(same, "{} is not, or not yet, {}", path.display(), String::from_utf8_lossy(&written));
        assert_eq!(Event::decode(event.kind(), event.schema(), &written), Ok(event));
    }
}

#[test]
fn every_sample_that_was_ever_written_is_read() {
    let mut kinds = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, schema) = name.trim_end_matches(".json").split_once('.').unwrap();
        let event = Event::decode(kind, schema.parse().unwrap(), &std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(event.kind(), kind);
        kinds.insert(kind.to_owned());
    }
    assert_eq!(kinds.len(), events().len(), "one sample of each kind at least");
}

#[test]
fn what_is_unknown_or_damaged_is_an_error_that_shows_no_data() {
    assert_eq!(Event::decode("nothing", 1, b"{}"), Err("no event is called nothing".into()));
    assert!(Event::decode("sent", 2, b"{}").unwrap_err().contains("up to 1"));
    assert!(Event::decode("sent", 0, b"{}").is_err());
    for data in [&b"{\"message\":\"+48601234567\"}"[..], b"", b"[]", b"null", b"{"] {
        let fault = Event::decode("sent", 1, data).unwrap_err();
        assert!(!fault.contains("601234567"), "{fault}");
    }
}
