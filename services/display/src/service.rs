//! The service in its World: its feed, its texts, its place on the bus. Knows its transport only through `http`.

use crate::feed::Feed;
use crate::halls::Announce;
use crate::offices::Place;
use crate::revoked::{self, ask_forever};
use crate::voice::{Espeak, Voice, VoiceMode};
use okienko_bus::From;
use okienko_host::World;
use okienko_kernel::again;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use okienko_web::sse::Age;
use okienko_web::staff::by_hand::Nearness;
use okienko_web::{Locale, Revocations, Surface, Texts, messages_for_staff, messages_for_visitors};
use serde_json::{Value, json};
use std::sync::Arc;

/// The name of this service in settings and logs.
pub const NAME: &str = "display";

/// Display, ready to serve.
pub struct Display {
    /// The World it runs in.
    pub world: World,
    /// Halls and offices.
    pub feed: Arc<Feed>,
    /// The voice of the halls.
    pub voice: Arc<Voice>,
    /// The client of queue, which decides on leaving.
    pub queue: QueueClient<Link>,
    /// Tokens that are no longer accepted.
    pub revoked: Arc<Revocations>,
}

/// The texts of this service's pages.
pub fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(
        messages_for_visitors!["../messages", "../messages/notify"],
        messages_for_staff!["../messages/voice"],
    ))
}

/// Starts the service: it consumes queue's events from now on. It uses a voice if espeak-ng is installed.
pub async fn start(world: World, queue: Link) -> anyhow::Result<Arc<Display>> {
    let program = std::env::var_os("PATH").and_then(|path| Espeak::find(&path));
    start_with(world, queue, program).await
}

/// Starts the service with this speech program, or with the chime alone.
pub async fn start_with(world: World, queue: Link, program: Option<Espeak>) -> anyhow::Result<Arc<Display>> {
    let queue = QueueClient::new(queue);
    let voice = Arc::new(Voice::new(program, texts(), world.keys.clone()));
    let feed = Arc::new(Feed::new(queue.clone(), announcer(voice.clone()), world.tasks.clone()));
    let asked = feed.clone();
    world.settle.busy(move || asked.is_busy());
    let wall = world.wall.clone();
    let revoked = Revocations::new(Arc::new(move || wall.now()));
    let heard = Arc::new(revoked::QueueConsumer { feed: feed.clone(), revoked: revoked.clone() });
    world.bus.consume("display", "queue", From::Now, heard).await?;
    let (fed, bus) = (feed.clone(), world.bus.clone());
    world.tasks.keep("stand in", again(move || fed.clone().stand_in_forever(bus.clone())));
    let (asked, told) = (queue.clone(), revoked.clone());
    world.tasks.keep("revoked", again(move || ask_forever(asked.clone(), told.clone())));
    Ok(Arc::new(Display { world, feed, voice, queue, revoked }))
}

impl Display {
    /// How many seconds old the displayed data is, for repeated reading.
    pub fn age(&self) -> Age {
        let feed = self.feed.clone();
        Arc::new(move || feed.age_s())
    }

    /// The kind of announcements in a hall.
    pub fn heard(&self, place: &Place) -> VoiceMode {
        if place.location.voice { self.voice.heard() } else { VoiceMode::None }
    }

    /// The service's routes, with the layers of `surface`.
    pub fn router(self: &Arc<Self>, surface: &Surface) -> axum::Router {
        if let Some(sign_in) = surface.staff() {
            sign_in.heed(&self.revoked);
            sign_in.list_with(Nearness::Far, revoked::lister(self.queue.clone()));
        }
        surface.dress(crate::http::routes().with_state(self.clone()))
    }
}

/// Makes announcements: in Polish, because a hall uses one language; none if the office wants no voice.
fn announcer(voice: Arc<Voice>) -> Announce {
    Arc::new(move |place: &Place, number: &str, counter: &str| {
        if !place.location.voice {
            return Value::Null;
        }
        let said = voice.announce(Locale::Pl, number, counter);
        json!({"text": said.text, "audio": said.audio})
    })
}
