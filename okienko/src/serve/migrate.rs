//! `okienko migrate`: migrates the schemas of all services to this program's version.

use crate::settings::{Fault, Settings, listed};
use okienko::Role;
use okienko_host::telemetry;
use okienko_journal::{login_of, migrate};

/// Migrates, and prints what was done.
pub fn run(settings: Settings) -> anyhow::Result<()> {
    telemetry::lines(&settings.serve.log, settings.serve.log_json);
    let told = &settings.postgres;
    let Some(url) = &told.url else {
        let missing = Fault::missing("postgres.url", "write postgres://user@host/database");
        anyhow::bail!("{}", listed(&[missing]));
    };
    let owner = told.owner_url.as_ref().unwrap_or(url);
    let mut logins = vec![login_of(url.reveal())?];
    if let Some(relay) = &told.relay_url {
        logins.push(login_of(relay.reveal())?);
    }
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for role in Role::ALL.into_iter().filter(|role| role.has_journal()) {
            migrate(owner.reveal(), role.name(), &logins).await?;
            say!("{role}: its schema is of this version");
        }
        Ok(())
    })
}
