//! Whether visits can be given to the people of a pool's shifts, each to one person from beginning to end. Counting people
//! minute by minute is not enough: with 1, 2 and 1 people in three quarters of an hour, two visits of half an hour never stand
//! in each other's way and still need somebody who stays for both quarters.
//!
//! The general question is NP-hard (k-track assignment), so the answer is exact while few ways have to be kept apart, and
//! otherwise errs on the safe side: it never promises what cannot be kept.
//!
//! Pure arithmetic on moments. Must not know of holds, services or slots.

use okienko_kernel::{Moment, Span};
use okienko_office::plan::{Length, Presence};
use std::collections::BTreeSet;

/// Steps of following ways before it is left open whether there is one: a fraction of a millisecond.
const MOST_STEPS: u32 = 500;

/// A visit. Its person is busy from `from` to `busy_until`; the pause after `to` may reach into a break or past the end of
/// the day, which end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// When it begins.
    pub from: Moment,
    /// When it ends, exclusive: its person must be there until then.
    pub to: Moment,
    /// The end of the pause after it; `to` where there is none.
    pub busy_until: Moment,
}

impl Visit {
    /// A visit of that length.
    pub fn new(from: Moment, length: Length) -> Visit {
        let to = from + Span::from_mins(i64::from(length.minutes));
        Visit { from, to, busy_until: to + Span::from_mins(i64::from(length.pause_min)) }
    }
    fn fits_into(&self, presence: &Presence) -> bool {
        presence.from <= self.from && self.to <= presence.to
    }
}

/// Equal visits, and how many.
pub type Visits = (Visit, u32);

/// The people of a day and what they are promised to.
pub struct Ledger<'a> {
    people: &'a [Presence],
    promised: Vec<Visits>,
    /// Those of `promised` that can be served: people may have fallen ill since, and whoever was promised to them takes
    /// nobody away from times that they do not touch.
    kept: Vec<Visits>,
    is_uniform: bool,
    /// How many steps of following ways each answer may take.
    steps: u32,
}

impl<'a> Ledger<'a> {
    /// With what is promised already.
    pub fn new(people: &'a [Presence], promised: Vec<Visits>) -> Ledger<'a> {
        Ledger::within(MOST_STEPS, people, promised)
    }

    fn within(steps: u32, people: &'a [Presence], promised: Vec<Visits>) -> Ledger<'a> {
        let is_uniform = is_uniform(people);
        let over = !is_uniform && served_within(steps, people, &promised) == Served::No;
        let kept = if over { servable(steps, people, &promised) } else { promised.clone() };
        Ledger { people, promised, kept, is_uniform, steps }
    }

    /// How many more visits like `wanted` can be served.
    pub fn room(&self, wanted: Visit) -> u32 {
        if self.is_uniform {
            return by_count(self.people, &self.promised, wanted, |visit| visit.busy_until);
        }
        // Whoever is in a pause may have gone home since, and then is nobody whom the count misses.
        let bound = by_count(self.people, &self.promised, wanted, |visit| visit.to);
        let with = |more: u32| {
            let mut all = self.kept.clone();
            all.push((wanted, more));
            let visits = in_order(&all);
            (groups(self.people, &visits), visits)
        };
        let is_easy = |more: u32| {
            let (groups, visits) = with(more);
            matches!(tightest_first(&groups, &visits), Greedy::Served)
        };
        let mut room = largest(bound, is_easy);
        while room < bound && served_within(self.steps, self.people, &with(room + 1).1) == Served::Yes {
            room += 1;
        }
        room
    }

    /// Promises so many more visits, for which there is room.
    pub fn promise(&mut self, visit: Visit, count: u32) {
        self.promised.push((visit, count));
        self.kept.push((visit, count));
    }
}

/// The largest number up to `most` for which this holds, where it holds for all smaller ones.
fn largest(most: u32, holds: impl Fn(u32) -> bool) -> u32 {
    if most == 0 || holds(most) {
        return most;
    }
    let (mut good, mut bad) = (0, most);
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if holds(middle) { good = middle } else { bad = middle }
    }
    good
}

/// Whether visits can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// Each can be given to a person.
    Yes,
    /// Not all of them.
    No,
    /// Too many ways had to be followed to tell.
    Unknown,
}

/// Whether all of these visits can be served.
pub fn served(people: &[Presence], visits: &[Visits]) -> Served {
    served_within(MOST_STEPS, people, visits)
}

fn served_within(steps: u32, people: &[Presence], visits: &[Visits]) -> Served {
    let visits = in_order(visits);
    let groups = groups(people, &visits);
    match tightest_first(&groups, &visits) {
        Greedy::Served => Served::Yes,
        Greedy::NoChoice => Served::No,
        Greedy::Stuck => any_way(&groups, &visits, steps),
    }
}

/// As many of these visits as can be served, the earlier ones first.
fn servable(steps: u32, shifts: &[Presence], visits: &[Visits]) -> Vec<Visits> {
    let mut kept: Vec<Visits> = Vec::new();
    for (visit, count) in in_order(visits) {
        for _ in 0..count {
            let mut more = kept.clone();
            more.push((visit, 1));
            if served_within(steps, shifts, &more) == Served::No {
                break;
            }
            kept = more;
        }
    }
    kept
}

/// Whether at no minute there are people who stay for different lengths: then counting is enough.
fn is_uniform(shifts: &[Presence]) -> bool {
    let mut shifts: Vec<&Presence> = shifts.iter().filter(|presence| presence.people > 0).collect();
    shifts.sort_unstable();
    shifts
        .windows(2)
        .all(|pair| (pair[0].from, pair[0].to) == (pair[1].from, pair[1].to) || pair[0].to <= pair[1].from)
}

/// An upper bound by counting: the people who are there for all of it, and at each moment of it the people who are there at
/// all, less the visits under way; `until` says until when one is.
fn by_count(shifts: &[Presence], promised: &[Visits], wanted: Visit, until: fn(&Visit) -> Moment) -> u32 {
    let people = |is_there: &dyn Fn(&Presence) -> bool| -> u32 {
        shifts.iter().filter(|presence| is_there(presence)).map(|presence| presence.people).sum()
    };
    let able = || shifts.iter().filter(|presence| wanted.fits_into(presence));
    // Only visits to these very people count: a visit of an earlier shift is over, whatever pause it had, and one of a later
    // shift begins after they have gone.
    let (Some(begun), Some(gone)) = (able().map(|it| it.from).min(), able().map(|it| it.to).max()) else {
        return 0;
    };
    let during = |from: &Moment| wanted.from < *from && *from < until(&wanted).min(gone);
    let moments = promised.iter().map(|(visit, _)| visit.from).filter(during);
    let at = |then: Moment| {
        let there = people(&|presence| presence.from <= then && then < presence.to);
        let busy: u32 = promised
            .iter()
            .filter(|(visit, _)| visit.from >= begun && visit.from <= then && then < until(visit))
            .map(|(_, count)| *count)
            .sum();
        there.saturating_sub(busy)
    };
    let most: u32 = able().map(|presence| presence.people).sum();
    moments.chain([wanted.from]).map(at).min().unwrap_or(0).min(most)
}

fn in_order(visits: &[Visits]) -> Vec<Visits> {
    let mut visits: Vec<Visits> = visits.iter().filter(|(_, count)| *count > 0).copied().collect();
    visits.sort_unstable();
    visits
}

/// People whom no visit tells apart, by the end of their presence.
fn groups(shifts: &[Presence], visits: &[Visits]) -> Vec<Presence> {
    let mut groups: Vec<Presence> = Vec::new();
    for presence in shifts.iter().filter(|presence| presence.people > 0) {
        let inside = || visits.iter().map(|(visit, _)| visit).filter(|visit| visit.fits_into(presence));
        let Some(from) = inside().map(|visit| visit.from).min() else { continue };
        let to = inside().map(|visit| visit.to).max().unwrap_or(presence.to);
        match groups.iter_mut().find(|group| (group.from, group.to) == (from, to)) {
            Some(group) => group.people += presence.people,
            None => groups.push(Presence { from, to, people: presence.people }),
        }
    }
    groups.sort_unstable_by_key(|group| (group.to, group.from));
    groups
}

/// What giving each visit to those who leave first came to.
enum Greedy {
    Served,
    /// It failed, and there never was another way.
    NoChoice,
    /// It failed, and another way may do.
    Stuck,
}

/// For each group of people, until when how many of them are busy.
type Busy = Vec<Vec<(Moment, u32)>>;

fn tightest_first(groups: &[Presence], visits: &[Visits]) -> Greedy {
    let mut busy: Busy = vec![Vec::new(); groups.len()];
    let mut had_choice = false;
    for (visit, count) in visits {
        release(&mut busy, visit.from);
        let mut left = *count;
        let free: Vec<(usize, u32)> = free(groups, &busy, visit);
        had_choice |= free.len() > 1;
        for (group, free) in free {
            let taken = left.min(free);
            occupy(&mut busy[group], visit.busy_until, taken);
            left -= taken;
        }
        if left > 0 {
            return if had_choice { Greedy::Stuck } else { Greedy::NoChoice };
        }
    }
    Greedy::Served
}

/// Follows all ways at once, visit by visit; ways that leave the same people busy until the same minutes are one.
fn any_way(groups: &[Presence], visits: &[Visits], most: u32) -> Served {
    let mut ways = BTreeSet::from([vec![Vec::new(); groups.len()]]);
    let mut steps = most;
    for (visit, count) in visits {
        let mut next = BTreeSet::new();
        for mut way in ways {
            release(&mut way, visit.from);
            let free = free(groups, &way, visit);
            if !spread(&way, &free, (visit.busy_until, *count), &mut next, &mut steps) {
                return Served::Unknown;
            }
        }
        ways = next;
    }
    if ways.is_empty() { Served::No } else { Served::Yes }
}

/// All ways to give so many visits to these groups; false when there were too many steps.
fn spread(
    way: &Busy,
    free: &[(usize, u32)],
    (busy_until, left): (Moment, u32),
    into: &mut BTreeSet<Busy>,
    steps: &mut u32,
) -> bool {
    let Some(left_over) = steps.checked_sub(1) else { return false };
    *steps = left_over;
    if left == 0 {
        into.insert(way.clone());
        return true;
    }
    let Some(((group, most), others)) = free.split_first() else { return true };
    // What the others cannot take, this one must.
    let others_take: u32 = others.iter().fold(0, |sum, (_, free)| sum.saturating_add(*free));
    let least = left.saturating_sub(others_take);
    for taken in (least..=left.min(*most)).rev() {
        let mut way = way.clone();
        occupy(&mut way[*group], busy_until, taken);
        if !spread(&way, others, (busy_until, left - taken), into, steps) {
            return false;
        }
    }
    true
}

/// The groups that could take a visit, those who leave first at the front, and how many of each are free.
fn free(groups: &[Presence], busy: &Busy, visit: &Visit) -> Vec<(usize, u32)> {
    let free = |(place, group): (usize, &Presence)| {
        let taken: u32 = busy[place].iter().map(|(_, count)| count).sum();
        visit.fits_into(group).then_some((place, group.people - taken)).filter(|(_, free)| *free > 0)
    };
    groups.iter().enumerate().filter_map(free).collect()
}

fn release(busy: &mut Busy, minute: Moment) {
    busy.iter_mut().for_each(|group| group.retain(|(until, _)| *until > minute));
}

fn occupy(group: &mut Vec<(Moment, u32)>, until: Moment, count: u32) {
    if count == 0 {
        return;
    }
    match group.binary_search_by_key(&until, |(until, _)| *until) {
        Ok(place) => group[place].1 += count,
        Err(place) => group.insert(place, (until, count)),
    }
}

#[cfg(test)]
pub(crate) mod tests;
