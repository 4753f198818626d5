//! Proving a phone or mail address by a code, and the confirmation based on it.

use super::{hold::HoldState, refused};
use crate::service::Booking;
use okienko_address::{PhoneFault, parse_email, parse_mobile, served};
use okienko_day::{
    Command, Confirm, Confirmed, Contact, Day as DayMachine, Refusal, Reply, Reservation, SentCode, Subject,
};
use okienko_gate::Asker;
use okienko_journal::{Claim, VaultChange};
use okienko_kernel::{Id, IdKind, Moment, Way};
use okienko_limits::{Hit, Rate};
use okienko_office::plan::stream_of;
use okienko_office::{LoadedOffice, Proof, Service};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::progress_reply::State;
use okienko_proto::sms::{Address, CheckCodeRequest, ProgressRequest, StartVerificationRequest};
use okienko_web::{ClientAddr, Code, Problem};
use std::collections::BTreeMap;
use std::time::Duration;

/// Number of random candidates for a free check-in code.
const CODE_CANDIDATES: usize = 8;
/// Confirms of one hold: five attempts and all the retries of a bad connection.
const CONFIRMS_PER_HOLD: Rate = Rate::new(200, Duration::from_secs(600));

/// How often recording a sent code is retried because the form changed in between.
const NOTED_ANEW: usize = 3;

/// Where to send a code.
pub struct CodeRequest<'a> {
    /// A mobile phone, as typed.
    pub phone: Option<&'a str>,
    /// A mail address, as typed.
    pub email: Option<&'a str>,
    /// Language of the message.
    pub locale: &'a str,
    /// The client's address.
    pub client: ClientAddr,
    /// Identifies the request, so that a retry sends nothing twice.
    pub request_key: String,
}

/// Delivery news about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeNews {
    /// No provider has accepted it so far; it is retried.
    Delayed,
    /// It will not be sent.
    Failed,
    /// The provider reports it as delivered.
    Delivered,
    /// The provider reports that it will not be delivered.
    Undelivered,
}

/// A code that was sent.
pub struct CodeSent {
    /// When it expires.
    pub expires_at: Moment,
    /// When another may be requested.
    pub resend_after: Moment,
}

/// What sms-gateway accepted.
struct Sending {
    contact: Contact,
    channel: Proof,
    verification: String,
    sent: SentCode,
}

impl Booking {
    /// Sends a code to the phone or address, and extends the hold once, to the code's expiry.
    pub async fn send_code(
        &self,
        id: Id,
        state: &HoldState,
        request: CodeRequest<'_>,
    ) -> Result<CodeSent, Problem> {
        let (office, service) = (&state.known.office, state.service()?);
        let (contact, channel) = contact(&request, &service.proof, &office.sms_dial_codes)?;
        if state.reservation.is_some() {
            return Err(Problem::new(Code::Conflict).explained("already-confirmed"));
        }
        if state.remaining_s <= 0 {
            return Err(Problem::new(Code::HoldExpired));
        }
        let subject = self.subject_to_build_on(id, state).await?;
        let subject = subject.ok_or_else(|| Problem::invalid("form", "form-first"))?;
        let address = contact.as_str().to_owned();
        let account = state.hold.account_id.map(|id| id.to_string());
        let asker = Asker { client: request.client, account: account.as_deref() };
        self.gate.before_code(office, asker, &address).await?;
        let kind = match contact.clone() {
            Contact::Phone(phone) => Kind::Phone(phone),
            Contact::Email(email) => Kind::Email(email),
        };
        let start = StartVerificationRequest {
            office: office.id.clone(),
            office_number: office.number,
            subject: id.to_string(),
            to: Some(Address { kind: Some(kind) }),
            locale: office.writes_in(request.locale).to_owned(),
            sender: office.sender.clone(),
            host: office.host.clone(),
            // The day of the hold, even after midnight: a resend belongs to the verification already started.
            day: office.day_at(state.hold.placed_at).to_string(),
            request_key: request.request_key,
            not_after: state.not_after().micros(),
            budget: office.sms_daily_budget,
            dial_codes: office.dial_codes(),
        };
        let started = self.sms.clone().start_verification(start).await;
        let started = started.map_err(|status| self.told(&status, state))?.into_inner();
        let expires_at = Moment::from_micros(started.expires_at);
        let resend_after = Moment::from_micros(started.resend_after);
        let sent = SentCode { expires_at, resend_after };
        let sending = Sending { contact, channel, verification: started.verification, sent };
        let before = subject.verification.clone();
        let mut noted = self.note_code(id, state, subject, (&sending, request.locale)).await?;
        // The code is already on its way: it must also work with a form saved in between, but must not replace a code
        // sent after it.
        for _ in 0..NOTED_ANEW {
            let Err(Refusal::FormChanged) = noted else { break };
            let state = self.hold_state(id).await?;
            let Some(subject) = self.subject(&state).await? else { continue };
            if subject.verification != before && subject.verification.as_ref() != Some(&sending.verification)
            {
                break;
            }
            noted = self.note_code(id, &state, subject, (&sending, request.locale)).await?;
        }
        noted.map_err(refused)?;
        Ok(CodeSent { expires_at, resend_after })
    }

    /// Records in the day that a code was sent, and seals its recipient.
    async fn note_code(
        &self,
        id: Id,
        state: &HoldState,
        subject: Subject,
        (sending, locale): (&Sending, &str),
    ) -> Result<Result<Reply, Refusal>, Problem> {
        let Some(form) = state.hold.subject else { return Ok(Err(Refusal::FormMissing)) };
        let subject = Subject {
            contact: Some(sending.contact.clone()),
            verification: Some(sending.verification.clone()),
            sent: Some(sending.sent),
            locale: locale.to_owned(),
            ..subject
        };
        // Whether the person already has a visit is told only after the proof: otherwise anybody who knows a name and a
        // phone could find it out here.
        let claims = self.wished_claims(state, &subject)?;
        let command = Command::CodeSent {
            hold: id,
            verification: sending.verification.clone(),
            expires_at: sending.sent.expires_at,
            channel: sending.channel,
            claims,
            sealed: Some(state.hold.sealed),
        };
        let mut vault = vec![self.seal(form, &subject)?];
        vault.extend(self.backoffice.trace_subject(id, &state.hold.service, &subject).await);
        self.answer(&state.known.office.id, id, command, vault).await
    }

    /// News about the code that a person is waiting for, beyond that it was sent; `None` if there is none or it cannot
    /// be determined.
    pub async fn code_news(&self, state: &HoldState, subject: Option<&Subject>) -> Option<CodeNews> {
        let verification = subject?.verification.clone()?;
        let asked = ProgressRequest { office: state.known.office.id.clone(), verification };
        match self.sms.clone().progress(asked).await.ok()?.into_inner().state() {
            State::Delayed => Some(CodeNews::Delayed),
            State::Failed => Some(CodeNews::Failed),
            State::Delivered => Some(CodeNews::Delivered),
            State::Undelivered => Some(CodeNews::Undelivered),
            State::Queued | State::Sent | State::Unspecified => None,
        }
    }

    /// Checks the code and makes the hold a reservation. A repeat gives the same reservation; a retry with the same
    /// `request_key` and code uses up no further attempt.
    pub async fn confirm(
        &self,
        id: Id,
        state: &HoldState,
        code: &str,
        request_key: String,
    ) -> Result<Reservation, Problem> {
        let office = &state.known.office;
        let subject = self.subject_to_build_on(id, state).await?.unwrap_or_default();
        let verification =
            subject.verification.clone().ok_or_else(|| Problem::invalid("code", "code-first"))?;
        // Limited, because each key is a receipt that is kept for a day.
        let hit = Hit { key: format!("confirm/{id}"), rate: CONFIRMS_PER_HOLD };
        self.gate.within(&[hit]).await?;
        let check = CheckCodeRequest {
            office: office.id.clone(),
            verification: verification.clone(),
            subject: id.to_string(),
            code: code.to_owned(),
            request_key,
        };
        self.sms.clone().check_code(check).await.map_err(|status| self.told(&status, state))?;
        let Some(claims) = self.claims_now(id, state, &subject).await? else {
            return self.reserve(id, (state, state.hold.sealed), Some(verification), Vec::new(), None).await;
        };
        let mut sealed = state.hold.sealed;
        if state.hold.proofs.get(&verification) != Some(&claims) {
            // The key chosen when the code was sent is taken, or the form has changed since: records the new keys for
            // this proof.
            let sent = subject.sent.map_or(state.hold.ends_at, |sent| sent.expires_at);
            let channel = match subject.contact {
                Some(Contact::Email(_)) => Proof::Email,
                _ => Proof::Sms,
            };
            let command = Command::CodeSent {
                hold: id,
                verification: verification.clone(),
                expires_at: sent,
                channel,
                claims: claims.clone(),
                sealed: Some(sealed),
            };
            sealed += 1;
            self.ask(office.id.clone(), id, command, Vec::new()).await?;
        }
        self.reserve(id, (state, sealed), Some(verification), claims, None).await
    }

    /// Whether the account that placed this hold is sufficient proof.
    pub fn proved_by_account(&self, state: &HoldState) -> bool {
        let accepts = |service: &Service| service.proof.contains(&Proof::Account);
        state.hold.account_id.is_some() && state.service().is_ok_and(accepts)
    }

    /// Makes the hold a reservation, with the account that placed it as the proof. A repeat gives the same one.
    pub async fn confirm_by_account(
        &self,
        id: Id,
        state: &HoldState,
        (locale, client): (&str, ClientAddr),
    ) -> Result<Reservation, Problem> {
        if !self.proved_by_account(state) {
            return Err(Problem::invalid("code", "field-required"));
        }
        if state.reservation.is_none() && state.hold.subject.is_none() {
            // A service without questions: only the account itself is left to save.
            let saved = self.save_form(id, state, &BTreeMap::new(), BTreeMap::new(), (locale, client)).await;
            saved.map_err(|problem| match problem.code() {
                Code::Invalid => Problem::invalid("form", "form-first"),
                _ => problem,
            })?;
        }
        let state = &self.hold_state(id).await?;
        let subject = self.subject_to_build_on(id, state).await?.unwrap_or_default();
        let (claims, trace) = match self.claims_now(id, state, &subject).await? {
            None => (Vec::new(), None),
            Some(claims) => (claims, self.backoffice.trace_subject(id, &state.hold.service, &subject).await),
        };
        self.reserve(id, (state, state.hold.sealed), None, claims, trace).await
    }

    /// Makes a proved hold a reservation.
    async fn reserve(
        &self,
        id: Id,
        (state, sealed): (&HoldState, u32),
        verification: Option<String>,
        claims: Vec<String>,
        trace: Option<VaultChange>,
    ) -> Result<Reservation, Problem> {
        let office = &state.known.office;
        let location = office.location(&state.location).ok_or(Code::Unknown)?;
        let entropy = &*self.service.world.entropy;
        let ticket = Way { office: office.number, place: location.number, day: id.way().day };
        let command = Command::Confirm(Confirm {
            hold: id,
            verification,
            reservation: id.as_kind(IdKind::Reservation),
            ticket: Id::new(IdKind::Ticket, ticket, entropy),
            code_candidates: (0..CODE_CANDIDATES).map(|_| (entropy.number() % 10_000_000) as u32).collect(),
            claims,
            subject: state.hold.subject,
            sealed: Some(sealed),
        });
        match self.ask(office.id.clone(), id, command, trace.into_iter().collect()).await? {
            Reply::Reserved(reservation) => {
                self.gate.kept(&id);
                Ok(*reservation)
            }
            Reply::Held { .. } | Reply::Gone { .. } => Err(Problem::new(Code::HoldExpired)),
        }
    }

    /// This person's first key, whether or not it is free.
    fn wished_claims(&self, state: &HoldState, subject: &Subject) -> Result<Vec<String>, Problem> {
        let (office, keys) = (&state.known.office, &self.service.world.keys);
        let person = subject.person_keys(office, state.service()?, keys);
        Ok(person.map(|person| format!("{}/1", person.now)).into_iter().collect())
    }

    /// The claim that this person's reservation will take: the first free one of those allowed. `None` if the hold is
    /// already a reservation. Only for people who have proved who they are: the refusal reveals that they have a visit.
    async fn claims_now(
        &self,
        id: Id,
        state: &HoldState,
        subject: &Subject,
    ) -> Result<Option<Vec<String>>, Problem> {
        if state.reservation.is_some() {
            return Ok(None);
        }
        let (office, keys) = (&state.known.office, &self.service.world.keys);
        let Some(person) = subject.person_keys(office, state.service()?, keys) else {
            return Ok(Some(Vec::new()));
        };
        let numbered = |key: &str| (1..=person.count).map(|n| format!("{key}/{n}")).collect::<Vec<_>>();
        let all = numbered(&person.now);
        let asked: Vec<String> =
            all.iter().cloned().chain(person.before.iter().flat_map(|key| numbered(key))).collect();
        let held = self.service.journal.engine().claims(&asked).await.map_err(|_| Problem::unavailable(1))?;
        let now = self.service.now();
        let held: Vec<Option<Claim>> =
            held.into_iter().map(|claim| claim.filter(|claim| claim.until > now)).collect();
        let taken = held.iter().flatten().count();
        let free = held.iter().take(all.len()).position(Option::is_none);
        match free.filter(|_| taken < usize::from(person.count)) {
            Some(first) => Ok(Some(all.into_iter().nth(first).into_iter().collect())),
            // The same request may have been sent twice, and the other copy was faster.
            None if self.hold_state(id).await?.reservation.is_some() => Ok(None),
            None => Err(self.limit_reached(state, subject, held.into_iter().flatten()).await),
        }
    }

    /// The refusal for somebody who has as many visits as allowed, with a link to one of them if it is theirs beyond
    /// doubt: proved by the same phone, address or account.
    async fn limit_reached(
        &self,
        state: &HoldState,
        subject: &Subject,
        held: impl Iterator<Item = Claim>,
    ) -> Problem {
        let problem = Problem::new(Code::LimitReached);
        for claim in held {
            let Ok(id) = Id::parse(IdKind::Reservation, &claim.holder) else { continue };
            let Ok(Some(confirmed)) = self.confirmed_of(&state.known, id).await else { continue };
            let theirs: Option<Subject> =
                self.service.vault().open_of(confirmed.subject).await.ok().flatten();
            let is_theirs = theirs.is_some_and(|theirs| {
                let contact = |of: &Subject| of.contact.as_ref().map(Contact::key);
                let same_contact = contact(&theirs).is_some() && contact(&theirs) == contact(subject);
                let same_account = theirs.account.is_some() && theirs.account == subject.account;
                same_contact || same_account
            });
            if is_theirs {
                return problem.with("manage_url", self.visit_path(&confirmed));
            }
        }
        problem
    }

    /// The confirmation of a reservation of this office.
    async fn confirmed_of(&self, known: &LoadedOffice, id: Id) -> Result<Option<Confirmed>, Problem> {
        let look = move |day: &DayMachine| day.reservation(id).map(|it| it.confirmed.clone());
        Ok(self.days.read(&known.office.id, &stream_of(id), look).await?)
    }

    /// An error of sms-gateway, as shown to the citizen.
    fn told(&self, status: &tonic::Status, state: &HoldState) -> Problem {
        match okienko_rpc::refusal(status) {
            Some(refusal) => {
                let problem = Problem::of(&refusal, &state.known.office.zone);
                // Its limits are on messages, not on reservations.
                if problem.code() == Code::LimitReached {
                    problem.explained("codes-used-up")
                } else {
                    problem
                }
            }
            None => {
                tracing::warn!(error = %status, "sms-gateway did not answer");
                Problem::unavailable(2)
            }
        }
    }
}

/// The one contact in the request that the service accepts as a proof.
fn contact(
    request: &CodeRequest<'_>,
    accepted: &[Proof],
    dial_codes: &[u16],
) -> Result<(Contact, Proof), Problem> {
    match (request.phone, request.email) {
        (Some(phone), None) if accepted.contains(&Proof::Sms) => {
            let phone = parse_mobile(phone, "PL", served(dial_codes)).map_err(|fault| {
                Problem::invalid(
                    "phone",
                    match fault {
                        PhoneFault::NotANumber => "field-phone",
                        PhoneFault::Letters => "phone-letters",
                        PhoneFault::Extension => "phone-extension",
                        PhoneFault::CannotReceiveSms => "phone-cannot-sms",
                        PhoneFault::CountryNotServed => "phone-country",
                    },
                )
            })?;
            Ok((Contact::Phone(phone.as_str().to_owned()), Proof::Sms))
        }
        (None, Some(email)) if accepted.contains(&Proof::Email) => {
            let email = parse_email(email).map_err(|_| Problem::invalid("email", "field-email"))?;
            Ok((Contact::Email(email.as_str().to_owned()), Proof::Email))
        }
        (None, Some(_)) => Err(Problem::invalid("email", "proof-not-accepted")),
        _ => Err(Problem::invalid("phone", "phone-or-email")),
    }
}
