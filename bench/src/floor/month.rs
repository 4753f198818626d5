//! Eight clients view a month, empty and with 200 bookings in it. It must not get slower as bookings grow.

use super::{Floor, Side, Sides};
use crate::crowd::at_once;
use crate::office;
use crate::peers;
use crate::program::Program;
use crate::report::Goal;
use crate::stats::Figures;
use crate::visit::book_all;
use crate::wire::{Line, Question};

/// Clients that view it.
const LOOKING: u32 = 8;
/// The goal against the plain server, which counts the rows of a month anew for each view.
const SEEN: Goal = Goal::OfPlain(1.0);

impl Floor {
    /// An empty month and a full one.
    pub(super) async fn month(&mut self) -> anyhow::Result<()> {
        let bookings = self.sizes.clients;
        self.report.section(&format!("A month of days, {LOOKING} clients"))?;
        let (mut empty, mut full, mut errors, mut lost) = (Sides::default(), Sides::default(), 0, 0);
        for side in self.turns() {
            let program = self.start_side(side).await?;
            let before = free(&program).await?;
            if side == Side::Ours {
                empty.nothing.push(self.nothing(&program, LOOKING).await?);
            }
            empty.push(side, self.look(&program, &mut errors).await?);
            let lines = Line::open_all(&program.address, bookings).await?;
            errors += book_all(&program, lines, office::SINGLE, 0).await?.failed;
            program.hints_are_current().await;
            full.push(side, self.look(&program, &mut errors).await?);
            lost += (before - free(&program).await?).abs_diff(i64::from(bookings));
            program.end().await?;
        }
        full.nothing.clone_from(&empty.nothing);
        empty.tell(&mut self.report, "month views, empty", &peers::MONTH, Some(SEEN));
        full.tell(&mut self.report, &format!("month views, {bookings} bookings"), &peers::MONTH, Some(SEEN));
        self.report.must_be_zero("questions that failed", errors);
        self.report.must_be_zero("bookings that the view does not show", lost);
        Ok(())
    }

    async fn look(&self, program: &Program, errors: &mut u64) -> anyhow::Result<Figures> {
        let lines = Line::open_all(&program.address, LOOKING).await?;
        let (view, bound) = (view(), self.sizes.loops);
        let (looks, took) = at_once(lines, |mut line, start| {
            let view = view.clone();
            async move {
                let mut looks = Vec::new();
                while bound.goes_on(start, looks.len()) {
                    let asked = tokio::time::Instant::now();
                    let seen = line.ask(view.clone()).await?.status == 200;
                    looks.push((asked.elapsed(), seen));
                }
                Ok(looks)
            }
        })
        .await?;
        let looks: Vec<_> = looks.into_iter().flatten().collect();
        *errors += looks.iter().filter(|(_, seen)| !seen).count() as u64;
        Figures::new(took, looks.into_iter().filter(|(_, seen)| *seen))
    }
}

fn view() -> Question {
    let (office, hall, service) = (office::OFFICE, office::LOCATION, office::SINGLE);
    let path = format!("/api/v1/offices/{office}/locations/{hall}/services/{service}/days");
    Question::get(format!("{path}?from={}&count=31", office::TODAY))
}

/// The free places of all days together.
async fn free(program: &Program) -> anyhow::Result<i64> {
    let answer = Line::open(&program.address).await?.ask(view()).await?.expect(200)?.json();
    let days = answer["days"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(days.iter().filter_map(|day| day["free"].as_i64()).sum())
}
