//! Changing an account's address, and deleting an account: both ask for the password again. The new address is
//! confirmed by a link sent to it; the old one is notified.

use crate::Accounts;
use crate::domain::{Command, LINK};
use crate::token::Purpose;
use crate::{Reached, Row, address, link_over, link_refused};
use okienko_journal::VaultChange;
use okienko_kernel::{Fault, Id, Moment, Span};
use okienko_office::LoadedOffice;
use okienko_web::{ClientAddr, Code, Problem};

/// How long the former address is kept, so that its owner can be notified.
const TELL: Span = Span::from_hours(24);

impl Accounts {
    /// Requests a change of address. The reply does not reveal whether the new address already has an account.
    pub async fn ask_address(
        &self,
        known: &LoadedOffice,
        account: Id,
        (email, password, locale): (&str, &str, &str),
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let office = &known.office;
        let email = address(email).map_err(|fault| Problem::invalid("email", fault))?;
        let hash = self.address_hash(office, &email);
        self.once_more(office, account, password, client).await?;
        if self.look(office, account, |it| it.address().to_owned()).await? == hash {
            return Err(Problem::invalid("email", "account-address-same"));
        }
        self.may_send("address", office, &email, client).await?;
        let reached = Reached { email, locale: locale.to_owned() };
        let vault = vec![self.put(Row::Next, account, &reached, self.service.now() + LINK)?];
        let command = Command::AskAddress { address: hash };
        let asked = self.ask(office, account, command, (vault, None)).await?;
        asked.map(drop).map_err(|_| Problem::new(Code::AccountRequired))
    }

    /// The account that a link to a new address belongs to. Whoever presses the link must show that the account is
    /// theirs.
    pub fn moving_account(&self, known: &LoadedOffice, token: &str) -> Result<Id, Problem> {
        self.link_of(known, Purpose::Address, token).map(|(account, _)| account)
    }

    /// Changes the account's address by the link sent to the new one. A password, if given, must be the account's:
    /// anybody with an account can request a change to somebody else's address, and that address's owner may then press
    /// the link.
    pub async fn confirm_address(
        &self,
        known: &LoadedOffice,
        token: &str,
        password: Option<&str>,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let (account, link) = self.link_of(known, Purpose::Address, token)?;
        self.may_press(account).await?;
        if let Some(password) = password {
            self.once_more(&known.office, account, password, client).await?;
        }
        let now = self.reached(account).await?.ok_or_else(link_over)?;
        // On a second press of the same button the row is gone; the account then replies that nothing is left to do.
        let next: Option<Reached> = self.row(Row::Next.of(account)).await?;
        let moved = |next| -> Result<_, Fault> {
            Ok(vec![
                self.put(Row::Address, account, &next, Moment::MAX)?,
                self.put(Row::Former, account, &now, self.service.now() + TELL)?,
                VaultChange::Delete { id: Row::Next.of(account) },
            ])
        };
        let vault = next.map(moved).transpose()?;
        if vault.is_none() && self.link_counts(known, Purpose::Address, token).await? {
            return Err(link_over());
        }
        let command = Command::ChangeAddress { link };
        let rows = (vault.unwrap_or_default(), None);
        let asked = self.ask(&known.office, account, command, rows).await?;
        self.note(&known.office, account, "account.address", asked.as_ref().map(drop));
        asked.map(drop).map_err(link_refused)
    }

    /// Deletes an account: its vault rows are removed in the same append as the event.
    pub async fn delete_account(
        &self,
        known: &LoadedOffice,
        account: Id,
        password: &str,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        self.once_more(&known.office, account, password, client).await?;
        let rows = [Row::Password, Row::Address, Row::Next, Row::Former];
        let vault = rows.into_iter().map(|row| VaultChange::Delete { id: row.of(account) }).collect();
        let asked = self.ask(&known.office, account, Command::Delete, (vault, None)).await?;
        self.note(&known.office, account, "account.delete", asked.as_ref().map(drop));
        asked.map(drop).map_err(|_| Problem::new(Code::AccountRequired))
    }
}
