//! A normal hour: people book with a code, some cancel, some walk in, clerks call them, boards and tickets are viewed.
//! Knows no alert.

use super::{Size, Watch};
use crate::house::House;
use crate::scene::{act, walk_in};
use crate::visit::{Wish, book};
use anyhow::{Result, ensure};
use okienko_address::town;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// What people did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Minutes that passed.
    pub minutes: u32,
    /// Visits booked with a code.
    pub booked: u32,
    /// … and cancelled.
    pub cancelled: u32,
    /// Walk-in tickets taken.
    pub walked_in: u32,
    /// People called and served.
    pub served: u32,
    /// Commands that the processes have counted, according to Prometheus.
    pub commands: f64,
}

/// Lets the minutes pass, at least as long as each is for the rules.
pub async fn day(house: &House, watch: &Watch, size: Size) -> Result<Done> {
    let place = ["--office", "test", "--location", "hall"];
    let staff = |words: &[&'static str]| [words, &place[..]].concat();
    let kiosk = house.client.with(&house.token(&staff(&["--role", "kiosk"])).await?);
    let clerk = house.token(&staff(&["--role", "clerk", "--counter", "1"])).await?;
    let clerk = house.client.with(&clerk);
    act(&clerk, "open").await?;
    let minute = Duration::from_secs_f64(60.0 / f64::from(size.faster));
    let mut done = Done::default();
    for at in 0..size.quiet_minutes {
        let begun = Instant::now();
        let person = house.client.from(&format!("198.51.100.{}", at % 250 + 1));
        let wish = Wish::new("test", "hall", "visit", "2026-12-03", &format!("{:02}:00", 9 + at % 8));
        let visit = book(house, &person, &wish, "Anna Nowak", &town::phone(at)).await?;
        done.booked += 1;
        let path = format!("/api/v1/reservations/{}", visit["token"].as_str().unwrap_or_default());
        person.get(&path).await?.expect(200)?;
        if at % 5 == 4 {
            person.post(&format!("{path}/cancel"), json!({})).await?.expect(200)?;
            done.cancelled += 1;
        }
        let (_, ticket, _) = walk_in(&kiosk, "visit").await?;
        done.walked_in += 1;
        person.get(&format!("/api/v1/tickets/{ticket}")).await?.expect(200)?;
        act(&clerk, "call-next").await?;
        house.client.get("/api/v1/halls/test/hall").await?.expect(200)?;
        act(&clerk, "start").await?;
        act(&clerk, "finish").await?;
        done.served += 1;
        house.advance("PT1M").await?;
        tokio::time::sleep(minute.saturating_sub(begun.elapsed())).await;
        done.minutes += 1;
    }
    let counted = watch.value("sum(okienko_commands_total)").await?.unwrap_or_default();
    ensure!(counted > f64::from(4 * done.minutes), "only {counted} commands were counted");
    Ok(Done { commands: counted, ..done })
}
