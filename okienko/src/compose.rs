//! The only wiring there is: the four roles in a World, linked to each other, with their pages merged.

use axum::routing::get;
use okienko_booking::domain::office::Office;
use okienko_booking::{Booking, Settings};
use okienko_display::Display;
use okienko_host::World;
use okienko_queue::Queue;
use okienko_rpc::local;
use okienko_sms_gateway::SmsGateway;
use okienko_sms_gateway::provider::Provider;
use okienko_web::{Surface, Texts, assets_router, sign_in_router};
use std::sync::Arc;
use utoipa::openapi::{Info, OpenApi};

/// The roles, started and linked.
pub struct Composed {
    booking: Arc<Booking>,
    queue: Arc<Queue>,
    display: Arc<Display>,
}

/// Starts all four roles in one process.
pub async fn compose(
    world: &World,
    offices: Vec<Office>,
    settings: Settings,
    provider: Arc<dyn Provider>,
) -> anyhow::Result<Composed> {
    let sms = SmsGateway::start(world, provider).await?;
    let sms = local(okienko_sms_gateway::server(sms));
    let base_url = settings.base_url.clone();
    let booking = Booking::start(world, sms.clone(), offices, settings).await?;
    let cards = local(okienko_booking::grpc::server(booking.clone()));
    let queue = Queue::start(world, cards, sms, &base_url).await?;
    let display =
        okienko_display::start(world.clone(), local(okienko_queue::grpc::server(queue.clone()))).await?;
    // Consumers come after all producers have offered their events.
    booking.listen().await?;
    queue.listen().await?;
    Ok(Composed { booking, queue, display })
}

impl Composed {
    /// Booking, which owns the staff: for seeds.
    pub fn booking(&self) -> &Booking {
        &self.booking
    }

    /// All routes, each service's with its own texts; `surface` gives the layers around them.
    pub fn router(&self, surface: impl Fn(Arc<Texts>) -> Surface) -> axum::Router {
        let common = surface(Arc::new(Texts::new(&[])));
        let rest = axum::Router::new()
            .merge(sign_in_router())
            .merge(assets_router())
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(|| async { "ok" }))
            .route("/api/openapi.json", get(|| async { axum::Json(openapi()) }));
        // Each part has its layers once: a service's own with its own texts, the rest and the fallback with the common ones.
        axum::Router::new()
            .merge(self.booking.router(&surface(okienko_booking::texts())))
            .merge(self.queue.router(&surface(okienko_queue::texts())))
            .merge(self.display.router(&surface(okienko_display::texts())))
            .merge(common.whole(rest))
    }
}

/// The document of the whole surface, made from the handlers' own types.
fn openapi() -> OpenApi {
    let mut document = okienko_booking::openapi();
    document.merge(okienko_queue::openapi());
    document.merge(okienko_display::openapi());
    document.info = Info::new("Okienko", env!("CARGO_PKG_VERSION"));
    document
}
