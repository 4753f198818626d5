//! A hall to test with: a plan, a clock moved by hand, and a short language for test stories.
#![allow(dead_code, missing_docs)]

pub mod cards;
pub mod sms;
pub mod world;

use okienko_hall::*;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Machine, Moment, Span, Way, Zone};

pub const DAY: &str = "2026-12-01";

pub fn warsaw() -> Zone {
    Zone::named("Europe/Warsaw").unwrap()
}
/// A local time on the usual test day.
pub fn at(time: &str) -> Moment {
    on(DAY, time)
}
pub fn on(day: &str, time: &str) -> Moment {
    warsaw().moment(day.parse().unwrap(), time.parse().unwrap()).unwrap()
}
pub fn id(kind: IdKind, n: u64) -> Id {
    let day: Day = DAY.parse().unwrap();
    Id::new(kind, Way { office: 1, place: 1, day }, &SeededEntropy::new(n))
}
pub fn ticket_id(n: u64) -> Id {
    id(IdKind::Ticket, n)
}
pub fn reservation_id(n: u64) -> Id {
    id(IdKind::Reservation, n)
}

/// Toruń's rules; services `a` and `b` with walk-ins, `c` without.
pub fn plan(counters: &[(&str, &[&str])]) -> Plan {
    let service =
        |id: &str, prefix: &str| ServicePlan { id: id.into(), walk_in_prefix: prefix.into(), minutes: 10 };
    let counter = |(number, services): &(&str, &[&str])| CounterPlan {
        number: (*number).into(),
        services: services.iter().map(|s| (*s).to_owned()).collect(),
    };
    Plan {
        office: "torun".into(),
        office_number: 1,
        location: "glowny".into(),
        location_number: 1,
        zone: warsaw(),
        day: DAY.parse().unwrap(),
        counters: counters.iter().map(counter).collect(),
        services: vec![service("a", "A"), service("b", "B"), service("c", "")],
        rules: Rules {
            merge: Merge::ByTime,
            calls: 3,
            absent_pause: Span::from_mins(5),
            placed_at_hour: true,
            check_in_opens_min: 60,
            check_in_closes_min: -60,
            cancel_at_min: None,
            verify: false,
            tickets_from: None,
            closes_at: Some(at("15:30")),
        },
    }
}

pub fn reservation(n: u64, number: &str, service: &str, time: &str) -> Reservation {
    Reservation {
        reservation: reservation_id(n),
        ticket: ticket_id(n),
        ticket_number: number.into(),
        service: service.into(),
        at: at(time),
        time: time.parse().unwrap(),
        code: format!("{n:06}"),
        cancel_at_min: None,
    }
}

/// A hall, its clock and all events so far.
pub struct Driver {
    pub hall: HallDay,
    pub now: Moment,
    pub events: Vec<HallEvent>,
    pub issued: u64,
}

impl Driver {
    pub fn roster(day: &str) -> Driver {
        let hall = HallDay::new(&format!("hall/torun/glowny/{day}"));
        Driver { hall, now: on(day, "06:00"), events: Vec::new(), issued: 1_000_000 }
    }
    pub fn open(plan: Plan) -> Driver {
        let mut driver = Driver::roster(&plan.day.to_string());
        driver.now = on(&plan.day.to_string(), "07:30");
        driver.run(HallCommand::Open { plan: Box::new(plan), seq_base: 100 }).unwrap();
        driver
    }
    pub fn run(&mut self, command: HallCommand) -> Result<HallReply, HallRefusal> {
        let events = self.hall.decide(&command, self.now)?;
        self.take(&events);
        Ok(self.hall.reply(&command, &events, self.now))
    }
    pub fn take(&mut self, events: &[HallEvent]) {
        for event in events {
            let before = self.hall.last_seq();
            self.hall.apply(event);
            match (event, event.seq()) {
                (HallEvent::DayOpened { .. }, _) => {}
                (_, Some(seq)) => assert_eq!(seq, before + 1, "numbers have no hole: {event:?}"),
                (_, None) => assert_eq!(self.hall.last_seq(), before),
            }
        }
        self.hall.invariant_check().unwrap();
        self.events.extend_from_slice(events);
    }
    pub fn desk(&mut self, counter: &str, act: DeskAct) -> Result<HallReply, HallRefusal> {
        self.run(HallCommand::Desk { counter: counter.into(), act })
    }
    /// Moves the clock, stopping at every timer on the way.
    pub fn until(&mut self, to: Moment) {
        for _ in 0..10_000 {
            match self.hall.wake() {
                Some(due) if due <= to => {
                    self.now = self.now.max(due);
                    let events = self.hall.on_wake(self.now);
                    self.take(&events);
                    assert!(self.hall.wake().is_none_or(|next| next > self.now), "a timer fires once");
                }
                _ => break,
            }
        }
        self.now = to;
    }
    pub fn walk_in(&mut self, service: &str) -> Result<HallReply, HallRefusal> {
        self.issued += 1;
        // Nobody takes two tickets in the same microsecond.
        self.now = self.now + Span::from_micros(1);
        self.run(HallCommand::IssueWalkIn { ticket: ticket_id(self.issued), service: service.into() })
    }
    pub fn number(&self, number: &str) -> Ticket {
        self.hall.find_by_number(number).unwrap_or_else(|| panic!("no ticket {number}")).clone()
    }

    /// Plays `(act, expected result)` line by line.
    ///
    /// Acts: `ticket S`, `tick SECONDS`, `look NUMBER`, `leave NUMBER`, `N open|close|pause|next [S]|call NUMBER|
    /// recall|no-show|start|finish|park|undo|transfer [service=S] [counter=N]`, `N` alone to look at a counter.
    pub fn play(&mut self, story: &[(&str, &str)]) {
        for (row, (act, seen)) in story.iter().enumerate() {
            assert_eq!(&self.step(act), seen, "row {row}: {act}");
        }
    }

    /// What a step would show, tried on a copy of the hall.
    pub fn told(&self, act: &str) -> String {
        let mut copy = Driver { hall: self.hall.clone(), events: Vec::new(), ..*self };
        copy.step(act)
    }

    fn step(&mut self, act: &str) -> String {
        let words: Vec<&str> = act.split(' ').collect();
        match words[..] {
            ["ticket", service] => match self.walk_in(service) {
                Ok(HallReply::Ticket { ticket, ahead, .. }) => format!("{} after {ahead}", ticket.number),
                other => refused(other),
            },
            ["tick", seconds] => {
                self.until(self.now + Span::from_secs(seconds.parse().unwrap()));
                String::new()
            }
            ["look", number] => {
                let ticket = self.number(number);
                let state = format!("{:?}", ticket.state.name()).to_lowercase();
                let counter = ticket.state.counter().map_or(String::new(), |c| format!(" @{c}"));
                format!("{state} {}{counter}", ticket.attempt)
            }
            ["leave", number] => {
                let ticket = self.number(number).line.ticket;
                refused(self.run(HallCommand::Leave { ticket }))
            }
            [counter] => self.seen(counter),
            [counter, ref act @ ..] => {
                let act = self.act(act);
                match self.desk(counter, act) {
                    Ok(HallReply::Counter(_)) => self.seen(counter),
                    other => refused(other),
                }
            }
            [] => String::new(),
        }
    }

    fn seen(&self, counter: &str) -> String {
        let view = self.hall.counter(counter).unwrap();
        let state = format!("{:?}", view.state).to_lowercase();
        match view.current {
            Some(current) => format!("{state} {} {}", current.number, current.attempt),
            None => state,
        }
    }

    fn act(&self, words: &[&str]) -> DeskAct {
        let named = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)).map(str::to_owned);
        match words {
            ["open"] => DeskAct::Open,
            ["close"] => DeskAct::Close,
            ["pause"] => DeskAct::Pause,
            ["next"] => DeskAct::CallNext { services: None },
            ["next", services @ ..] => {
                DeskAct::CallNext { services: Some(services.iter().map(|s| (*s).to_owned()).collect()) }
            }
            ["call", number] => DeskAct::Call { ticket: self.number(number).line.ticket },
            ["recall"] => DeskAct::Recall,
            ["no-show"] => DeskAct::NoShow,
            ["start"] => DeskAct::Start,
            ["finish"] => DeskAct::Finish { outcome: None },
            ["park"] => DeskAct::Park,
            ["undo"] => DeskAct::Undo,
            ["transfer", ..] => DeskAct::Transfer { service: named("service="), counter: named("counter=") },
            other => panic!("no such act: {other:?}"),
        }
    }
}

fn refused(reply: Result<HallReply, HallRefusal>) -> String {
    match reply {
        Ok(HallReply::Done) => "done".into(),
        Ok(HallReply::Nobody) => "nobody".into(),
        Ok(other) => format!("{other:?}"),
        Err(refusal) => refusal.code().into(),
    }
}
