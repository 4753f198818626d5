//! SMS pumping: somebody who earns money from a block of numbers requests codes for all of them from hundreds of
//! networks and proves none, while honest people book. Through the front door: hold, form and code, as a browser does.

use crate::house::{House, MORNING};
use crate::offices;
use crate::visit::{self, Wish};
use crate::{Answer, Client};
use anyhow::{Context, ensure};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The size of an attack.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Numbers in the pumped block, up to 10,000: they differ in the last four digits.
    pub numbers: u32,
    /// Networks that the requests come from.
    pub networks: u32,
    /// Honest people, each with a number and a network of their own.
    pub honest: u32,
}

/// The result of an attack.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Codes sent to the block.
    pub sent: u32,
    /// Refused requests, by status and code.
    pub refused: BTreeMap<String, u32>,
    /// The longest retry delay that a refusal named, in seconds.
    pub longest_pause_s: u64,
}

/// People at work concurrently.
const AT_ONCE: usize = 16;
const OFFICE: &str = "test";
const DATE: &str = "2026-12-02";

#[derive(Clone, Copy)]
enum Person {
    /// Requests a code to that number of the block, from that network.
    Pumper(u32, u32),
    /// Books a visit.
    Honest(u32),
}

/// Runs the attack; an error when an honest person does not succeed at the first attempt.
pub async fn run(size: Size) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), 1_000, 15)?;
    let house = Arc::new(House::start(Some(folder.path()), Some(MORNING)).await?);
    let people = Arc::new(Mutex::new(people(size)));
    let mut working = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (house, people) = (house.clone(), people.clone());
        working.spawn(async move {
            let mut outcome = Outcome::default();
            while let Some(person) = next(&people).await {
                match person {
                    Person::Pumper(number, network) => pump(&house, number, network, &mut outcome).await?,
                    Person::Honest(n) => {
                        book(&house, n).await.with_context(|| format!("honest person {n}"))?;
                    }
                }
            }
            anyhow::Ok(outcome)
        });
    }
    let mut all = Outcome::default();
    while let Some(done) = working.join_next().await {
        let done = done??;
        all.sent += done.sent;
        all.longest_pause_s = all.longest_pause_s.max(done.longest_pause_s);
        for (what, count) in done.refused {
            *all.refused.entry(what).or_default() += count;
        }
    }
    let on_phones = arrived(&house, size.numbers).await?;
    ensure!(on_phones == all.sent, "{} codes were accepted and {on_phones} came to phones", all.sent);
    Ok(all)
}

/// The honest people are spread evenly among the others.
fn people(size: Size) -> VecDeque<Person> {
    let every = (size.numbers / size.honest.max(1)).max(1);
    let mut people = VecDeque::new();
    let mut honest = 0;
    for number in 0..size.numbers {
        people.push_back(Person::Pumper(number, number % size.networks));
        if number % every == every - 1 && honest < size.honest {
            people.push_back(Person::Honest(honest));
            honest += 1;
        }
    }
    people
}

async fn next(people: &Mutex<VecDeque<Person>>) -> Option<Person> {
    people.lock().await.pop_front()
}

/// One of a day's hours for each, so that no hour is full.
fn wish(n: u32) -> Wish {
    let minutes = n % 90 * 15;
    Wish::new(OFFICE, "hall", "visit", DATE, &format!("{:02}:{:02}", minutes / 60, minutes % 60))
}

fn pumped(number: u32) -> String {
    format!("+4860123{number:04}")
}

async fn pump(house: &House, number: u32, network: u32, outcome: &mut Outcome) -> anyhow::Result<()> {
    // Each network is a separate /16, since limits count per network.
    let client = house.client.from(&format!("{}.{}.7.9", 60 + network / 250, network % 250));
    let answer = ask(&client, number).await?;
    if answer.status == 202 {
        outcome.sent += 1;
        return Ok(());
    }
    ensure!(answer.status < 500, "{}: {}", answer.status, answer.text);
    let told = answer.headers.get("retry-after").and_then(|it| it.to_str().ok());
    let pause = told.and_then(|seconds| seconds.parse().ok()).unwrap_or_default();
    outcome.longest_pause_s = outcome.longest_pause_s.max(pause);
    *outcome.refused.entry(format!("{} {}", answer.status, answer.code())).or_default() += 1;
    Ok(())
}

async fn ask(client: &Client, number: u32) -> anyhow::Result<Answer> {
    let answer = visit::ask_hold(client, &wish(number)).await?;
    if answer.status != 201 {
        return Ok(answer);
    }
    let form = answer.json["form"].clone();
    let held = visit::Hold { id: answer.at("/hold")?, secret: answer.at("/secret")?, form };
    visit::fill(client, &held, &format!("Osoba {number}")).await?;
    visit::send_code(client, &held, &pumped(number)).await
}

/// Each honest person has a number outside the block and a network of their own.
async fn book(house: &House, n: u32) -> anyhow::Result<()> {
    let client = house.client.from(&format!("{}.{}.5.5", 90 + n / 250, n % 250));
    visit::book(house, &client, &wish(n), "Jan Kowalski", &format!("+4869{n:03}4567")).await.map(drop)
}

/// Codes that arrived at phones of the block.
async fn arrived(house: &House, numbers: u32) -> anyhow::Result<u32> {
    let mut arrived = 0;
    for number in 0..numbers {
        arrived += house.outbox(&pumped(number)).await?.len() as u32;
    }
    Ok(arrived)
}
