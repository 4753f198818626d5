//! Everyday sizes of what is proved at full size elsewhere, and the whole path over JSON. The crate's only test binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

mod whole {
    mod alerts;
    mod answers;
    mod backup;
    mod damaged;
    mod degrading;
    mod faults;
    mod folders;
    mod ingress;
    mod inputs;
    mod links;
    mod messages;
    mod methods;
    mod one_pc;
    mod operators;
    mod path;
    mod printing;
    mod process;
    mod reminders;
    mod restore;
    mod sentences;
    mod shapes;
    mod silence;
    mod storms;
    mod strangers;
    mod timing;
    mod traces;
    mod watching;
    mod writes;
}
