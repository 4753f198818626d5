//! Which methods may be retried when an answer fails to come, and which change nothing, according to their option
//! `idempotency_level` in the contract. Read once from the contract's descriptors. Knows no method by name.

use okienko_proto::DESCRIPTORS;
use prost::Message;
use prost_types::FileDescriptorSet;
use prost_types::method_options::IdempotencyLevel;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// By paths such as `/okienko.booking.v1.Booking/Cards`.
static LEVELS: LazyLock<BTreeMap<String, IdempotencyLevel>> = LazyLock::new(|| {
    let described = FileDescriptorSet::decode(DESCRIPTORS).unwrap_or_default();
    let mut paths = BTreeMap::new();
    for file in &described.file {
        for service in &file.service {
            for method in &service.method {
                let level = method.options.as_ref().map(|options| options.idempotency_level());
                if let Some(level) = level {
                    paths.insert(format!("/{}.{}/{}", file.package(), service.name(), method.name()), level);
                }
            }
        }
    }
    paths
});

/// Whether a method is idempotent.
pub(crate) fn is_idempotent(path: &str) -> bool {
    LEVELS.get(path).is_some_and(|level| *level != IdempotencyLevel::IdempotencyUnknown)
}

/// Whether a method changes nothing.
pub(crate) fn only_reads(path: &str) -> bool {
    LEVELS.get(path) == Some(&IdempotencyLevel::NoSideEffects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_what_has_a_key_are_asked_again_and_a_try_of_a_code_is_not() {
        for path in ["booking.v1.Booking/Cards", "queue.v1.Queue/HallEvents", "sms.v1.SmsGateway/Send"] {
            assert!(is_idempotent(&format!("/okienko.{path}")), "{path}");
            assert_eq!(only_reads(&format!("/okienko.{path}")), !path.ends_with("Send"), "{path}");
        }
        for path in
            ["sms.v1.SmsGateway/CheckCode", "sms.v1.SmsGateway/StartVerification", "queue.v1.Queue/Leave"]
        {
            assert!(!is_idempotent(&format!("/okienko.{path}")), "{path}");
            assert!(!only_reads(&format!("/okienko.{path}")), "{path}");
        }
    }
}
