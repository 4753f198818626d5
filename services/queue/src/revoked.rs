//! Revoked staff tokens: learned from booking, stored in queue's own journal, passed to the sign-in of the pages, to
//! display on request and to subscribers. Knows no route.

use crate::service::NAME;
use okienko_actor::{Order, Registry};
use okienko_bus::{NotTaken, PublicEvent};
use okienko_hall::{StaffCommand, StaffEvent, StaffLog};
use okienko_host::Service;
use okienko_journal::{Journal, Recorded};
use okienko_kernel::{Clock, Fault, Moment};
use okienko_proto::booking::booking_client::BookingClient;
use okienko_proto::booking::{KeyShownRequest, StaffRevoked};
use okienko_rpc::Link;
use okienko_web::staff::by_hand::{Lister, Nearness};
use okienko_web::{Claims, Revocations, Surface};
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a request waits until its key is listed; then it proceeds, and the listing is retried.
const PATIENCE: Duration = Duration::from_secs(1);

/// What queue knows of revoked tokens.
pub(crate) struct Revoked {
    journal: Arc<Journal>,
    wall: Arc<dyn Clock>,
    log: Registry<StaffLog>,
    known: Arc<Revocations>,
}

impl Revoked {
    /// Loads everything stored before.
    pub(crate) async fn load(service: &Service) -> anyhow::Result<Revoked> {
        let log = service.registry("staff/").await?;
        let (journal, wall) = (service.journal.clone(), service.world.wall.clone());
        let clock = wall.clone();
        let known = Revocations::new(Arc::new(move || clock.now()));
        let revoked = Revoked { journal, wall, log, known };
        for stored in revoked.all().await? {
            revoked.known.add(&stored.tokens, Moment::from_micros(stored.until));
        }
        Ok(revoked)
    }

    /// Applies what another replica of queue wrote.
    pub(crate) fn heard(&self, events: &[Recorded]) {
        for event in events.iter().filter(|event| event.stream.starts_with("staff/")) {
            if let Some(StaffEvent::StaffRevoked { tokens, until, .. }) = event.read() {
                self.known.add(&tokens, until);
            }
        }
    }

    /// Makes the sign-in of this surface heed revocations, now and from now on.
    pub(crate) fn tell(&self, surface: &Surface) {
        if let Some(sign_in) = surface.staff() {
            sign_in.heed(&self.known);
        }
    }

    /// Makes booking list manually created keys that are first used on the pages of this surface.
    pub(crate) fn list_keys(surface: &Surface, booking: &BookingClient<Link>) {
        let Some(sign_in) = surface.staff() else { return };
        let booking = booking.clone();
        let lister: Lister = Arc::new(move |claims| {
            let (mut booking, told) = (booking.clone(), key_shown(claims));
            Box::pin(async move { matches!(timeout(PATIENCE, booking.key_shown(told)).await, Ok(Ok(_))) })
        });
        sign_in.list_with(Nearness::Far, lister);
    }

    /// Applies a revocation from booking. The tokens are refused at once, even if storing fails.
    pub(crate) async fn learn(&self, event: &PublicEvent) -> Result<(), NotTaken> {
        let told = StaffRevoked::decode(event.payload.clone());
        let told = told.map_err(|error| NotTaken::never(event, error))?;
        self.known.add(&told.tokens, Moment::from_micros(told.until));
        let (until, real) = (Moment::from_micros(told.until), self.wall.now());
        let command = StaffCommand::Revoke { tokens: told.tokens.clone(), until, real };
        let stream = format!("staff/{}", told.office);
        let sent = self.log.send(&told.office, &stream, Order::new(command, "booking")).await;
        if let Err(never) = sent.map_err(|fault| NotTaken::of(event, fault))? {
            match never {}
        }
        Ok(())
    }

    /// All known revocations, by office and expiry. Damaged data of one office does not affect the others.
    pub(crate) async fn all(&self) -> Result<Vec<StaffRevoked>, Fault> {
        let streams = self.journal.engine().streams("staff/").await;
        let mut all = Vec::new();
        for stream in streams.map_err(|error| Fault::NotDone(error.to_string()))? {
            let office = stream.trim_start_matches("staff/").to_owned();
            let known = self.log.read(&office, &stream, |log: &StaffLog| log.revoked().clone()).await;
            let known = match known {
                Err(Fault::Damaged(what)) => {
                    tracing::error!(stream, error = what, "revoked tokens of an office cannot be read");
                    continue;
                }
                known => known?,
            };
            let mut by_end: BTreeMap<Moment, Vec<String>> = BTreeMap::new();
            known.into_iter().for_each(|(token, until)| by_end.entry(until).or_default().push(token));
            all.extend(by_end.into_iter().map(|(until, tokens)| StaffRevoked {
                office: office.clone(),
                tokens,
                until: until.micros(),
            }));
        }
        Ok(all)
    }
}

fn key_shown(claims: Claims) -> KeyShownRequest {
    KeyShownRequest {
        id: claims.id,
        office: claims.office,
        roles: claims.roles.iter().map(|role| role.word().to_owned()).collect(),
        location: claims.location.unwrap_or_default(),
        counter: claims.counter.unwrap_or_default(),
        expires: claims.expires.micros(),
    }
}

/// The public form of a stored revocation.
pub(crate) fn publish(event: &Recorded) -> Option<PublicEvent> {
    let StaffEvent::StaffRevoked { tokens, until, .. } = event.read()?;
    let office = event.office.to_string();
    // A star is not allowed in a subject.
    let word = if office == "*" { "all" } else { &office };
    Some(PublicEvent {
        subject: PublicEvent::subject(word, NAME, "staff_revoked"),
        stream: event.stream.clone(),
        version: event.version,
        at: event.at,
        trace: event.trace(),
        payload: StaffRevoked { office, tokens, until: until.micros() }.encode_to_vec().into(),
    })
}
