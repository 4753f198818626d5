//! The access log: who looked at or did what, refusals included; separate from the journal, which holds what happened.
//! Knows no service and no storage; a World says where it goes. Contains ids only, never a name, phone or address.

use okienko_kernel::{Clock, Day, Id, Moment};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A line to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Real time of the act.
    pub at: Moment,
    /// The office's id; `*` for the installation.
    pub office: String,
    /// The id of a token, `account:{id}`, or `network:{keyed hash}` of somebody unknown.
    pub who: String,
    /// The act in two or three words of the code, e.g. `reservation.remove`.
    pub act: &'static str,
    /// What it was done to.
    pub on: On,
    /// `ok`, or the stable code of the refusal.
    pub outcome: &'static str,
}

/// What something was done to: an id, a day, or nothing. Built only from parsed values, so that nothing a stranger
/// typed gets into the log: no formula for the auditor's spreadsheet, no quote that hides the next line, no megabytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct On(String);

/// The longest word accepted as an id.
const WORD: usize = 40;

impl On {
    /// Nothing, or nothing that could be parsed.
    pub fn nothing() -> On {
        On::default()
    }
    /// An id that is one word of ASCII letters and digits; anything else becomes nothing.
    pub fn word(id: &str) -> On {
        let plain = id.len() <= WORD && id.bytes().all(|b| b.is_ascii_alphanumeric());
        On(if plain { id.to_owned() } else { String::new() })
    }
    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// As written in the log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Id> for On {
    fn from(id: Id) -> On {
        On(id.to_string())
    }
}

impl From<Day> for On {
    fn from(day: Day) -> On {
        On(day.to_string())
    }
}

impl From<u64> for On {
    fn from(count: u64) -> On {
        On(count.to_string())
    }
}

/// A line as read back from the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Access, where they are described")]
pub struct AccessLine {
    pub at: Moment,
    pub office: String,
    pub who: String,
    pub act: String,
    pub on: String,
    pub outcome: String,
    /// How many equal lines it stands for: within a minute the first few are written singly, the rest as one.
    #[serde(default = "once")]
    pub times: u64,
}

fn once() -> u64 {
    1
}

/// Where lines go. Never blocks: a full disk must not stop a counter; lost lines are counted and reported.
pub trait AccessLog: Send + Sync + 'static {
    /// Writes a line.
    fn note(&self, line: Access);

    /// The newest `most` lines in `from..until` that are `wanted`, oldest first. May block its thread.
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

/// An act that has begun. Its line is written with its outcome when it ends, or as [`CUT_OFF`] if it never does because
/// the client hung up, the program ended or the act panicked. So no act goes unrecorded.
pub struct BegunAct {
    log: Arc<dyn AccessLog>,
    wall: Arc<dyn Clock>,
    line: Option<Access>,
}

/// The outcome of an act that never ended: it may or may not have been carried out.
pub const CUT_OFF: &str = "cut_off";

impl BegunAct {
    /// From now on `line` will be written, with the time and outcome of the act's end.
    pub fn begun(log: Arc<dyn AccessLog>, wall: Arc<dyn Clock>, line: Access) -> BegunAct {
        BegunAct { log, wall, line: Some(line) }
    }
    /// Sets what it is done to, if that was not known at the start.
    pub fn on(&mut self, on: On) {
        self.line.iter_mut().for_each(|line| line.on = on.clone());
    }
    /// Ends the act with this outcome.
    pub fn ended(mut self, outcome: &'static str) {
        self.write(outcome);
    }
    fn write(&mut self, outcome: &'static str) {
        if let Some(line) = self.line.take() {
            self.log.note(Access { at: self.wall.now(), outcome, ..line });
        }
    }
}

impl Drop for BegunAct {
    fn drop(&mut self) {
        self.write(CUT_OFF);
    }
}

/// Discards all lines; for tests of other things.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAccessLog;

impl AccessLog for NoAccessLog {
    fn note(&self, _line: Access) {}
}
