//! Clerks who call and finish as fast as they can while 6,000 people wait. No ticket may be called by two of them.

use super::kiosks::give;
use super::{Floor, Side, Sides, WRITTEN};
use crate::Size;
use crate::crowd::{Bound, LONG, at_once};
use crate::peers;
use crate::program::Program;
use crate::stats::Figures;
use crate::tokens::{Tokens, Turn};
use crate::wire::{Line, Question};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// Kiosks that issue the tickets beforehand.
const KIOSKS: u32 = 16;

struct Called {
    tickets: Vec<String>,
    latencies: Vec<Duration>,
    took: Duration,
    errors: u64,
}

impl Floor {
    /// 2 and 8 clerks.
    pub(super) async fn clerks(&mut self) -> anyhow::Result<()> {
        let waiting = self.sizes.waiting;
        for &clerks in self.sizes.clerks {
            self.report.section(&format!("Calls, {waiting} waiting, clerks in a closed loop: {clerks}"))?;
            let (mut sides, mut double, mut errors, mut forgotten) = (Sides::default(), 0, 0, 0);
            for side in self.turns() {
                // Here thousands are called; that the plain server answers correctly is checked in smaller cases.
                if side == Side::Plain && self.size == Size::Once {
                    continue;
                }
                let program = self.start_side(side).await?;
                if side == Side::Ours {
                    sides.nothing.push(self.nothing(&program, clerks).await?);
                }
                let each = Bound { time: LONG, count: waiting.div_ceil(KIOSKS) as usize };
                let given = give(&program, KIOSKS, each).await?;
                errors += given.errors;
                let called = call(&program, clerks, self.sizes.calls_of_each).await?;
                let different = called.tickets.iter().collect::<BTreeSet<_>>().len();
                double += (called.tickets.len() - different) as u64;
                errors += called.errors;
                forgotten += given.numbers.len().saturating_sub(different) as u64;
                let latencies = called.latencies.into_iter().map(|latency| (latency, true));
                sides.push(side, Figures::new(called.took, latencies)?);
                program.end().await?;
            }
            let peer = if clerks == 2 { &peers::CALLS_OF_TWO } else { &peers::CALLS };
            // Two clerks who wait for each answer wait for the disk twice per call, whatever the design.
            let goal = (clerks > 2).then_some(WRITTEN);
            let name = format!("calls (each also finished), clerks: {clerks}");
            sides.tell(&mut self.report, &name, peer, goal);
            self.report.must_be_zero("calls of somebody who was called before", double);
            self.report.must_be_zero("other answers", errors);
            if self.size == Size::Once {
                self.report.must_be_zero("people who wait and are never called", forgotten);
            }
        }
        Ok(())
    }
}

/// A clerk's connection and requests, at an opened counter.
pub async fn clerk(program: &Program, counter: u32, bound: Bound) -> anyhow::Result<(Line, Acts)> {
    let acts = Bound { count: bound.count.saturating_mul(2), ..bound };
    let mut turn = Tokens::prepare(program, ("clerk", Some(counter)), 1, acts).await?.turn();
    let act = |what: &str| Question::post(format!("/api/v1/desk/{what}"), &json!({}));
    let mut line = Line::open(&program.address).await?;
    line.ask(turn.asks(&act("open"))).await?.expect(200)?;
    Ok((line, Acts { call_next: act("call-next"), finish: act("finish"), turn }))
}

/// The requests of a clerk.
pub struct Acts {
    call_next: Question,
    finish: Question,
    turn: Turn,
}

impl Acts {
    /// The request to call the next ticket.
    pub fn call_next(&mut self) -> Question {
        self.turn.asks(&self.call_next)
    }
    /// The request to finish the current one.
    pub fn finish(&mut self) -> Question {
        self.turn.asks(&self.finish)
    }
}

async fn call(program: &Program, clerks: u32, bound: Bound) -> anyhow::Result<Called> {
    let mut people = Vec::new();
    for counter in 1..=clerks {
        people.push(clerk(program, counter, bound).await?);
    }
    let (answers, took) = at_once(people, |(mut line, mut acts), start| async move {
        let mut answers = Vec::new();
        while bound.goes_on(start, answers.len()) {
            let asked = Instant::now();
            let answer = line.ask(acts.call_next()).await?;
            let latency = asked.elapsed();
            if answer.status == 204 {
                break;
            }
            let finished = line.ask(acts.finish()).await?.status == 200;
            answers.push((latency, answer, finished));
        }
        Ok(answers)
    })
    .await?;
    let mut called = Called { tickets: Vec::new(), latencies: Vec::new(), took, errors: 0 };
    for (latency, answer, finished) in answers.into_iter().flatten() {
        match answer.expect(200).and_then(|answer| answer.text("/current/ticket")) {
            Ok(ticket) if finished => {
                called.tickets.push(ticket);
                called.latencies.push(latency);
            }
            _ => called.errors += 1,
        }
    }
    Ok(called)
}
