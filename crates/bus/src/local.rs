//! The bus of one process: each consumer has a durable cursor on each producer's journal. Knows no service.

use crate::{Bus, Consumer, From, NotTaken, Publisher, consumer_home};
use async_trait::async_trait;
use okienko_journal::relay::{Progress, Relay, Roaming, Sink};
use okienko_journal::{Journal, JournalError, Recorded};
use okienko_kernel::{Alone, Homes, Tasks, again};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;

type Offer = (Arc<Journal>, Arc<dyn Publisher>);

/// The bus of one process.
pub struct LocalBus {
    tasks: Arc<dyn Tasks>,
    homes: Arc<dyn Homes>,
    offers: Mutex<BTreeMap<&'static str, Offer>>,
    progress: Mutex<Vec<Progress>>,
}

impl LocalBus {
    /// A bus without producers and consumers.
    pub fn new(tasks: Arc<dyn Tasks>) -> LocalBus {
        LocalBus { tasks, homes: Arc::new(Alone), offers: Mutex::default(), progress: Mutex::default() }
    }

    /// Runs consumers that have a cursor only in their home; for tests of many replicas in one process.
    pub fn among(mut self, homes: Arc<dyn Homes>) -> LocalBus {
        self.homes = homes;
        self
    }
}

#[async_trait]
impl Bus for LocalBus {
    fn offer(&self, service: &'static str, journal: Arc<Journal>, publisher: Arc<dyn Publisher>) {
        self.offers.lock().insert(service, (journal, publisher));
    }

    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError> {
        let offer = self.offers.lock().get(service).cloned();
        let (journal, publisher) =
            offer.ok_or_else(|| JournalError(format!("{service} offers no events")))?;
        let sink = Arc::new(Delivery { publisher, handler });
        let cursor = format!("bus/{consumer}");
        let begin = match from {
            From::Start => {
                let home = consumer_home(self.homes.clone(), consumer, service);
                let (relay, progress) = Roaming::open(journal, &cursor, home, sink).await?;
                self.progress.lock().push(progress);
                again(move || relay.clone().run())
            }
            From::Now => {
                let (relay, progress) = Relay::live(journal, &cursor, sink);
                self.progress.lock().push(progress);
                again(move || relay.clone().run())
            }
        };
        self.tasks.keep("bus relay", begin);
        Ok(())
    }

    fn is_idle(&self) -> bool {
        self.progress.lock().iter().all(Progress::is_idle)
    }
}

struct Delivery {
    publisher: Arc<dyn Publisher>,
    handler: Arc<dyn Consumer>,
}

#[async_trait]
impl Sink for Delivery {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let events: Vec<_> = batch.iter().flat_map(|event| self.publisher.publish(event)).collect();
        if events.is_empty() { Ok(()) } else { self.handler.take(events).await }
    }
}
