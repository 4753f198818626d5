//! Choosing an hour: the place is held, and its secret is stored in a cookie for that hold's path. A refusal leads back
//! to the hours with a notice, by an address that can be reloaded.

use super::dates::TOO_LATE_HOUR;
use super::{hold, office_of, outside, wait};
use crate::citizen::{HoldRequest, PlacedHold};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use okienko_accounts::pages as account;
use okienko_actor::ReceiptKey;
use okienko_frame::{plain_key, see};
use okienko_gate::{Asker, Work};
use okienko_kernel::{Day, Id, TimeOfDay};
use okienko_office::{AccountRule, LoadedOffice};
use okienko_web::sign_in::told_foreign;
use okienko_web::{ClientAddr, Code, Disclosure, Form, IdempotencyKey, Path, Problem, Words};
use serde::Deserialize;
use std::sync::Arc;

/// The chosen hour.
#[derive(Deserialize)]
pub struct Hour {
    service: String,
    location: String,
    date: String,
    time: String,
    /// The page's form key, see [`okienko_frame::form_key`].
    key: Option<String>,
    /// A solved challenge; empty without scripts.
    challenge: Option<String>,
    /// The ticket of somebody who waited instead.
    wait: Option<String>,
}

impl Hour {
    fn work(&self) -> Work<'_> {
        let sent = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        match (&self.challenge, &self.wait) {
            (Some(solved), _) if sent(&self.challenge) => Work::Solved(solved),
            (_, Some(ticket)) if sent(&self.wait) => Work::Waited(ticket),
            _ => Work::None,
        }
    }
}

/// Opening the form's address with GET restarts the choice.
pub async fn nothing(Path(office): Path<String>) -> Response {
    see(&format!("/{office}/book"))
}

/// Holds the hour and leads to the form.
pub async fn place(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    client: ClientAddr,
    words: Words,
    headers: HeaderMap,
    Form(hour): Form<Hour>,
) -> Result<Response, Problem> {
    if told_foreign(&headers) {
        return Err(Problem::new(Code::Forbidden).hint("the request comes from another site"));
    }
    let known = office_of(&booking, &office)?;
    if booking.offered(&office, &hour.location, &hour.service).is_err() {
        return Ok(see(&format!("/{office}/book")));
    }
    let step = format!("/{office}/book?service={}&location={}", hour.service, hour.location);
    // The hour may be followed by a slash and its token.
    let time = hour.time.split('/').next().unwrap_or_default();
    let (Ok(date), Ok(time)) = (hour.date.parse::<Day>(), time.parse::<TimeOfDay>()) else {
        return Ok(see(&step));
    };
    let signed_in = match account::signed_in(&booking.accounts, &known, &headers).await {
        // After signing in, the user comes back to the same hours.
        Ok(None) if known.office.account == AccountRule::Required => {
            return Ok(see(&account::address_with_way(&office, &format!("{step}&date={date}"))));
        }
        Ok(signed_in) => signed_in,
        Err(problem) => return Err(problem),
    };
    let counted = signed_in.map(|account| account.to_string());
    match held(&booking, &known, &hour, (date, time), (client, signed_in)).await {
        Ok(placed) => Ok(hold::with_cookie(&booking, &office, placed.hold)),
        Err(problem) => {
            let notice = match problem.code() {
                Code::NotInTerritory => return Ok(outside::page(&words, &known.office)),
                Code::ChallengeRequired => {
                    let asker = Asker { client, account: counted.as_deref() };
                    return Ok(wait::begin(&booking, &known.office, asker, &step, (date, time)).await);
                }
                Code::TooLate => Some(TOO_LATE_HOUR),
                // The page of the day itself says that it is over or not yet released.
                Code::Invalid => None,
                Code::Unknown => return Ok(see(&format!("{step}&date={date}"))),
                code => Some(code.as_str()),
            };
            let notice = notice.map(|notice| format!("&notice={notice}")).unwrap_or_default();
            Ok(see(&format!("{step}&date={date}{notice}")))
        }
    }
}

/// Pressing the same button of the same page twice gives one hold, unless that one is over.
async fn held(
    booking: &Booking,
    known: &LoadedOffice,
    hour: &Hour,
    (date, time): (Day, TimeOfDay),
    (client, account): (ClientAddr, Option<Id>),
) -> Result<PlacedHold, Problem> {
    let key = IdempotencyKey::typed(plain_key(hour.key.as_deref()));
    let key = match account {
        Some(_) => key.shown(),
        None => key.of_stranger(|| booking.gate.network_id(client), Disclosure::Secret),
    };
    let receipt = key.map(|key| {
        let chosen = format!("{key}/{}/{}/{date}/{time}", hour.service, hour.location);
        let whose = account.map(|id| id.to_string()).unwrap_or_default();
        ReceiptKey::new(&format!("pages/hold/{}/{whose}", known.office.id), &chosen, b"")
    });
    let request = |receipt| HoldRequest {
        location: &hour.location,
        service: &hour.service,
        date,
        time,
        client,
        work: hour.work(),
        account,
        receipt,
    };
    let placed = booking.place_hold(known, request(receipt)).await?;
    let secret = booking.hold_secret(placed.hold);
    let (_, state) = booking.hold(&placed.hold.to_string(), Some(&secret)).await?;
    if state.remaining_s <= 0 && state.reservation.is_none() {
        return booking.place_hold(known, request(None)).await;
    }
    Ok(placed)
}
