//! An order on its way to the home of its stream in another replica, and the answer's way back: as JSON, so that
//! replicas of two versions detect what they do not know. What certainly did not arrive is carried out here. Knows no
//! transport.

use crate::actor::Answer;
use crate::order::{Order, ReceiptKey};
use crate::registry::{Registry, Shared};
use okienko_journal::VaultChange;
use okienko_kernel::homes::{Answered, Ask, Desk, NoAnswer, Peer};
use okienko_kernel::{Fault, Machine, Stored};
use okienko_trace::Cause;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Weak};

#[derive(Serialize, Deserialize)]
struct RemoteOrder<C> {
    command: C,
    receipt: Option<ReceiptKey>,
    vault: Vec<VaultChange>,
    cause: Arc<str>,
}

fn written<M>(order: &Order<M>) -> serde_json::Result<Vec<u8>>
where
    M: Machine,
    M::Command: Serialize,
{
    let (command, receipt) = (&order.command, order.receipt);
    let cause = Cause::words(&order.cause, order.trace);
    serde_json::to_vec(&RemoteOrder { command, receipt, vault: order.vault.clone(), cause })
}

fn read<M>(bytes: &[u8]) -> serde_json::Result<Order<M>>
where
    M: Machine,
    M::Command: DeserializeOwned,
{
    let RemoteOrder { command, receipt, vault, cause } = serde_json::from_slice(bytes)?;
    Ok(Order { command, receipt, vault, cause, trace: None })
}

impl<M> Registry<M>
where
    M: Machine,
    M::Command: Serialize + DeserializeOwned + Clone,
    M::Refusal: Serialize + DeserializeOwned,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    /// Asks the stream's home. `None` when the order is to be carried out here instead: it certainly was not carried
    /// out there, or it has a receipt, which tells whether it was.
    pub(crate) async fn send_there(
        &self,
        peer: &dyn Peer,
        office: &str,
        stream: &str,
        order: &Order<M>,
    ) -> Option<Answer<M>> {
        let place = &self.shared.place;
        let ask = Ask {
            role: place.role.to_owned(),
            prefix: self.shared.prefix.clone(),
            office: office.to_owned(),
            stream: stream.to_owned(),
            // An order that cannot be encoded stays here.
            order: written(order).ok()?,
        };
        let answer: Answer<M> = match peer.ask(ask).await {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or(Err(Fault::Unknown)),
            Err(NoAnswer::NotDelivered) => return None,
            Err(NoAnswer::Unknown) => Err(Fault::Unknown),
        };
        match answer {
            Err(Fault::NotDone(_) | Fault::Damaged(_)) => None,
            Err(Fault::Unknown) if order.receipt.is_some() => None,
            answer => Some(answer),
        }
    }

    /// Carries out here an order that was encoded and decoded, and its answer likewise, so that every service test
    /// shows that both can travel.
    pub(crate) async fn send_as_if_there(&self, office: &str, stream: &str, order: Order<M>) -> Answer<M> {
        let cannot =
            |error: serde_json::Error| Fault::NotDone(format!("an order that cannot travel: {error}"));
        let order = read::<M>(&written(&order).map_err(cannot)?).map_err(cannot)?;
        let answer = self.send_here(office, stream, order).await;
        serde_json::to_vec(&answer).and_then(|bytes| serde_json::from_slice(&bytes)).map_err(cannot)?
    }

    pub(crate) fn open_desk(&self) {
        let place = &self.shared.place;
        place.homes.open_desk(
            place.role,
            &self.shared.prefix,
            Arc::new(Counter(Arc::downgrade(&self.shared))),
        );
    }
}

/// Carries out orders from other replicas in this process.
struct Counter<M: Machine>(Weak<Shared<M>>);

impl<M> Desk for Counter<M>
where
    M: Machine,
    M::Command: Serialize + DeserializeOwned + Clone,
    M::Refusal: Serialize + DeserializeOwned,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    fn ask(&self, ask: Ask) -> Answered<Option<Vec<u8>>> {
        let shared = self.0.upgrade();
        Box::pin(async move {
            let registry = Registry { shared: shared? };
            let order = read::<M>(&ask.order).ok()?;
            let answer = registry.send_here(&ask.office, &ask.stream, order).await;
            serde_json::to_vec(&answer).ok()
        })
    }
}
