//! A stand-in for booking as queue calls it: cards, phones and keys reported as used. Knows no hall.
#![allow(dead_code, missing_docs)]

use okienko_kernel::Id;
use okienko_proto::booking;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Booking's cards as a test sets them; can be made unavailable.
#[derive(Clone, Default)]
pub struct CardBox {
    pub cards: Arc<Mutex<Vec<booking::Card>>>,
    pub away: Arc<AtomicBool>,
    pub answered: Arc<tokio::sync::Notify>,
    /// Manually created keys that were reported to it.
    pub keys: Arc<Mutex<Vec<booking::KeyShownRequest>>>,
    /// Phones by reservation.
    pub phones: Arc<Mutex<BTreeMap<String, String>>>,
}
#[tonic::async_trait]
impl booking::booking_server::Booking for CardBox {
    async fn cards(
        &self,
        request: tonic::Request<booking::CardsRequest>,
    ) -> Result<tonic::Response<booking::CardsReply>, tonic::Status> {
        if self.away.load(Ordering::SeqCst) {
            return Err(tonic::Status::unavailable("away"));
        }
        self.answered.notify_one();
        let asked = request.into_inner();
        let cards = self.cards.lock();
        let cards = cards.iter().filter(|card| asked.reservation.contains(&card.reservation));
        Ok(tonic::Response::new(booking::CardsReply { cards: cards.cloned().collect() }))
    }

    async fn key_shown(
        &self,
        request: tonic::Request<booking::KeyShownRequest>,
    ) -> Result<tonic::Response<booking::KeyShownReply>, tonic::Status> {
        if self.away.load(Ordering::SeqCst) {
            return Err(tonic::Status::unavailable("away"));
        }
        self.keys.lock().push(request.into_inner());
        Ok(tonic::Response::new(booking::KeyShownReply {}))
    }

    async fn phone(
        &self,
        request: tonic::Request<booking::PhoneRequest>,
    ) -> Result<tonic::Response<booking::PhoneReply>, tonic::Status> {
        if self.away.load(Ordering::SeqCst) {
            return Err(tonic::Status::unavailable("away"));
        }
        let phone = self.phones.lock().get(&request.into_inner().reservation).cloned().unwrap_or_default();
        Ok(tonic::Response::new(booking::PhoneReply { phone }))
    }
}
impl CardBox {
    pub fn put(&self, reservation: Id, name: &str) {
        self.cards.lock().push(booking::Card {
            reservation: reservation.to_string(),
            name: name.into(),
            number: "1-261201-001".into(),
            matter: "Dowód osobisty".into(),
            children: String::new(),
        });
    }
    pub fn is_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }
}
