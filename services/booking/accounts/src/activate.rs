//! Activating an account by the link in its mail. Anybody can register somebody else's address, and its owner may press
//! whichever link arrives. So the password is set by whoever uses the link, and one sent with a registration counts
//! only if no other registration was ever made for that address. Must not know how the page looks.

use crate::Accounts;
use crate::domain::{Account, Command, Status};
use crate::token::Purpose;
use crate::{Reached, Registration, Row, link_over, link_refused};
use okienko_journal::VaultChange;
use okienko_kernel::{Id, Moment};
use okienko_office::LoadedOffice;
use okienko_web::{ClientAddr, Problem};
use std::collections::BTreeMap;

/// The vault row of one registration.
pub(crate) fn row_of(account: Id, row: &str) -> String {
    format!("account/{account}/waiting/{row}")
}

/// What an activation link leads to.
enum Door {
    /// Nothing: it can no longer be used.
    Over,
    /// It was already used.
    Done,
    /// A pending registration: its row, whether it is the only one, and the rows of all pending ones.
    Waits { row: String, alone: bool, rows: Vec<String> },
}

impl Accounts {
    /// Activates an account by the link in its mail. Pressing the same button again changes nothing.
    pub async fn activate(
        &self,
        known: &LoadedOffice,
        token: &str,
        password: Option<&str>,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        let (account, link) = self.link_of(known, Purpose::Activation, token)?;
        self.may_press(account).await?;
        let office = &known.office;
        let now = self.service.now();
        let look = move |it: &Account| match it.status() {
            Status::Active if it.activated_by() == Some(link) => Door::Done,
            Status::Pending => {
                let used = it.waiting().iter().find(|it| it.link.n == link && now < it.link.until);
                let rows =
                    it.waiting().iter().map(|it| it.row.clone()).filter(|row| !row.is_empty()).collect();
                let alone = !it.is_contested();
                used.map_or(Door::Over, |used| Door::Waits { row: used.row.clone(), alone, rows })
            }
            _ => Door::Over,
        };
        let (row, alone, rows) = match self.look(office, account, look).await? {
            Door::Over => return Err(link_over()),
            Door::Done => return Ok(()),
            Door::Waits { row, alone, rows } => (row, alone, rows),
        };
        let Registration { reached, password: came } =
            self.registration(account, &row).await?.ok_or_else(link_over)?;
        let hashed = match password {
            Some(password) => self.new_password(office, &reached.email, password, client).await?,
            None => came.filter(|_| alone).ok_or_else(password_needed)?,
        };
        // The rows that had a time limit are now kept for good; the rows of other registrations are deleted.
        let mut vault = vec![
            self.put(Row::Password, account, &hashed, Moment::MAX)?,
            self.put(Row::Address, account, &reached, Moment::MAX)?,
        ];
        vault.extend(rows.iter().map(|row| VaultChange::Delete { id: row_of(account, row) }));
        let command = Command::Activate { link, own: password.is_some() };
        let asked = self.ask(office, account, command, (vault, None)).await?;
        self.note(office, account, "account.activate", asked.as_ref().map(drop));
        asked.map(drop).map_err(link_refused)
    }

    /// The consents given with the registration of this link, so that whoever activates the account sees them first.
    pub async fn consents_of_link(
        &self,
        known: &LoadedOffice,
        token: &str,
    ) -> Result<BTreeMap<String, String>, Problem> {
        let (account, link) = self.link_of(known, Purpose::Activation, token)?;
        let look = move |it: &Account| {
            let used = it.waiting().iter().find(|it| it.link.n == link);
            used.map(|used| used.consents.clone()).unwrap_or_default()
        };
        Ok(self.look(&known.office, account, look).await?)
    }

    /// What a registration stored. Registrations from older versions use the rows of the account itself.
    async fn registration(&self, account: Id, row: &str) -> Result<Option<Registration>, Problem> {
        if !row.is_empty() {
            return Ok(self.row(row_of(account, row)).await?);
        }
        let password = self.row(Row::Password.of(account)).await?;
        let reached: Option<Reached> = self.reached(account).await?;
        Ok(reached.map(|reached| Registration { reached, password }))
    }
}

/// The refusal when a link is used without a password and no password from a registration can count.
pub(crate) fn password_needed() -> Problem {
    Problem::invalid("password", "account-password-needed")
}
