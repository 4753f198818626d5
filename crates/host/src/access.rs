//! The access log: who looked at or did what, also what was refused; beside the journal, which holds what happened.
//! Knows no service and no storage; a World says where it goes. Carries ids alone, never a name, phone or address.

use okienko_kernel::Moment;
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// When, real time.
    pub at: Moment,
    /// The office, `*` for the installation.
    pub office: String,
    /// Who: the id of a token, `account:{id}`, or `network:{keyed hash}` of somebody unknown.
    pub who: String,
    /// What was done or asked, in two or three words of the code, e.g. `reservation.remove`.
    pub act: &'static str,
    /// The id of what it was done to; empty where there is none.
    pub on: String,
    /// `ok`, or the stable code of the refusal.
    pub outcome: &'static str,
}

/// A line that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Access, where they are described")]
pub struct AccessLine {
    pub at: Moment,
    pub office: String,
    pub who: String,
    pub act: String,
    pub on: String,
    pub outcome: String,
}

/// Where lines go. Never waits: a full disk must not stop a counter; what is lost is counted and told.
pub trait AccessLog: Send + Sync + 'static {
    /// Writes a line.
    fn note(&self, line: Access);

    /// The newest `most` lines from `from` until before `until` that are `wanted`, oldest first. May block its thread.
    fn read(
        &self,
        from: Moment,
        until: Moment,
        wanted: &dyn Fn(&AccessLine) -> bool,
        most: usize,
    ) -> Vec<AccessLine> {
        let _ = (from, until, wanted, most);
        Vec::new()
    }
}

/// Forgets all lines; for tests of other things.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAccessLog;

impl AccessLog for NoAccessLog {
    fn note(&self, _line: Access) {}
}
