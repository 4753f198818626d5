//! Registration, and setting a forgotten password. Whether an address already has an account is told only to its
//! mailbox. Must not know how links are shown.

use crate::Accounts;
use crate::domain::{Account, Command, LINK, Link, Refusal, Status};
use crate::token::{Purpose, read_link};
use crate::{LINKS_PER_ACCOUNT, Reached, Registration, Row, address, busy, link_over, link_refused};
use okienko_actor::ReceiptKey;
use okienko_kernel::{Id, IdKind, Moment, Span, Way};
use okienko_limits::{Hit, Rate};
use okienko_office::form::check_consents;
use okienko_office::{AskedAt, LoadedOffice, Office};
use okienko_web::{ClientAddr, Code, Problem};
use std::collections::BTreeMap;
use std::time::Duration;

/// Vault rows are kept a little longer than the links that need them.
const SLACK: Span = Span::from_hours(1);
/// How often a registration is restarted when another one came in between.
const TRIES: usize = 4;
/// New passwords from one network: each costs an argon2 run.
const PASSWORDS_PER_NETWORK: Rate = Rate::new(60, Duration::from_secs(600));

/// A registration as submitted.
pub struct NewAccount<'a> {
    /// Mail address, as typed.
    pub email: &'a str,
    /// Password, as typed. The page does not ask for one: it is set behind the link, by whoever has the mailbox.
    pub password: Option<&'a str>,
    /// Consents by id, with the version agreed to.
    pub consents: BTreeMap<String, String>,
    /// Language of the mails.
    pub locale: &'a str,
    /// The client's address.
    pub client: ClientAddr,
    /// Identifies the request, so that a retry sends nothing twice.
    pub request_key: Option<String>,
}

impl Accounts {
    /// Registers. The reply is the same for every address; the rest is in the mail. A registration that is already
    /// pending loses nothing by it.
    pub async fn register(&self, known: &LoadedOffice, new: NewAccount<'_>) -> Result<(), Problem> {
        let office = &known.office;
        let mut wrong = Vec::new();
        let email = address(new.email).unwrap_or_else(|fault| {
            wrong.push(("email".to_owned(), fault));
            String::new()
        });
        if let Some(password) = new.password {
            let fault = self.passwords.fault(password, office, &email).await.map_err(busy)?;
            wrong.extend(fault.map(|fault| ("password".to_owned(), fault)));
        }
        if let Err(faults) = check_consents(&office.consents, AskedAt::Account, &new.consents) {
            wrong.extend(faults);
        }
        if !wrong.is_empty() {
            let problem = Problem::new(Code::Invalid);
            return Err(wrong.iter().fold(problem, |problem, (name, fault)| problem.field(name, fault)));
        }
        self.gate.before_account(office, new.client).await?;
        let hash = self.address_hash(office, &email);
        self.may_send("register", office, &email, new.client).await?;
        let entropy = &*self.service.world.entropy;
        let password = match new.password {
            Some(password) => Some(self.passwords.hash(password, entropy).await.map_err(busy)?),
            None => None,
        };
        let reached = Reached { email: email.clone(), locale: new.locale.to_owned() };
        // The body is hashed with our key, so that receipts cannot be used to guess passwords.
        let said = [
            email.as_bytes(),
            new.password.unwrap_or_default().as_bytes(),
            &serde_json::to_vec(&new.consents).unwrap_or_default(),
        ];
        let body = self.service.world.keys.mac("receipt", &said);
        let receipt =
            new.request_key.map(|key| ReceiptKey::new(&format!("accounts/{}", office.id), &key, &body));
        for _ in 0..TRIES {
            let way = Way { office: office.number, place: 0, day: office.day_at(self.service.now()) };
            let fresh = Id::new(IdKind::Account, way, entropy);
            let account = self.account_at(office, &hash).await?.unwrap_or(fresh);
            let (command, vault) = if self.status(office, account).await? == Status::Active {
                (Command::Remind, Vec::new())
            } else {
                // A row of its own with an unguessable name: a pending registration keeps its password, address and
                // link.
                let row = self.service.world.entropy.word(10);
                let kept = Registration { reached: reached.clone(), password: password.clone() };
                let until = self.service.now() + LINK + SLACK;
                let rows =
                    vec![self.service.vault().seal(crate::activate::row_of(account, &row), &kept, until)?];
                let consents = new.consents.clone();
                (Command::Register { address: hash.clone(), consents, row }, rows)
            };
            match self.ask(office, account, command, (vault, receipt)).await? {
                Ok(_) => return Ok(()),
                Err(Refusal::TooMany) => return Err(link_refused(Refusal::TooMany)),
                // Another request came in between: look again.
                Err(refusal) => tracing::debug!(%refusal, "a registration looks again"),
            }
        }
        Err(Problem::unavailable(1))
    }

    /// Requests a password reset. The reply is the same for every address; the rest is in the mail.
    pub async fn forgot(
        &self,
        known: &LoadedOffice,
        (email, locale): (&str, &str),
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let office = &known.office;
        let email = address(email).map_err(|fault| Problem::invalid("email", fault))?;
        let hash = self.address_hash(office, &email);
        self.may_send("reset", office, &email, client).await?;
        let nobody = self.nobody(known);
        let account = self.account_at(office, &hash).await?.unwrap_or(nobody);
        let alive = self.status(office, account).await? == Status::Active;
        if alive {
            let asked = self.ask(office, account, Command::AskReset, (Vec::new(), None)).await?;
            if asked.is_ok() {
                return Ok(());
            }
        }
        let letter = Id::new(IdKind::Message, account.way(), &*self.service.world.entropy).to_string();
        let reached = Reached { email, locale: locale.to_owned() };
        let row = self.service.vault().seal(
            crate::letters::stranger_row(&letter),
            &reached,
            self.service.now() + LINK,
        )?;
        let answer = Command::AnswerStranger { letter };
        let asked = self.ask(office, nobody, answer, (vec![row], None)).await?;
        asked.map(drop).map_err(link_refused)
    }

    /// Sets a new password by the link in a mail; all sessions end.
    pub async fn set_password(
        &self,
        known: &LoadedOffice,
        token: &str,
        password: &str,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let (account, link) = self.link_of(known, Purpose::Reset, token)?;
        let office = &known.office;
        let reached = self.reached(account).await?.ok_or_else(link_over)?;
        // Checked before the expensive work: an expired link costs no argon2 run.
        let now = self.service.now();
        let good = move |it: &Account| it.resets().iter().any(|good| good.n == link && now < good.until);
        if !self.look(office, account, good).await? {
            return Err(link_over());
        }
        let hashed = self.new_password(office, &reached.email, password, client).await?;
        let vault = vec![self.put(Row::Password, account, &hashed, Moment::MAX)?];
        let asked = self.ask(office, account, Command::SetPassword { link }, (vault, None)).await?;
        self.note(office, account, "account.password", asked.as_ref().map(drop));
        asked.map(drop).map_err(|refusal| match refusal {
            Refusal::Unknown => link_over(),
            other => link_refused(other),
        })
    }

    /// Hashes a password typed behind a link, if it is strong enough.
    pub(crate) async fn new_password(
        &self,
        office: &Office,
        address: &str,
        password: &str,
        client: ClientAddr,
    ) -> Result<okienko_passwords::Hashed, Problem> {
        self.gate.within(&self.gate.network_hits(client, "account/password", PASSWORDS_PER_NETWORK)).await?;
        let passwords = &self.passwords;
        if let Some(fault) = passwords.fault(password, office, address).await.map_err(busy)? {
            return Err(Problem::invalid("password", fault));
        }
        passwords.hash(password, &*self.service.world.entropy).await.map_err(busy)
    }

    /// Whether a link still works, for the page that shows its button. Changes nothing.
    pub async fn link_counts(
        &self,
        known: &LoadedOffice,
        purpose: Purpose,
        token: &str,
    ) -> Result<bool, Problem> {
        let Ok((account, n)) = self.link_of(known, purpose, token) else { return Ok(false) };
        let now = self.service.now();
        let look = move |it: &Account| {
            let good = |link: &Link| link.n == n && now < link.until;
            match purpose {
                Purpose::Activation => it.waiting().iter().any(|waiting| good(&waiting.link)),
                Purpose::Reset => it.resets().iter().any(good),
                Purpose::Address => it.change().is_some_and(|link| good(&link)),
            }
        };
        Ok(self.look(&known.office, account, look).await?)
    }

    /// Counts a press of the button behind a link.
    pub(crate) async fn may_press(&self, account: Id) -> Result<(), Problem> {
        self.gate.within(&[Hit { key: format!("account/link/{account}"), rate: LINKS_PER_ACCOUNT }]).await
    }

    pub(crate) fn link_of(
        &self,
        known: &LoadedOffice,
        purpose: Purpose,
        token: &str,
    ) -> Result<(Id, u64), Problem> {
        let found = read_link(&self.service.world.keys, purpose, token);
        let ours = found.filter(|(account, _)| account.way().office == known.office.number);
        ours.ok_or_else(|| Problem::new(Code::Unknown).explained("account-link-unknown"))
    }

    pub(crate) async fn reached(&self, account: Id) -> Result<Option<Reached>, Problem> {
        Ok(self.row(Row::Address.of(account)).await?)
    }
}
