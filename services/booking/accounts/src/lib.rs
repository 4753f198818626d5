//! Citizens' accounts at an office: the machine of one (`domain`), registration, activation, change of address,
//! deletion, sign-in and mails, as JSON and as pages. Knows no day: what became of an account's visits it asks through
//! [`Visits`], and it is told of them by whoever reads the days' events.
//!
//! An account is found by the claim on its address; a link or session carries the account's id, which leads to its
//! stream. A request for an address without an account does the same work as for one that has an account: an argon2 run
//! if a password is involved, one append, one mail after the response.

mod activate;
mod address;
pub mod domain;
mod json;
mod letters;
pub mod pages;
mod register;
#[cfg(test)]
mod samples_tests;
mod sign_in;
mod token;
mod visits;

pub use json::openapi;
pub use register::NewAccount;
pub use sign_in::Entered;
pub use token::Purpose;
pub use visits::{OwnVisit, Visits};

use domain::{Account, Command, Refusal, Reply, Status, address_key, stream_of};
use okienko_actor::{Order, ReceiptKey, Registry};
use okienko_address::parse_email;
use okienko_gate::Gate;
use okienko_host::Service;
use okienko_journal::{JournalError, VaultChange};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Fault, Id, IdKind, Moment, Way, base32};
use okienko_limits::{Hit, Rate};
use okienko_office::{AccountRule, LoadedOffice, Office, Offices, Proof};
use okienko_passwords::{Busy, Hashed, PasswordCost, Passwords};
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_rpc::Link;
use okienko_web::{ClientAddr, Code, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Requests that lead to a mail, from one network; a library's exit counts as one network too.
const ASKS_PER_NETWORK: Rate = Rate::new(60, Duration::from_secs(600));
/// Presses of the buttons behind an account's links: each is a write and a line in the access log.
const LINKS_PER_ACCOUNT: Rate = Rate::new(20, Duration::from_secs(600));
/// Mails that requests by anybody can cause to one address.
const ASKS_PER_ADDRESS: Rate = Rate::new(6, Duration::from_secs(3600));

/// The accounts of this process.
pub struct Accounts {
    service: Arc<Service>,
    offices: Arc<Offices>,
    gate: Arc<Gate>,
    visits: Arc<dyn Visits>,
    sms: SmsGatewayClient<Link>,
    /// Base URL of the public pages, without a trailing slash.
    base_url: String,
    registry: Registry<Account>,
    passwords: Passwords,
    networks: sign_in::KnownNetworks,
}

/// What accounts need from the surrounding service.
pub struct Around {
    /// Its journal, clock and keys.
    pub service: Arc<Service>,
    /// The offices of this process.
    pub offices: Arc<Offices>,
    /// Decides who may go on.
    pub gate: Arc<Gate>,
    /// What the days know about visits.
    pub visits: Arc<dyn Visits>,
    /// Where mails are handed over.
    pub sms: SmsGatewayClient<Link>,
    /// Base URL of the public pages, without a trailing slash; used in mails.
    pub base_url: String,
}

/// All routes of accounts.
pub fn routes() -> axum::Router<Arc<Accounts>> {
    json::routes().merge(pages::routes())
}

/// A mail address as sealed in the vault.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Reached {
    email: String,
    locale: String,
}

/// What one registration stored, sealed until its link is used.
#[derive(Clone, Serialize, Deserialize)]
struct Registration {
    #[serde(flatten)]
    reached: Reached,
    /// The password that came with it, if any.
    #[serde(default)]
    password: Option<Hashed>,
}

/// A vault row that belongs to an account.
#[derive(Clone, Copy)]
enum Row {
    Password,
    Address,
    /// The address that is not confirmed yet.
    Next,
    /// The former address, until its owner was notified.
    Former,
}

impl Row {
    fn of(self, account: Id) -> String {
        let word = match self {
            Row::Password => "password",
            Row::Address => "address",
            Row::Next => "next",
            Row::Former => "former",
        };
        format!("account/{account}/{word}")
    }
}

/// Whether this office offers accounts.
pub fn has_accounts(office: &Office) -> bool {
    office.account == AccountRule::Required
        || office.services.iter().any(|service| service.proof.contains(&Proof::Account))
}

impl Accounts {
    /// Starts the actors and the hashing threads.
    pub async fn start(around: Around, cost: PasswordCost) -> Result<Arc<Accounts>, JournalError> {
        let Around { service, offices, gate, visits, sms, base_url } = around;
        let registry = service.registry("account/").await?;
        let passwords = Passwords::start(&*service.world.tasks, &*service.world.entropy, cost);
        let networks = sign_in::KnownNetworks::default();
        Ok(Arc::new(Accounts {
            service,
            offices,
            gate,
            visits,
            sms,
            base_url,
            registry,
            passwords,
            networks,
        }))
    }

    /// How many passwords were hashed or checked so far; for tests that compare the amount of work.
    pub fn password_runs(&self) -> u64 {
        self.passwords.runs()
    }

    /// The office, if it offers accounts.
    pub fn office(&self, office: &str) -> Result<Arc<LoadedOffice>, Problem> {
        let known = self.offices.get(office).ok_or(Code::Unknown)?;
        if has_accounts(&known.office) { Ok(known) } else { Err(Problem::new(Code::Unknown)) }
    }

    /// Equal for the same address regardless of case, and useless without the installation's secret.
    fn address_hash(&self, office: &Office, email: &str) -> String {
        let key = parse_email(email).map_or_else(|_| email.to_lowercase(), |email| email.key());
        let mac = self.service.world.keys.mac("account", &[&office.number.to_be_bytes(), key.as_bytes()]);
        base32::encode(&mac[..16])
    }

    /// The account that has an address, including one that is not activated yet.
    async fn account_at(&self, office: &Office, hash: &str) -> Result<Option<Id>, Fault> {
        let keys = [address_key(office.number, hash)];
        let held = self.service.journal.engine().claims(&keys).await;
        let held = held.map_err(|error| Fault::NotDone(error.to_string()))?;
        let now = self.service.now();
        let holder = held.into_iter().flatten().find(|claim| claim.until > now);
        Ok(holder.and_then(|claim| Id::parse(IdKind::Account, &claim.holder).ok()))
    }

    /// Whether people reach the pages over HTTPS.
    fn is_https(&self) -> bool {
        self.base_url.starts_with("https:")
    }

    /// The id of a stream that is nobody's account, one per day, for requests about addresses without an account.
    fn nobody(&self, known: &LoadedOffice) -> Id {
        let way = Way { office: known.office.number, place: 0, day: known.office.day_at(self.service.now()) };
        let mac = self.service.world.keys.mac("nobody", &[&way.office.to_be_bytes()]);
        let seed = mac.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Id::new(IdKind::Account, way, &SeededEntropy::new(seed))
    }

    /// Sends a command to an account. The outer error is a fault, the inner one its refusal.
    async fn ask(
        &self,
        office: &Office,
        account: Id,
        command: Command,
        (vault, receipt): (Vec<VaultChange>, Option<ReceiptKey>),
    ) -> Result<Result<Reply, Refusal>, Problem> {
        let order = Order::new(command, "citizen").vault(vault).receipt(receipt);
        Ok(self.registry.send(&office.id, &stream_of(account), order).await?)
    }

    /// Reads the account's current state.
    async fn look<T: Send + 'static>(
        &self,
        office: &Office,
        account: Id,
        query: impl Fn(&Account) -> T + Clone + Send + 'static,
    ) -> Result<T, Fault> {
        self.registry.read(&office.id, &stream_of(account), query).await
    }

    async fn status(&self, office: &Office, account: Id) -> Result<Status, Fault> {
        self.look(office, account, Account::status).await
    }

    fn put<T: Serialize + DeserializeOwned>(
        &self,
        row: Row,
        account: Id,
        value: &T,
        until: Moment,
    ) -> Result<VaultChange, Fault> {
        self.service.vault::<T>().seal(row.of(account), value, until)
    }

    async fn row<T: Serialize + DeserializeOwned>(&self, id: String) -> Result<Option<T>, Fault> {
        self.service.vault().open_one(id).await
    }

    /// The mail address of an active account.
    pub async fn mail_of(&self, account: Id) -> Result<Option<String>, Problem> {
        let reached: Option<Reached> = self.row(Row::Address.of(account)).await?;
        Ok(reached.map(|reached| reached.email))
    }

    /// Counts a request that leads to a mail, by network and by recipient mailbox; the same for every address.
    async fn may_send(
        &self,
        what: &str,
        office: &Office,
        email: &str,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let mailbox = parse_email(email).map_or_else(|_| email.to_lowercase(), |email| email.mailbox());
        let to = self.address_hash(office, &mailbox);
        let mut hits = self.gate.network_hits(client, &format!("account/{what}"), ASKS_PER_NETWORK);
        hits.push(Hit { key: format!("account/{what}/to/{to}"), rate: ASKS_PER_ADDRESS });
        self.gate.within(&hits).await
    }
}

/// A typed mail address in canonical form.
fn address(typed: &str) -> Result<String, &'static str> {
    parse_email(typed).map(|email| email.as_str().to_owned()).map_err(|_| "field-email")
}

/// Too many password checks are waiting.
fn busy(_: Busy) -> Problem {
    Problem::unavailable(2)
}

/// An account's refusal, worded for whoever used a link.
fn link_refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::AddressTaken => Problem::new(Code::Conflict).explained("account-address-taken"),
        Refusal::PasswordNeeded => activate::password_needed(),
        Refusal::TooMany => Problem::new(Code::RateLimited).retry_after(3600),
        Refusal::Unknown | Refusal::Exists | Refusal::LinkOver => link_over(),
    }
}

fn link_over() -> Problem {
    Problem::new(Code::CodeExpired).explained("account-link-over")
}
