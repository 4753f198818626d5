//! What all ways of running the program share once its roles are composed: who may sign in, the layers around all
//! pages, the operators' page, and what is monitored. How a process builds its World, starts and stops is up to each
//! way.

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

/// What the program is run for.
#[derive(Debug)]
pub enum Purpose {
    /// Real use by people.
    Earnest,
    /// Trying it out: these people of the demo may sign in.
    #[cfg_attr(not(feature = "demo"), expect(dead_code, reason = "a program for people is in earnest"))]
    Trial {
        /// The people one may sign in as with one click.
        people: Vec<DemoPerson>,
        /// Whether unmet territory rules of offices are reported, as in real use.
        watches_territory: bool,
    },
}

/// What differs between the ways of running.
pub struct Way {
    /// The purpose.
    pub purpose: Purpose,
    /// The roles that run here.
    pub roles: BTreeSet<Role>,
    /// The address at which people reach it.
    pub base_url: String,
    /// The proxies whose word on the client's address is trusted.
    pub trusted: Arc<TrustedProxies>,
    /// Staff are signed out after being idle for this long; `None`: the default.
    pub staff_idle: Option<Span>,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// Whether pages show the clock, because it differs from real time.
    pub shows_clock: bool,
    /// The folder whose disk it writes to.
    pub folder: PathBuf,
}

/// A program ready to be served.
pub struct Assembled {
    world: World,
    roles: BTreeSet<Role>,
    zone: Zone,
    surface: Arc<dyn Fn(Arc<Texts>) -> Surface + Send + Sync>,
}

/// Adds to the composed roles what all ways share, and starts the monitoring.
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

    /// All routes of the roles here; `ready` answers `/readyz`.
    pub fn routes(&self, composed: &Composed, ready: MethodRouter) -> axum::Router {
        composed.router_with(&*self.surface, ready)
    }

    /// What operators see: this process, which others reach at `address` (empty if there are no others), and the
    /// others.
    pub fn operated(&self, address: &str, others: Arc<dyn Others>) -> Arc<Ops> {
        Arc::new(Ops {
            address: address.to_owned(),
            roles: self.roles.clone(),
            wall: self.world.wall.clone(),
            zone: self.zone.clone(),
            others,
        })
    }

    /// The operators' page.
    pub fn operators_page(&self, ops: Arc<Ops>) -> axum::Router {
        self.surface(ops::texts()).dress(ops::routes(ops))
    }
}
