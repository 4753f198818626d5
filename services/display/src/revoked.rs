//! Tokens that are no longer accepted: requested from queue at startup and regularly, and received from the bus in
//! between, so that display stores nothing itself. Knows no route.

use crate::feed::Feed;
use async_trait::async_trait;
use okienko_bus::{Consumer, NotTaken, PublicEvent};
use okienko_kernel::Moment;
use okienko_proto::booking::{KeyShownRequest, StaffRevoked};
use okienko_proto::queue::RevokedRequest;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use okienko_web::Revocations;
use okienko_web::staff::by_hand::Lister;
use prost::Message;
use std::sync::Arc;
use tokio::time::{Duration, timeout};

/// How long until queue is asked again, in case the bus has lost something.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// … and how long if it did not answer.
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// How long a request waits until its key is listed; then it proceeds, and the listing is retried.
const PATIENCE: Duration = Duration::from_secs(1);

/// Consumes all events that display gets from queue.
pub struct QueueConsumer {
    /// Gets the events of halls.
    pub feed: Arc<Feed>,
    /// Gets revoked tokens.
    pub revoked: Arc<Revocations>,
}

#[async_trait]
impl Consumer for QueueConsumer {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch.iter().filter(|event| event.name() == "staff_revoked") {
            let told = StaffRevoked::decode(event.payload.clone());
            take(&self.revoked, &told.map_err(|error| NotTaken::never(event, error))?);
        }
        self.feed.take(batch).await
    }
}

fn take(revoked: &Revocations, told: &StaffRevoked) {
    revoked.add(&told.tokens, Moment::from_micros(told.until));
}

/// Has manually created keys that are first used here listed by booking, through queue.
pub fn lister(queue: QueueClient<Link>) -> Lister {
    Arc::new(move |claims| {
        let mut queue = queue.clone();
        let told = KeyShownRequest {
            id: claims.id,
            office: claims.office,
            roles: claims.roles.iter().map(|role| role.word().to_owned()).collect(),
            location: claims.location.unwrap_or_default(),
            counter: claims.counter.unwrap_or_default(),
            expires: claims.expires.micros(),
        };
        Box::pin(async move { matches!(timeout(PATIENCE, queue.key_shown(told)).await, Ok(Ok(_))) })
    })
}

/// Asks queue for revoked tokens, forever.
pub async fn ask_forever(mut queue: QueueClient<Link>, revoked: Arc<Revocations>) {
    loop {
        let pause = match queue.revoked(RevokedRequest {}).await {
            Ok(reply) => {
                reply.into_inner().revoked.iter().for_each(|told| take(&revoked, told));
                ASK_AGAIN
            }
            Err(status) => {
                tracing::warn!(error = %status, "queue does not tell what is revoked");
                TRY_AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}
