//! The forecast: the rest of the day's queue is played through some dozens of times with lengths of visits as they are
//! likely to be, and the range is what most of these days have in common. Each person's lengths follow from the ticket,
//! not from chance: the same hall gives the same answer, and one who leaves changes nothing for those before.

use super::length::Length;
use super::range::Range;
use okienko_kernel::Span;

/// People of a line that are played through; the wait of those behind follows from the last of these.
pub const LINE_MOST: usize = 400;
/// Days that are played.
const DAYS: usize = POINTS;
/// Days that are left out: the shortest waits and the longest. Who is called later than told is worse off than who is
/// called sooner, and what a forecast does not foresee makes waits longer.
const LEFT_OUT: (usize, usize) = (2, 4);

/// A hall now. Services and counters are indexes of `lengths` and `counters`.
#[derive(Clone, Debug, Default)]
pub struct Hall {
    /// How long visits take, by service.
    pub lengths: Vec<Length>,
    /// The counters that are open, free or not.
    pub counters: Vec<Counter>,
    /// Who waits, in the order of calling; at most [`LINE_MOST`] of them count.
    pub line: Vec<Person>,
    /// Who is not here yet and will go before somebody who is, the earliest first.
    pub coming: Vec<Coming>,
}

/// An open counter.
#[derive(Clone, Debug)]
pub struct Counter {
    /// By service: whether it serves it.
    pub serves: Vec<bool>,
    /// Who is called there or served.
    pub visit: Option<Visit>,
}

/// A visit that goes on.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// For which service.
    pub service: usize,
    /// Since the call.
    pub elapsed: Span,
    /// See [`seed_of`].
    pub seed: u64,
}

/// Somebody in the line.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// For which service.
    pub service: usize,
    /// Waits for this counter alone.
    pub only: Option<usize>,
    /// Is not called before that time has passed.
    pub after: Span,
    /// See [`seed_of`].
    pub seed: u64,
}

/// Somebody with an hour who is not here yet.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    /// For which service, and when.
    pub person: Person,
    /// Goes before those of the line from this place on.
    pub before: usize,
    /// How likely it is that the person comes, 0 to 1.
    pub odds: f64,
}

/// What can be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// By place in the line; `None` while no counter is open for that person.
    pub line: Vec<Option<Range>>,
    /// By service, for somebody who takes a ticket now.
    pub joining: Vec<Option<Range>>,
}

/// A ticket's own number, from its id as text (FNV-1a).
pub fn seed_of(ticket: &str) -> u64 {
    ticket
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Which of the likely lengths a ticket has on a day: each ticket has each of them once, in an order of its own, so that
/// few days are enough. Every step keeps six bits apart.
fn point_of(seed: u64, day: u64) -> usize {
    let mut z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    let mut at = day ^ (z & 63);
    for shift in [6, 18, 30] {
        at = at.wrapping_mul((z >> shift) | 1).wrapping_add(z >> (shift + 6)) & 63;
        at ^= at >> 3;
    }
    at as usize
}

/// The point of the normal distribution below which the share `p` lies (Tukey's lambda, exact to a hundredth).
fn normal(p: f64) -> f64 {
    4.91 * (p.powf(0.14) - (1.0 - p).powf(0.14))
}

const POINTS: usize = 64;

/// Likely lengths of a service's visits, from short to long, each as likely as the other.
struct Likely([f64; POINTS]);

impl Likely {
    fn new(length: &Length) -> Likely {
        let share = length.spread_s / length.mean_s;
        let sigma2 = (1.0 + share * share).ln();
        let point = |i: usize| {
            let z = normal((i as f64 + 0.5) / POINTS as f64);
            length.mean_s * (sigma2.sqrt() * z - sigma2 / 2.0).exp()
        };
        Likely(std::array::from_fn(point))
    }
    fn at(&self, point: usize) -> f64 {
        self.0[point]
    }
    /// What is left of a visit that has lasted so long already.
    fn rest(&self, point: usize, elapsed: f64) -> f64 {
        let from = self.0.partition_point(|length| *length <= elapsed);
        match POINTS - from {
            // Longer than any: it ends soon, and nobody knows when.
            0 => self.at(point) / 2.0,
            left => self.0[from + point * left / POINTS] - elapsed,
        }
    }
}

/// One of the days that are played: when each counter is free, in seconds from now.
struct Day<'a> {
    number: u64,
    hall: &'a Hall,
    likely: &'a [Likely],
    /// By service: how far the mean is off on this day.
    off: Vec<f64>,
    free_at: Vec<f64>,
    came: usize,
}

impl<'a> Day<'a> {
    fn new(hall: &'a Hall, likely: &'a [Likely], number: usize) -> Day<'a> {
        // The doubts of the means are spread evenly over the days, each service in an order of its own.
        let number = number as u64;
        let off = hall.lengths.iter().enumerate().map(|(service, length)| {
            let place = (number * 27 + service as u64 * 17) % DAYS as u64;
            (length.off * normal((place as f64 + 0.5) / DAYS as f64)).exp()
        });
        let mut day = Day { number, hall, likely, off: off.collect(), free_at: Vec::new(), came: 0 };
        let rest = |counter: &Counter| {
            counter.visit.map_or(0.0, |visit| {
                let off = day.off[visit.service];
                let elapsed = visit.elapsed.micros() as f64 / 1e6;
                likely[visit.service].rest(point_of(visit.seed, number), elapsed / off) * off
            })
        };
        day.free_at = hall.counters.iter().map(rest).collect();
        day
    }

    /// The first counter that is free for somebody, and when.
    fn first(&self, person: &Person) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (at, counter) in self.hall.counters.iter().enumerate() {
            let serves = person.only.map_or(counter.serves[person.service], |only| only == at);
            if serves && best.is_none_or(|(_, time)| self.free_at[at] < time) {
                best = Some((at, self.free_at[at]));
            }
        }
        best
    }

    fn take(&mut self, person: &Person) -> Option<f64> {
        let (at, free) = self.first(person)?;
        let start = free.max(person.after.micros() as f64 / 1e6);
        let length =
            self.likely[person.service].at(point_of(person.seed, self.number)) * self.off[person.service];
        self.free_at[at] = start + length;
        Some(start)
    }

    /// When somebody at a place of the line is called, after those with an hour who have come before.
    fn call(&mut self, place: usize, person: &Person) -> Option<f64> {
        let mut start = self.first(person)?.1;
        while let Some(coming) = self.hall.coming.get(self.came) {
            if coming.person.after.micros() as f64 / 1e6 > start {
                break;
            }
            self.came += 1;
            let luck = (point_of(!coming.person.seed, self.number) as f64 + 0.5) / POINTS as f64;
            if coming.before <= place && luck < coming.odds {
                self.take(&coming.person);
                start = self.first(person)?.1;
            }
        }
        self.take(person)
    }
}

/// The range that most days have in common.
fn common(mut starts: Vec<f64>) -> Option<Range> {
    starts.sort_by(f64::total_cmp);
    let (low, high) = (starts.get(LEFT_OUT.0)?, starts.get(starts.len().checked_sub(LEFT_OUT.1 + 1)?)?);
    Some(Range::around(*low, *high))
}

impl Hall {
    /// Plays the days.
    pub fn forecast(&self) -> Forecast {
        let played = self.line.len().min(LINE_MOST);
        let mut line = vec![Vec::with_capacity(DAYS); played];
        let mut joining = vec![Vec::with_capacity(DAYS); self.lengths.len()];
        if !self.counters.is_empty() {
            let likely: Vec<Likely> = self.lengths.iter().map(Likely::new).collect();
            for number in 0..DAYS {
                let mut day = Day::new(self, &likely, number);
                for (place, person) in self.line[..played].iter().enumerate() {
                    line[place].extend(day.call(place, person));
                }
                let end = (day.free_at.clone(), day.came);
                for (service, starts) in joining.iter_mut().enumerate() {
                    (day.free_at, day.came) = end.clone();
                    let next = Person { service, only: None, after: Span::ZERO, seed: service as u64 };
                    starts.extend(day.call(self.line.len(), &next));
                }
            }
        }
        let mut line: Vec<Option<Range>> = line.into_iter().map(common).collect();
        let mut joining: Vec<Option<Range>> = joining.into_iter().map(common).collect();
        if self.line.len() > played {
            self.stretch(&mut line, &mut joining);
        }
        Forecast { line, joining }
    }

    /// The waits of those behind the last that was played grow with their place.
    fn stretch(&self, line: &mut Vec<Option<Range>>, joining: &mut [Option<Range>]) {
        let played = line.len();
        let ends = joining.to_vec();
        for place in played..self.line.len() {
            line.push(ends[self.line[place].service].map(|range| range.stretched(place + 1, played)));
        }
        for range in joining.iter_mut().flatten() {
            *range = range.stretched(self.line.len() + 1, played);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::pace::Pace;
    use super::*;

    fn person(service: usize, seed: u64) -> Person {
        Person { service, only: None, after: Span::ZERO, seed }
    }
    /// Counters by the services that they serve; visits of ten and twenty minutes.
    fn hall(counters: &[[bool; 2]], line: usize) -> Hall {
        let pace: Pace<u8> = Pace::default();
        Hall {
            lengths: vec![pace.length("a", 10), pace.length("b", 20)],
            counters: counters.iter().map(|s| Counter { serves: s.to_vec(), visit: None }).collect(),
            line: (0..line).map(|n| person(0, n as u64)).collect(),
            coming: Vec::new(),
        }
    }
    const ALL: [bool; 2] = [true, true];

    #[test]
    fn each_ticket_has_each_likely_length_once() {
        for seed in [0, 1, seed_of("a"), seed_of("b"), u64::MAX] {
            let mut points: Vec<usize> = (0..DAYS as u64).map(|day| point_of(seed, day)).collect();
            points.sort_unstable();
            assert_eq!(points, (0..POINTS).collect::<Vec<_>>());
        }
    }

    #[test]
    fn where_no_counter_serves_the_matter_nothing_is_said() {
        let shut = hall(&[], 2).forecast();
        assert_eq!((shut.line, shut.joining), (vec![None, None], vec![None, None]));
        let other = hall(&[[false, true]], 1).forecast();
        assert_eq!(other.line, [None]);
        assert!(other.joining[1].is_some());
        let mut only = hall(&[ALL], 1);
        only.line[0].only = Some(3);
        assert_eq!(only.forecast().line, [None]);
    }

    #[test]
    fn waits_grow_with_the_line_shrink_with_counters_and_are_the_same_each_time() {
        let one = hall(&[ALL], 30).forecast();
        let three = hall(&[ALL; 3], 30).forecast();
        assert_eq!(one, hall(&[ALL], 30).forecast());
        let high = |f: &Forecast, at: usize| f.line[at].unwrap().high_min;
        assert_eq!(one.line[0], Some(Range { low_min: 0, high_min: 5 }));
        assert!((1..30).all(|n| high(&one, n) >= high(&one, n - 1)));
        assert!(high(&three, 29) * 2 < high(&one, 29));
        assert!(one.joining[0].unwrap().high_min >= high(&one, 29));
    }

    #[test]
    fn a_visit_that_has_lasted_is_nearer_its_end() {
        let busy = |elapsed: i64| {
            let mut hall = hall(&[ALL], 1);
            let elapsed = Span::from_mins(elapsed);
            hall.counters[0].visit = Some(Visit { service: 1, elapsed, seed: 7 });
            hall.forecast().line[0].unwrap().low_min
        };
        assert!(busy(15) < busy(0));
        assert!(busy(600) < 20, "longer than any: soon");
    }

    #[test]
    fn who_has_an_hour_goes_before_and_not_before_the_hour() {
        let mut now = hall(&[ALL], 4);
        let without = now.forecast().line[3].unwrap();
        let mut first = Coming { person: person(1, 99), before: 0, odds: 1.0 };
        first.person.after = Span::from_mins(3);
        now.coming = vec![first; 2];
        assert!(now.forecast().line[3].unwrap().low_min > without.low_min + 10);
        now.coming.iter_mut().for_each(|coming| coming.before = 4);
        assert_eq!(now.forecast().line[3], Some(without), "behind the line");
        now.coming.iter_mut().for_each(|coming| coming.person.after = Span::from_hours(9));
        assert_eq!(now.forecast().line[3], Some(without), "long after");
        now.line[3].after = Span::from_mins(120);
        assert!(now.forecast().line[3].unwrap().low_min >= 115);
    }

    #[test]
    fn a_line_without_end_is_answered_from_its_beginning() {
        let long = hall(&[ALL; 5], 20 * LINE_MOST).forecast();
        let (at, last) = (long.line[LINE_MOST - 1].unwrap(), long.line[2 * LINE_MOST - 1].unwrap());
        assert_eq!(long.line.len(), 20 * LINE_MOST);
        assert!((last.low_min as i64 - 2 * at.low_min as i64).abs() <= 60, "{at:?} {last:?}");
    }
}
