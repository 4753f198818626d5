//! One run: builds the world of a seed, lets its people live through their days, stops the faults, waits until
//! everything has ended, and reports what was found. Knows no rule of the project.

use crate::dice::Dice;
use crate::offices;
use crate::town::clerk::Clerk;
use crate::town::ledger::Ledger;
use crate::town::person::Person;
use crate::town::room::Room;
use crate::town::visitor::Visitor;
use crate::town::{Place, Town, screen, token};
use crate::watch::{Broken, Watch};
use crate::world::bus::Broker;
use crate::world::clock::VirtualClock;
use crate::world::executor::{Executor, Group};
use crate::world::front::Front;
use crate::world::net::Net;
use crate::world::phones::Phones;
use crate::world::presence::Presence;
use crate::world::process::{Ground, Process, crash_now_and_then};
use crate::world::weather::Weather;
use okienko::Role as Service;
use okienko_host::{AccessLog, NoAccessLog};
use okienko_journal::MemoryEngine;
use okienko_kernel::{Day, Keys, Moment, Span, TimeOfDay};
use okienko_limits::MemoryLimits;
use okienko_office::Office;
use okienko_territory::NoDatabase;
use okienko_web::staff::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// Virtual time after the faults within which everything must be carried out.
const SETTLE: Duration = Duration::from_secs(3 * 3600);

/// Virtual time after which all promises of a rush have been given.
const PROMISES: Span = Span::from_mins(20);

/// How the roles are distributed over processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Drawn from the seed.
    Drawn,
    /// All roles in one process.
    One,
    /// One process per role.
    Roles,
    /// Two or three processes per role over shared journals, which find each other as in a cluster.
    Replicas,
    /// One process per role and a second one for booking, where both booking processes consider themselves the home of
    /// everything. Not drawn: for the proof that the loss of the fence is noticed.
    Apart,
}

/// The settings of a run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Determines everything else.
    pub seed: u64,
    /// Number of visitors; drawn if absent.
    pub visits: Option<u64>,
    /// How the roles are distributed.
    pub shape: Shape,
    /// Whether there are faults.
    pub faults: bool,
    /// Everybody wants the same service on the first morning, at the same moment.
    pub rush: bool,
    /// Only what people were told counts; the journal is not checked. For runs without a safeguard.
    pub people_alone: bool,
}

/// The outcome of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Visitors whose visit ended.
    pub visits: u64,
    /// How their visits ended.
    pub ends: BTreeMap<&'static str, u64>,
    /// Events written.
    pub events: u64,
    /// Steps of tasks taken.
    pub steps: u64,
    /// A hash over everything written and answered.
    pub trace: u64,
    /// The first broken rule.
    pub broken: Option<Broken>,
}

/// Runs a seed on this thread.
pub fn run(plan: Plan) -> Outcome {
    run_telling(plan, None)
}

/// The same; also prints to standard error everything written or answered that contains this word.
pub fn run_telling(plan: Plan, word: Option<String>) -> Outcome {
    let watch = Arc::new(Watch::telling(word, !plan.people_alone));
    let watching = watch.clone();
    let lived = catch_unwind(AssertUnwindSafe(move || live(plan, watching)));
    let (ends, steps) = lived.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        watch.broken(format!("a panic: {}", text.unwrap_or_default()));
        (BTreeMap::new(), 0)
    });
    Outcome {
        visits: ends.values().sum(),
        ends,
        events: watch.events(),
        steps,
        trace: watch.trace(),
        broken: watch.verdict(),
    }
}

fn live(plan: Plan, watch: Arc<Watch>) -> (BTreeMap<&'static str, u64>, u64) {
    // Nothing may be set aside here: a relay that gives an event up for good, or panics, is a finding.
    okienko_journal::sabotage::set_aside(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            watch.broken(format!("no runtime: {error}"));
            return (BTreeMap::new(), 0);
        }
    };
    runtime.block_on(async {
        let dice = Dice::new(plan.seed);
        let executor = Executor::new(dice.fork("order"));
        let outside = executor.group();
        let town = town(plan, &dice, &executor, outside, (watch.clone(), Arc::new(NoAccessLog)));
        let done = executor.run_in(outside, whole(plan, town.clone(), dice, outside));
        if let Err(what) = executor.drive(done).await {
            watch.broken(what);
        }
        let ends = town.ledger.ends();
        executor.end();
        town.ground.empty();
        (ends, executor.steps())
    })
}

/// Runs `act` without faults or other people, with all roles in one process. Everything takes some time, so that
/// waiting shows. An error when the run loops without time advancing, or breaks a rule.
pub(crate) fn alone<T, F>(
    seed: u64,
    access: Arc<dyn AccessLog>,
    act: impl FnOnce(Arc<Town>) -> F,
) -> Result<T, String>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    let watch = Arc::new(Watch::telling(None, true));
    let plan =
        Plan { seed, visits: Some(0), shape: Shape::One, faults: false, rush: false, people_alone: false };
    runtime.block_on(async {
        let dice = Dice::new(seed);
        let executor = Executor::new(dice.fork("order"));
        let outside = executor.group();
        let town = town(plan, &dice, &executor, outside, (watch.clone(), access));
        for process in processes(plan, &town.ground, &dice) {
            executor.spawn(outside, Box::pin(process.supervise()));
        }
        let told = executor.drive(executor.run_in(outside, act(town.clone()))).await;
        executor.end();
        town.ground.empty();
        match watch.verdict() {
            Some(broken) => Err(broken.0),
            None => told,
        }
    })
}

fn town(
    plan: Plan,
    dice: &Dice,
    executor: &Executor,
    outside: Group,
    (watch, access): (Arc<Watch>, Arc<dyn AccessLog>),
) -> Arc<Town> {
    let weather = match (plan.faults, plan.visits) {
        (true, _) => Weather::drawn(&dice.fork("weather")),
        (false, Some(0)) => Weather::slow(),
        (false, _) => Weather::fair(),
    };
    let offices = offices::drawn(&dice.fork("offices"));
    let days = days(&offices, &dice.fork("days"));
    let zone = offices.first().map(|office| office.zone.clone());
    let midnight = zone.zip(days.first().copied()).map(|(zone, day)| zone.start_of(day)).unwrap_or_default();
    let clock = VirtualClock::starting(midnight.plus(Span::from_mins(4 * 60)));
    let wall = Arc::new(clock);
    let shape = shape(plan, dice);
    let shared = match shape {
        Shape::Replicas => {
            Service::ALL.into_iter().filter(|role| role.has_journal()).map(Service::name).collect()
        }
        Shape::Apart => BTreeSet::from([Service::Booking.name()]),
        Shape::One | Shape::Roles | Shape::Drawn => BTreeSet::new(),
    };
    let presence = (shape == Shape::Replicas)
        .then(|| Presence::new(executor.clone(), outside, weather.clone(), dice.fork("presence")));
    let services = [Service::SmsGateway, Service::Booking, Service::Queue, Service::Display];
    let ground = Arc::new(Ground {
        executor: executor.clone(),
        clock,
        keys: Keys::from_secret(&dice.fork("keys").number().to_be_bytes()),
        broker: Arc::new(Broker::default()),
        net: Net::new(executor.clone(), weather.clone(), dice.fork("net")),
        front: Front::new(executor.clone(), weather.clone(), dice.fork("front")),
        phones: Phones::new(executor.clone(), outside, weather.clone(), dice.fork("phones")),
        limits: Arc::new(MemoryLimits::new(wall)),
        offices: offices.clone(),
        access,
        territory: Arc::new(NoDatabase),
        stores: services.iter().map(|role| (role.name(), MemoryEngine::shared())).collect(),
        shared,
        presence,
        dice: dice.clone(),
        watch: watch.clone(),
        weather,
    });
    let places = places(&ground, &dice.fork("places"));
    let ledger = Ledger::new(watch);
    let (accounts, pending) = Default::default();
    let rush = plan.rush;
    Arc::new(Town { ground, rush, places, days, ledger, accounts, pending })
}

/// Two working days of the first office, in autumn or winter.
fn days(offices: &[Office], dice: &Dice) -> Vec<Day> {
    let Some((office, start)) = offices.first().zip(Day::new(2026, 10, 1)) else { return Vec::new() };
    let works = |day: &Day| office.locations.first().is_some_and(|location| office.works_on(location, *day));
    let from = dice.range(0..120) as i64;
    (from..from + 30).map(|n| start.plus_days(n)).filter(works).take(2).collect()
}

/// The first office's main hall, and some of the other halls.
fn places(ground: &Ground, dice: &Dice) -> Vec<Arc<Place>> {
    let mut places = Vec::new();
    for office in &ground.offices {
        for location in &office.locations {
            let kiosk = token(ground, dice, Role::Kiosk, (office, location), None);
            if !places.is_empty() && !dice.chance(0.35) {
                continue;
            }
            let (office, location) = (Arc::new(office.clone()), location.clone());
            places.push(Arc::new(Place { office, location, room: Room::default(), kiosk }));
        }
    }
    places
}

async fn whole(plan: Plan, town: Arc<Town>, dice: Dice, outside: Group) {
    let ground = town.ground.clone();
    let spawn = |task| ground.executor.spawn(outside, task);
    let processes = processes(plan, &ground, &dice);
    for process in &processes {
        spawn(Box::pin(process.clone().supervise()));
    }
    spawn(Box::pin(crash_now_and_then(ground.clone(), processes.clone())));
    if let Some(presence) = &ground.presence {
        spawn(Box::pin(presence.clone().err_now_and_then()));
    }
    clerks_and_screens(&town, &dice, outside);
    visitors(plan, &town, &dice, outside);
    let broken = ground.watch.clone();
    let through = async {
        if plan.people_alone {
            return town.until(town.now().plus(PROMISES)).await;
        }
        calm_down(&town, &dice.fork("calm")).await;
        town.until(town.end()).await;
        settle(&town, &processes).await;
    };
    futures::pin_mut!(through);
    let stopped = broken.until_broken();
    futures::pin_mut!(stopped);
    futures::future::select(stopped, through).await;
}

/// The distribution of the roles.
fn shape(plan: Plan, dice: &Dice) -> Shape {
    match plan.shape {
        Shape::Drawn => match dice.fork("shape").unit() {
            ..0.25 => Shape::One,
            ..0.6 => Shape::Roles,
            _ => Shape::Replicas,
        },
        given => given,
    }
}

fn processes(plan: Plan, ground: &Arc<Ground>, dice: &Dice) -> Vec<Arc<Process>> {
    let each = |replica: u32| {
        Service::ALL.map(|role| Process::new(ground.clone(), &format!("{}-{replica}", role.name()), [role]))
    };
    match shape(plan, dice) {
        Shape::One => vec![Process::new(ground.clone(), "all", Service::ALL)],
        Shape::Roles | Shape::Drawn => each(1).into(),
        Shape::Replicas => (1..3 + dice.fork("replicas").below(2) as u32).flat_map(each).collect(),
        Shape::Apart => {
            let second = Process::new(ground.clone(), "booking-2", [Service::Booking]);
            each(1).into_iter().chain([second]).collect()
        }
    }
}

fn clerks_and_screens(town: &Arc<Town>, dice: &Dice, outside: Group) {
    let ground = &town.ground;
    for place in &town.places {
        let at = format!("{}/{}", place.office.id, place.location.id);
        let dice = dice.fork(&format!("clerks/{at}"));
        let working = dice.range(1..place.location.counters.len().min(6) as u64 + 1) as usize;
        let pace = Duration::from_secs(dice.range(90..420));
        for counter in place.location.counters.iter().take(working) {
            let (place, counter) = (place.clone(), counter.number.clone());
            let own = dice.fork(&counter);
            let here = (&*place.office, &place.location);
            let token = token(ground, &own, Role::Clerk, here, Some(&counter));
            let person =
                Person { town: town.clone(), dice: own, address: "10.0.0.7".into(), bearer: Some(token) };
            ground.executor.spawn(outside, Box::pin(Clerk { person, place, counter, pace }.work()));
        }
        if dice.chance(0.3) {
            ground.executor.spawn(outside, Box::pin(screen::watch(town.clone(), place.clone())));
        }
    }
}

fn visitors(plan: Plan, town: &Arc<Town>, dice: &Dice, outside: Group) {
    let (dice, end) = (dice.fork("visitors"), town.end());
    let count = plan.visits.unwrap_or_else(|| 200 + dice.range(0..600));
    let walk_ins = 0.3 + 0.5 * dice.unit();
    for number in 0..count {
        let own = dice.fork(&format!("visitor/{number}"));
        let Some(place) = own.pick(&town.places).cloned() else { continue };
        let here = |service: &&okienko_office::Service| service.locations.contains(&place.location.id);
        let services: Vec<_> = place.office.services.iter().filter(here).collect();
        let Some(service) = own.pick(&services).map(|service| (*service).clone()) else { continue };
        let (Some(first), Some(day)) = (town.days.first(), own.pick(&town.days).copied()) else { continue };
        let Some((opens, closes)) = place.hours(day) else { continue };
        let address = format!("10.{}.{}.{}", own.range(1..250), own.range(0..250), own.range(1..250));
        let person = Person { town: town.clone(), dice: own.clone(), address, bearer: None };
        let visitor = Visitor { person, number, place: place.clone(), service };
        let within = |from: Moment, until: Moment| {
            let width = until.since(from).micros().max(1) as u64;
            from.plus(Span::from_micros(own.range(0..width) as i64))
        };
        town.pending.lock().insert(number, "at home");
        if town.rush {
            rush(town, outside, visitor);
            continue;
        }
        if own.chance(walk_ins) {
            let at = within(opens, closes.minus(Span::from_mins(30)));
            ground_spawn(town, outside, visitor.walk_in(day, at));
        } else {
            let early = place.office.zone.moment(*first, TimeOfDay::new(5, 0).unwrap_or(TimeOfDay::MIDNIGHT));
            let at = within(early.unwrap_or(opens), closes.minus(Span::from_mins(60)).min(end));
            ground_spawn(town, outside, visitor.book_and_come(day, at));
        }
    }
}

/// Runs one visitor of a rush for the same service.
fn rush(town: &Arc<Town>, outside: Group, visitor: Visitor) {
    let Some((place, day)) = town.places.first().zip(town.days.first().copied()) else { return };
    let here = |service: &&okienko_office::Service| service.locations.contains(&place.location.id);
    let Some(service) = place.office.services.iter().find(here).cloned() else { return };
    let at = town.now().plus(Span::from_millis(visitor.person.dice.range(60_000..60_500) as i64));
    ground_spawn(town, outside, Visitor { place: place.clone(), service, ..visitor }.book_and_come(day, at));
}

fn ground_spawn(town: &Arc<Town>, outside: Group, task: impl Future<Output = ()> + Send + 'static) {
    town.ground.executor.spawn(outside, Box::pin(task));
}

/// Stops the faults some time before the end of the last day.
async fn calm_down(town: &Town, dice: &Dice) {
    let end = town.end().minus(Span::from_mins(dice.range(30..30 * 60) as i64));
    town.until(end).await;
    town.ground.weather.calm_down();
}

/// Checks that every visit has ended, every relay has caught up, and everything is as people were told.
async fn settle(town: &Town, processes: &[Arc<Process>]) {
    let watch = &town.ground.watch;
    let mut left = SETTLE;
    let pause = Duration::from_secs(60);
    let unfinished = loop {
        let unfinished = unfinished(town, processes);
        if unfinished.is_none() || left.is_zero() {
            break unfinished;
        }
        tokio::time::sleep(pause).await;
        left = left.saturating_sub(pause);
    };
    match unfinished {
        Some(what) => {
            watch.broken(format!("not settled {} h after the faults: {what}", SETTLE.as_secs() / 3600))
        }
        None => {
            town.ledger.audit();
            town.ledger.audit_messages(&town.ground.phones.accepted(), &town.ground.offices);
        }
    }
}

fn unfinished(town: &Town, processes: &[Arc<Process>]) -> Option<String> {
    let watch = &town.ground.watch;
    if let Some((number, stage)) = town.pending.lock().first_key_value() {
        return Some(format!("visitor {number} is still {stage}"));
    }
    for process in processes {
        match process.lag() {
            None => return Some(format!("{} does not run", process.name)),
            Some(0) => {}
            Some(lag) => return Some(format!("relays of {} are {lag} events behind", process.name)),
        }
    }
    if let Some((consumer, events)) = town.ground.broker.behind().first() {
        return Some(format!("{consumer} has not taken {events} public events"));
    }
    // The days of the run are over: every expected visitor has come, or has not.
    let over = |day: &okienko_day::Day| {
        let plan = day.plan().is_some_and(|plan| plan.ends_at <= town.now());
        let mut open =
            day.reservations().values().filter(|it| ["confirmed", "checked_in"].contains(&it.state.word()));
        open.next()
            .filter(|_| plan)
            .map(|it| format!("the reservation {} is {}", it.confirmed.number, it.state.word()))
    };
    watch.days(|days| days.values().find_map(over))
}
