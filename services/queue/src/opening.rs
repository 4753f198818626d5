//! Days open and end automatically: at startup, at each local midnight, and whenever a request reaches a hall whose day
//! is not open yet. The day before is sealed first, so that the sequence numbers of screen events continue without a
//! gap. Each replica does this for all halls, wherever their home is: the first one opens the day, and no day waits for
//! a replica that has died. Knows no transport.

use crate::hall::Hall;
use crate::service::{Failure, Queue};
use okienko_hall::{HallCommand, HallKey, OfficeData, Phase, plan_for};
use okienko_journal::{Pause, Seldom};
use okienko_kernel::{Clock, Fault, Moment, Span, again};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::Notify;

/// How long after local midnight the day is turned: safely within the new day.
const AFTER_MIDNIGHT: Span = Span::from_secs(1);
/// The cause of opening and sealing, as written in the journal.
const CAUSE: &str = "timer";

/// When the next day of any office begins.
#[derive(Default)]
pub struct Turns {
    next: Mutex<Option<Moment>>,
    changed: Notify,
}

impl Turns {
    fn next(&self) -> Option<Moment> {
        *self.next.lock()
    }
    fn set(&self, at: Option<Moment>) {
        *self.next.lock() = at;
    }
    /// Sets the next turn to `at` unless an earlier one is already due.
    fn at_latest(&self, at: Moment) {
        let mut next = self.next.lock();
        *next = Some(next.map_or(at, |known| known.min(at)));
        drop(next);
        self.changed.notify_one();
    }
}

/// The first moment after `now` at which the office's day turns.
fn next_turn(office: &OfficeData, now: Moment) -> Moment {
    let (today, _) = office.zone.local(now);
    let midnight = |days| office.zone.start_of(today.plus_days(days)) + AFTER_MIDNIGHT;
    if midnight(0) > now { midnight(0) } else { midnight(1) }
}

impl Queue {
    pub(crate) fn start_turning(self: Arc<Self>) {
        let turns = self.turns.clone();
        self.service.world.settle.timers(move || turns.next());
        if !self.offices.all().is_empty() {
            // Due at once: a day may have begun while the program was down.
            self.turns.set(Some(self.service.now()));
        }
        let tasks = self.service.world.tasks.clone();
        tasks.keep("days", again(move || self.clone().turn_forever()));
    }

    async fn turn_forever(self: Arc<Self>) {
        let (says, mut pause) = (Seldom::default(), Pause::default());
        loop {
            match self.turns.next() {
                None => self.turns.changed.notified().await,
                Some(at) if at > self.service.now() => {
                    let reached = self.service.world.clock.until(at);
                    tokio::select! {
                        biased;
                        () = reached => {}
                        () = self.turns.changed.notified() => {}
                    }
                }
                Some(_) => match self.turn_all().await {
                    Ok(()) => {
                        says.is_over();
                        pause = Pause::default();
                    }
                    Err(fault) => {
                        if let Some(unsaid) = says.says() {
                            tracing::error!(error = %fault, unsaid, "some days could not be turned; tried again");
                        }
                        pause.sleep().await;
                    }
                },
            }
        }
    }

    /// Turns every day that can be turned; the error reports that some could not, which does not hold up the others.
    async fn turn_all(&self) -> Result<(), Fault> {
        let now = self.service.now();
        let mut all = Ok(());
        for office in self.offices.all() {
            all = all.and(self.turn_locations(&office).await);
        }
        all?;
        self.turns.set(self.offices.all().iter().map(|office| next_turn(office, now)).min());
        Ok(())
    }

    /// Turns the days of one office now, and schedules its next turn.
    pub(crate) async fn turn_office(&self, office: &OfficeData) -> Result<(), Fault> {
        let now = self.service.now();
        self.turn_locations(office).await?;
        self.turns.at_latest(next_turn(office, now));
        Ok(())
    }

    /// Schedules the next turn of an office learned by another replica: that one turns the current day.
    pub(crate) fn turn_later(&self, office: &OfficeData) {
        self.turns.at_latest(next_turn(office, self.service.now()));
    }

    async fn turn_locations(&self, office: &OfficeData) -> Result<(), Fault> {
        let mut all = Ok(());
        for place in &office.locations {
            all = all.and(self.turn_location(office, &place.id).await);
        }
        all
    }

    async fn turn_location(&self, office: &OfficeData, location: &str) -> Result<(), Fault> {
        if let Some(hall) = self.ensure_open(office, location).await? {
            self.cards.want(hall);
        } else {
            let _one_at_a_time = self.opening.lock().await;
            self.end_before(&self.today(office, location)).await?;
        }
        Ok(())
    }

    /// Opens today's hall of a location if it is due and not open yet. `None` when the office is closed today.
    pub async fn ensure_open(&self, office: &OfficeData, location: &str) -> Result<Option<HallKey>, Fault> {
        let hall = self.today(office, location);
        if let Some(told) = self.phase(&hall).await? {
            return Ok(told.then_some(hall));
        }
        let Some(plan) = plan_for(office, location, hall.day) else { return Ok(None) };
        let _one_at_a_time = self.opening.lock().await;
        if let Some(told) = self.phase(&hall).await? {
            return Ok(told.then_some(hall));
        }
        let seq_base = self.end_before(&hall).await?;
        let open = HallCommand::Open { plan: Box::new(plan), seq_base };
        match self.ask(&hall, open, None, CAUSE).await {
            Ok(_) => Ok(Some(hall)),
            Err(Failure::Fault(fault)) => Err(fault),
            Err(Failure::Refused(refusal)) => {
                tracing::error!(%hall, %refusal, "a day cannot be opened");
                Ok(None)
            }
        }
    }

    /// Whether the day is open (true) or over (false); `None` before opening.
    async fn phase(&self, hall: &HallKey) -> Result<Option<bool>, Fault> {
        let phase = self.halls.peek(&hall.office, &hall.to_string(), |hall| hall.0.phase()).await?;
        Ok(match phase {
            Phase::Roster => None,
            Phase::Open => Some(true),
            Phase::Sealed => Some(false),
        })
    }

    /// Seals this hall's days before the given one, back to the last one seen by screens, and returns the number of its
    /// last screen event; 0 if there was none.
    async fn end_before(&self, hall: &HallKey) -> Result<u64, Fault> {
        let prefix = hall_prefix(&hall.office, &hall.location);
        let mut before = hall.to_string();
        loop {
            let found = self.service.journal.engine().stream_before(&prefix, &before).await;
            let found = found.map_err(|error| Fault::NotDone(error.to_string()))?;
            let Some((stream, day)) = found.and_then(|s| HallKey::parse(&s).map(|day| (s, day))) else {
                return Ok(0);
            };
            match self.ask(&day, HallCommand::Seal, None, CAUSE).await {
                Err(Failure::Fault(fault)) => return Err(fault),
                Err(Failure::Refused(refusal)) => tracing::error!(%day, %refusal, "a day cannot be sealed"),
                Ok(_) => {}
            }
            let last = self.halls.read(&day.office, &stream, |hall: &Hall| hall.0.last_seq()).await?;
            if last > 0 {
                return Ok(last);
            }
            before = stream;
        }
    }
}

/// The common prefix of the stream keys of a hall's days.
pub(crate) fn hall_prefix(office: &str, location: &str) -> String {
    format!("hall/{office}/{location}/")
}
