//! The office of the tests and the events of its hall.

use okienko_proto::booking::{Counter, Location, Office, QueueRules, Service};
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State;
use okienko_proto::queue::*;

fn service(id: &str, name: &str) -> Service {
    Service { id: id.into(), name: name.into(), locations: vec!["glowny".into()], ..Service::default() }
}

/// One hall; counters 1 and 2 serve identity cards only, 3 and 10 serve both.
pub fn office() -> Office {
    let counter = |number: &str, services: &[&str]| Counter {
        number: number.into(),
        services: services.iter().map(|s| (*s).into()).collect(),
    };
    let location = Location {
        id: "glowny".into(),
        number: 1,
        name: "Urząd Miasta, sala główna".into(),
        address: "Wały gen. Sikorskiego 8, 87-100 Toruń".into(),
        voice: true,
        counters: vec![counter("1", &["cards"]), counter("2", &["cards"]), counter("10", &["cars"])],
        rules: Some(QueueRules {
            calls: 3,
            placed_at_hour: false,
            check_in_opens_min: 15,
            check_in_closes_min: -5,
            ..QueueRules::default()
        }),
        ..Location::default()
    };
    Office {
        id: "torun".into(),
        number: 7,
        name: "Urząd Miasta Torunia".into(),
        zone: "Europe/Warsaw".into(),
        version: 1,
        locations: vec![location],
        services: vec![
            service("cards", "Dowody osobiste"),
            service("cars", "Rejestracja pojazdów"),
            service("homes", "Meldunki"),
        ],
        ..Office::default()
    }
}

/// Numbers the changes and times them one second apart, from 09:00 on.
pub fn numbered(first: u64, changes: Vec<Change>) -> Vec<HallEvent> {
    let start = 1_796_112_000_000_000;
    let event = |(seq, change): (u64, Change)| HallEvent {
        office: "torun".into(),
        location: "glowny".into(),
        seq,
        at: start + i64::try_from(seq).unwrap() * 1_000_000,
        day: super::DAY.into(),
        change: Some(change),
        life: 0,
    };
    (first..).zip(changes).map(event).collect()
}

/// The opening of the day.
pub fn opened() -> Change {
    Change::DayOpened(DayOpened { counters: ["1", "2", "10"].map(String::from).into() })
}

/// A ticket of series A for cards or C for cars, ordered by number.
pub fn ticket(number: &str, state: State) -> TicketChanged {
    let service = if number.starts_with('A') { "cards" } else { "cars" };
    let count: u64 = number[1..].parse().unwrap();
    TicketChanged {
        ticket: super::id(super::DAY, count).to_string(),
        number: number.into(),
        service: service.into(),
        state: state.into(),
        order: i64::try_from(count).unwrap(),
        ..TicketChanged::default()
    }
}

pub fn waits(number: &str) -> Change {
    Change::Ticket(ticket(number, State::Waiting))
}

/// A ticket's state at a counter.
pub fn becomes(number: &str, state: State, counter: &str) -> Change {
    Change::Ticket(TicketChanged { counter: counter.into(), attempt: 1, ..ticket(number, state) })
}

pub fn call(number: &str, counter: &str, attempt: u32) -> Call {
    let TicketChanged { ticket, number, service, .. } = ticket(number, State::Called);
    Call { ticket, number, service, counter: counter.into(), attempt, recall: false }
}

pub fn calls(number: &str, counter: &str, attempt: u32) -> Change {
    Change::Call(call(number, counter, attempt))
}

pub fn counter(number: &str, state: counter_changed::State) -> Change {
    Change::Counter(CounterChanged { counter: number.into(), state: state.into(), ticket: String::new() })
}

/// The same event in another hall.
pub fn at(location: &str, event: HallEvent) -> HallEvent {
    HallEvent { location: location.into(), ..event }
}
