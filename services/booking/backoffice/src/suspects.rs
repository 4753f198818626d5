//! What looks suspicious among the bookings of the coming days: collects the facts; the domain judges them.

use crate::BackOffice;
use crate::domain::suspicion::{Fact, Reason, Stage, Trace, judge};
use crate::trace::trace_row;
use okienko_day::{Day as DayMachine, HoldEnd, State};
use okienko_kernel::{Day, Id, Moment, TimeOfDay};
use okienko_office::LoadedOffice;
use okienko_web::{Claims, Problem};
use serde::Serialize;
use std::collections::BTreeSet;

/// A booking that staff should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suspect {
    /// The reservation, if it was confirmed and can still be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Id>,
    /// The number that people read out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// `confirmed`, `held` or `abandoned`; the newest abandoned hold of each network stands for all of that network.
    pub stage: &'static str,
    /// Local day.
    pub date: Day,
    /// Local time.
    #[serde(serialize_with = "shown")]
    pub time: TimeOfDay,
    /// The location's id.
    pub location: String,
    /// The service's id.
    pub service: String,
    /// 50 to 100.
    pub score: u32,
    /// Reasons, most points first.
    pub reasons: Vec<Reason>,
}

fn shown<S: serde::Serializer>(time: &TimeOfDay, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(time)
}

/// A booking as its day has it.
struct DayBooking {
    hold: Id,
    at: Moment,
    stage: Stage,
    time: TimeOfDay,
    service: String,
    location: String,
    removable: Option<(Id, String)>,
}

impl BackOffice {
    /// Suspicious bookings of today and later days, highest score first.
    pub async fn suspects(&self, claims: &Claims, known: &LoadedOffice) -> Result<Vec<Suspect>, Problem> {
        let seen = self.bookings(known).await?;
        let rows: Vec<String> = seen.iter().map(|it| trace_row(it.hold)).collect();
        let traces: Vec<Option<Trace>> = self.service.vault().open(&rows).await?;
        let horizon = i64::from(known.office.horizon_days);
        let facts: Vec<Fact> = seen
            .iter()
            .zip(traces)
            .map(|(it, trace)| {
                let released = known.office.zone.start_of(it.hold.way().day.plus_days(-horizon));
                let (hold, at, stage) = (it.hold, it.at, it.stage);
                Fact { hold, at, stage, since_release: at.since(released), trace: trace.unwrap_or_default() }
            })
            .collect();
        let mut found = Vec::new();
        let mut networks = BTreeSet::new();
        // Newest first, so that the newest abandoned hold of each network stands for all of them.
        let mut judged: Vec<_> = judge(&facts).into_iter().zip(seen.into_iter().zip(&facts)).collect();
        judged.sort_by_key(|(_, (seen, _))| std::cmp::Reverse(seen.at));
        for (verdict, (seen, fact)) in judged.into_iter().filter(|(verdict, _)| verdict.is_suspicious()) {
            let ended = seen.stage == Stage::Confirmed && seen.removable.is_none();
            let again = seen.stage == Stage::Abandoned && !networks.insert(fact.trace.network.clone());
            let elsewhere = claims.location.as_deref().is_some_and(|only| only != seen.location);
            if ended || again || elsewhere {
                continue;
            }
            let (reservation, number) = seen.removable.unzip();
            found.push(Suspect {
                reservation,
                number,
                stage: word(seen.stage),
                date: seen.hold.way().day,
                time: seen.time,
                location: seen.location,
                service: seen.service,
                score: verdict.score,
                reasons: verdict.reasons,
            });
        }
        found.sort_by_key(|it| (std::cmp::Reverse(it.score), it.date, it.time));
        Ok(found)
    }

    /// Every booking of today and later days.
    async fn bookings(&self, known: &LoadedOffice) -> Result<Vec<DayBooking>, Problem> {
        let (now, today) = (self.service.now(), self.today(known));
        let prefix = format!("day/{}/", known.office.number);
        let streams = self.service.journal.engine().streams(&prefix).await;
        let streams = streams.map_err(|_| Problem::unavailable(1))?;
        let coming = |stream: &&String| {
            let day = stream.rsplit('/').next().and_then(|day| day.parse::<Day>().ok());
            day.is_some_and(|day| day >= today)
        };
        let mut all = Vec::new();
        for stream in streams.iter().filter(coming) {
            let look = |day: &DayMachine| seen_of(day, now);
            all.extend(self.days.peek(&known.office.id, stream, look).await?);
        }
        Ok(all)
    }
}

fn seen_of(day: &DayMachine, now: Moment) -> Vec<DayBooking> {
    let location = day.plan().map(|plan| plan.location.clone()).unwrap_or_default();
    let one = |(id, hold): (&Id, &okienko_day::Hold)| {
        let reservation = match hold.end {
            Some(HoldEnd::Confirmed(reservation)) => day.reservation(reservation),
            _ => None,
        };
        let stage = match reservation {
            Some(_) => Stage::Confirmed,
            None if hold.runs(now) => Stage::Held,
            None => Stage::Abandoned,
        };
        let expected = reservation.filter(|it| it.state == State::Confirmed);
        DayBooking {
            hold: *id,
            at: reservation.map_or(hold.placed_at, |it| it.confirmed.confirmed_at),
            stage,
            time: hold.time,
            service: hold.service.clone(),
            location: location.clone(),
            removable: expected.map(|it| (it.confirmed.reservation, it.confirmed.number.clone())),
        }
    };
    day.holds().iter().map(one).collect()
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Held => "held",
        Stage::Abandoned => "abandoned",
        Stage::Confirmed => "confirmed",
    }
}
