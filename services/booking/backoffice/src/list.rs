//! The reservations of an office's day, as staff search them. Opens the vault only for the rows shown, and for the
//! whole day only when searching for a name.

use crate::BackOffice;
use crate::domain::inquiry::{Inquiry, Round, stream_key as inquiry_key, stream_prefix};
use okienko_day::{Confirmed, Day as DayMachine, Reservation};
use okienko_day::{Contact, Subject};
use okienko_kernel::{Day, Id};
use okienko_office::form::Means;
use okienko_office::plan::stream_key;
use okienko_office::{LoadedOffice, Office};
use okienko_web::{Claims, Problem};
use std::collections::BTreeSet;

/// Maximum length of the search text, in characters.
const MAX_SEARCH: usize = 100;

/// Which reservations to list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of which local day.
    pub date: Day,
    /// Only of this location.
    pub location: Option<String>,
    /// Only of this service.
    pub service: Option<String>,
    /// Part of a number, a code or a name.
    pub search: Option<String>,
}

/// Which part of the list to return.
#[derive(Clone, Copy, Debug)]
pub struct ListRange {
    /// Maximum number of rows.
    pub limit: usize,
    /// Return rows after this one.
    pub after: Option<Id>,
}

/// A reservation with its unsealed data.
pub struct OpenedReservation {
    /// The reservation.
    pub reservation: Reservation,
    /// Its holder's data; `None` if deleted, or if there never was any.
    pub subject: Option<Subject>,
    /// Their name from the form; empty if the service asks for none.
    pub name: String,
    /// The newest questions to the holder.
    pub round: Option<Round>,
}

/// A part of the list.
pub struct ReservationList {
    /// In the order of the day.
    pub rows: Vec<OpenedReservation>,
    /// The number of all matches.
    pub total: usize,
    /// The `after` of the next part; `None` at the end.
    pub next: Option<Id>,
}

impl BackOffice {
    /// Reservations of a day.
    pub async fn listed(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        filter: &Filter,
        wanted: ListRange,
    ) -> Result<ReservationList, Problem> {
        let mut all = self.reservations_of(claims, known, filter).await?;
        let search = filter.search.as_deref().map(okienko_typed::line).filter(|text| !text.is_empty());
        if let Some(text) = search {
            if text.chars().count() > MAX_SEARCH {
                return Err(Problem::invalid("q", "field-too-long"));
            }
            all = self.matching(&known.office, all, &text).await?;
        }
        let total = all.len();
        let from = wanted.after.map_or(0, |after| {
            all.iter().position(|it| it.confirmed.reservation == after).map_or(total, |at| at + 1)
        });
        let shown: Vec<Reservation> = all.into_iter().skip(from).take(wanted.limit).collect();
        let more = from + shown.len() < total;
        let next = shown.last().filter(|_| more).map(|last| last.confirmed.reservation);
        let subjects = self.subjects_of(&shown).await?;
        let asked = self.asked_on(known, filter.date).await?;
        let mut rows = Vec::with_capacity(shown.len());
        for (reservation, subject) in shown.into_iter().zip(subjects) {
            let id = reservation.confirmed.reservation;
            let round = if asked.contains(&inquiry_key(id)) { self.round_of(known, id).await? } else { None };
            let name = subject.as_ref().map(|it| name_of(&known.office, &reservation.confirmed.service, it));
            rows.push(OpenedReservation { reservation, name: name.unwrap_or_default(), subject, round });
        }
        Ok(ReservationList { rows, total, next })
    }

    /// All reservations of the day, by time and number, without names.
    pub(crate) async fn reservations_of(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        filter: &Filter,
    ) -> Result<Vec<Reservation>, Problem> {
        let ours = |location: &str| {
            claims.location.as_deref().is_none_or(|only| only == location)
                && filter.location.as_deref().is_none_or(|only| only == location)
        };
        let mut all = Vec::new();
        for pool in known.office.pools.iter().filter(|pool| ours(&pool.location)) {
            let stream = stream_key(known.office.number, pool.number, filter.date);
            if !self.has_stream(&stream).await? {
                continue;
            }
            let look = |day: &DayMachine| day.reservations().values().cloned().collect::<Vec<_>>();
            // Caught up with other replicas: staff may look for a person who has just been told that they are booked.
            all.extend(self.days.read(&known.office.id, &stream, look).await?);
        }
        all.retain(|it| {
            ours(&it.confirmed.place.location)
                && filter.service.as_deref().is_none_or(|only| only == it.confirmed.service)
        });
        all.sort_by(|a, b| {
            let order = |it: &Reservation| (it.confirmed.time, it.confirmed.serial, it.confirmed.reservation);
            order(a).cmp(&order(b))
        });
        Ok(all)
    }

    /// Those whose numbers or name contain the text, as people type it: without diacritics and in any case.
    async fn matching(
        &self,
        office: &Office,
        all: Vec<Reservation>,
        text: &str,
    ) -> Result<Vec<Reservation>, Problem> {
        let (code, name) = (okienko_typed::code(text), okienko_typed::key(text));
        let named = name.chars().any(char::is_alphabetic);
        let subjects = if named { self.subjects_of(&all).await? } else { vec![None; all.len()] };
        let fits = |(it, subject): &(Reservation, Option<Subject>)| {
            let known = |subject| okienko_typed::key(&name_of(office, &it.confirmed.service, subject));
            by_number(&it.confirmed, &code)
                || (named && subject.as_ref().is_some_and(|subject| known(subject).contains(&name)))
        };
        Ok(all.into_iter().zip(subjects).filter(fits).map(|(it, _)| it).collect())
    }

    /// The holders' data, in the order of the reservations.
    pub(crate) async fn subjects_of(&self, of: &[Reservation]) -> Result<Vec<Option<Subject>>, Problem> {
        let rows: Vec<String> =
            of.iter().map(|it| it.confirmed.subject.map(|id| id.to_string()).unwrap_or_default()).collect();
        Ok(self.service.vault().open(&rows).await?)
    }

    /// A reservation with its holder's data and questions.
    pub async fn opened(
        &self,
        known: &LoadedOffice,
        reservation: Reservation,
    ) -> Result<OpenedReservation, Problem> {
        let one = [reservation];
        let subject = self.subjects_of(&one).await?.into_iter().next().flatten();
        let [reservation] = one;
        let name = subject.as_ref().map(|it| name_of(&known.office, &reservation.confirmed.service, it));
        let name = name.unwrap_or_default();
        let round = self.round_of(known, reservation.confirmed.reservation).await?;
        Ok(OpenedReservation { reservation, subject, name, round })
    }

    /// The streams of questions about an office's day.
    pub(crate) async fn asked_on(&self, known: &LoadedOffice, day: Day) -> Result<BTreeSet<String>, Problem> {
        let prefix = stream_prefix(known.office.number, day);
        let streams = self.service.journal.engine().streams(&prefix).await;
        streams.map(|all| all.into_iter().collect()).map_err(|_| Problem::unavailable(1))
    }

    /// The newest questions about a reservation.
    pub(crate) async fn round_of(&self, known: &LoadedOffice, id: Id) -> Result<Option<Round>, Problem> {
        let stream = inquiry_key(id);
        if !self.has_stream(&stream).await? {
            return Ok(None);
        }
        let look = |inquiry: &Inquiry| inquiry.current().cloned();
        Ok(self.inquiries.read(&known.office.id, &stream, look).await?)
    }
}

/// The name in the form of a service.
pub(crate) fn name_of(office: &Office, service: &str, subject: &Subject) -> String {
    office.answer_meant(service, Means::Name, &subject.fields).unwrap_or_default()
}

/// How the reservation was proved: `sms`, `email` or `account`.
pub fn proof_of(confirmed: &Confirmed, subject: Option<&Subject>) -> &'static str {
    match (&confirmed.verification, subject.and_then(|subject| subject.contact.as_ref())) {
        (None, _) => "account",
        (Some(_), Some(Contact::Email(_))) => "email",
        (Some(_), _) => "sms",
    }
}

/// Whether one of its numbers contains the normalized code.
fn by_number(confirmed: &Confirmed, code: &str) -> bool {
    let known = [&confirmed.number, &confirmed.ticket_number, &confirmed.check_in_code];
    !code.is_empty() && known.into_iter().any(|number| number.to_uppercase().contains(code))
}
