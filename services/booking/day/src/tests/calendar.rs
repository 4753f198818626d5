//! Random offices against a slow and obvious model: what is free at a start, and who is refused. The model knows minutes and
//! persons by name and nothing of plans, slots or counts. Few offices in everyday runs; `cargo xtask prove calendar` draws
//! a hundred thousand.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a proof is told its size and prints its figures"
)]

use super::*;
use crate::fit::Visit;
use crate::fit::tests::slowly;
use okienko_kernel::Day as CivilDay;
use okienko_kernel::civil::Weekday;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Entropy, TimeOfDay};
use okienko_office::calendar::{Interval, WeekHours};
use okienko_office::plan::Presence;
use okienko_office::samples::small_office;
use okienko_office::{DaysBefore, Office, Service, Shift};

/// An ordinary day, the one with 25 hours and the one with 23.
const DAYS: [&str; 3] = ["2026-12-01", "2026-10-25", "2027-03-28"];
const SERVICES: [&str; 2] = ["card", "plain"];

struct Draw(SeededEntropy);

impl Draw {
    fn below(&self, end: u16) -> u16 {
        (self.0.number() % u64::from(end.max(1))) as u16
    }
    fn often(&self, of: u16) -> bool {
        self.below(of) > 0
    }
    fn one_of<T: Copy>(&self, all: &[T]) -> T {
        all[usize::from(self.below(all.len() as u16))]
    }
    /// Part of an interval, in steps of five minutes.
    fn within(&self, whole: Interval) -> Interval {
        let steps = whole.minutes() / 5;
        let from = self.below(steps);
        let long = 1 + self.below(steps - from);
        let at = |step: u16| TimeOfDay::from_minutes(whole.open.minutes() + step * 5).unwrap();
        Interval { open: at(from), close: at(from + long) }
    }
}

/// An office that is open for at most three hours, with up to three people in one pool.
fn office(draw: &Draw) -> Office {
    let time = |hour: u16, minute: u16| TimeOfDay::new(hour, minute).unwrap();
    let mut office = small_office();
    office.work_on_holidays = true;
    let (early, late) = (
        Interval { open: time(1, 0), close: time(2, 30) },
        Interval { open: time(2, 45), close: time(4, 0) },
    );
    let whole = Interval { open: early.open, close: late.close };
    let hours = if draw.often(2) { vec![draw.within(early), draw.within(late)] } else { vec![whole] };
    let week = [Weekday::Monday, Weekday::Tuesday, Weekday::Sunday];
    office.locations[0].hours = WeekHours(week.map(|day| (day, hours.clone())).into());
    let pool = &mut office.pools[0];
    pool.slot_minutes = draw.one_of(&[5, 10, 15, 20, 30]);
    pool.capacity = 1 + u32::from(draw.below(3));
    pool.reserved = u32::from(draw.below(2)) * u32::from(draw.below(3));
    pool.reserved_until = (draw.often(2))
        .then(|| DaysBefore { days_before: draw.below(3), at: draw.one_of(&[time(0, 30), time(12, 0)]) });
    for _ in 0..draw.below(4) {
        let hours = draw.within(whole);
        let away = (hours.minutes() >= 15 && draw.often(2)).then(|| draw.within(hours));
        let days = if draw.often(8) { Vec::new() } else { vec![Weekday::Monday] };
        pool.shifts.push(Shift { people: 1, hours, breaks: away.into_iter().collect(), days });
    }
    for service in &mut office.services {
        service.minutes = 5 + 5 * draw.below(14);
        service.step = (!draw.often(3)).then(|| draw.one_of(&[5, 10, 15, 20, 30]));
        service.pause = (!draw.often(3)).then(|| 5 * draw.below(4));
    }
    office
}

/// The first moment of a day that is not before a local time.
fn first(office: &Office, day: CivilDay, time: TimeOfDay) -> Moment {
    let minutes = (0..).map(|minute| office.zone.start_of(day) + Span::from_mins(minute));
    let mut late = minutes.skip_while(|at| office.zone.local(*at) < (day, time));
    late.next().unwrap()
}

/// The model: each person's times, and the visits that somebody was promised.
struct Slow {
    people: Vec<Presence>,
    promised: Vec<(Visit, Id)>,
}

impl Slow {
    /// Looks at each minute of the day for each person: is the office open, is it her shift, is it no break?
    fn of(office: &Office, day: CivilDay) -> Slow {
        let pool = &office.pools[0];
        let spans = |all: &[Interval]| -> Vec<(Moment, Moment)> {
            all.iter().map(|it| (first(office, day, it.open), first(office, day, it.close))).collect()
        };
        let open = spans(office.locations[0].hours.on(day.weekday()));
        let here =
            |all: &[(Moment, Moment)], at: Moment| all.iter().any(|(from, to)| *from <= at && at < *to);
        let mut people: Vec<Presence> = Vec::new();
        let mut add = |works: &dyn Fn(Moment) -> bool| {
            let mut since = None;
            for minute in 0..=26 * 60 {
                let at = office.zone.start_of(day) + Span::from_mins(minute);
                match (works(at), since) {
                    (true, None) => since = Some(at),
                    (false, Some(from)) => {
                        people.push(Presence { from, to: at, people: 1 });
                        since = None;
                    }
                    _ => {}
                }
            }
        };
        for shift in pool.shifts.iter().filter(|it| it.days.is_empty() || it.days.contains(&day.weekday())) {
            let (worked, away) = (spans(&[shift.hours]), spans(&shift.breaks));
            for _ in 0..shift.people {
                add(&|at| here(&open, at) && here(&worked, at) && !here(&away, at));
            }
        }
        if pool.shifts.is_empty() {
            for hours in &open {
                for _ in 0..pool.capacity {
                    add(&|at| here(&[*hours], at));
                }
            }
        }
        Slow { people, promised: Vec::new() }
    }

    /// How many more of these visits have a person each.
    fn room(&self, visit: Visit) -> u32 {
        let with = |more: u32| {
            let mut all: Vec<_> = self.promised.iter().map(|(visit, _)| (*visit, 1)).collect();
            all.push((visit, more));
            slowly(&self.people, &all)
        };
        (1..).take_while(|more| with(*more)).last().unwrap_or(0)
    }

    /// Whether visits of a service begin at that moment: on its steps, counted from when the first of the people came
    /// who then always had somebody beside them.
    fn begins(&self, at: Moment, step: u16, minutes: u16) -> bool {
        let here = |at: Moment| self.people.iter().any(|it| it.from <= at && at < it.to);
        let stays = |at: Moment| self.people.iter().any(|it| it.from < at && at < it.to);
        let mut opened = at;
        while stays(opened) {
            opened = opened - Span::from_mins(1);
        }
        let steps = at.since(opened).micros() % Span::from_mins(i64::from(step)).micros() == 0;
        let end = at + Span::from_mins(i64::from(minutes));
        here(at) && steps && self.people.iter().any(|it| it.from <= at && end <= it.to)
    }
}

/// Minutes, pause and step as the office's engineer would reckon them.
fn measures(office: &Office, service: &Service) -> (u16, u16, u16) {
    let slot = office.pools[0].slot_minutes;
    let cells = service.minutes.div_ceil(slot);
    let minutes = if service.step.is_some() { service.minutes } else { cells * slot };
    (minutes, service.pause.unwrap_or(0), service.step.unwrap_or(slot))
}

/// One office and some people who want visits there; how many starts were compared, and how many people refused.
fn compare(seed: u64) -> (u32, u32) {
    let draw = Draw(SeededEntropy::new(seed));
    let office = office(&draw);
    let day: CivilDay = draw.one_of(&DAYS).parse().unwrap();
    let mut slow = Slow::of(&office, day);
    let Some(plan) = office.plan("pool", day).map(Arc::new) else {
        let any = office.services.iter().any(|service| {
            let (minutes, _, step) = measures(&office, service);
            slow.people.iter().any(|it| slow.begins(it.from, step, minutes))
        });
        assert!(!any, "there is no plan on {day}: {:?} {:?}", office.pools[0], slow.people);
        return (0, 0);
    };
    let mut machine = Day::new(&plan.stream());
    let way = Way { office: plan.office_number, place: plan.pool_number, day };
    let midnight = office.zone.start_of(day);
    let mut now = midnight - Span::from_hours(24 * i64::from(draw.below(3)) + 13);
    let (mut compared, mut refused) = (0, 0);
    for _ in 0..5 {
        now = now + Span::from_mins(i64::from(draw.below(9)));
        // A hold of a quarter of an hour ago is over, by the clock alone.
        slow.promised.retain(|(_, hold)| machine.hold(*hold).is_some_and(|hold| hold.runs(now)));
        let service = office.service(draw.one_of(&SERVICES)).unwrap();
        let (minutes, pause_min, step) = measures(&office, service);
        let time = TimeOfDay::from_minutes(60 + 5 * draw.below(37)).unwrap();
        let at = office.zone.moment(day, time);
        let visit = at.map(|at| {
            let to = at + Span::from_mins(i64::from(minutes));
            Visit { from: at, to, busy_until: to + Span::from_mins(i64::from(pause_min)) }
        });
        let visit = visit.filter(|visit| slow.begins(visit.from, step, minutes));
        let pool = &office.pools[0];
        let kept = pool
            .reserved_until
            .is_none_or(|it| now < first(&office, day.plus_days(-i64::from(it.days_before)), it.at));
        let kept = if kept { pool.reserved } else { 0 };
        let room = visit.map(|visit| slow.room(visit));
        let free = machine.free_at(&plan, &service.id, time, now);
        assert_eq!(
            free,
            room.unwrap_or(0).saturating_sub(kept),
            "free at {time} for {}: {:?} {:?} beside {:?}",
            service.id,
            office.pools[0],
            slow.people,
            slow.promised
        );
        compared += 1;
        let share = if draw.often(2) { Share::Everybody } else { Share::Staff };
        let hold = Id::new(IdKind::Hold, way, &draw.0);
        let place = PlaceHold {
            hold,
            service: service.id.clone(),
            time,
            plan: Arc::clone(&plan),
            lead_min: 0,
            account: false,
            account_id: None,
            share,
        };
        let mine = room.map(|room| room.saturating_sub(if share == Share::Everybody { kept } else { 0 }));
        let expected = match mine {
            None => Some(Refusal::Unknown),
            Some(0) => Some(Refusal::SlotFull),
            Some(_) => None,
        };
        let decided = machine.decide(&Command::PlaceHold(place), now);
        assert_eq!(decided.as_ref().err().copied(), expected, "{time} for {}", service.id);
        refused += u32::from(expected == Some(Refusal::SlotFull));
        for event in decided.into_iter().flatten() {
            machine.apply(&event);
        }
        machine.invariant_check(now).unwrap();
        if let (None, Some(visit)) = (expected, visit) {
            slow.promised.push((visit, hold));
        }
    }
    (compared, refused)
}

fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn random_offices_offer_what_the_persons_of_a_slow_model_can_serve() {
    let fresh = || std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), "calendar");
    let seed = told("OKIENKO_CALENDAR_SEED").unwrap_or_else(fresh);
    let offices = told("OKIENKO_CALENDAR").unwrap_or(2_000);
    println!("OKIENKO_CALENDAR_SEED={seed}");
    let (mut compared, mut refused) = (0_u64, 0_u64);
    for office in 0..offices {
        let seed = seed.wrapping_add(office);
        let found = std::panic::catch_unwind(|| compare(seed));
        let found =
            found.unwrap_or_else(|_| panic!("repeat: OKIENKO_CALENDAR_SEED={seed} OKIENKO_CALENDAR=1"));
        (compared, refused) = (compared + u64::from(found.0), refused + u64::from(found.1));
    }
    assert!(
        offices < 100 || refused > 0 && refused < compared,
        "{refused} of {compared}: one side was never seen"
    );
    println!(
        "{offices} random offices, {compared} starts as free as the model says, {refused} of them refused as full"
    );
}
