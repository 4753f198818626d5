//! Which reservations look as if made by a bot or a reseller: a score with reasons, from keyed hashes and times alone.
//! Says what is worth a look, never removes anything. Must not know of people, only of hashes of them.

use okienko_kernel::{Id, Moment, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// From this score on, staff should look.
pub const THRESHOLD: u32 = 50;
/// The maximum score.
pub const MAX_SCORE: u32 = 100;
/// The time window in which reservations and holds of one network are counted.
pub const WINDOW: Span = Span::from_hours(1);
/// A form that was filled in faster than this, in seconds, was hardly read.
pub const FAST_FORM_S: u32 = 3;

/// Points by count: the last row whose count is reached. A household may be four people on one network, a library forty
/// visitors: neither may come near the threshold by the network alone.
type Points = &'static [(usize, u32)];
const NETWORK: Points = &[(6, 10), (12, 15), (25, 20)];
const ABANDONED: Points = &[(10, 10), (25, 15), (60, 50)];
const NAMES: Points = &[(4, 10), (6, 40), (9, 60)];
const PHONES: Points = &[(3, 30), (4, 50)];
const ALIASES: Points = &[(2, 10), (3, 30), (4, 50)];
const SAME_FORM: Points = &[(4, 15), (8, 40)];
const FAST_FORM: u32 = 25;
const AT_RELEASE: u32 = 15;

/// What is kept about how a place was booked. Every text is a keyed hash of the office: equal for equal values, and
/// useless without the installation's secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The network that requested the hold.
    #[serde(default)]
    pub network: Option<String>,
    /// The account.
    #[serde(default)]
    pub account: Option<String>,
    /// The phone or mail address to be proved.
    #[serde(default)]
    pub phone: Option<String>,
    /// The person's mail address.
    #[serde(default)]
    pub address: Option<String>,
    /// The mailbox behind it: the same for `jan+1@` and `jan+2@`.
    #[serde(default)]
    pub mailbox: Option<String>,
    /// The document in the form.
    #[serde(default)]
    pub document: Option<String>,
    /// The name in the form.
    #[serde(default)]
    pub name: Option<String>,
    /// All answers together, if at least one had to be typed.
    #[serde(default)]
    pub form: Option<String>,
    /// Seconds from the hold to the first submission of the form.
    #[serde(default)]
    pub form_s: Option<u32>,
}

/// How far a booking got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// An active hold.
    Held,
    /// A hold that ended without a reservation.
    Abandoned,
    /// A reservation, including one that was ended later.
    Confirmed,
}

/// One booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The hold.
    pub hold: Id,
    /// When it was confirmed; for a hold, when it was placed.
    pub at: Moment,
    /// How far it got.
    pub stage: Stage,
    /// From the release of the day to `at`.
    pub since_release: Span,
    /// What is known about it.
    pub trace: Trace,
}

/// Why something looks suspicious.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// This many reservations from one network within an hour.
    NetworkBurst {
        /// How many.
        count: usize,
        /// Length of the interval in minutes.
        minutes: i64,
    },
    /// This many holds from one network ended unconfirmed within an hour.
    NetworkAbandons {
        /// How many.
        count: usize,
        /// Length of the interval in minutes.
        minutes: i64,
    },
    /// One phone or mail address was used for this many names.
    PhoneNames {
        /// How many.
        count: usize,
    },
    /// One account was used for this many names.
    AccountNames {
        /// How many.
        count: usize,
    },
    /// One document was given with this many phones.
    DocumentPhones {
        /// How many.
        count: usize,
    },
    /// One mailbox was used under this many addresses.
    MailAliases {
        /// How many.
        count: usize,
    },
    /// The same answers appear in this many forms.
    SameForm {
        /// How many.
        count: usize,
    },
    /// The form was submitted this many seconds after the hold.
    FastForm {
        /// Seconds.
        seconds: u32,
    },
    /// It was made in the first second after the day's release.
    AtRelease,
}

impl Reason {
    /// How much it adds to the score.
    pub fn points(&self) -> u32 {
        match self {
            Reason::NetworkBurst { count, .. } => points(NETWORK, *count),
            Reason::NetworkAbandons { count, .. } => points(ABANDONED, *count),
            Reason::PhoneNames { count } | Reason::AccountNames { count } => points(NAMES, *count),
            Reason::DocumentPhones { count } => points(PHONES, *count),
            Reason::MailAliases { count } => points(ALIASES, *count),
            Reason::SameForm { count } => points(SAME_FORM, *count),
            Reason::FastForm { .. } => FAST_FORM,
            Reason::AtRelease => AT_RELEASE,
        }
    }
}

/// The assessment of a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// 0 to [`MAX_SCORE`].
    pub score: u32,
    /// Reasons, most points first.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// Whether staff should look.
    pub fn is_suspicious(&self) -> bool {
        self.score >= THRESHOLD
    }
}

/// Scores each booking among all of them; in their order. One more booking never lowers the score of another.
pub fn judge(facts: &[Fact]) -> Vec<Verdict> {
    let seen = BookingTallies::of(facts);
    facts.iter().map(|fact| seen.verdict(fact)).collect()
}

type Times<'a> = BTreeMap<&'a str, Vec<Moment>>;
type Sets<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Everything that is counted over the bookings.
#[derive(Default)]
struct BookingTallies<'a> {
    confirmed: Times<'a>,
    abandoned: Times<'a>,
    phone_names: Sets<'a>,
    account_names: Sets<'a>,
    document_phones: Sets<'a>,
    mailbox_addresses: Sets<'a>,
    forms: BTreeMap<&'a str, usize>,
}

impl<'a> BookingTallies<'a> {
    fn of(facts: &'a [Fact]) -> BookingTallies<'a> {
        let mut seen = BookingTallies::default();
        for fact in facts {
            let trace = &fact.trace;
            if let Some(network) = trace.network.as_deref() {
                match fact.stage {
                    Stage::Confirmed => seen.confirmed.entry(network).or_default().push(fact.at),
                    Stage::Abandoned => seen.abandoned.entry(network).or_default().push(fact.at),
                    Stage::Held => {}
                }
            }
            pair(&mut seen.phone_names, trace.phone.as_deref(), trace.name.as_deref());
            pair(&mut seen.account_names, trace.account.as_deref(), trace.name.as_deref());
            pair(&mut seen.document_phones, trace.document.as_deref(), trace.phone.as_deref());
            pair(&mut seen.mailbox_addresses, trace.mailbox.as_deref(), trace.address.as_deref());
            if let Some(form) = trace.form.as_deref() {
                *seen.forms.entry(form).or_default() += 1;
            }
        }
        seen.confirmed
            .values_mut()
            .chain(seen.abandoned.values_mut())
            .for_each(|times| times.sort_unstable());
        seen
    }

    fn verdict(&self, fact: &Fact) -> Verdict {
        let trace = &fact.trace;
        let network = |times: &Times<'_>| busiest(times.get(trace.network.as_deref()?)?, fact.at);
        let size = |sets: &Sets<'_>, key: &Option<String>| sets.get(key.as_deref()?).map(BTreeSet::len);
        let same = trace.form.as_deref().and_then(|form| self.forms.get(form)).copied();
        let fast = trace.form_s.filter(|seconds| *seconds < FAST_FORM_S);
        let at_once = fact.since_release >= Span::ZERO && fact.since_release < Span::from_secs(1);
        let all = [
            network(&self.confirmed).map(|(count, minutes)| Reason::NetworkBurst { count, minutes }),
            network(&self.abandoned).map(|(count, minutes)| Reason::NetworkAbandons { count, minutes }),
            size(&self.phone_names, &trace.phone).map(|count| Reason::PhoneNames { count }),
            size(&self.account_names, &trace.account).map(|count| Reason::AccountNames { count }),
            size(&self.document_phones, &trace.document).map(|count| Reason::DocumentPhones { count }),
            size(&self.mailbox_addresses, &trace.mailbox).map(|count| Reason::MailAliases { count }),
            same.map(|count| Reason::SameForm { count }),
            fast.map(|seconds| Reason::FastForm { seconds }),
            at_once.then_some(Reason::AtRelease),
        ];
        let mut reasons: Vec<Reason> =
            all.into_iter().flatten().filter(|reason| reason.points() > 0).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points()));
        let score = reasons.iter().map(Reason::points).sum::<u32>().min(MAX_SCORE);
        Verdict { score, reasons }
    }
}

fn pair<'a>(sets: &mut Sets<'a>, key: Option<&'a str>, value: Option<&'a str>) {
    if let (Some(key), Some(value)) = (key, value) {
        sets.entry(key).or_default().insert(value);
    }
}

fn points(table: Points, count: usize) -> u32 {
    table.iter().rev().find(|(from, _)| count >= *from).map_or(0, |(_, points)| *points)
}

/// The largest number of these times (sorted) within one [`WINDOW`] that contains `at`, and the minutes between the
/// first and the last of them.
fn busiest(times: &[Moment], at: Moment) -> Option<(usize, i64)> {
    let first = times.partition_point(|time| *time < at - WINDOW);
    let starts = times.iter().enumerate().skip(first).take_while(|(_, start)| **start <= at);
    let windows = starts.filter_map(|(from, start)| {
        let within = times.get(from..times.partition_point(|time| *time <= *start + WINDOW))?;
        let minutes = within.last()?.since(*start).mins_up().max(1);
        Some((within.len(), minutes))
    });
    windows.max_by_key(|(count, minutes)| (*count, std::cmp::Reverse(*minutes)))
}

#[cfg(test)]
mod tests;
