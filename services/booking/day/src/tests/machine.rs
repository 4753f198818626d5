//! Random days: commands in any order, retries, clocks that jump forward and a little back, tiny capacity, nights when
//! the clocks change. After every event the invariants hold, and an independent model counts the promises.

use super::super::fit::Visit;
use super::super::fit::tests::slowly;
use super::super::*;
use okienko_kernel::civil::Weekday;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Id, IdKind, Way};
use okienko_office::Proof;
use okienko_office::plan::{DayPlan, Remind};
use okienko_office::samples::{every_day, small_office};
use okienko_office::{Office, Shift};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One step of a random day. Holds and slots are named by small numbers, so that steps hit the same ones.
#[derive(Clone, Debug)]
enum Step {
    Place {
        hold: u8,
        slot: u8,
        account: bool,
    },
    Form {
        hold: u8,
    },
    Code {
        hold: u8,
        proof: u8,
        minutes: i64,
    },
    Confirm {
        hold: u8,
        proof: Option<u8>,
        code: u32,
    },
    Release {
        hold: u8,
    },
    Cancel {
        hold: u8,
    },
    Remove {
        hold: u8,
    },
    Attend {
        hold: u8,
        state: u8,
    },
    Clock {
        seconds: i64,
    },
    /// The clock moves to around the earliest end of a hold: a second before, at it, a second after.
    Edge {
        seconds: i64,
    },
    Wake,
    /// The same command again, as after a network failure or a second click.
    Again,
    /// The process restarts; the state is rebuilt from its events.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let hold = 0u8..12;
    prop_oneof![
        6 => (hold.clone(), 0u8..4, any::<bool>()).prop_map(|(hold, slot, account)| Step::Place { hold, slot, account }),
        4 => hold.clone().prop_map(|hold| Step::Form { hold }),
        5 => (hold.clone(), 0u8..2, -2i64..25).prop_map(|(hold, proof, minutes)| Step::Code { hold, proof, minutes }),
        6 => (hold.clone(), prop::option::weighted(0.9, 0u8..2), 9_999_998u32..10_000_002)
            .prop_map(|(hold, proof, code)| Step::Confirm { hold, proof, code }),
        1 => hold.clone().prop_map(|hold| Step::Release { hold }),
        1 => hold.clone().prop_map(|hold| Step::Cancel { hold }),
        1 => hold.clone().prop_map(|hold| Step::Remove { hold }),
        1 => (hold, 0u8..6).prop_map(|(hold, state)| Step::Attend { hold, state }),
        3 => prop_oneof![-90i64..0, 0i64..400, 500i64..4_000].prop_map(|seconds| Step::Clock { seconds }),
        4 => (-1i64..2).prop_map(|seconds| Step::Edge { seconds }),
        1 => Just(Step::Wake),
        2 => Just(Step::Again),
        1 => Just(Step::Restart),
    ]
}

/// A plan with few places: an ordinary day, or a night when the clocks change.
fn plan(which: usize, capacity: u32, reappear_after_min: u32, used_until_min: Option<i32>) -> DayPlan {
    let mut office = small_office();
    if which >= 3 {
        given_to_people(&mut office, capacity);
    }
    office.work_on_holidays = true;
    office.locations[0].hours = every_day(&["01:30-04:00"]);
    office.pools[0].capacity = capacity;
    office.pools[0].reappear_after_min = reappear_after_min;
    let day = ["2026-12-01", "2026-10-25", "2027-03-28"][which % 3];
    let mut plan = office.plan("pool", day.parse().unwrap()).unwrap();
    plan.used_until_min = used_until_min;
    let first = plan.slots[0].at;
    plan.remind =
        Some(Remind { at: first - Span::from_mins(40), booked_before: first - Span::from_mins(50) });
    plan
}

/// The same office where visits are given to people: one of them has a break, another one begins late, one service takes
/// two slots and the other one has a pause.
fn given_to_people(office: &mut Office, people: u32) {
    let interval = |text: &str| every_day(&[text]).on(Weekday::Monday)[0];
    let shift = |hours: &str, breaks: &[&str]| Shift {
        people,
        hours: interval(hours),
        breaks: breaks.iter().map(|text| interval(text)).collect(),
        days: Vec::new(),
    };
    office.pools[0].shifts = vec![shift("01:30-04:00", &["02:30-02:50"]), shift("02:00-04:00", &[])];
    office.services[0].minutes = 50;
    office.services[1].pause = Some(25);
}

/// What was acknowledged, counted independently of the machine.
#[derive(Default)]
struct Model {
    /// Reservations that have their place, with the slot.
    promised: BTreeMap<Id, usize>,
    /// Ticket numbers and codes that were given to somebody.
    told: BTreeMap<Id, (String, String)>,
    /// Holds whose form or code was acknowledged, with the verification.
    proved: BTreeSet<(Id, String)>,
}

struct World {
    plan: Arc<DayPlan>,
    holds: Vec<Id>,
    now: Moment,
    day: Day,
    events: Vec<DayEvent>,
    model: Model,
    last: Option<Command>,
}

impl World {
    fn new(plan: DayPlan, seed: u64) -> World {
        let entropy = SeededEntropy::new(seed);
        let way = Way { office: plan.office_number, place: plan.pool_number, day: plan.day };
        let holds = (0..12).map(|_| Id::new(IdKind::Hold, way, &entropy)).collect();
        let now = plan.slots[0].at - Span::from_hours(1);
        let day = Day::new(&plan.stream());
        World {
            plan: Arc::new(plan),
            holds,
            now,
            day,
            events: Vec::new(),
            model: Model::default(),
            last: None,
        }
    }

    fn command(&self, step: &Step) -> Option<Command> {
        let hold = |at: u8| self.holds[usize::from(at)];
        let reservation = |at: u8| hold(at).as_kind(IdKind::Reservation);
        Some(match *step {
            Step::Place { hold: at, slot, account } => Command::PlaceHold(PlaceHold {
                hold: hold(at),
                service: if account { "plain" } else { "card" }.into(),
                time: self.plan.slots[usize::from(slot) % self.plan.slots.len()].time,
                plan: Arc::clone(&self.plan),
                lead_min: 0,
                account,
                account_id: None,
                share: Share::Everybody,
            }),
            Step::Form { hold: at } => {
                let subject = hold(at).as_kind(IdKind::Subject);
                Command::SaveForm { hold: hold(at), subject, sealed: None }
            }
            Step::Code { hold: at, proof, minutes } => Command::CodeSent {
                hold: hold(at),
                verification: format!("{at}-{proof}"),
                expires_at: self.now + Span::from_mins(minutes),
                channel: Proof::Sms,
                claims: vec![format!("person-{}", at % 3)],
                sealed: None,
            },
            Step::Confirm { hold: at, proof, code } => Command::Confirm(Confirm {
                hold: hold(at),
                verification: proof.map(|proof| format!("{at}-{proof}")),
                reservation: reservation(at),
                ticket: hold(at).as_kind(IdKind::Ticket),
                code_candidates: vec![code, code + 1],
                claims: if proof.is_some() { vec![format!("person-{}", at % 3)] } else { Vec::new() },
                subject: None,
                sealed: None,
            }),
            Step::Release { hold: at } => Command::Release { hold: hold(at) },
            Step::Cancel { hold: at } => Command::Cancel { reservation: reservation(at) },
            Step::Remove { hold: at } => {
                Command::Remove { reservation: reservation(at), reason: "test".into() }
            }
            Step::Attend { hold: at, state } => Command::Attend {
                reservation: reservation(at),
                state: [
                    Attendance::CheckedIn,
                    Attendance::Served,
                    Attendance::Missed,
                    Attendance::Refused,
                    Attendance::Left,
                    Attendance::NotCalled,
                ][usize::from(state)],
                at: self.now,
            },
            Step::Again => return self.last.clone(),
            Step::Clock { .. } | Step::Edge { .. } | Step::Wake | Step::Restart => return None,
        })
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Clock { seconds } => self.now = self.now + Span::from_secs(*seconds),
            Step::Edge { seconds } => {
                self.now = self.day.wake().map_or(self.now, |end| end + Span::from_secs(*seconds));
            }
            Step::Wake => {
                let events = self.day.on_wake(self.now);
                self.apply(&events)?;
                prop_assert!(self.day.wake().is_none_or(|next| next > self.now), "the wake does not move on");
            }
            Step::Restart => {
                let mut fresh = Day::new(&self.plan.stream());
                self.events.iter().for_each(|event| fresh.apply(event));
                prop_assert_eq!(&fresh, &self.day, "a restart changes something");
                self.day = fresh;
            }
            _ => {
                if let Some(command) = self.command(step) {
                    self.run(&command)?;
                    self.last = Some(command);
                }
            }
        }
        let sound = self.day.invariant_check(self.now);
        prop_assert!(sound.is_ok(), "{:?}", sound);
        self.compare()
    }

    fn run(&mut self, command: &Command) -> Result<(), TestCaseError> {
        let Ok(events) = self.day.decide(command, self.now) else { return Ok(()) };
        self.apply(&events)?;
        let reply = self.day.reply(command, &events, self.now);
        self.acknowledged(command, &reply)?;
        // A retry at the same moment gives the first answer and changes nothing.
        let again = self.day.decide(command, self.now);
        let same = again.as_ref().is_ok_and(Vec::is_empty) && self.day.reply(command, &[], self.now) == reply;
        prop_assert!(same, "{:?} again: {:?}", command, again);
        Ok(())
    }

    fn apply(&mut self, events: &[DayEvent]) -> Result<(), TestCaseError> {
        for event in events {
            self.day.apply(event);
            self.events.push(event.clone());
        }
        Ok(())
    }

    fn acknowledged(&mut self, command: &Command, reply: &Reply) -> Result<(), TestCaseError> {
        if let Command::CodeSent { hold, verification, .. } = command {
            self.model.proved.insert((*hold, verification.clone()));
        }
        let Reply::Reserved(reservation) = reply else { return Ok(()) };
        let it = &reservation.confirmed;
        if let Some(proof) = &it.verification {
            prop_assert!(
                self.model.proved.contains(&(it.hold, proof.clone())),
                "confirmed without its proof"
            );
        }
        // Nobody is told of a visit that can no longer be used.
        let used_until = DayPlan::used_until(self.plan.used_until_min, it.at);
        prop_assert!(it.confirmed_at < used_until, "confirmed when the visit could not be used any more");
        let slot = self.plan.slots.iter().position(|slot| slot.time == it.time);
        let told = (it.ticket_number.clone(), it.check_in_code.clone());
        let before = self.model.told.insert(it.reservation, told.clone());
        prop_assert!(before.is_none_or(|before| before == told), "somebody was told another number");
        match slot {
            Some(slot) if reservation.state.has_place() => {
                self.model.promised.insert(it.reservation, slot);
            }
            _ => {
                self.model.promised.remove(&it.reservation);
            }
        }
        Ok(())
    }

    fn visit(&self, reservation: Id, slot: usize) -> Visit {
        let service = self.day.reservation(reservation).map(|it| it.confirmed.service.as_str());
        let length = service.and_then(|service| self.plan.service(service)?.length);
        Visit::new(self.plan.slots[slot].at, length.unwrap())
    }

    /// The machine against the model: nobody is lost, no slot has more promises than places.
    fn compare(&self) -> Result<(), TestCaseError> {
        for (at, slot) in self.plan.slots.iter().enumerate() {
            let promised = self.model.promised.values().filter(|of| **of == at).count();
            prop_assert!(promised <= slot.places as usize, "{} promises at {}", promised, slot.time);
        }
        if !self.plan.people.is_empty() {
            let visits: Vec<_> =
                self.model.promised.iter().map(|(id, at)| (self.visit(*id, *at), 1)).collect();
            prop_assert!(slowly(&self.plan.people, &visits), "nobody can serve them all: {:?}", visits);
        }
        for id in self.model.promised.keys() {
            prop_assert!(self.day.reservation(*id).is_some_and(|it| it.state.has_place()), "{} is lost", id);
        }
        let unique: BTreeSet<_> = self.model.told.values().map(|(ticket, _)| ticket).collect();
        prop_assert_eq!(unique.len(), self.model.told.len(), "a ticket number was told to two");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_random_day_breaks_an_invariant(
        which in 0usize..6, capacity in 1u32..3, reappear in prop_oneof![Just(0u32), Just(7)], seed: u64,
        used_until in prop_oneof![Just(None), Just(Some(-60)), Just(Some(0)), Just(Some(15)), Just(Some(40))],
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut world = World::new(plan(which, capacity, reappear, used_until), seed);
        for step in &steps {
            world.step(step)?;
        }
    }
}

#[test]
fn random_days_reach_every_kind_of_event() {
    use okienko_kernel::Stored;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(step(), 120);
    let mut kinds = BTreeSet::new();
    for seed in 0..200 {
        let mut world = World::new(plan(0, 2, 0, Some(0)), seed);
        for step in steps.new_tree(&mut runner).unwrap().current() {
            world.step(&step).unwrap();
        }
        kinds.extend(world.events.iter().map(Stored::kind));
    }
    let missing: Vec<_> = DayEvent::KINDS.iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
