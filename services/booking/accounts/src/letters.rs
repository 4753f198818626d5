//! Sends mails about accounts, after the commit, at least once. A mail is named after the event that causes it, so a
//! repeat is the same mail. Must not know who reads the journal.

use crate::Accounts;
use crate::domain::{AccountEvent, AddressAsked, Link, Status};
use crate::token::{Purpose, link};
use crate::{Reached, Row};
use okienko_journal::{NotTaken, Recorded};
use okienko_kernel::{Fault, Id, IdKind};
use okienko_office::Office;
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::{Address, SendRequest};

/// The vault row with the address of somebody without an account.
pub(crate) fn stranger_row(letter: &str) -> String {
    format!("account/stranger/{letter}")
}

/// A mail: recipient, text and link.
struct Letter {
    to: Reached,
    template: &'static str,
    path: String,
}

impl Accounts {
    /// Sends the mail that an event of an account calls for. On an error the caller must try again.
    pub async fn write_about(&self, event: &Recorded) -> Result<(), NotTaken> {
        let Some(known) = self.offices.get(&event.office) else { return Ok(()) };
        let account = event.stream.rsplit('/').next().and_then(|id| Id::parse(IdKind::Account, id).ok());
        let (Some(account), Some(happened)) = (account, event.read::<AccountEvent>()) else { return Ok(()) };
        let office = &known.office;
        let letter = self.account_letter(office, account, happened).await;
        let Some(letter) = letter.map_err(|fault| NotTaken::of(event, fault))? else { return Ok(()) };
        // The day of the event, not today: a retry after midnight is then still the same message.
        let (day, _) = office.zone.local(event.at);
        let url = format!("{}/{}/account{}", self.base_url, office.id, letter.path);
        let request = SendRequest {
            office: office.id.clone(),
            office_number: office.number,
            to: Some(Address { kind: Some(Kind::Email(letter.to.email)) }),
            locale: letter.to.locale,
            sender: office.sender.clone(),
            template: letter.template.to_owned(),
            arguments: [("url".to_owned(), url)].into(),
            day: day.to_string(),
            request_key: format!("{}/{}", event.stream, event.version),
            budget: office.sms_daily_budget,
            dial_codes: office.dial_codes(),
            not_before: 0,
            not_after: 0,
            keeps_letters: false,
        };
        okienko_rpc::followed(event, letter.template, self.sms.clone().send(request).await)
    }

    /// The mail for an event; `None` if the row is gone or was replaced by a newer request.
    async fn account_letter(
        &self,
        office: &Office,
        account: Id,
        event: AccountEvent,
    ) -> Result<Option<Letter>, Fault> {
        let keys = &self.service.world.keys;
        let path = |word: &str, purpose, it: Link| {
            format!("/{word}/{}", link(keys, purpose, account, it.n, it.until))
        };
        let (row, template, path) = match event {
            AccountEvent::Registered(it) => {
                // The row of that registration; in older journals, the row of the account itself.
                let own = crate::activate::row_of(account, &it.row);
                let row = if it.row.is_empty() { Row::Address.of(account) } else { own };
                (row, "activation", path("activate", Purpose::Activation, it.link))
            }
            AccountEvent::Reminded(_) => (Row::Address.of(account), "already-registered", String::new()),
            AccountEvent::ResetAsked(it) => {
                (Row::Address.of(account), "password-reset", path("reset", Purpose::Reset, it.link))
            }
            AccountEvent::AddressAsked(it) => return self.to_new_address(office, account, it).await,
            AccountEvent::AddressChanged(_) => (Row::Former.of(account), "address-changed", String::new()),
            AccountEvent::StrangerAsked(it) => (stranger_row(&it.letter), "reset-unknown", "/new".to_owned()),
            _ => return Ok(None),
        };
        let to: Option<Reached> = self.row(row).await?;
        Ok(to.map(|to| Letter { to, template, path }))
    }

    /// If the new address belongs to another account, no link is sent; its owner is notified as after a registration.
    async fn to_new_address(
        &self,
        office: &Office,
        account: Id,
        asked: AddressAsked,
    ) -> Result<Option<Letter>, Fault> {
        let to: Option<Reached> = self.row(Row::Next.of(account)).await?;
        // A later request replaced the row; its own event sends the mail.
        let Some(to) = to.filter(|to| self.address_hash(office, &to.email) == asked.address) else {
            return Ok(None);
        };
        let holder = self.account_at(office, &asked.address).await?;
        if let Some(other) = holder.filter(|holder| *holder != account)
            && self.status(office, other).await? == Status::Active
        {
            return Ok(Some(Letter { to, template: "already-registered", path: String::new() }));
        }
        let token = link(&self.service.world.keys, Purpose::Address, account, asked.link.n, asked.link.until);
        Ok(Some(Letter { to, template: "address-change", path: format!("/address/{token}") }))
    }
}
