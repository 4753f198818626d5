//! 200 clients want 200 different slots at once: holds alone, and whole bookings.

use super::Floor;
use crate::crowd::at_once;
use crate::office;
use crate::peers;
use crate::stats::Figures;
use crate::visit::{book_all, warm_up};
use crate::wire::{Line, Question};

impl Floor {
    /// Nobody is in anybody's way.
    pub(super) async fn spread(&mut self) -> anyhow::Result<()> {
        let clients = self.sizes.clients;
        self.report.section(&format!("{clients} clients, {clients} different slots at once"))?;
        self.spread_holds().await?;
        self.spread_bookings().await
    }

    async fn spread_holds(&mut self) -> anyhow::Result<()> {
        let (mut runs, mut errors) = (Vec::new(), 0);
        for _ in 0..self.sizes.runs {
            let program = self.start().await?;
            let lines = Line::open_all(&program.address, self.sizes.clients).await?;
            let ask = |n| Question::post(office::holds(), &office::wish(office::SINGLE, n)).from(n);
            let people = (0..).zip(lines).map(|(n, line)| (line, ask(n))).collect();
            let (held, took) = at_once(people, |(mut line, hold), start| async move {
                let held = line.ask(hold).await.is_ok_and(|answer| answer.status == 201);
                Ok((start.elapsed(), held))
            })
            .await?;
            errors += held.iter().filter(|(_, held)| !held).count() as u64;
            runs.push(Figures::new(took, held.into_iter().filter(|(_, held)| *held))?);
            program.end().await?;
        }
        self.report.runs("holds", runs, &peers::HOLDS);
        self.report.must_be_zero("holds that failed", errors);
        Ok(())
    }

    async fn spread_bookings(&mut self) -> anyhow::Result<()> {
        let (mut runs, mut errors, mut with_codes, mut first) = (Vec::new(), 0, Vec::new(), Vec::new());
        for _ in 0..self.sizes.runs {
            let program = self.start().await?;
            first.push(format!("{:.0}", warm_up(&program).await?.as_secs_f64() * 1000.0));
            let lines = Line::open_all(&program.address, self.sizes.clients).await?;
            let booked = book_all(&program, lines, office::SINGLE, 0).await?;
            errors += booked.failed;
            with_codes.push(format!("{:.0}", booked.each.len() as f64 / booked.with_codes.as_secs_f64()));
            runs.push(Figures::new(booked.took, booked.each.into_iter().map(|latency| (latency, true)))?);
            program.end().await?;
        }
        self.report.runs("whole bookings: hold, form, code, confirm", runs, &peers::BOOKINGS);
        self.report.note(&format!("with the reading of the codes: {}/s", with_codes.join(", ")));
        self.report
            .note(&format!("the first booking after a start, before the clock: {} ms", first.join(", ")));
        self.report.must_be_zero("bookings that failed", errors);
        Ok(())
    }
}
