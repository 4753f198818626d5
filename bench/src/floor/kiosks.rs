//! Kiosks that issue walk-in tickets as fast as they can. No two tickets may have the same number.

use super::{Floor, Side, Sides, WRITTEN};
use crate::crowd::{Bound, at_once};
use crate::office;
use crate::peers;
use crate::program::Program;
use crate::stats::Figures;
use crate::tokens::Tokens;
use crate::wire::{Line, Question};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// The tickets of one run.
pub struct TicketRun {
    /// Their numbers.
    pub numbers: Vec<String>,
    /// How long each took.
    pub latencies: Vec<Duration>,
    /// From the first question to the last answer.
    pub took: Duration,
    /// Answers other than a ticket.
    pub errors: u64,
}

impl TicketRun {
    /// How many tickets repeat the number of another.
    pub fn equal_numbers(&self) -> u64 {
        (self.numbers.len() - self.numbers.iter().collect::<BTreeSet<_>>().len()) as u64
    }
}

impl Floor {
    /// 1, 16 and 64 kiosks.
    pub(super) async fn kiosks(&mut self) -> anyhow::Result<()> {
        for &kiosks in self.sizes.kiosks {
            self.report.section(&format!("Walk-in tickets, kiosks in a closed loop: {kiosks}"))?;
            let (mut sides, mut equal, mut errors) = (Sides::default(), 0, 0);
            for side in self.turns() {
                let program = self.start_side(side).await?;
                if side == Side::Ours {
                    sides.nothing.push(self.nothing(&program, kiosks).await?);
                }
                let given = give(&program, kiosks, self.sizes.loops).await?;
                equal += given.equal_numbers();
                errors += given.errors;
                let latencies = given.latencies.into_iter().map(|latency| (latency, true));
                sides.push(side, Figures::new(given.took, latencies)?);
                program.end().await?;
            }
            // A single client that waits for each answer waits for the disk, whatever the design.
            let goal = (kiosks > 1).then_some(WRITTEN);
            sides.tell(&mut self.report, &format!("tickets, kiosks: {kiosks}"), &peers::TICKETS, goal);
            self.report.must_be_zero("tickets with the number of another", equal);
            self.report.must_be_zero("answers other than a ticket", errors);
        }
        Ok(())
    }
}

/// Kiosks issue tickets until `bound`.
pub async fn give(program: &Program, kiosks: u32, bound: Bound) -> anyhow::Result<TicketRun> {
    let tokens = Tokens::prepare(program, ("kiosk", None), kiosks, bound).await?;
    let lines = Line::open_all(&program.address, kiosks).await?;
    let take = Question::post("/api/v1/kiosk/tickets", &json!({"service": office::SINGLE}));
    let (answers, took) = at_once(lines, |mut line, start| {
        let (take, mut turn) = (take.clone(), tokens.turn());
        async move {
            let mut answers = Vec::new();
            while bound.goes_on(start, answers.len()) {
                let asked = Instant::now();
                let answer = line.ask(turn.asks(&take)).await?;
                answers.push((asked.elapsed(), answer));
            }
            Ok(answers)
        }
    })
    .await?;
    let mut given = TicketRun { numbers: Vec::new(), latencies: Vec::new(), took, errors: 0 };
    for (latency, answer) in answers.into_iter().flatten() {
        match answer.expect(201).and_then(|answer| answer.text("/ticket/number")) {
            Ok(number) => {
                given.numbers.push(number);
                given.latencies.push(latency);
            }
            Err(_) => given.errors += 1,
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ticket_beyond_the_first_of_a_number_is_counted() {
        let numbers = ["A001", "A002", "A001", "A001", "A003"].map(str::to_owned).to_vec();
        let given = TicketRun { numbers, latencies: Vec::new(), took: Duration::ZERO, errors: 0 };
        assert_eq!(given.equal_numbers(), 2);
    }
}
