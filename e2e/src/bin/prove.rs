//! The full-size proofs: `prove race`, `prove kill`, `prove sentences`, `prove timing`, `prove faults`, `prove sms`,
//! `prove flood`, `prove pumping`, `prove backup`, `prove trace`, `prove alerts`, `prove attack`, `prove upgrade`.
//! Progress goes to standard error, figures to standard output; the exit code is 0 only when the proof held.

use clap::Parser;
use okienko_e2e::{
    alerts, attack, backup, faults, flood, kill, one_trace, pumping, race, sentences, sms, timing,
};
use std::time::Duration;

/// Which proof, how large.
#[derive(Parser)]
struct Arguments {
    /// race, kill, sentences, timing, faults, sms, flood, pumping, backup, trace, alerts, attack or upgrade
    name: String,
    /// Seed of what is random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Kills of `kill`
    #[arg(long, default_value_t = 100)]
    kills: u32,
    /// Kills of each role's home in `faults`, of replicas of the gateway in `sms`
    #[arg(long, default_value_t = 20)]
    each: u32,
    /// The older program of `upgrade`
    #[arg(long)]
    old: Option<std::path::PathBuf>,
    /// Where `trace` draws its picture
    #[arg(long)]
    picture: Option<std::path::PathBuf>,
    /// Messages of `sms`
    #[arg(long, default_value_t = 100_000)]
    messages: u32,
    /// Honest reports of `flood`
    #[arg(long, default_value_t = 5_000)]
    reports: u32,
    /// Rounds of `race`
    #[arg(long, default_value_t = 20)]
    rounds: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.name.as_str() {
        "race" => prove_race(arguments.rounds).await,
        "kill" => prove_kill(arguments.kills, arguments.seed).await,
        "sentences" => prove_sentences().await,
        "timing" => prove_timing(arguments.seed).await,
        "faults" => prove_faults(arguments.each).await,
        "upgrade" => prove_upgrade(arguments.old).await,
        "sms" => prove_sms(arguments.messages, arguments.each, arguments.seed).await,
        "flood" => prove_flood(arguments.reports, arguments.seed).await,
        "pumping" => prove_pumping().await,
        "backup" => prove_backup().await,
        "alerts" => prove_alerts().await,
        "attack" => prove_attack().await,
        "trace" => prove_trace(arguments.picture).await,
        other => {
            anyhow::bail!(
                "there is no proof {other}; there are race, kill, sentences, timing, faults, sms, flood, pumping, backup, trace, alerts, attack and upgrade"
            )
        }
    }
}

async fn prove_alerts() -> anyhow::Result<()> {
    let it = alerts::run(alerts::Size::FULL).await?;
    let alerts::Outcome { ordinary: done, fired } = it;
    println!(
        "{} minutes of a normal day, sixty times as fast: {} visits booked with a code ({} cancelled), {} walk-ins, {} \
         served, {} commands counted; no alert fired",
        done.minutes, done.booked, done.cancelled, done.walked_in, done.served, done.commands
    );
    println!("\nthe reason of each alert brought about, and the minutes until it fired:\n");
    for (name, minutes) in &fired {
        println!("{name:<28} {minutes:>6.1}");
    }
    println!("\n{} alerts, each fired on its own reason", fired.len());
    Ok(())
}

async fn prove_attack() -> anyhow::Result<()> {
    for borne in attack::run(attack::Size::FULL, |attack| eprintln!("{attack}")).await? {
        println!("{}: {}", borne.attack, borne.outcome);
    }
    Ok(())
}

async fn prove_trace(picture: Option<std::path::PathBuf>) -> anyhow::Result<()> {
    let traced = one_trace::run().await?;
    println!("one booking with a code by SMS, as a collector has it:\n");
    println!("{}", one_trace::table(&traced.spans));
    if let Some(path) = picture {
        std::fs::write(path, one_trace::picture(&traced.spans))?;
    }
    Ok(())
}

async fn prove_race(rounds: u32) -> anyhow::Result<()> {
    for places in [1, 500] {
        eprintln!("race for {places} of 10,000, {rounds} rounds");
        let size = race::Size { runners: 10_000, connections: 256, places, rounds };
        let outcome = race::run(size).await?;
        let mut took = outcome.took.clone();
        took.sort();
        let at = |share: f64| {
            took.get(((took.len() - 1) as f64 * share) as usize).copied().unwrap_or(Duration::ZERO)
        };
        println!(
            "{places} places, 10,000 holds outstanding over 256 connections, {rounds} rounds: {:?}; \
             last answer after {:.0} ms (median), {:.0} ms (slowest round)",
            outcome.answers,
            at(0.5).as_secs_f64() * 1e3,
            at(1.0).as_secs_f64() * 1e3,
        );
    }
    Ok(())
}

async fn prove_sentences() -> anyhow::Result<()> {
    let results = sentences::run("").await;
    println!("{}", sentences::table(&results));
    let wrong = results.iter().filter(|it| it.seen.is_err()).count();
    let checked = results.iter().filter(|it| it.row.is_checked()).count();
    println!("\n{} sentences, {checked} checked, {wrong} not true", results.len());
    anyhow::ensure!(wrong == 0, "{wrong} sentences are not true of the system");
    Ok(())
}

async fn prove_timing(seed: u64) -> anyhow::Result<()> {
    let pairs = 200;
    println!(
        "{pairs} pairs of a known and an unknown address, each pair in a random order, one question after the other"
    );
    let mut apart = 0;
    for it in timing::run(pairs, seed).await? {
        println!(
            "{:?}: same answers {}; median {:.2} ms known, {:.2} ms unknown; {:.1} deviations of chance apart",
            it.question, it.same_answers, it.medians.0, it.medians.1, it.deviations
        );
        apart += u32::from(!it.same_answers || it.deviations.abs() > 3.5);
    }
    anyhow::ensure!(apart == 0, "{apart} questions tell known addresses from unknown ones");
    Ok(())
}

async fn prove_kill(kills: u32, seed: u64) -> anyhow::Result<()> {
    eprintln!("{kills} kills, seed {seed}");
    let outcome = kill::run(kills, seed).await?;
    println!(
        "{} kills under load: {} holds, {} reservations, {} tickets, {} calls acknowledged; all there, none twice",
        outcome.kills, outcome.holds, outcome.reservations, outcome.tickets, outcome.calls
    );
    Ok(())
}

async fn prove_faults(kills: u32) -> anyhow::Result<()> {
    let mut gaps = Vec::new();
    let report = faults::run(&faults::Size::full(kills).faults(), |outcome| {
        eprintln!("{}: nothing lost, nothing doubled", outcome.fault);
        let times = match outcome.gaps.len() {
            0 => String::new(),
            _ => format!("; to the first success p50 {}", told(&outcome.gaps)),
        };
        println!(
            "{}: nothing lost or doubled; clients asked again {} times{times}",
            outcome.fault, outcome.retries
        );
        gaps.extend_from_slice(&outcome.gaps);
    })
    .await?;
    let [holds, reservations, tickets, calls] = report.acknowledged;
    println!(
        "\n{holds} holds, {reservations} reservations, {tickets} tickets, {calls} calls acknowledged: all there, none \
         twice, nobody at two counters; every question was answered in the end"
    );
    println!(
        "from kill -9 of a home to the first successful command on its key, {} kills: p50 {}",
        gaps.len(),
        told(&gaps)
    );
    Ok(())
}

async fn prove_sms(messages: u32, kills: u32, seed: u64) -> anyhow::Result<()> {
    let it = sms::run(sms::Size { messages, kills }, seed).await?;
    let seconds = it.took.as_secs_f64();
    println!(
        "{} messages accepted and {} refused by a budget, through two replicas of which one was killed {kills} times; \
         two providers failed at every second message: slow, 500, 429, errors, nonsense, lost, hung up",
        it.accepted, it.refused
    );
    println!("none lost; how they ended: {:?}; {} attempts; {seconds:.0} s", it.ends, it.attempts);
    println!(
        "taken twice: {} ({} of them by both providers); outcomes that nobody knew: up to {}",
        it.twice, it.both, it.unknown
    );
    println!("parts of the office with the small budget: {} of {}", it.spent.0, it.spent.1);
    Ok(())
}

async fn prove_flood(reports: u32, seed: u64) -> anyhow::Result<()> {
    let it = flood::run(reports, seed).await?;
    let (seconds, ms) = (it.took.as_secs_f64(), faults::percentile);
    println!(
        "{} honest reports, all taken; {} forged ones beside them ({:.0} a second), all refused, none believed",
        it.honest,
        it.forged,
        it.forged as f64 / seconds
    );
    println!("honest reports: p50 {:.2} ms, p99 {:.2} ms", ms(&it.report, 0.5), ms(&it.report, 0.99));
    let (p50, p99) = (ms(&it.idle_route, 0.5), ms(&it.idle_route, 0.99));
    println!(
        "the same server's route that does nothing, asked in turns with them: p50 {p50:.2} ms, p99 {p99:.2} ms"
    );
    println!("ratio of the p99: {:.2}", ms(&it.report, 0.99) / p99);
    println!("the gateway's most memory: {} kB before the flood, {} kB after it", it.memory.0, it.memory.1);
    Ok(())
}

async fn prove_backup() -> anyhow::Result<()> {
    let it = backup::run(60, Duration::from_secs(1)).await?;
    let [holds, reservations, tickets, calls] = it.acknowledged;
    println!(
        "{} backups of a running program, one a second under load; each restored into an empty folder and found whole",
        it.backups
    );
    println!(
        "in each all that was acknowledged before it began; in the last one {holds} holds, {reservations} reservations, \
         {tickets} tickets, {calls} calls, {} kB",
        it.bytes / 1024
    );
    println!("a backup took p50 {}", told(&it.took));
    Ok(())
}

async fn prove_upgrade(old: Option<std::path::PathBuf>) -> anyhow::Result<()> {
    let old = old.ok_or_else(|| anyhow::anyhow!("--old: name the older program"))?;
    let it = faults::upgrade(&old, |what| eprintln!("{what}")).await?;
    let [holds, reservations, tickets, calls] = it.acknowledged;
    println!(
        "{} processes, two of each role, replaced one after the other under load, in {:.0} s; the databases before them in {:.1} s",
        it.processes,
        it.took.as_secs_f64(),
        it.migrated.as_secs_f64()
    );
    println!("rounds of clients that ended well meanwhile: {:?}; asked again {} times", it.done, it.retries);
    println!(
        "{holds} holds, {reservations} reservations, {tickets} tickets, {calls} calls acknowledged by either version: all \
         there, none twice; no question stayed without an answer"
    );
    Ok(())
}

async fn prove_pumping() -> anyhow::Result<()> {
    let size = pumping::Size { numbers: 10_000, networks: 500, honest: 200 };
    let it = pumping::run(size).await?;
    println!(
        "{} numbers of one block asked for codes from {} networks, none was typed: {} codes went out",
        size.numbers, size.networks, it.sent
    );
    println!("the others were told {:?}; the longest pause shown: {} s", it.refused, it.longest_pause_s);
    println!(
        "{} honest people of other blocks booked beside them: each had a code at the first try and confirmed",
        size.honest
    );
    anyhow::ensure!(it.sent < 50, "{} codes went to the block", it.sent);
    Ok(())
}

fn told(gaps: &[Duration]) -> String {
    let at = |share| faults::percentile(gaps, share);
    format!("{:.0} ms, p99 {:.0} ms, longest {:.0} ms", at(0.5), at(0.99), at(1.0))
}
