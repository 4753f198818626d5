//! The service in its World: accepts the other services' requests, keeps addresses and texts sealed beside the events,
//! and sends after the commit. Knows no office beyond what a request says.

use crate::budgets::Budgets;
use crate::callbacks::{self, Intake, Reporters};
use crate::domain::{
    self, Channel, CheckCode, Command, Outbox, Progress, Range, Refusal, Reply, StartVerification, Width,
};
use crate::letter::{self, Letter};
use crate::provider::Provider;
use crate::sender::{Lane, Sender};
use crate::{code, publish};
use okienko_actor::{Order, ReceiptKey, Registry};
use okienko_address::Mobile;
use okienko_bus::{PublicEvent, Publisher};
use okienko_host::{Service, World};
use okienko_journal::{Recorded, VaultChange};
use okienko_kernel::{Day, Fault, Id, IdKind, IfLost, Moment, Span, Way, again};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::progress_reply::State;
use okienko_proto::sms::{
    CheckCodeReply, CheckCodeRequest, ProgressReply, ProgressRequest, SendReply, SendRequest,
    StartVerificationReply, StartVerificationRequest,
};
use okienko_web::Surface;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The dial code of the offices' own country.
const HOME: u16 = 48;
/// How long addresses and texts are kept: as long as providers' reports may need them.
const KEEP: Span = Span::from_hours(72);
/// The name of this service in journals and logs.
pub const NAME: &str = "sms-gateway";

/// sms-gateway, ready to serve.
pub struct SmsGateway {
    pub(crate) service: Service,
    pub(crate) outboxes: Registry<Outbox>,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) intake: Intake,
    budgets: Arc<Budgets>,
}

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Refused by the rules.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The request is malformed; names the field.
    #[error("invalid {0}")]
    Invalid(&'static str),
    /// Could not be done now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The stream of an office's local day.
pub(crate) fn stream(office: &str, day: Day) -> String {
    format!("outbox/{office}/{day}")
}

impl SmsGateway {
    /// Opens the journal, offers public events, starts sending.
    pub async fn start(
        world: &World,
        provider: Arc<dyn Provider>,
        reporters: Reporters,
    ) -> anyhow::Result<Arc<SmsGateway>> {
        let service = world.service(NAME).await?;
        world.bus.offer(NAME, service.journal.clone(), Arc::new(Statuses));
        let outboxes = service.registry("outbox/").await?;
        let read_plans = async { okienko_address::read_plans() };
        world.tasks.dedicate("phone tables", IfLost::GoesOn, Box::pin(read_plans));
        let budgets = Arc::<Budgets>::default();
        let old = budgets.clone();
        world.tasks.keep(
            "budgets",
            again(move || {
                let old = old.clone();
                async move { old.forget().await }
            }),
        );
        let intake = Intake::new(reporters);
        let gateway = Arc::new(SmsGateway { service, outboxes, provider, intake, budgets });
        for lane in Lane::ALL {
            let sender = Sender::new(gateway.clone(), lane);
            world.settle.busy(sender.is_busy());
            gateway.service.relay(lane.relay(), Arc::new(sender)).await?;
        }
        Ok(gateway)
    }

    /// The routes for providers' callbacks.
    pub fn router(self: &Arc<Self>, surface: &Surface) -> axum::Router {
        surface.dress(callbacks::routes().with_state(self.clone()))
    }

    /// Sends a code, or sends it again.
    pub async fn start_verification(
        &self,
        request: StartVerificationRequest,
    ) -> Result<StartVerificationReply, Failure> {
        let (channel, to, phone) = address(request.to, &request.dial_codes)?;
        let day: Day = request.day.parse().map_err(|_| Failure::Invalid("day"))?;
        let way = Way { office: request.office_number, place: 0, day };
        let entropy = &*self.service.world.entropy;
        let message = Id::new(IdKind::Message, way, entropy);
        // A code sent again expires together with what it confirms.
        let left = Moment::from_micros(request.not_after).since(self.service.now()).min(domain::CODE_LIFE);
        let minutes = (left.micros() / 60_000_000).max(1);
        let letter = Letter {
            to,
            channel,
            locale: request.locale.clone(),
            sender: request.sender,
            template: letter::template(channel, "code"),
            arguments: BTreeMap::from([
                ("host".to_owned(), request.host),
                ("minutes".to_owned(), minutes.to_string()),
            ]),
            // Always kept to one part, whatever the office prefers.
            keeps_letters: false,
        };
        let parts = letter.render(Some("000000")).map_err(|_| Failure::Invalid("locale"))?.parts;
        let command = Command::StartVerification(StartVerification {
            subject: request.subject,
            verification: Id::new(IdKind::Verification, way, entropy),
            message,
            address_hash: self.address_hash(&letter.to),
            ranges: phone.map(|phone| self.ranges(&phone)).unwrap_or_default(),
            channel,
            locale: request.locale,
            not_after: Moment::from_micros(request.not_after),
            budget: request.budget,
            parts: parts.max(1),
            request_key: (!request.request_key.is_empty()).then_some(request.request_key),
        });
        let asked = self.ask(&request.office, day, command, vec![self.seal(message, &letter)?]).await;
        self.tell_budget(&request.office, day, request.budget);
        match asked? {
            Reply::Started { verification, expires_at, resend_after, .. } => Ok(StartVerificationReply {
                verification: verification.to_string(),
                expires_at: expires_at.micros(),
                resend_after: resend_after.micros(),
            }),
            _ => Err(Fault::Unknown.into()),
        }
    }

    /// Checks a code.
    pub async fn check_code(&self, request: CheckCodeRequest) -> Result<CheckCodeReply, Failure> {
        let verification = Id::parse(IdKind::Verification, &request.verification);
        let verification = verification.map_err(|_| Refusal::Unknown)?;
        let right_for = code::matching(&self.service.world.keys, verification, &request.code);
        let command = Command::CheckCode(CheckCode { verification, subject: request.subject, right_for });
        // The typed code is kept as a keyed hash: six digits are easily guessed from a plain hash.
        let typed = self.service.world.keys.mac("code-try", &[request.code.as_bytes()]);
        let receipt = (!request.request_key.is_empty()).then(|| {
            let key = format!("{verification}/{}", request.request_key);
            ReceiptKey::new("check-code", &key, &typed)
        });
        let order = Order::new(command, "service").receipt(receipt);
        match self.carry_out(&request.office, verification.way().day, order).await? {
            Reply::Proved { address_hash } => Ok(CheckCodeReply { address_hash }),
            _ => Err(Fault::Unknown.into()),
        }
    }

    /// The progress of the newest code of a verification.
    pub async fn progress(&self, request: ProgressRequest) -> Result<ProgressReply, Failure> {
        let verification = Id::parse(IdKind::Verification, &request.verification);
        let verification = verification.map_err(|_| Refusal::Unknown)?;
        let key = stream(&request.office, verification.way().day);
        let look = move |outbox: &Outbox| outbox.progress_of(verification);
        let progress = self.outboxes.read(&request.office, &key, look).await?.ok_or(Refusal::Unknown)?;
        let state = match progress {
            Progress::Queued => State::Queued,
            Progress::Delayed => State::Delayed,
            Progress::Sent => State::Sent,
            Progress::Delivered => State::Delivered,
            Progress::Undelivered => State::Undelivered,
            Progress::Failed => State::Failed,
        };
        Ok(ProgressReply { state: state.into() })
    }

    /// Accepts a text for sending.
    pub async fn send(&self, request: SendRequest) -> Result<SendReply, Failure> {
        let (channel, to, _) = address(request.to, &request.dial_codes)?;
        let day: Day = request.day.parse().map_err(|_| Failure::Invalid("day"))?;
        let way = Way { office: request.office_number, place: 0, day };
        let message = Id::new(IdKind::Message, way, &*self.service.world.entropy);
        let letter = Letter {
            to,
            channel,
            locale: request.locale,
            sender: request.sender,
            template: letter::template(channel, &request.template),
            arguments: request.arguments.into_iter().collect(),
            keeps_letters: request.keeps_letters,
        };
        let rendered = letter.render(None).map_err(|fault| {
            tracing::error!(error = %fault, template = letter.template, "a text cannot be rendered");
            Failure::Invalid("template")
        })?;
        let command = Command::Send(domain::Send {
            message,
            request_key: request.request_key,
            channel,
            template: letter.template.clone(),
            budget: request.budget,
            parts: rendered.parts.max(1),
            not_before: moment(request.not_before),
            not_after: moment(request.not_after),
        });
        let asked = self.ask(&request.office, day, command, vec![self.seal(message, &letter)?]).await;
        self.tell_budget(&request.office, day, request.budget);
        match asked? {
            Reply::Queued { message } => Ok(SendReply { message: message.to_string() }),
            _ => Err(Fault::Unknown.into()),
        }
    }

    /// Reports how much of a budget is used, even after a refusal; only in the replica that has the outbox loaded.
    fn tell_budget(&self, office: &str, day: Day, budget: u32) {
        if let Some(used) = self.outboxes.peek_loaded(&stream(office, day), Outbox::used) {
            self.budgets.told(office, used, budget);
        }
    }

    /// Sends a command to the outbox of an office's day.
    pub(crate) async fn ask(
        &self,
        office: &str,
        day: Day,
        command: Command,
        vault: Vec<VaultChange>,
    ) -> Result<Reply, Failure> {
        self.carry_out(office, day, Order::new(command, "service").vault(vault)).await
    }

    async fn carry_out(&self, office: &str, day: Day, order: Order<Outbox>) -> Result<Reply, Failure> {
        let reply = self.outboxes.send(office, &stream(office, day), order).await??;
        Ok(reply.into_result()?)
    }

    /// Equal for the same phone or mail address, however it is written, and useless without the installation's secret.
    fn address_hash(&self, to: &str) -> String {
        let key = okienko_address::parse_email(to).map_or_else(|_| to.to_owned(), |email| email.key());
        let mac = self.service.world.keys.mac("address", &[key.as_bytes()]);
        okienko_kernel::base32::encode(&mac[..16])
    }

    /// The ranges of a number: the block of numbers that differ only in the last four digits, and its country if
    /// abroad.
    fn ranges(&self, phone: &Mobile) -> Vec<Range> {
        let named = |width, part: &str| {
            let mac = self.service.world.keys.mac("number-range", &[part.as_bytes()]);
            Range { width, name: okienko_kernel::base32::encode(&mac[..10]) }
        };
        let abroad = Some(phone.dial_code()).filter(|code| *code != HOME);
        let country = abroad.map(|code| named(Width::Country, &format!("+{code}")));
        [Some(named(Width::Block, phone.range())), country].into_iter().flatten().collect()
    }

    fn seal(&self, message: Id, letter: &Letter) -> Result<VaultChange, Fault> {
        self.service.vault().seal(message.to_string(), letter, self.service.now().plus(KEEP))
    }
}

/// A moment in a request; 0 means none.
fn moment(micros: i64) -> Option<Moment> {
    (micros != 0).then(|| Moment::from_micros(micros))
}

/// A phone or mail address that the office may write to, in canonical form; and the parsed number if it is a phone.
fn address(
    to: Option<okienko_proto::sms::Address>,
    dial_codes: &[u32],
) -> Result<(Channel, String, Option<Mobile>), Failure> {
    match to.and_then(|to| to.kind) {
        Some(Kind::Phone(phone)) => {
            let own: Vec<u16> = dial_codes.iter().filter_map(|code| u16::try_from(*code).ok()).collect();
            let phone = okienko_address::parse_mobile(&phone, "PL", okienko_address::served(&own));
            let phone = phone.map_err(|_| Failure::Invalid("phone"))?;
            Ok((Channel::Sms, phone.as_str().to_owned(), Some(phone)))
        }
        Some(Kind::Email(email)) => {
            let email = okienko_address::parse_email(&email).map_err(|_| Failure::Invalid("email"))?;
            Ok((Channel::Email, email.as_str().to_owned(), None))
        }
        None => Err(Failure::Invalid("phone")),
    }
}

/// Publishes message statuses to the other services.
struct Statuses;

impl Publisher for Statuses {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        let known = event.read::<domain::Event>();
        let public = known.and_then(|known| publish::publish(&event.office, &known));
        let told = public.map(|(subject, status)| PublicEvent {
            subject,
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: status.encode_to_vec().into(),
        });
        told.into_iter().collect()
    }
}
