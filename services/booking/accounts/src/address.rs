//! Another address for an account, and its deletion: both ask for the password once more. The new address is confirmed
//! by a link that was sent to it; the old one is told.

use crate::Accounts;
use crate::domain::{Command, LINK};
use crate::token::Purpose;
use crate::{Reached, Row, address, link_over, link_refused};
use okienko_journal::VaultChange;
use okienko_kernel::{Fault, Id, Moment, Span};
use okienko_office::LoadedOffice;
use okienko_web::{ClientAddr, Code, Problem};

/// How long the address before is kept: until its owner was told.
const TELL: Span = Span::from_hours(24);

impl Accounts {
    /// Takes the wish for another address. Says the same whether or not that has an account already.
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

    /// Whose account a link to a new address is about, while it counts: whoever presses it must show that it is theirs.
    pub fn moving_account(&self, known: &LoadedOffice, token: &str) -> Result<Id, Problem> {
        self.link_of(known, Purpose::Address, token).map(|(account, _)| account)
    }

    /// Gives the account its new address by the link that was sent there. With a password only if it is the account's:
    /// anybody with an account can write somebody else's address into the wish, whose owner then presses the link.
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
        // The second press of the same button finds none: the account then says that nothing is left to do.
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

    /// Deletes an account: its sealed rows are gone with the same append that says so.
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
