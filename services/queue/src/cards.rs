//! Cards: what reception and a clerk may see about a booked person. Fetched from booking when the day opens and kept
//! sealed in this service's vault until midnight, so that they are available while booking is down. Never in events,
//! logs or on screens.

use crate::hall::Hall;
use crate::service::Queue;
use okienko_hall::HallKey;
use okienko_host::{Access, On};
use okienko_kernel::{Id, IdKind, again};
use okienko_proto::booking::CardsRequest;
use okienko_proto::booking::booking_client::BookingClient;
use okienko_rpc::Link;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Reservations per request; the contract allows 500.
const AT_ONCE: usize = 200;
/// Real time between a failed request to booking and the next one.
const AGAIN: Duration = Duration::from_secs(2);
/// How long a desk waits for a card that is not here yet.
const PATIENCE: Duration = Duration::from_secs(1);
/// Tokens whose last card is remembered, so that a page polling every second leaves one line in the access log.
const REMEMBERED: usize = 10_000;

/// A person's card. Personal data: deliberately has no `Debug`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card {
    /// As the person wrote it.
    pub name: String,
    /// The reservation's number.
    pub number: String,
    /// The service's name.
    pub matter: String,
    /// Children coming along.
    #[serde(default)]
    pub children: String,
}

/// Where cards come from, and which halls still need theirs. Each replica fetches what it has not found in the vault;
/// two that do so at once write the same rows. The state in memory is only a hint.
pub struct Cards {
    booking: BookingClient<Link>,
    wanted: Mutex<BTreeSet<HallKey>>,
    changed: Notify,
    /// Booking did not answer the last request.
    away: AtomicBool,
    last_read: Mutex<BTreeMap<String, Id>>,
}

impl Cards {
    /// With no hall waiting for cards.
    pub fn new(booking: Link) -> Cards {
        Cards {
            booking: BookingClient::new(booking),
            wanted: Mutex::default(),
            changed: Notify::new(),
            away: AtomicBool::new(false),
            last_read: Mutex::default(),
        }
    }

    /// The client of booking.
    pub fn booking(&self) -> BookingClient<Link> {
        self.booking.clone()
    }

    /// Requests the cards of this hall, to be fetched as soon as booking answers.
    pub fn want(&self, hall: HallKey) {
        self.wanted.lock().insert(hall);
        self.changed.notify_one();
    }
}

fn row(reservation: Id) -> String {
    format!("card/{reservation}")
}

impl Queue {
    pub(crate) fn start_fetching(self: Arc<Self>) {
        let tasks = self.service.world.tasks.clone();
        tasks.keep("cards", again(move || self.clone().fetch_forever()));
    }

    async fn fetch_forever(self: Arc<Self>) {
        // Halls whose cards could not be fetched; they wait behind all others.
        let mut later = Vec::new();
        loop {
            let next = self.cards.wanted.lock().pop_first();
            let Some(hall) = next else {
                tokio::select! {
                    biased;
                    () = self.cards.changed.notified() => {}
                    () = tokio::time::sleep(AGAIN), if !later.is_empty() => {
                        self.cards.wanted.lock().extend(later.drain(..));
                    }
                }
                continue;
            };
            if let Err(what) = self.fetch(&hall).await {
                tracing::warn!(%hall, error = what, "the day's cards will be asked for again");
                later.push(hall);
            }
        }
    }

    /// Fetches the missing cards of a hall.
    async fn fetch(&self, hall: &HallKey) -> Result<(), String> {
        let awaited = self.halls.peek(&hall.office, &hall.to_string(), |hall: &Hall| hall.0.awaited()).await;
        let awaited = awaited.map_err(|fault| fault.to_string())?;
        for some in awaited.chunks(AT_ONCE) {
            let rows: Vec<String> = some.iter().map(|id| row(*id)).collect();
            let here = self.service.vault::<Card>().open(&rows).await.map_err(|error| error.to_string())?;
            let missing = some.iter().zip(here).filter(|(_, card)| card.is_none()).map(|(id, _)| *id);
            self.ask_booking(hall, missing.collect()).await?;
        }
        Ok(())
    }

    async fn ask_booking(&self, hall: &HallKey, ids: Vec<Id>) -> Result<BTreeMap<Id, Card>, String> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let asked = CardsRequest {
            office: hall.office.clone(),
            location: hall.location.clone(),
            day: hall.day.to_string(),
            reservation: ids.iter().map(Id::to_string).collect(),
        };
        let told = self.cards.booking.clone().cards(asked).await;
        // A refusal is an answer: booking knows no such office.
        let refused = told.as_ref().is_err_and(|status| okienko_rpc::refusal(status).is_some());
        self.cards.away.store(told.is_err() && !refused, Ordering::Relaxed);
        if refused {
            return Ok(BTreeMap::new());
        }
        let told = told.map_err(|status| format!("{:?}", status.code()))?.into_inner();
        let read = told.cards.into_iter().filter_map(|it| {
            let id = Id::parse(IdKind::Reservation, &it.reservation).ok()?;
            let (name, number, matter, children) = (it.name, it.number, it.matter, it.children);
            Some((id, Card { name, number, matter, children }))
        });
        let cards: BTreeMap<Id, Card> = read.filter(|(id, _)| ids.contains(id)).collect();
        self.keep(hall, &cards).await?;
        Ok(cards)
    }

    /// Seals cards in the vault beside the journal, until the end of the hall's day. They belong to no event.
    async fn keep(&self, hall: &HallKey, cards: &BTreeMap<Id, Card>) -> Result<(), String> {
        let Some(office) = self.offices.get(&hall.office) else { return Ok(()) };
        let until = office.zone.start_of(hall.day.plus_days(1));
        let put = |(id, card): (&Id, &Card)| self.service.vault().seal(row(*id), card, until);
        let rows = cards.iter().map(put).collect::<Result<Vec<_>, _>>().map_err(|fault| fault.to_string())?;
        let stream = format!("cards/{}/{}/{}", hall.office, hall.location, hall.day);
        let kept = self.service.journal.keep_rows((&hall.office, &stream), rows, self.service.now()).await;
        kept.map_err(|fault| format!("the cards could not be stored: {fault}"))
    }

    /// The card of a reservation, for `who` at a desk: from the vault, or from booking within [`PATIENCE`]. `None` if
    /// neither has it now. Recorded in the access log.
    pub(crate) async fn card(&self, hall: &HallKey, reservation: Id, who: &str) -> Option<Card> {
        let kept = self.service.vault().open_one(row(reservation)).await.ok()?;
        let card = match kept {
            None if !self.cards.away.load(Ordering::Relaxed) => self.ask_at_once(hall, reservation).await,
            None => {
                self.cards.want(hall.clone());
                None
            }
            kept => kept,
        };
        if card.is_some() && self.cards.is_new(who, reservation) {
            self.note(hall, who, "card.read", On::from(reservation), "ok");
        }
        card
    }

    async fn ask_at_once(&self, hall: &HallKey, reservation: Id) -> Option<Card> {
        match tokio::time::timeout(PATIENCE, self.ask_booking(hall, vec![reservation])).await {
            Ok(Ok(mut cards)) => cards.remove(&reservation),
            _ => {
                self.cards.away.store(true, Ordering::Relaxed);
                self.cards.want(hall.clone());
                None
            }
        }
    }

    /// Writes a line of the access log.
    pub(crate) fn note(&self, hall: &HallKey, who: &str, act: &'static str, on: On, outcome: &'static str) {
        let (office, who) = (hall.office.clone(), who.to_owned());
        let at = self.service.world.wall.now();
        self.service.world.access.note(Access { at, office, who, act, on, outcome });
    }
}

impl Cards {
    /// Whether this token reads a different card from the last time.
    fn is_new(&self, who: &str, reservation: Id) -> bool {
        let mut last = self.last_read.lock();
        if last.len() >= REMEMBERED {
            last.clear();
        }
        last.insert(who.to_owned(), reservation) != Some(reservation)
    }
}
