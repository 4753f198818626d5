//! Many want the same hour: one place for 200 clients, 500 places for 2,000. Exactly as many get a place as there are,
//! and everybody else is told that the hour is full.

use super::{Floor, Side, Sides};
use crate::crowd::at_once;
use crate::office;
use crate::peers;
use crate::stats::{Figures, median};
use crate::wire::{Line, Question};
use std::time::Duration;

#[derive(Default)]
struct Outcome {
    sides: Sides,
    /// Of our program, not of the plain server.
    last_success: Vec<Duration>,
    too_many: u64,
    too_few: u64,
    errors: u64,
}

impl Outcome {
    fn tell(self, floor: &mut Floor, name: &str) {
        let report = &mut floor.report;
        self.sides.tell(report, name, &peers::RUSH, None);
        report.must_be_zero("places given that were not there", self.too_many);
        report.must_be_zero("places not given that were there", self.too_few);
        report.must_be_zero("answers other than 201 and 409 slot_full", self.errors);
    }
    /// Reports the rush for another hour right after each start. A rush normally hits a program that has been running;
    /// the rate of the first thousands of requests depends on how much memory the start happened to touch, so it is
    /// printed beside the figures and not compared.
    fn tell_first(self, floor: &mut Floor) {
        let rates: Vec<String> = self.sides.ours.iter().map(|of| format!("{:.0}", of.rate())).collect();
        floor.report.note(&format!("the first such rush after a start: {}/s", rates.join(", ")));
        floor.report.must_be_zero("wrong answers in it", self.too_many + self.too_few + self.errors);
    }
    fn last_success_ms(&self) -> f64 {
        median(self.last_success.clone(), Duration::as_secs_f64).unwrap_or_default().as_secs_f64() * 1000.0
    }
}

impl Floor {
    /// One place, 200 clients.
    pub(super) async fn one_place(&mut self) -> anyhow::Result<()> {
        let (clients, slots) = (self.sizes.clients, self.sizes.slots);
        let all = self.sizes.runs * slots;
        self.report.section(&format!("One place, {clients} clients at once, {all} slots"))?;
        let (mut first, mut outcome) = (Outcome::default(), Outcome::default());
        for side in self.turns() {
            let program = self.start_side(side).await?;
            if side == Side::Ours {
                outcome.sides.nothing.push(self.nothing(&program, clients).await?);
            }
            let lines = Line::open_all(&program.address, clients).await?;
            let mut lines = rush(side, lines, office::SINGLE, slots, 1, &mut first).await?;
            for slot in 0..slots {
                lines = rush(side, lines, office::SINGLE, slot, 1, &mut outcome).await?;
            }
            program.end().await?;
        }
        let last = outcome.last_success_ms();
        outcome.tell(self, "answers");
        first.tell_first(self);
        self.report.note(&format!("the one success after {last:.1} ms"));
        Ok(())
    }

    /// 500 places, 2,000 clients. Takes only a few hundredths of a second, so it is repeated.
    pub(super) async fn many_places(&mut self) -> anyhow::Result<()> {
        let (clients, places, slots) = (self.sizes.crowd, self.sizes.crowd_places, self.sizes.slots);
        let all = self.sizes.runs * slots;
        self.report.section(&format!("{places} places, {clients} clients at once, {all} slots"))?;
        let (mut first, mut outcome) = (Outcome::default(), Outcome::default());
        for side in self.turns() {
            let program = self.start_side(side).await?;
            if side == Side::Ours {
                outcome.sides.nothing.push(self.nothing(&program, clients).await?);
            }
            let lines = Line::open_all(&program.address, clients).await?;
            let mut lines = rush(side, lines, office::CROWD, slots, places, &mut first).await?;
            for slot in 0..slots {
                lines = rush(side, lines, office::CROWD, slot, places, &mut outcome).await?;
            }
            program.end().await?;
        }
        let last = outcome.last_success_ms();
        outcome.tell(self, "answers");
        first.tell_first(self);
        self.report.figure("until the last place is gone", last, &peers::SOLD_OUT);
        Ok(())
    }
}

async fn rush(
    side: Side,
    lines: Vec<Line>,
    service: &str,
    slot: u32,
    places: u32,
    outcome: &mut Outcome,
) -> anyhow::Result<Vec<Line>> {
    let hold = Question::post(office::holds(), &office::wish(service, slot));
    let people = (0..).zip(lines).map(|(n, line)| (line, hold.clone().from(n))).collect();
    let (answers, took) = at_once(people, |(mut line, hold), start| async move {
        let answer = line.ask(hold).await;
        Ok((line, answer, start.elapsed()))
    })
    .await?;
    let (mut lines, mut latencies, mut won) = (Vec::new(), Vec::new(), Vec::new());
    for (line, answer, latency) in answers {
        let accepted = answer.as_ref().is_ok_and(|answer| answer.status == 201);
        let refused = answer.as_ref().is_ok_and(|answer| answer.is_problem(409, "slot_full"));
        if accepted {
            won.push(latency);
        } else if !refused {
            outcome.errors += 1;
        }
        latencies.push((latency, accepted));
        lines.push(line);
    }
    let (given, places) = (won.len() as u64, u64::from(places).min(lines.len() as u64));
    outcome.too_many += given.saturating_sub(places);
    outcome.too_few += places.saturating_sub(given);
    if side == Side::Ours {
        outcome.last_success.extend(won.into_iter().max());
    }
    outcome.sides.push(side, Figures::new(took, latencies)?);
    Ok(lines)
}
