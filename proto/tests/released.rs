//! What was released of the contract stays: two versions run side by side during a roll-out. A field that was ever on the wire
//! keeps its number, type and name, a method its input and output; `released.txt` has them all, a line each. New lines are
//! added with `cargo test -p okienko-proto write_released -- --ignored`, never taken out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

use okienko_proto::DESCRIPTORS;
use prost::Message;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("released.txt")
}

fn released() -> BTreeSet<String> {
    let text = std::fs::read_to_string(file()).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Everything of the contract that goes over the wire, a line each.
fn contract() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let mut lines = BTreeSet::new();
    for file in set.file.iter().filter(|file| file.package().starts_with("okienko.")) {
        for message in &file.message_type {
            of_message(&mut lines, file.package(), message);
        }
        for kind in &file.enum_type {
            of_enum(&mut lines, file.package(), kind);
        }
        for service in &file.service {
            for method in &service.method {
                let stream = |is| if is { "stream " } else { "" };
                lines.insert(format!(
                    "rpc {}.{}/{} ({}{}) ({}{}) {}",
                    file.package(),
                    service.name(),
                    method.name(),
                    stream(method.client_streaming()),
                    method.input_type(),
                    stream(method.server_streaming()),
                    method.output_type(),
                    method
                        .options
                        .as_ref()
                        .map_or(0, |options| options.idempotency_level.unwrap_or_default()),
                ));
            }
        }
    }
    lines
}

fn of_message(lines: &mut BTreeSet<String>, within: &str, message: &DescriptorProto) {
    let name = format!("{within}.{}", message.name());
    for field in &message.field {
        let kind = match field.type_name() {
            "" => format!("{:?}", field.r#type()),
            other => other.to_owned(),
        };
        let label = format!("{:?}", field.label());
        lines.insert(format!("field {name} {} {} {label} {kind}", field.number(), field.name()));
    }
    for nested in &message.nested_type {
        of_message(lines, &name, nested);
    }
    for kind in &message.enum_type {
        of_enum(lines, &name, kind);
    }
}

fn of_enum(lines: &mut BTreeSet<String>, within: &str, kind: &EnumDescriptorProto) {
    for value in &kind.value {
        lines.insert(format!("value {within}.{} {} {}", kind.name(), value.number(), value.name()));
    }
}

/// What of `before` is not in `now` as it was.
fn broken(before: &BTreeSet<String>, now: &BTreeSet<String>) -> Vec<String> {
    before.difference(now).cloned().collect()
}

#[test]
fn nothing_that_was_released_is_changed_or_gone() {
    let (before, now) = (released(), contract());
    assert!(before.len() > 100, "{}", before.len());
    let broken = broken(&before, &now);
    assert!(broken.is_empty(), "the older version would read this as something else: {broken:#?}");
}

#[test]
fn a_changed_number_type_or_name_and_a_method_that_is_gone_are_found() {
    let before = released();
    let with = |from: &str, to: &str| {
        let changed: BTreeSet<String> = before.iter().map(|line| line.replace(from, to)).collect();
        assert_ne!(changed, before, "{from} is nowhere");
        broken(&before, &changed)
    };
    for (from, to) in [
        ("SendRequest 9 request_key", "SendRequest 19 request_key"),
        ("SendRequest 10 budget Optional Uint32", "SendRequest 10 budget Optional Uint64"),
        ("SendRequest 5 sender", "SendRequest 5 from"),
        ("rpc okienko.sms.v1.SmsGateway/Tally", "rpc okienko.sms.v1.SmsGateway/Count"),
        ("value okienko.sms.v1.ProgressReply.State 2", "value okienko.sms.v1.ProgressReply.State 7"),
    ] {
        assert_eq!(with(from, to).len(), 1, "{from}");
    }
}

/// Adds what is new to the file.
#[test]
#[ignore = "writes the file"]
fn write_released() {
    let mut all = if file().exists() { released() } else { BTreeSet::new() };
    all.extend(contract());
    let head =
        "# What of the contract was ever released: tests/released.rs. Lines are added, never changed.\n";
    let lines: String = all.into_iter().map(|line| line + "\n").collect();
    std::fs::write(file(), format!("{head}{lines}")).unwrap();
}
