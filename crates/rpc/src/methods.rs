//! Which methods may be asked again when an answer fails to come: those whose option `idempotency_level` in the contract
//! says so. Read once from the contract's description.

use okienko_proto::DESCRIPTORS;
use prost::Message;
use prost_types::FileDescriptorSet;
use prost_types::method_options::IdempotencyLevel;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Paths such as `/okienko.booking.v1.Booking/Cards`.
static IDEMPOTENT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let described = FileDescriptorSet::decode(DESCRIPTORS).unwrap_or_default();
    let mut paths = BTreeSet::new();
    for file in &described.file {
        for service in &file.service {
            for method in &service.method {
                let level = method.options.as_ref().map(|options| options.idempotency_level());
                if level.is_some_and(|level| level != IdempotencyLevel::IdempotencyUnknown) {
                    paths.insert(format!("/{}.{}/{}", file.package(), service.name(), method.name()));
                }
            }
        }
    }
    paths
});

/// Whether carrying out a method twice is the same as once.
pub(crate) fn is_idempotent(path: &str) -> bool {
    IDEMPOTENT.contains(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_what_has_a_key_are_asked_again_and_a_try_of_a_code_is_not() {
        for path in ["booking.v1.Booking/Cards", "queue.v1.Queue/HallEvents", "sms.v1.SmsGateway/Send"] {
            assert!(is_idempotent(&format!("/okienko.{path}")), "{path}");
        }
        for path in
            ["sms.v1.SmsGateway/CheckCode", "sms.v1.SmsGateway/StartVerification", "queue.v1.Queue/Leave"]
        {
            assert!(!is_idempotent(&format!("/okienko.{path}")), "{path}");
        }
    }
}
