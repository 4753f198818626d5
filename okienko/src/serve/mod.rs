//! `okienko serve`: some of the roles in one process of many, on Postgres, NATS and Redis. Contains the order in which
//! such a process starts and stops; `compose` puts together what runs.

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

use crate::assemble::{Assembled, Purpose, Way, assemble};
use crate::ops;
use crate::settings::{Settings, listed};
use crate::{demo_mark, geo, judge, providers, samples, server};
use ending::Ending;
use okienko::{Composed, Plan, Role, compose};
use okienko_host::{World, telemetry};
use okienko_kernel::{Keys, again};
use okienko_placement::{Board, Replicas};
use okienko_rpc::ServiceKey;
use ready::Readiness;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use ways::Elsewhere;

/// The command line's options; they override settings.
pub struct ServeOptions {
    /// The roles that run here.
    pub roles: BTreeSet<Role>,
    /// Where to listen for HTTP.
    pub listen: Option<std::net::SocketAddr>,
    /// Office files to import.
    pub offices: Option<PathBuf>,
    /// Where this process keeps its local files.
    pub data: Option<PathBuf>,
}

/// Runs the roles until the process is asked to stop.
pub fn run(told: ServeOptions, mut settings: Settings) -> anyhow::Result<()> {
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
    settings.start_telemetry(roles.clone(), &advertised(&settings, told.grpc_listen))?;
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
    let way = Way {
        purpose: purpose(&composed, &offices).await?,
        roles: roles.clone(),
        base_url,
        trusted: Arc::new(told.trusted_proxies.clone()),
        staff_idle: Some(told.staff_idle),
        zone: world::zone(),
        // A standing clock is not real time: pages show it, like the demo's.
        shows_clock: world.clock.is_standing(),
        folder: settings.access.dir.clone(),
    };
    let assembled = assemble(&world, &composed, way);
    let mut router = assembled.routes(&composed, ready.clone().route());
    router = drilled(router, &assembled, &world, &replicas, &carriers);
    let shown = (&key, settings.tls.as_ref());
    let called = grpc::server(&composed, replicas, shown, world.tasks.clone()).await?;
    // Not before it is served: if this process takes the place of one that died, callers of the old one are refused and
    // carry on by themselves.
    let calls = server::listen(told.grpc_listen)?;
    let address = advertised(&settings, calls.local_addr()?);
    let router = router.merge(operated(&assembled, &world, &address, board));
    let router = http::around(router, ending.clone());

    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    say!("Okienko serves {} at http://{}", names.join(", "), listener.local_addr()?);
    say!("Others reach it at {address}");
    if let Some(booking) = composed.booking() {
        geo::print(booking);
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

/// The operators' page, and this process's own report on the board that the page reads.
fn operated(assembled: &Assembled, world: &World, address: &str, board: Arc<Board>) -> axum::Router {
    let ops = assembled.operated(address, Arc::new(conditions::BoardReader(board.clone())));
    let told = ops.clone();
    world.tasks.keep("conditions", again(move || conditions::tell(board.clone(), told.clone())));
    assembled.operators_page(ops)
}

/// The address at which others reach this process.
fn advertised(settings: &Settings, calls: std::net::SocketAddr) -> String {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    settings.serve.advertise.clone().unwrap_or_else(|| format!("{scheme}://{calls}"))
}

#[cfg(feature = "drill")]
async fn purpose(composed: &Composed, offices: &[okienko_office::Office]) -> anyhow::Result<Purpose> {
    let people = match composed.booking() {
        Some(booking) => drill::seed(booking, offices).await?,
        None => Vec::new(),
    };
    Ok(Purpose::Trial { people, watches_territory: true })
}

#[cfg(not(feature = "drill"))]
#[expect(clippy::unused_async, reason = "with the feature `drill` it waits")]
async fn purpose(_composed: &Composed, _offices: &[okienko_office::Office]) -> anyhow::Result<Purpose> {
    Ok(Purpose::Earnest)
}

#[cfg(feature = "drill")]
fn drilled(
    router: axum::Router,
    assembled: &Assembled,
    world: &World,
    replicas: &Arc<Replicas>,
    carriers: &providers::Carriers,
) -> axum::Router {
    let common = assembled.surface(Arc::new(okienko_web::Texts::new(&[], &[])));
    router.merge(common.dress(drill::routes(world.clone(), replicas.clone(), carriers.phone.clone())))
}

#[cfg(not(feature = "drill"))]
fn drilled(
    router: axum::Router,
    _assembled: &Assembled,
    _world: &World,
    _replicas: &Arc<Replicas>,
    _carriers: &providers::Carriers,
) -> axum::Router {
    router
}
