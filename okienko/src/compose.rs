//! All the wiring: the roles of this process in a World, linked to each other or to where the others run, with their
//! pages merged. Contains no rule of a role.

use crate::roles::{Role, Ways};
use axum::routing::{MethodRouter, get};
use http::header::CONTENT_TYPE;
use okienko_booking::{Booking, Settings};
use okienko_display::Display;
use okienko_host::{World, telemetry};
use okienko_kernel::again;
use okienko_office::Office;
use okienko_queue::Queue;
use okienko_rpc::{Link, ToTheEnd, local};
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::Provider;
use okienko_web::{Json, Script, Surface, Texts, assets_router, sign_in_router};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tower::Layer;
use utoipa::openapi::{Info, OpenApi};

/// Content type of `/metrics`.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What an installation decides about the composition.
pub struct Plan {
    /// The roles of this process.
    pub roles: BTreeSet<Role>,
    /// How to reach other roles, here and elsewhere.
    pub ways: Arc<dyn Ways>,
    /// Office files to import.
    pub offices: Vec<Office>,
    /// Settings of booking; queue uses the address of the pages too.
    pub settings: Settings,
    /// The provider of messages.
    pub provider: Arc<dyn Provider>,
    /// Whose delivery reports are accepted.
    pub reporters: Reporters,
}

/// The started and linked roles of this process.
#[derive(Default)]
pub struct Composed {
    sms: Option<Arc<SmsGateway>>,
    booking: Option<Arc<Booking>>,
    queue: Option<Arc<Queue>>,
    display: Option<Arc<Display>>,
}

/// Starts the planned roles in one process.
pub async fn compose(world: &World, plan: Plan) -> anyhow::Result<Composed> {
    let Plan { roles, ways, offices, settings, provider, reporters } = plan;
    metrics::gauge!("okienko_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    world.tasks.keep("metrics", again(telemetry::upkeep));
    let mut composed = Composed::default();
    let mut near = BTreeMap::<Role, Link>::new();
    let base_url = settings.base_url.clone();
    let to_the_end = ToTheEnd::new(world.tasks.clone());
    let way = |near: &BTreeMap<Role, Link>, role: Role| {
        near.get(&role).map_or_else(|| ways.far(role), |link| Ok(link.clone()))
    };
    if roles.contains(&Role::SmsGateway) {
        let sms = SmsGateway::start(world, provider, reporters).await?;
        let server = local(to_the_end.layer(okienko_sms_gateway::server(sms.clone())));
        near.insert(Role::SmsGateway, ways.near(Role::SmsGateway, server));
        composed.sms = Some(sms);
    }
    if roles.contains(&Role::Booking) {
        let sms = way(&near, Role::SmsGateway)?;
        let booking = Booking::start(world, sms, offices, settings).await?;
        let server = local(to_the_end.layer(okienko_booking::grpc::server(booking.clone())));
        near.insert(Role::Booking, ways.near(Role::Booking, server));
        composed.booking = Some(booking);
    }
    if roles.contains(&Role::Queue) {
        let (cards, sms) = (way(&near, Role::Booking)?, way(&near, Role::SmsGateway)?);
        let queue = Queue::start(world, cards, sms, &base_url).await?;
        let server = local(to_the_end.layer(okienko_queue::grpc::server(queue.clone())));
        near.insert(Role::Queue, ways.near(Role::Queue, server));
        composed.queue = Some(queue);
    }
    if roles.contains(&Role::Display) {
        let queue = way(&near, Role::Queue)?;
        composed.display = Some(okienko_display::start(world.clone(), queue).await?);
    }
    // Consumers start after all producers of this process have offered their events.
    if let Some(booking) = &composed.booking {
        booking.listen().await?;
    }
    if let Some(queue) = &composed.queue {
        queue.listen().await?;
    }
    Ok(composed)
}

impl Composed {
    /// sms-gateway, if it runs in this process.
    pub fn sms(&self) -> Option<&Arc<SmsGateway>> {
        self.sms.as_ref()
    }

    /// Booking, if it runs in this process; it owns the staff, which seeds need.
    pub fn booking(&self) -> Option<&Arc<Booking>> {
        self.booking.as_ref()
    }

    /// Queue, if it runs in this process.
    pub fn queue(&self) -> Option<&Arc<Queue>> {
        self.queue.as_ref()
    }

    /// The gRPC services of the roles here for other processes, and their names.
    pub fn calls(&self) -> (Routes, Vec<&'static str>) {
        let (mut routes, mut names) = (Routes::default(), Vec::new());
        if let Some(sms) = &self.sms {
            routes = served(routes, &mut names, okienko_sms_gateway::server(sms.clone()));
        }
        if let Some(booking) = &self.booking {
            routes = served(routes, &mut names, okienko_booking::grpc::server(booking.clone()));
        }
        if let Some(queue) = &self.queue {
            routes = served(routes, &mut names, okienko_queue::grpc::server(queue.clone()));
        }
        (routes, names)
    }

    /// All routes of the roles here, each service's with its own texts; `surface` provides the layers around them.
    pub fn router(&self, surface: impl Fn(Arc<Texts>) -> Surface) -> axum::Router {
        self.router_with(&surface, get(|| async { "ok" }))
    }

    /// The same with a custom answer at `/readyz`.
    pub fn router_with(
        &self,
        surface: &(impl Fn(Arc<Texts>) -> Surface + ?Sized),
        ready: MethodRouter,
    ) -> axum::Router {
        let common = surface(Arc::new(Texts::new(&[], &[])));
        let rest = axum::Router::new()
            .merge(sign_in_router())
            .merge(assets_router(scripts()))
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", ready)
            .route("/metrics", get(|| async { ([(CONTENT_TYPE, METRICS)], telemetry::counted()) }))
            .route("/api/openapi.json", get(|| async { Json(openapi()) }));
        // Layers are applied once to each part: a service's own with its texts, the rest and the fallback with the
        // common texts.
        let mut routes = axum::Router::new();
        if let Some(sms) = &self.sms {
            routes = routes.merge(sms.router(&common));
        }
        if let Some(booking) = &self.booking {
            routes = routes.merge(booking.router(&surface(okienko_booking::texts())));
        }
        if let Some(queue) = &self.queue {
            routes = routes.merge(queue.router(&surface(okienko_queue::texts())));
        }
        if let Some(display) = &self.display {
            routes = routes.merge(display.router(&surface(okienko_display::texts())));
        }
        routes.merge(common.whole(rest))
    }
}

/// The scripts of all pages, regardless of which roles run here.
fn scripts() -> Vec<&'static Script> {
    let of_pages = [&okienko_booking::SCRIPTS[..], &okienko_queue::SCRIPTS, &okienko_display::SCRIPTS];
    of_pages.concat()
}

fn served<S>(routes: Routes, names: &mut Vec<&'static str>, server: S) -> Routes
where
    S: tower::Service<http::Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
    S::Response: axum::response::IntoResponse,
    S::Future: Send + 'static,
{
    names.push(S::NAME);
    routes.add_service(server)
}

/// The OpenAPI document of the whole surface, built from the handlers' own types: the same whichever roles run here.
fn openapi() -> OpenApi {
    let mut document = okienko_booking::openapi();
    document.merge(okienko_queue::openapi());
    document.merge(okienko_display::openapi());
    document.merge(okienko_sms_gateway::callbacks::openapi());
    document.info = Info::new("Okienko", env!("CARGO_PKG_VERSION"));
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_pages_open_with_what_pages_must_give_them_and_import_by_hash() {
        let all = scripts();
        assert_eq!(all.len(), 9);
        for script in all {
            assert!(script.text().starts_with("// ") && !script.text().contains(".js';"), "{}", script.url());
        }
    }
}
