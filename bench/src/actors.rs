//! Our design as it runs in production: the real machine of a day behind its actor, committed in groups to a real
//! journal. Knows no engine.

use okienko_actor::{Context, Order, Place, Registry};
use okienko_day::{Command, Day, PlaceHold, Share};
use okienko_host::{OsEntropy, TokioTasks, WallClock};
use okienko_journal::{Engine, Journal};
use okienko_kernel::{Clock, Day as CivilDay, Id, IdKind, Span, TimeOfDay, Way, Zone};
use okienko_office::plan::{DayPlan, PlannedService, PlannedSlot, stream_key};
use std::sync::Arc;

/// Days with one slot each.
pub struct Actors {
    days: Registry<Day>,
    plans: Vec<Arc<DayPlan>>,
}

impl Actors {
    /// Opens `days` days whose slot has `places` places, stored by `engine`.
    pub async fn open(engine: Arc<dyn Engine>, days: u16, places: u32) -> anyhow::Result<Arc<Actors>> {
        let tasks = Arc::new(TokioTasks::here());
        let journal = Journal::start("bench", engine, &*tasks).await?;
        let wall: Arc<dyn Clock> = Arc::new(WallClock);
        let context = Context { journal, clock: wall.clone(), wall, tasks, place: Place::alone() };
        // One more place, because opening a day takes one.
        let plans = (0..days).map(|n| Arc::new(plan(n, places + 1))).collect();
        Ok(Arc::new(Actors { days: Registry::start(&context, "day/").await?, plans }))
    }

    /// Opens each day with a hold, so that all are in memory, as in a running service.
    pub async fn open_days(self: &Arc<Self>) {
        for day in 0..self.plans.len() as u32 {
            self.clone().hold(day).await;
        }
    }

    /// Holds a place on that day; false when it is full.
    pub async fn hold(self: Arc<Self>, day: u32) -> bool {
        let plan = &self.plans[day as usize % self.plans.len()];
        let way = Way { office: 1, place: 1, day: plan.day };
        let command = Command::PlaceHold(PlaceHold {
            hold: Id::new(IdKind::Hold, way, &OsEntropy),
            service: "bench".into(),
            time: TimeOfDay::MIDNIGHT,
            plan: plan.clone(),
            lead_min: 0,
            account: false,
            account_id: None,
            share: Share::Everybody,
        });
        let key = stream_key(1, 1, plan.day);
        matches!(self.days.send("bench", &key, Order::new(command, "bench")).await, Ok(Ok(_)))
    }
}

fn plan(n: u16, places: u32) -> DayPlan {
    let day = CivilDay::from_number(5_000 + n);
    let at = WallClock.now().plus(Span::from_hours(24));
    DayPlan {
        office: "bench".into(),
        office_number: 1,
        location: "hall".into(),
        location_number: 1,
        pool: "pool".into(),
        pool_number: 1,
        day,
        zone: Zone::utc(),
        ends_at: at.plus(Span::from_hours(24)),
        slots: vec![PlannedSlot { time: TimeOfDay::MIDNIGHT, at, places }],
        people: Vec::new(),
        reserved: None,
        services: vec![PlannedService {
            id: "bench".into(),
            form: false,
            proof: vec![],
            cancel_until_min: 0,
            length: None,
            step_min: None,
        }],
        booked_prefix: "R".into(),
        code_digit: 0,
        reappear_after_min: 0,
        remind: None,
        used_until_min: Some(0),
    }
}
