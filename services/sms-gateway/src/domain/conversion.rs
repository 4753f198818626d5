//! The ratio of codes proved to codes sent, by number range, against SMS pumping: a fraudster who has codes sent to
//! numbers that earn him money proves none of them. If too few codes are proved, sending to that range is throttled to
//! a trickle, so that an honest person there only waits for the pause shown. Knows no number: ranges are opaque names.

use super::event::{CodeRef, Event};
use super::refusal::Refusal;
use okienko_kernel::{Id, Moment, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The size of a range.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// Numbers that differ only in their last four digits: of these ten thousand, hardly ever do two ask within
    /// minutes.
    Block,
    /// All numbers of one country other than the office's own.
    Country,
}

/// A range that a number belongs to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Range {
    /// Its size.
    pub width: Width,
    /// Equal for equal ranges, and useless without the installation's secret.
    pub name: String,
}

/// Codes sent to a block whatever is proved.
const FIRST_OF_BLOCK: u32 = 30;
/// Codes to a country that may be lost whatever is proved.
const FIRST_OF_COUNTRY: u32 = 100;
/// How many further codes each proved one allows.
const PER_PROOF: u32 = 5;
/// In a throttled range, one code is sent per this time.
pub const TRICKLE: Span = Span::from_mins(10);

/// Statistics of this day's ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conversion {
    ranges: BTreeMap<Range, RangeStats>,
    by_verification: BTreeMap<Id, Vec<Range>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RangeStats {
    sent: u32,
    proved: u32,
    last: Option<Moment>,
    /// Verifications not proved yet, with the expiry of their first code.
    open: BTreeSet<(Moment, Id)>,
}

impl RangeStats {
    /// Verifications whose first code has expired and that were never proved.
    fn lost(&self, now: Moment) -> u32 {
        self.open.iter().take_while(|(ends, _)| *ends <= now).count() as u32
    }

    fn is_slow(&self, width: Width, now: Moment) -> bool {
        let earned = self.proved.saturating_mul(PER_PROOF);
        match width {
            Width::Block => self.sent >= FIRST_OF_BLOCK.saturating_add(earned),
            // In a rush, nobody has typed a code within the first minute: only expired codes count.
            Width::Country => {
                self.sent >= FIRST_OF_COUNTRY && self.lost(now) >= FIRST_OF_COUNTRY.saturating_add(earned)
            }
        }
    }
}

impl Conversion {
    /// Whether a code may go to a number of these ranges now.
    pub(super) fn may_send(&self, ranges: &[Range], now: Moment) -> Result<(), Refusal> {
        let slow = ranges.iter().filter_map(|range| {
            let known = self.ranges.get(range).filter(|known| known.is_slow(range.width, now))?;
            let next = known.last? + TRICKLE;
            (now < next).then(|| next.since(now))
        });
        match slow.max() {
            Some(retry_after) => Err(Refusal::RateLimited { retry_after }),
            None => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::VerificationStarted { verification, ranges, expires_at, .. } if !ranges.is_empty() => {
                self.by_verification.insert(*verification, ranges.clone());
                for range in ranges {
                    self.ranges.entry(range.clone()).or_default().open.insert((*expires_at, *verification));
                }
            }
            Event::MessageQueued { code: Some(CodeRef { verification, .. }), at, .. } => {
                self.each(*verification, |known| {
                    known.sent += 1;
                    known.last = Some(known.last.map_or(*at, |last| last.max(*at)));
                });
            }
            Event::CodeProved { verification, .. } => {
                let proved = *verification;
                self.each(proved, |known| {
                    known.proved += 1;
                    known.open.retain(|(_, open)| *open != proved);
                });
            }
            _ => {}
        }
    }

    fn each(&mut self, verification: Id, change: impl Fn(&mut RangeStats)) {
        for range in self.by_verification.get(&verification).into_iter().flatten() {
            if let Some(known) = self.ranges.get_mut(range) {
                change(known);
            }
        }
    }
}
