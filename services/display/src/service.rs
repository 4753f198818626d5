//! The service in its World: its feed, its texts, its place on the bus. Knows its transport only through `http`.

use crate::feed::Feed;
use crate::halls::Announce;
use crate::offices::Place;
use crate::revoked::{Heard, ask_forever};
use okienko_bus::From;
use okienko_host::World;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use okienko_web::{Locale, Revocations, Surface, Texts};
use serde_json::json;
use std::sync::Arc;

/// Display, ready to serve.
pub struct Display {
    /// The World it runs in.
    pub world: World,
    /// Halls and offices.
    pub feed: Arc<Feed>,
    /// Leaving a queue is queue's to decide.
    pub queue: QueueClient<Link>,
    /// Tokens that are not accepted any more.
    pub revoked: Arc<Revocations>,
}

/// The texts of this service's pages.
pub fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(&[
        ("pl", &[include_str!("../messages/pl.ftl")]),
        ("en", &[include_str!("../messages/en.ftl")]),
    ]))
}

/// Starts the service: it listens to queue's events from now on.
pub async fn start(world: World, queue: Link) -> anyhow::Result<Arc<Display>> {
    let queue = QueueClient::new(queue);
    let feed = Arc::new(Feed::new(queue.clone(), announcer(texts())));
    let revoked = Arc::new(Revocations::default());
    let heard = Arc::new(Heard { feed: feed.clone(), revoked: revoked.clone() });
    world.bus.consume("display", "queue", From::Now, heard).await?;
    world.tasks.spawn("revoked", Box::pin(ask_forever(queue.clone(), revoked.clone())));
    Ok(Arc::new(Display { world, feed, queue, revoked }))
}

impl Display {
    /// Its routes, with the layers of `surface`.
    pub fn router(self: &Arc<Self>, surface: &Surface) -> axum::Router {
        if let Some(sign_in) = surface.staff() {
            self.revoked.tell(sign_in);
        }
        surface.dress(crate::http::routes().with_state(self.clone()))
    }
}

/// What is announced: in Polish, because the hall hears one language; no audio where the hall has no voice.
fn announcer(texts: Arc<Texts>) -> Announce {
    Arc::new(move |_place: &Place, number: &str, counter: &str| {
        let values = [("ticket", number.into()), ("counter", counter.into())];
        json!({"text": texts.ta(Locale::Pl, "announce-call", &values), "audio": null})
    })
}
