//! `okienko demo`: all four roles in one process on embedded parts, with sample offices, usable at any time of any day.

use crate::assemble::{Purpose, Way, assemble};
use crate::clock_file::ClockFile;
use crate::dev::{self, Dev};
use crate::ops;
use crate::{demo_mark, embedded, geo, memory, samples, server};
use anyhow::Context;
use clap::Args;
use okienko::{OneProcess, Plan, Role, compose};
use okienko_booking::Settings;
use okienko_host::{ACCESS_DAYS, DomainClock, OsEntropy, WallClock, installation_keys, telemetry};
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::{Clock, Moment, TimeOfDay, again};
use okienko_office::Office;
use okienko_passwords::PasswordCost;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_staff::DEMO_PASSWORD;
use okienko_web::{Texts, TrustedProxies};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The time at which the demo starts on a day on which it does not follow real time.
const OPENS: Option<TimeOfDay> = TimeOfDay::new(8, 0);
/// The country assumed for the demo's private addresses.
const HOME: &str = "PL";
/// How often a running clock is stored.
const STORE_CLOCK: Duration = Duration::from_secs(10);

/// What the demo may be told.
#[derive(Args)]
pub struct Options {
    /// Where everything is kept
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// A folder of office files instead of the samples
    #[arg(long)]
    offices: Option<PathBuf>,
    /// Where to listen; port 0 means any
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Domain time stands still at this instant and moves only by POST /dev/clock
    #[arg(long)]
    clock: Option<String>,
    /// A database of countries by address (MMDB) for offices that take bookings from their country only
    #[arg(long, env = "OKIENKO__GEO__FILE")]
    geo: Option<PathBuf>,
    /// What is logged, e.g. `info` or `info,okienko_queue=debug`
    #[arg(long, default_value = "warn")]
    log: String,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            data: PathBuf::from("data"),
            offices: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            clock: None,
            geo: None,
            log: "warn".into(),
        }
    }
}

/// Runs the demo until it is asked to stop.
pub fn run(options: Options) -> anyhow::Result<()> {
    telemetry::start(&options.log, false, None).map_err(anyhow::Error::msg)?;
    telemetry::count(None).map_err(anyhow::Error::msg)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(demo(options))
}

async fn demo(options: Options) -> anyhow::Result<()> {
    let offices = samples::offices(options.offices.as_deref())?;
    let given = options.clock.as_deref().map(parse_rfc3339).transpose().context("--clock")?;
    let _lock = embedded::take(&options.data)?;
    demo_mark::claim(&options.data).await?;
    let clock_file = ClockFile::of(&options.data);
    let clock = clock_of(&offices, given, clock_file.read());
    let keys = installation_keys(&options.data, &OsEntropy).context("the installation's secret")?;
    let world = embedded::world(&options.data, ACCESS_DAYS, clock.clone(), keys)?;
    let listener = server::listen(options.listen)?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let zone = offices.first().map(|office| office.zone.clone()).context("there is no office to serve")?;
    let phone = Arc::new(DemoPhone::new(clock.clone(), zone.clone()));
    let territory = geo::territory(options.geo.as_deref(), Some(HOME.parse()?), &*world.tasks)?;
    let settings = Settings { base_url: base_url.clone(), territory, passwords: PasswordCost::USUAL };
    let (provider, offices_here) = (phone.clone(), offices.clone());
    let (roles, ways) = (Role::all(), Arc::new(OneProcess));
    // The in-memory phone reports nothing.
    let reporters = Reporters::default();
    let plan = Plan { roles, ways, offices: offices_here, settings, provider, reporters };
    let composed = compose(&world, plan).await?;
    let booking = composed.booking().context("the demo has every role")?;

    let people = crate::people::seed(booking, &offices).await?;
    let trusted = Arc::new(TrustedProxies::loopback());
    let way = Way {
        purpose: Purpose::Trial { people, watches_territory: false },
        roles: Role::all(),
        base_url: base_url.clone(),
        trusted: trusted.clone(),
        staff_idle: None,
        zone: zone.clone(),
        shows_clock: true,
        folder: options.data.clone(),
    };
    let assembled = assemble(&world, &composed, way);
    let dev = Arc::new(Dev {
        world: world.clone(),
        phone,
        clock_file,
        zone: zone.clone(),
        stepping: tokio::sync::Mutex::default(),
    });
    let common = assembled.surface(Arc::new(Texts::new(&[], &[])));
    let ready = ops::stores::ready(world.settle.clone());
    let router = assembled
        .routes(&composed, ready)
        .merge(common.dress(dev::routes(dev.clone())))
        .merge(assembled.operators_page(assembled.operated("", Arc::new(ops::Alone))));
    ops::stores::settled(&world).await?;
    ops::stores::read_all(options.data.clone(), &world);
    print_ways_in(&base_url, &offices, zone.rfc3339(clock.now()), clock.is_standing());
    geo::print(booking);
    let storing = dev.clone();
    world.tasks.keep(
        "store clock",
        again(move || {
            let storing = storing.clone();
            async move { storing.store_forever().await }
        }),
    );
    server::serve(listener, router, trusted, server::Limits::here()).await?;
    dev.store(clock.now());
    Ok(())
}

impl Dev {
    async fn store_forever(&self) {
        loop {
            self.store(self.world.clock.now());
            tokio::time::sleep(STORE_CLOCK).await;
        }
    }
}

/// The demo's clock: standing at the given moment; otherwise real time while an office is open, the next working
/// morning while none is. Never earlier than the stored moment.
fn clock_of(offices: &[Office], given: Option<Moment>, stored: Option<Moment>) -> Arc<DomainClock> {
    if let Some(given) = given {
        return DomainClock::standing(stored.map_or(given, |stored| stored.max(given)));
    }
    let real = WallClock.now();
    let start = if is_any_open(offices, real) { real } else { next_morning(offices, real) };
    let start = stored.map_or(start, |stored| stored.max(start));
    if start == real { DomainClock::real() } else { DomainClock::running_from(start) }
}

fn is_any_open(offices: &[Office], at: Moment) -> bool {
    offices.iter().any(|office| {
        let (day, time) = office.zone.local(at);
        let open = |hours: &okienko_office::calendar::Interval| hours.open <= time && time < hours.close;
        office.locations.iter().any(|location| office.hours_on(location, day).iter().any(open))
    })
}

fn next_morning(offices: &[Office], after: Moment) -> Moment {
    let mornings = offices.iter().filter_map(|office| {
        let (today, _) = office.zone.local(after);
        let works = |day| office.locations.iter().any(|location| !office.hours_on(location, day).is_empty());
        let days = (0..40).map(|ahead| today.plus_days(ahead)).filter(|day| works(*day));
        let mut moments = days.filter_map(|day| office.zone.moment(day, OPENS?));
        moments.find(|morning| *morning > after)
    });
    mornings.min().unwrap_or(after)
}

fn print_ways_in(base: &str, offices: &[Office], now: String, standing: bool) {
    say!("Okienko runs at {base}");
    say!("");
    for office in offices {
        say!("{}", office.name.in_locale("en"));
        say!("  book a visit    {base}/{}", office.id);
        for location in &office.locations {
            say!("  hall screen     {base}/hall/{}/{}", office.id, location.id);
        }
    }
    say!("");
    say!(
        "Staff and devices   {base}/sign-in   (one click each, or a login with the password \"{DEMO_PASSWORD}\"; or `okienko token`)"
    );
    say!("Messages \"sent\"     {base}/dev/outbox?to=+48601234567");
    say!("The office's clock  {now}{}", if standing { ", standing" } else { "" });
    if let Some(megabytes) = memory::resident_mb() {
        say!("Memory              {megabytes} MB");
    }
}
