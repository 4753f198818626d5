//! The rules of codes, messages and budgets, as one pure machine. Knows no phone, text, code, provider or storage:
//! addresses come as keyed hashes, codes as derivation numbers, and the texts for people stay in the shell.

mod budget;
pub mod command;
mod conversion;
mod delivery;
pub mod event;
mod invariants;
pub mod outbox;
pub mod reason;
pub mod refusal;
mod tally;
mod verification;

pub use budget::reserve;
pub use command::{CheckCode, Command, Final, NotSentClass, ReportOf, Send, StartVerification};
pub use conversion::{Range, TRICKLE, Width};
pub use delivery::{MAX_ATTEMPTS, Progress, Status, UNANSWERED};
pub use event::{Channel, CodeRef, Event};
pub use outbox::Outbox;
pub use reason::Reason;
pub use refusal::{Limit, Refusal, Reply};
pub use tally::Tally;
pub use verification::{CODE_LIFE, MAX_SENDS, MAX_VERIFICATIONS, MAX_WRONG};
