//! The service in its World: journal, actors, offices, its place on the bus. What days do automatically is in
//! `opening`, what comes from booking in `consumer`. Knows its transports only through `http` and `grpc`.

use crate::cards::Cards;
use crate::consumer::Booked;
use crate::guesses::Guesses;
use crate::hall::{Hall, TimedReply};
use crate::notices::Soon;
use crate::offices::Offices;
use crate::opening::Turns;
use crate::publish;
use crate::revoked::Revoked;
use okienko_actor::{Order, ReceiptKey, Registry};
use okienko_bus::{From, PublicEvent, Publisher};
use okienko_hall::{HallCommand, HallEvent, HallKey, HallRefusal};
use okienko_hall::{OfficeCommand, OfficeData, OfficeEvent, OfficeLog};
use okienko_host::{Service, World};
use okienko_journal::{Journal, Recorded};
use okienko_kernel::Fault;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_rpc::Link;
use okienko_web::{Surface, Texts, messages_for_visitors};
use prost::Message;
use std::sync::Arc;

/// The name of this service in journals, on the bus and in logs.
pub const NAME: &str = "queue";

/// Queue, ready to serve.
pub struct Queue {
    pub(crate) service: Service,
    pub(crate) halls: Registry<Hall>,
    pub(crate) offices: Offices,
    pub(crate) turns: Arc<Turns>,
    pub(crate) guesses: Guesses,
    pub(crate) cards: Cards,
    /// Held while a day is being opened, so that the previous day is sealed only once.
    pub(crate) opening: tokio::sync::Mutex<()>,
    /// Tokens that are no longer accepted.
    pub(crate) revoked: Revoked,
    log: Registry<OfficeLog>,
    /// Sends the messages before a call.
    pub(crate) sms: SmsGatewayClient<Link>,
    /// The start of addresses in messages.
    pub(crate) base_url: String,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Refused by the rules.
    #[error(transparent)]
    Refused(#[from] HallRefusal),
    /// Could not be done now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The texts of this service's pages.
pub fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(messages_for_visitors!["../messages", "../messages/doors"], &[]))
}

impl Queue {
    /// Opens the journal, offers public events, opens the days that are due and keeps opening them. `booking` is only
    /// asked for cards and phones, `sms` sends what e-tickets asked for; the hall works without either.
    pub async fn start(
        world: &World,
        booking: Link,
        sms: Link,
        base_url: &str,
    ) -> anyhow::Result<Arc<Queue>> {
        let service = world.service(NAME).await?;
        world.bus.offer(NAME, service.journal.clone(), Arc::new(Facts(service.journal.clone())));
        let (halls, log) = (service.registry("hall/").await?, service.registry("office/").await?);
        let revoked = Revoked::load(&service).await?;
        let queue = Arc::new(Queue {
            guesses: Guesses::default(),
            cards: Cards::new(booking),
            revoked,
            service,
            halls,
            offices: Offices::default(),
            turns: Arc::default(),
            opening: tokio::sync::Mutex::default(),
            log,
            sms: SmsGatewayClient::new(sms),
            base_url: base_url.to_owned(),
        });
        queue.follow();
        for stream in queue.service.journal.engine().streams("office/").await? {
            let id = stream.trim_start_matches("office/");
            let known = queue.log.read(id, &stream, |log: &OfficeLog| log.office().cloned()).await?;
            known.into_iter().for_each(|office| queue.offices.put(office));
        }
        queue.clone().start_turning();
        queue.service.relay("soon", Arc::new(Soon(queue.clone()))).await?;
        queue.clone().start_fetching();
        Ok(queue)
    }

    /// Applies what other replicas learn of offices and tokens.
    fn follow(self: &Arc<Self>) {
        let queue = Arc::downgrade(self);
        self.service.followers.follow(move |events| {
            let Some(queue) = queue.upgrade() else { return };
            for event in events.iter().filter(|event| event.stream.starts_with("office/")) {
                if let Some(OfficeEvent::OfficeLearned { office }) = event.read() {
                    queue.turn_later(&office);
                    queue.offices.put(*office);
                }
            }
            queue.revoked.heard(events);
        });
    }

    /// Subscribes to booking. Call it after all services have started.
    pub async fn listen(self: &Arc<Self>) -> anyhow::Result<()> {
        let booked = Arc::new(Booked(self.clone()));
        self.service.world.bus.consume(NAME, "booking", From::Start, booked).await?;
        Ok(())
    }

    /// The service's routes, with the layers of `surface`.
    pub fn router(self: &Arc<Self>, surface: &Surface) -> axum::Router {
        self.revoked.tell(surface);
        Revoked::list_keys(surface, &self.cards.booking());
        surface.dress(crate::http::routes().with_state(self.clone()))
    }

    /// Takes in a version of an office and opens its halls if they are due; an old version changes nothing.
    pub async fn learn(&self, office: OfficeData) -> Result<(), Fault> {
        let (id, stream) = (office.id.clone(), format!("office/{}", office.id));
        let order = Order::new(OfficeCommand::Learn(Box::new(office.clone())), "booking");
        if let Err(refusal) = self.log.send(&id, &stream, order).await? {
            tracing::error!(office = id, %refusal, "an office's version is dropped");
            return Ok(());
        }
        self.offices.put(office);
        match self.offices.get(&id) {
            Some(office) => self.turn_office(&office).await,
            None => Ok(()),
        }
    }

    /// Sends a command to a hall.
    pub(crate) async fn ask(
        &self,
        hall: &HallKey,
        command: HallCommand,
        receipt: Option<ReceiptKey>,
        cause: &str,
    ) -> Result<TimedReply, Failure> {
        let order = Order::new(command, cause).receipt(receipt);
        Ok(self.halls.send(&hall.office, &hall.to_string(), order).await??)
    }

    /// The hall of a location on its current local day.
    pub(crate) fn today(&self, office: &OfficeData, location: &str) -> HallKey {
        let (day, _) = office.zone.local(self.service.now());
        HallKey { office: office.id.clone(), location: location.to_owned(), day }
    }
}

/// What queue publishes to the others.
struct Facts(Arc<Journal>);

impl Publisher for Facts {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        if event.stream.starts_with("staff/") {
            return crate::revoked::publish(event).into_iter().collect();
        }
        let Some(hall) = HallKey::parse(&event.stream) else { return Vec::new() };
        let Some(known) = event.read::<HallEvent>() else { return Vec::new() };
        let (seen, came) = publish::publish(&hall, &known);
        let told = |subject: String, payload: Vec<u8>| PublicEvent {
            subject,
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: payload.into(),
        };
        let life = self.0.engine().life();
        let seen = seen.map(|seen| okienko_proto::queue::HallEvent { life, ..seen });
        let seen = seen.map(|seen| told(publish::hall_subject(&hall.office), seen.encode_to_vec()));
        let came = came.map(|came| told(publish::attendance_subject(&hall.office), came.encode_to_vec()));
        seen.into_iter().chain(came).collect()
    }
}
