//! The access log: who looked at or did what, also what was refused; beside the journal, which holds what happened.
//! Knows no service and no storage; a World says where it goes. Carries ids alone, never a name, phone or address.

use okienko_kernel::{Clock, Day, Id, Moment};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// What it was done to.
    pub on: On,
    /// `ok`, or the stable code of the refusal.
    pub outcome: &'static str,
}

/// What something was done to: an id, a day, or nothing. Made of what was parsed alone, so that nothing a stranger typed
/// stands in the log: no formula for the auditor's spreadsheet, no quote that hides the next line, no megabytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct On(String);

/// The longest word that can be an id.
const WORD: usize = 40;

impl On {
    /// Nothing, or nothing that could be read.
    pub fn nothing() -> On {
        On::default()
    }
    /// An id that is one word of letters and digits; anything else is nothing.
    pub fn word(id: &str) -> On {
        let plain = id.len() <= WORD && id.bytes().all(|b| b.is_ascii_alphanumeric());
        On(if plain { id.to_owned() } else { String::new() })
    }
    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// As it is written.
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
    /// How many of the same it stands for: the first ones of a minute have a line each, the rest of it is one.
    #[serde(default = "once")]
    pub times: u64,
}

fn once() -> u64 {
    1
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

/// An act that has begun. Its line is written at its end with its outcome, or as [`CUT_OFF`] where it never came to one:
/// whoever asked has hung up, the program ended, or it panicked. Either way it does not go unwritten.
pub struct BegunAct {
    log: Arc<dyn AccessLog>,
    wall: Arc<dyn Clock>,
    line: Option<Access>,
}

/// The outcome of an act without an end: it may have been carried out or not.
pub const CUT_OFF: &str = "cut_off";

impl BegunAct {
    /// From now on `line` will be written; its time and outcome are those of its end.
    pub fn begun(log: Arc<dyn AccessLog>, wall: Arc<dyn Clock>, line: Access) -> BegunAct {
        BegunAct { log, wall, line: Some(line) }
    }
    /// What it is done to, where that was not known at first.
    pub fn on(&mut self, on: On) {
        self.line.iter_mut().for_each(|line| line.on = on.clone());
    }
    /// It has come to this end.
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

/// Forgets all lines; for tests of other things.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAccessLog;

impl AccessLog for NoAccessLog {
    fn note(&self, _line: Access) {}
}
