//! What all ways of running the program have in common once its roles are composed: who may sign in, the layers around all
//! pages, the page of operators, and what is watched. How a process gets its World, and how it comes and goes, is its own way's
//! affair.

use crate::geo;
use crate::ops::{self, Ops, Others};
use axum::routing::MethodRouter;
use okienko::{Composed, Role};
use okienko_host::{WallClock, World};
use okienko_kernel::{Clock, Span, Zone, again};
use okienko_web::staff::DemoPerson;
use okienko_web::{SignIn, Surface, Texts, TrustedProxies};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What a program runs for.
#[derive(Debug)]
pub enum Purpose {
    /// For people.
    Earnest,
    /// For whoever tries something out: those people of the demo may sign in.
    #[cfg_attr(not(feature = "demo"), expect(dead_code, reason = "a program for people is in earnest"))]
    Trial {
        /// Whom one may be with one click.
        people: Vec<DemoPerson>,
        /// Offices' rules of territory are told of as in earnest.
        watches_territory: bool,
    },
}

/// What differs from one way of running to another.
pub struct Way {
    /// What for.
    pub purpose: Purpose,
    /// What runs here.
    pub roles: BTreeSet<Role>,
    /// Where people reach it.
    pub base_url: String,
    /// Who is believed about whom they speak for.
    pub trusted: Arc<TrustedProxies>,
    /// Whoever of the staff shows no sign for so long is signed out; none: as is usual.
    pub staff_idle: Option<Span>,
    /// In whose time moments are shown.
    pub zone: Zone,
    /// Whether pages show the clock: it is not everybody's real time.
    pub shows_clock: bool,
    /// What it writes lies on this folder's disk.
    pub folder: PathBuf,
}

/// A program that is ready to be served.
pub struct Assembled {
    world: World,
    roles: BTreeSet<Role>,
    zone: Zone,
    surface: Arc<dyn Fn(Arc<Texts>) -> Surface + Send + Sync>,
}

/// Puts around what was composed what every way has, and begins to watch it.
pub fn assemble(world: &World, composed: &Composed, way: Way) -> Assembled {
    let Way { purpose, roles, base_url, trusted, staff_idle, zone, shows_clock, folder } = way;
    let mut sign_in = SignIn::new(world.keys.clone(), Arc::new(|| WallClock.now()));
    sign_in.secure_cookie = base_url.starts_with("https://");
    sign_in.idle = staff_idle.unwrap_or(sign_in.idle);
    sign_in.tasks = Some(world.tasks.clone());
    let is_earnest = matches!(purpose, Purpose::Earnest);
    let mut watches_territory = is_earnest;
    if let Purpose::Trial { people, watches_territory: watched } = purpose {
        (sign_in.demo_people, sign_in.takes_demo, watches_territory) = (people, true, watched);
    }
    let (sign_in, clock, shown_in) = (Arc::new(sign_in), world.clock.clone(), zone.clone());
    let surface = move |texts: Arc<Texts>| {
        let surface = Surface::new(texts).trusted(trusted.clone()).sign_in(sign_in.clone());
        let shown = clock.clone();
        match shows_clock {
            true => surface.demo(Arc::new(move || shown.now()), shown_in.clone()),
            false => surface,
        }
    };
    world.tasks.keep("disk", again(move || ops::disk::watch(folder.clone())));
    let settle = world.settle.clone();
    world.tasks.keep("stores", again(move || ops::stores::watch(settle.clone())));
    if let Some(booking) = composed.booking() {
        let (ruled, peopled) = (booking.clone(), booking.clone());
        if watches_territory {
            world.tasks.keep("geo rules", again(move || geo::watch(ruled.clone())));
        }
        if is_earnest {
            world.tasks.keep("demo people", again(move || ops::demo_people::watch(peopled.clone())));
        }
    }
    Assembled { world: world.clone(), roles, zone, surface: Arc::new(surface) }
}

impl Assembled {
    /// The layers around pages with these texts.
    pub fn surface(&self, texts: Arc<Texts>) -> Surface {
        (self.surface)(texts)
    }

    /// All routes of the roles here; `ready` answers at `/readyz`.
    pub fn routes(&self, composed: &Composed, ready: MethodRouter) -> axum::Router {
        composed.router_with(&*self.surface, ready)
    }

    /// What operators see: this process, which others reach at `address` (empty where there are none), and those.
    pub fn operated(&self, address: &str, others: Arc<dyn Others>) -> Arc<Ops> {
        Arc::new(Ops {
            address: address.to_owned(),
            roles: self.roles.clone(),
            wall: self.world.wall.clone(),
            zone: self.zone.clone(),
            others,
        })
    }

    /// The page of operators.
    pub fn operators_page(&self, ops: Arc<Ops>) -> axum::Router {
        self.surface(ops::texts()).dress(ops::routes(ops))
    }
}
