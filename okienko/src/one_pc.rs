//! `okienko serve` if `embedded.data` names a folder: a small office on one PC. All roles in one process, journals in
//! that folder, real time, real messages; no Postgres, NATS or Redis. Unlike the demo it is for real use.

use crate::assemble::{Purpose, Way, assemble};
use crate::ops;
use crate::settings::{Settings, listed};
use crate::{demo_mark, embedded, geo, judge, providers, samples, server};
use anyhow::Context;
use okienko::{OneProcess, Plan, Role, compose};
use okienko_host::{DomainClock, OsEntropy, installation_keys, telemetry};
use okienko_passwords::PasswordCost;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Runs the office on that folder until the process is asked to stop.
pub fn run(data: PathBuf, settings: Settings) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let faults = judge::one_pc(&data, &settings);
        anyhow::ensure!(faults.is_empty(), "{}", listed(&faults));
        let served = serve(data, settings).await;
        telemetry::end().await;
        served
    })
}

async fn serve(data: PathBuf, settings: Settings) -> anyhow::Result<()> {
    let listener = server::listen(settings.serve.listen)?;
    let here = format!("http://{}", listener.local_addr()?);
    settings.start_telemetry(Role::all(), &listener.local_addr()?.to_string())?;
    let folder = settings.offices.as_deref().context("offices.dir: name the folder with your office file")?;
    let offices = samples::offices(Some(folder))?;
    let zone = offices.first().map(|office| office.zone.clone()).context("there is no office to serve")?;
    let _lock = embedded::take(&data)?;
    demo_mark::refuse(&data).await?;
    let keys = match &settings.keys {
        Some(keys) => keys.clone(),
        None => installation_keys(&data, &OsEntropy).context("the installation's secret")?,
    };
    let clock = settings.drill_clock.map_or_else(DomainClock::real, DomainClock::standing);
    let world = embedded::world(&data, settings.access.keep_days, clock, keys)?;
    let base_url = settings.serve.base_url.clone().unwrap_or_else(|| here.clone());
    let territory = geo::territory(settings.geo.file.as_deref(), settings.geo.local_country, &*world.tasks)?;
    let carriers = providers::of(&settings, &Role::all(), &world, (&base_url, zone.clone()))?;
    let plan = Plan {
        roles: Role::all(),
        ways: Arc::new(OneProcess),
        offices: offices.clone(),
        settings: okienko_booking::Settings {
            base_url: base_url.clone(),
            territory,
            passwords: PasswordCost::USUAL,
        },
        provider: carriers.provider,
        reporters: carriers.reporters,
    };
    let composed = compose(&world, plan).await?;
    let booking = composed.booking().context("an office on one PC has every role")?;

    let limits = settings.serve.limits();
    let trusted = Arc::new(settings.serve.trusted_proxies);
    let way = Way {
        purpose: Purpose::Earnest,
        roles: Role::all(),
        base_url,
        trusted: trusted.clone(),
        staff_idle: Some(settings.serve.staff_idle),
        zone,
        shows_clock: false,
        folder: data.clone(),
    };
    let assembled = assemble(&world, &composed, way);
    ops::stores::read_all(data.clone(), &world);
    let ready = ops::stores::ready(world.settle.clone());
    let operators = assembled.operators_page(assembled.operated("", Arc::new(ops::Alone)));
    let router = assembled.routes(&composed, ready).merge(operators);
    let names = offices.iter().map(|office| office.id.as_str()).collect::<Vec<_>>().join(", ");
    // Nobody may be reading the output any more, which is no reason to stop.
    let _ = writeln!(
        std::io::stdout(),
        "Okienko serves {names} at {here}\nEverything is kept in {}",
        data.display()
    );
    geo::print(booking);
    server::serve(listener, router, trusted, limits).await
}
