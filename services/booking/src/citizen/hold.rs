//! Holding a place, filling in the form, giving the place back.

use super::free::lead_min;
use super::refused;
use crate::service::Booking;
use okienko_actor::{Order, ReceiptKey};
use okienko_day::Subject;
use okienko_day::{Command, Day as DayMachine, HOLD_MAX, Hold, PlaceHold, Refusal, Reply, Share};
use okienko_gate::{Again, Asker, Work};
use okienko_journal::VaultChange;
use okienko_kernel::{Day, Fault, Id, IdKind, Moment, Span, TimeOfDay, Way, base32, keys};
use okienko_office::form::{self, Answer, Dates};
use okienko_office::plan::{DayPlan, stream_key, stream_of};
use okienko_office::{AccountRule, AskedAt, LoadedOffice, Pool, Release, Service};
use okienko_trace::Trace;
use okienko_web::{ClientAddr, Code, Problem};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a person's data are kept after the day of the visit.
const KEEP: Span = Span::from_hours(30 * 24);

/// A request for a place.
pub struct HoldRequest<'a> {
    /// The location's id.
    pub location: &'a str,
    /// The service's id.
    pub service: &'a str,
    /// The local day.
    pub date: Day,
    /// The local time.
    pub time: TimeOfDay,
    /// The client's address.
    pub client: ClientAddr,
    /// The work done for it, if the office requires a proof of work.
    pub work: Work<'a>,
    /// The account, if signed in.
    pub account: Option<Id>,
    /// The caller's idempotency key with the request body.
    pub receipt: Option<ReceiptKey>,
}

/// A held place.
#[derive(Debug)]
pub struct PlacedHold {
    /// The hold.
    pub hold: Id,
    /// When it ends.
    pub ends_at: Moment,
    /// Seconds until then.
    pub remaining_s: i64,
}

/// A hold with everything that belongs to it.
pub struct HoldState {
    /// The office.
    pub known: Arc<LoadedOffice>,
    /// The hold.
    pub hold: Hold,
    /// The location's id.
    pub location: String,
    /// The reservation that it became.
    pub reservation: Option<Id>,
    /// Seconds left; 0 if it is over.
    pub remaining_s: i64,
    /// The last moment at which its visit could be used.
    pub used_until: Moment,
}

impl HoldState {
    /// The latest possible end of the hold, whatever codes are sent: no code is valid longer.
    pub fn not_after(&self) -> Moment {
        self.hold.placed_at.plus(HOLD_MAX).min(self.used_until)
    }
    /// The service that it is for.
    pub fn service(&self) -> Result<&Service, Problem> {
        self.known.office.service(&self.hold.service).ok_or_else(|| Problem::new(Code::Unknown))
    }
}

impl Booking {
    /// Holds a place.
    pub async fn place_hold(
        &self,
        known: &LoadedOffice,
        request: HoldRequest<'_>,
    ) -> Result<PlacedHold, Problem> {
        let office = &known.office;
        if office.account == AccountRule::Required && request.account.is_none() {
            return Err(Problem::new(Code::AccountRequired));
        }
        match known.release(request.date, self.today(known)) {
            Release::Past => return Err(Problem::invalid("date", "date-past")),
            Release::NotReleased => return Err(Problem::invalid("date", "date-not-released")),
            Release::Open => {}
        }
        let account = request.account.map(|id| id.to_string());
        let asker = Asker { client: request.client, account: account.as_deref() };
        let pools: Vec<_> = office.pools_of(request.service, request.location).collect();
        let stream = |pool: &&Pool| stream_key(office.number, pool.number, request.date);
        let streams: Vec<String> = pools.iter().map(stream).collect();
        let again = Again { receipt: request.receipt.as_ref(), streams: &streams };
        let passed = self.gate.before_hold(office, asker, request.work, again).await?;
        let mut last = Problem::new(Code::Unknown);
        for (pool, key) in pools.into_iter().zip(&streams) {
            let Some(plan) = known.plan(pool, request.date) else { continue };
            let way = Way { office: office.number, place: pool.number, day: request.date };
            let hold = Id::new(IdKind::Hold, way, &*self.service.world.entropy);
            let command = Command::PlaceHold(PlaceHold {
                hold,
                service: request.service.to_owned(),
                time: request.time,
                plan: plan.clone(),
                lead_min: lead_min(known, request.location),
                account: request.account.is_some(),
                account_id: request.account,
                share: Share::Everybody,
            });
            let trace = self
                .trace_where_free(&office.id, key, (request.service, request.time), hold, request.client)
                .await?;
            let order = Order::new(command, "citizen").receipt(request.receipt).vault(trace);
            match self.days.send(&office.id, key, order).await? {
                Ok(Reply::Held { hold, ends_at, remaining_s }) => {
                    self.gate.placed(passed, hold).await;
                    // Everything that follows for this hold is one trace, which `okienko_web` derives from the address.
                    okienko_trace::belongs_with(&okienko_trace::Work::current(), || {
                        Trace::of_seed(&hold.to_string())
                    });
                    return Ok(PlacedHold { hold, ends_at, remaining_s });
                }
                Ok(_) => return Err(Problem::new(Code::HoldExpired)),
                Err(refusal @ (Refusal::SlotFull | Refusal::Unknown | Refusal::Past)) => {
                    last = refused(refusal)
                }
                Err(refusal) => return Err(refused(refusal)),
            }
        }
        Err(last)
    }

    /// The trace of a new hold; none if the hour looks full, because in a rush nearly all requests are refused and
    /// sealing each would cost more than refusing it. A hold of a place that became free at that moment has no trace.
    async fn trace_where_free(
        &self,
        office: &str,
        stream: &str,
        (service, time): (&str, TimeOfDay),
        hold: Id,
        client: ClientAddr,
    ) -> Result<Vec<VaultChange>, Problem> {
        let now = self.service.now();
        let is_full =
            |day: &DayMachine| day.plan().is_some_and(|plan| day.free_at(plan, service, time, now) == 0);
        let full = self.days.peek(office, stream, is_full).await?;
        Ok(if full { Vec::new() } else { vec![self.backoffice.trace_hold(hold, client)?] })
    }

    /// The secret of a hold, known only to whoever placed it. Derived, never stored.
    pub fn hold_secret(&self, hold: Id) -> String {
        base32::encode(&self.service.world.keys.mac("hold", &[hold.bytes()])[..16])
    }

    /// The hold with this id, for callers with its secret.
    pub async fn hold(&self, hold: &str, secret: Option<&str>) -> Result<(Id, HoldState), Problem> {
        let id = Id::parse(IdKind::Hold, hold).map_err(|_| Code::Unknown)?;
        let ours = self.hold_secret(id);
        if !secret.is_some_and(|given| keys::equal(given.as_bytes(), ours.as_bytes())) {
            return Err(Problem::new(Code::Forbidden));
        }
        Ok((id, self.hold_state(id).await?))
    }

    pub(crate) async fn hold_state(&self, id: Id) -> Result<HoldState, Problem> {
        let known = self.offices.numbered(id.way().office).ok_or(Code::Unknown)?;
        let now = self.service.now();
        let look = move |day: &DayMachine| {
            let hold = day.hold(id)?.clone();
            let reservation =
                day.reservation(id.as_kind(IdKind::Reservation)).map(|r| r.confirmed.reservation);
            let plan = day.plan()?;
            let until = (plan.used_until_min, day.slots().get(&hold.time)?.at);
            Some((hold, plan.location.clone(), reservation, (day.remaining(id, now), until)))
        };
        let found = self.days.read(&known.office.id, &stream_of(id), look).await?;
        let (hold, location, reservation, (remaining_s, (until_min, hour))) = found.ok_or(Code::Unknown)?;
        let rule = || known.office.location(&location).map(|location| location.queue.used_until_min());
        let used_until = DayPlan::used_until(until_min.or_else(rule), hour);
        Ok(HoldState { known, hold, location, reservation, remaining_s, used_until })
    }

    /// Saves the form of a hold; every faulty field is reported. Saving the same answers again creates no event.
    pub async fn save_form(
        &self,
        id: Id,
        state: &HoldState,
        fields: &BTreeMap<String, Answer>,
        consents: BTreeMap<String, String>,
        (locale, client): (&str, ClientAddr),
    ) -> Result<(), Problem> {
        let office = &state.known.office;
        let mut wrong = form::Wrong::new();
        let (service, dates) =
            (state.service()?, Dates { today: self.today(&state.known), visit: id.way().day });
        let typed = fields;
        let fields = form::check(office, service, typed, dates).unwrap_or_else(|faults| {
            wrong.extend(faults);
            BTreeMap::new()
        });
        let typed = form::typed_otherwise(office, service, typed, &fields);
        if let Err(faults) = form::check_consents(&office.consents, AskedAt::Form, &consents) {
            wrong.extend(faults);
        }
        if !wrong.is_empty() {
            let problem = Problem::new(Code::Invalid);
            return Err(wrong
                .iter()
                .fold(problem, |problem, (field, message)| problem.field(field, message)));
        }
        let before = self.subject(state).await?;
        let runs = state.remaining_s > 0 && state.reservation.is_none();
        if runs && before.as_ref().is_some_and(|before| before.says_the_same(&fields, &consents, locale)) {
            // So a retry, a reload or a loop writes nothing.
            return Ok(());
        }
        self.gate.before_form(id, client).await?;
        let account = state.hold.account_id;
        let email = match account {
            Some(account) => self.accounts.mail_of(account).await?,
            None => None,
        };
        let account = account.map(|account| account.to_string());
        let before = before.unwrap_or_default();
        let since_hold = self.service.now().since(state.hold.placed_at).micros() / 1_000_000;
        let form_s = before.form_s.or(u32::try_from(since_hold).ok());
        let locale = locale.to_owned();
        let subject = Subject { fields, typed, consents, locale, account, email, form_s, ..before };
        let new = Id::new(IdKind::Subject, id.way(), &*self.service.world.entropy);
        let mut vault = vec![self.seal(new, &subject)?];
        vault.extend(state.hold.subject.map(|old| VaultChange::Delete { id: old.to_string() }));
        let command = Command::SaveForm { hold: id, subject: new, sealed: Some(state.hold.sealed) };
        match self.answer(&office.id, id, command, vault).await? {
            Err(Refusal::FormChanged) => {
                // A retry of this request was faster, or another window of the same person.
                let now = self.subject(&self.hold_state(id).await?).await?;
                let Subject { fields, consents, locale, .. } = subject;
                let is_saved = now.is_some_and(|now| now.says_the_same(&fields, &consents, &locale));
                if is_saved { Ok(()) } else { Err(refused(Refusal::FormChanged)) }
            }
            told => told.map(drop).map_err(refused),
        }
    }

    /// Gives a held place back.
    pub async fn release(&self, id: Id, state: &HoldState) -> Result<(), Problem> {
        let vault = state.hold.subject.map(|old| VaultChange::Delete { id: old.to_string() });
        let vault = if state.reservation.is_some() { None } else { vault };
        let command = Command::Release { hold: id };
        self.ask(state.known.office.id.clone(), id, command, vault.into_iter().collect()).await.map(drop)
    }

    /// The sealed data of the hold's person.
    pub(crate) async fn subject(&self, state: &HoldState) -> Result<Option<Subject>, Problem> {
        Ok(self.service.vault().open_of(state.hold.subject).await?)
    }

    /// The same for a caller that modifies it: fails if the data were replaced by a newer form in between.
    pub(crate) async fn subject_to_build_on(
        &self,
        id: Id,
        state: &HoldState,
    ) -> Result<Option<Subject>, Problem> {
        let found = self.subject(state).await?;
        if found.is_none() && state.hold.subject.is_some() {
            let now = self.hold_state(id).await?;
            if now.hold.subject != state.hold.subject {
                return Err(refused(Refusal::FormChanged));
            }
        }
        Ok(found)
    }

    pub(crate) fn seal(&self, id: Id, subject: &Subject) -> Result<VaultChange, Fault> {
        let zone = self.offices.numbered(id.way().office).map(|known| known.office.zone.clone());
        let day = id.way().day.plus_days(1);
        let end = zone.map_or(self.service.now(), |zone| zone.start_of(day));
        self.service.vault().seal(id.to_string(), subject, end.plus(KEEP))
    }

    /// Sends a command to the day of an id.
    pub(crate) async fn ask(
        &self,
        office: String,
        id: Id,
        command: Command,
        vault: Vec<VaultChange>,
    ) -> Result<Reply, Problem> {
        self.answer(&office, id, command, vault).await?.map_err(refused)
    }

    /// The same, but returns the day's own refusal, for callers that can handle it.
    pub(crate) async fn answer(
        &self,
        office: &str,
        id: Id,
        command: Command,
        vault: Vec<VaultChange>,
    ) -> Result<Result<Reply, Refusal>, Problem> {
        let order = Order::new(command, "citizen").vault(vault);
        Ok(self.days.send(office, &stream_of(id), order).await?)
    }
}
