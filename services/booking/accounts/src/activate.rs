//! Making an account alive by the link of its mail. Anybody can write an address into a registration, and its owner
//! presses whichever link comes: so the password is written by whoever uses the link, and one that came with a
//! registration counts only where no other was ever made at that address. Must not know how the page looks.

use crate::Accounts;
use crate::domain::{Account, Command, Status};
use crate::token::Purpose;
use crate::{Reached, Registration, Row, link_over, link_refused};
use okienko_journal::VaultChange;
use okienko_kernel::{Id, Moment};
use okienko_office::LoadedOffice;
use okienko_web::{ClientAddr, Problem};
use std::collections::BTreeMap;

/// The sealed row of one registration.
pub(crate) fn row_of(account: Id, row: &str) -> String {
    format!("account/{account}/waiting/{row}")
}

/// What a link of a registration opens.
enum Door {
    /// Nothing any more.
    Over,
    /// It was pressed before.
    Done,
    /// That registration, by its row; whether it is the only one; all rows that wait.
    Waits { row: String, alone: bool, rows: Vec<String> },
}

impl Accounts {
    /// Makes an account alive by the link of its mail. The second press of the same button changes nothing.
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
        // What was kept for a day is kept for good from now on; what others wrote is gone.
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

    /// What was agreed to with the registration of a link: whoever makes the account alive sees it first.
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

    /// What a registration wrote. One of before has the rows of the account itself.
    async fn registration(&self, account: Id, row: &str) -> Result<Option<Registration>, Problem> {
        if !row.is_empty() {
            return Ok(self.row(row_of(account, row)).await?);
        }
        let password = self.row(Row::Password.of(account)).await?;
        let reached: Option<Reached> = self.reached(account).await?;
        Ok(reached.map(|reached| Registration { reached, password }))
    }
}

/// Said where a link comes without a password and none that came with a registration can count.
pub(crate) fn password_needed() -> Problem {
    Problem::invalid("password", "account-password-needed")
}
