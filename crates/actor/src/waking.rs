//! Wakes streams when their timers fall due. One that loads slowly or cannot be read delays no other. Knows no machine.

use crate::actor::Mail;
use crate::registry::Registry;
use okienko_kernel::{Machine, Stored};
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Backoff before a wake that was not carried out is retried: the first pause, doubled each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The next backoff of each stream whose wake was not carried out.
#[derive(Default)]
struct Pauses(Mutex<HashMap<Arc<str>, Duration>>);

impl Pauses {
    fn next(&self, stream: &Arc<str>) -> Duration {
        let mut pauses = self.0.lock();
        let pause = pauses.entry(stream.clone()).or_insert(FIRST_PAUSE);
        let now = *pause;
        *pause = (now * 2).min(LONGEST_PAUSE);
        now
    }
    fn is_over(&self, stream: &str) {
        self.0.lock().remove(stream);
    }
}

impl<M> Registry<M>
where
    M: Machine,
    M::Command: Serialize + DeserializeOwned + Clone,
    M::Refusal: Serialize + DeserializeOwned,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    pub(crate) async fn wake_forever(self) {
        let pauses = Arc::new(Pauses::default());
        loop {
            let Some(at) = self.shared.timers.next() else {
                self.shared.timers.changed().await;
                continue;
            };
            let reached = self.shared.clock.until(at);
            tokio::select! {
                biased;
                () = reached => {}
                () = self.shared.timers.changed() => continue,
            }
            for (stream, office) in self.shared.timers.fire(self.shared.clock.now()) {
                if !self.shared.place.is_here(&stream) {
                    self.shared.timers.set(&stream, &office, None);
                    continue;
                }
                let wake = self.clone().wake(stream, office, pauses.clone());
                self.shared.tasks.spawn("wake", Box::pin(wake));
            }
        }
    }

    async fn wake(self, stream: Arc<str>, office: Arc<str>, pauses: Arc<Pauses>) {
        let sent = match self.handle(&office, &stream).await {
            Ok(handle) => handle.mail.send(Mail::Wake).await.is_ok(),
            Err(_) => false,
        };
        if sent {
            return pauses.is_over(&stream);
        }
        tokio::time::sleep(pauses.next(&stream)).await;
        self.shared.timers.again(&stream);
    }
}
