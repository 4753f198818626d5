//! `okienko serve`: some of the roles in one process of many, on Postgres, NATS and Redis. The order in which such a
//! process comes and goes is here; what runs is put together in `compose`.

mod conditions;
mod ending;
mod first_words;
mod grpc;
mod http;
mod ready;
mod ways;
mod world;

#[cfg(feature = "drill")]
mod drill;
mod migrate;

pub use grpc::server_fault;
pub use migrate::run as migrate;
pub use ways::call_fault;

use crate::ops::{self, Ops};
use crate::settings::{Settings, listed};
use crate::{demo_mark, geo, judge, providers, samples, server};
use ending::Ending;
use okienko::{Composed, Plan, Role, compose};
use okienko_host::{WallClock, World, telemetry};
use okienko_kernel::{Clock, Keys, again};
use okienko_placement::{Board, Replicas};
use okienko_rpc::ServiceKey;
use okienko_web::{SignIn, Surface, Texts};
use ready::Readiness;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use ways::Elsewhere;

/// What the command line says; it is stronger than settings.
pub struct Told {
    /// What runs here.
    pub roles: BTreeSet<Role>,
    /// Where HTTP is listened to.
    pub listen: Option<std::net::SocketAddr>,
    /// Office files to import.
    pub offices: Option<PathBuf>,
    /// Where what stays with this process is kept.
    pub data: Option<PathBuf>,
}

/// Runs the roles until the process is asked to end.
pub fn run(told: Told, mut settings: Settings) -> anyhow::Result<()> {
    settings.serve.listen = told.listen.unwrap_or(settings.serve.listen);
    settings.offices = told.offices.or(settings.offices);
    if let Some(data) = told.data {
        anyhow::ensure!(!demo_mark::is_marked(&data), "{}", demo_mark::refusal(&data));
        settings.access.dir = data.join("access");
    }
    let keys = settings.keys.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let roles: Vec<Role> = told.roles.iter().copied().collect();
        let (Some(keys), []) = (keys, &judge::of_roles(&settings, &roles)[..]) else {
            anyhow::bail!("{}", listed(&judge::of_roles(&settings, &roles)));
        };
        let served = serve(told.roles, settings, keys).await;
        telemetry::end().await;
        served
    })
}

async fn serve(roles: BTreeSet<Role>, settings: Settings, keys: Keys) -> anyhow::Result<()> {
    let told = &settings.serve;
    let certificate = settings.tls.as_ref().map(|tls| tls.certificate.clone());
    let listener = server::listen(told.listen)?;
    let collector = settings.start_telemetry(roles.clone(), &advertised(&settings, told.grpc_listen))?;
    certificate.as_deref().into_iter().for_each(ops::certificate::count);
    let ending = Ending::new(told.notice, told.grace);
    let key = ServiceKey::of(&keys);
    let to_replicas = ways::to_replicas(&settings, &key, advertised(&settings, told.grpc_listen));
    let cluster = world::build(&settings, &roles, keys.clone(), to_replicas).await?;
    let world::Cluster { world, journals, replicas, presence, board } = cluster;

    let base_url = match &told.base_url {
        Some(address) => address.clone(),
        None => format!("http://{}", listener.local_addr()?),
    };
    let offices = settings.offices.as_deref().map(|folder| samples::offices(Some(folder))).transpose()?;
    let offices = offices.unwrap_or_default();
    let territory = geo::territory(settings.geo.file.as_deref(), settings.geo.local_country, &*world.tasks)?;
    let carriers = providers::of(&settings, &roles, &world, (&base_url, world::zone()))?;
    let plan = Plan {
        roles: roles.clone(),
        ways: Arc::new(Elsewhere::of(&settings, &key)?),
        offices: offices.clone(),
        settings: okienko_booking::Settings {
            base_url: base_url.clone(),
            territory,
            passwords: okienko_passwords::PasswordCost::USUAL,
        },
        provider: carriers.provider.clone(),
        reporters: carriers.reporters.clone(),
    };
    let composed = compose(&world, plan).await?;

    let ready = Arc::new(Readiness::new(journals, world.settle.clone(), ending.clone()));
    let mut sign_in = SignIn::new(keys, Arc::new(|| WallClock.now()));
    sign_in.secure_cookie = base_url.starts_with("https://");
    sign_in.idle = settings.serve.staff_idle;
    sign_in.tasks = Some(world.tasks.clone());
    prepare(&mut sign_in, &composed, &offices).await?;
    let surface = surface(&settings, &world, sign_in);
    let mut router = composed.router_with(&surface, ready.clone().route());
    router = drilled(router, &surface, &world, &replicas, &carriers);
    let watched = settings.access.dir.clone();
    world.tasks.keep("disk", again(move || ops::disk::watch(watched.clone())));
    let settle = world.settle.clone();
    world.tasks.keep("stores", again(move || ops::stores::watch(settle.clone())));
    let shown = (&key, settings.tls.as_ref());
    let called = grpc::server(&composed, replicas, shown, world.tasks.clone()).await?;
    // Not before it is served: whoever takes this process for the one that died here finds nobody and goes on by itself.
    let calls = server::listen(told.grpc_listen)?;
    let address = advertised(&settings, calls.local_addr()?);
    let router = router.merge(operated(&surface, &world, &roles, &address, board));
    let router = http::around(router, ending.clone());
    if let Some(collector) = collector {
        world.tasks.keep("figures", again(move || telemetry::push_forever(collector.clone())));
    }

    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    say!("Okienko serves {} at http://{}", names.join(", "), listener.local_addr()?);
    say!("Others reach it at {address}");
    if let Some(booking) = composed.booking() {
        geo::print(booking);
        let ruled = booking.clone();
        world.tasks.keep("geo rules", again(move || geo::watch(ruled.clone())));
        if !cfg!(feature = "drill") {
            let peopled = booking.clone();
            world.tasks.keep("demo people", again(move || ops::demo_people::watch(peopled.clone())));
        }
    }
    let (presence, seen) = (Arc::new(presence), ending.clone());
    let leaving = presence.clone();
    seen.watch(&*world.tasks, Box::pin(async move { leaving.leave().await }));
    let shown = async {
        presence.join(&address).await;
        ready.open();
    };
    let limits = settings.serve.limits();
    let http = server::Server::new(router, Arc::new(settings.serve.trusted_proxies.clone()), limits);
    let http = http.serve_until(listener, ending.clone().closing(), ending.clone().over());
    let calls = called.serve(calls, ending);
    let ((), calls, ()) = tokio::join!(http, calls, shown);
    calls
}

/// The page of operators, and this process's own words on the board that it reads.
fn operated(
    surface: &impl Fn(Arc<Texts>) -> Surface,
    world: &World,
    roles: &BTreeSet<Role>,
    address: &str,
    board: Arc<Board>,
) -> axum::Router {
    let ops = Arc::new(Ops {
        address: address.to_owned(),
        roles: roles.clone(),
        wall: world.wall.clone(),
        zone: world::zone(),
        others: Arc::new(conditions::Heard(board.clone())),
    });
    let told = ops.clone();
    world.tasks.keep("conditions", again(move || conditions::tell(board.clone(), told.clone())));
    surface(ops::texts()).dress(ops::routes(ops))
}

/// Where others reach this process.
fn advertised(settings: &Settings, calls: std::net::SocketAddr) -> String {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    settings.serve.advertise.clone().unwrap_or_else(|| format!("{scheme}://{calls}"))
}

fn surface(settings: &Settings, world: &World, sign_in: SignIn) -> impl Fn(Arc<Texts>) -> Surface + use<> {
    let (sign_in, trusted) = (Arc::new(sign_in), Arc::new(settings.serve.trusted_proxies.clone()));
    let clock = world.clock.clone();
    move |texts| {
        let surface = Surface::new(texts).trusted(trusted.clone()).sign_in(sign_in.clone());
        // A clock that stands is nobody's real time: pages say so, as the demo's do.
        let shown = clock.clone();
        match clock.is_standing() {
            true => surface.demo(Arc::new(move || shown.now()), world::zone()),
            false => surface,
        }
    }
}

#[cfg(feature = "drill")]
async fn prepare(
    sign_in: &mut SignIn,
    composed: &Composed,
    offices: &[okienko_office::Office],
) -> anyhow::Result<()> {
    if let Some(booking) = composed.booking() {
        sign_in.demo_people = drill::seed(booking, offices).await?;
    }
    sign_in.takes_demo = true;
    Ok(())
}

#[cfg(not(feature = "drill"))]
#[expect(clippy::unused_async, reason = "with the feature `drill` it waits")]
async fn prepare(
    _sign_in: &mut SignIn,
    _composed: &Composed,
    _offices: &[okienko_office::Office],
) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(feature = "drill")]
fn drilled(
    router: axum::Router,
    surface: &impl Fn(Arc<Texts>) -> Surface,
    world: &World,
    replicas: &Arc<Replicas>,
    carriers: &providers::Carriers,
) -> axum::Router {
    let common = surface(Arc::new(Texts::new(&[], &[])));
    router.merge(common.dress(drill::routes(world.clone(), replicas.clone(), carriers.phone.clone())))
}

#[cfg(not(feature = "drill"))]
fn drilled(
    router: axum::Router,
    _surface: &impl Fn(Arc<Texts>) -> Surface,
    _world: &World,
    _replicas: &Arc<Replicas>,
    _carriers: &providers::Carriers,
) -> axum::Router {
    router
}
