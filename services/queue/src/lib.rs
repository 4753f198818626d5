//! Kiosk, check-in, tickets, calling and counters of a hall. Knows `proto/` and the kernel; knows no other service.

pub mod codec;
pub mod domain;
pub mod publish;
