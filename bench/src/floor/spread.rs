//! 200 clients want 200 different slots at once: holds alone, and whole bookings.

use super::{Floor, Side, Sides, WRITTEN};
use crate::crowd::at_once;
use crate::office;
use crate::peers;
use crate::stats::Figures;
use crate::visit::{book_all, warm_up};
use crate::wire::{Line, Question};

impl Floor {
    /// No two clients compete for a slot.
    pub(super) async fn spread(&mut self) -> anyhow::Result<()> {
        let clients = self.sizes.clients;
        self.report.section(&format!("{clients} clients, {clients} different slots at once"))?;
        self.spread_holds().await?;
        self.spread_bookings().await
    }

    async fn spread_holds(&mut self) -> anyhow::Result<()> {
        let (mut sides, mut errors) = (Sides::default(), 0);
        for side in self.turns() {
            let program = self.start_side(side).await?;
            if side == Side::Ours {
                sides.nothing.push(self.nothing(&program, self.sizes.clients).await?);
            }
            let lines = Line::open_all(&program.address, self.sizes.clients).await?;
            let ask = |n| Question::post(office::holds(), &office::wish(office::SINGLE, n)).from(n);
            let people = (0..).zip(lines).map(|(n, line)| (line, ask(n))).collect();
            let (held, took) = at_once(people, |(mut line, hold), start| async move {
                let held = line.ask(hold).await.is_ok_and(|answer| answer.status == 201);
                Ok((start.elapsed(), held))
            })
            .await?;
            errors += held.iter().filter(|(_, held)| !held).count() as u64;
            sides.push(side, Figures::new(took, held.into_iter().filter(|(_, held)| *held))?);
            program.end().await?;
        }
        sides.tell(&mut self.report, "holds", &peers::HOLDS, Some(WRITTEN));
        self.report.must_be_zero("holds that failed", errors);
        Ok(())
    }

    async fn spread_bookings(&mut self) -> anyhow::Result<()> {
        let (mut sides, mut errors, mut with_codes, mut first) =
            (Sides::default(), 0, Vec::new(), Vec::new());
        for side in self.turns() {
            let program = self.start_side(side).await?;
            let warm = format!("{:.0}", warm_up(&program).await?.as_secs_f64() * 1000.0);
            let lines = Line::open_all(&program.address, self.sizes.clients).await?;
            let booked = book_all(&program, lines, office::SINGLE, 0).await?;
            errors += booked.failed;
            if side == Side::Ours {
                first.push(warm);
                with_codes.push(format!("{:.0}", booked.each.len() as f64 / booked.with_codes.as_secs_f64()));
            }
            sides.push(
                side,
                Figures::new(booked.took, booked.each.into_iter().map(|latency| (latency, true)))?,
            );
            program.end().await?;
        }
        let name = "whole bookings: hold, form, code, confirm";
        // The plain server only writes the code to a table row; nobody has to send it.
        sides.tell(&mut self.report, name, &peers::BOOKINGS, None);
        self.report.note(&format!("with the reading of the codes: {}/s", with_codes.join(", ")));
        self.report
            .note(&format!("the first booking after a start, before the clock: {} ms", first.join(", ")));
        self.report.must_be_zero("bookings that failed", errors);
        Ok(())
    }
}
