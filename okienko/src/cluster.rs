//! The commands of an installation of many processes: `okienko serve` and `okienko migrate`. A program built for one PC
//! accepts them, and says how to build the other one.

use crate::one_pc;
use crate::settings::{self, Settings, listed};
use clap::Args;
use okienko::Role;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What `serve` may be told.
#[derive(Args)]
pub struct Serve {
    /// What runs in this process, e.g. `booking,queue`; on one PC all of them do
    #[arg(long, value_delimiter = ',')]
    roles: Vec<Role>,
    /// The settings file; the environment (`OKIENKO__SECTION__KEY`) is stronger
    #[arg(long)]
    settings: Option<PathBuf>,
    /// Where HTTP is listened to; port 0 means any
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// A folder of office files that booking imports
    #[arg(long)]
    offices: Option<PathBuf>,
    /// Where what stays with this process is kept: the access log
    #[arg(long)]
    data: Option<PathBuf>,
    /// Prints every setting with its meaning and default, and ends
    #[arg(long)]
    defaults: bool,
}

/// What `migrate` may be told.
#[derive(Args)]
pub struct Migrate {
    /// The settings file; the environment (`OKIENKO__SECTION__KEY`) is stronger
    #[arg(long)]
    settings: Option<PathBuf>,
}

/// Runs roles until the process is asked to stop.
pub fn serve(options: Serve) -> anyhow::Result<()> {
    let Serve { roles, settings, listen, offices, data, defaults } = options;
    if defaults {
        say!("{}", settings::defaults().trim_end());
        return Ok(());
    }
    let mut settings =
        Settings::load(settings.as_deref()).map_err(|faults| anyhow::anyhow!(listed(&faults)))?;
    if let Some(own) = settings.embedded.take() {
        anyhow::ensure!(roles.is_empty(), "--roles: with embedded.data all roles run here: leave it out");
        settings.serve.listen = listen.unwrap_or(settings.serve.listen);
        settings.offices = offices.or(settings.offices);
        return one_pc::run(data.unwrap_or(own), settings);
    }
    anyhow::ensure!(
        !roles.is_empty(),
        "--roles: name what runs in this process, e.g. booking,queue; for an office on one PC set embedded.data instead"
    );
    parts::serve(parts::ServeOptions { roles: roles.into_iter().collect(), listen, offices, data }, settings)
}

/// Migrates the databases to this version.
pub fn migrate(options: Migrate) -> anyhow::Result<()> {
    let settings = Settings::load(options.settings.as_deref());
    parts::migrate(settings.map_err(|faults| anyhow::anyhow!(listed(&faults)))?)
}

#[cfg(feature = "cluster")]
mod parts {
    //! With the parts for many machines.
    pub use crate::serve::{ServeOptions, migrate, run as serve};
}

#[cfg(not(feature = "cluster"))]
mod parts {
    //! Without the parts for many machines.
    use super::*;
    use std::collections::BTreeSet;

    #[expect(dead_code, reason = "read by the program with all parts")]
    pub struct ServeOptions {
        pub roles: BTreeSet<Role>,
        pub listen: Option<SocketAddr>,
        pub offices: Option<PathBuf>,
        pub data: Option<PathBuf>,
    }

    pub fn serve(_: ServeOptions, _: Settings) -> anyhow::Result<()> {
        without()
    }

    pub fn migrate(_: Settings) -> anyhow::Result<()> {
        without()
    }

    fn without() -> anyhow::Result<()> {
        anyhow::bail!(
            "this program was built for one PC, without Postgres, NATS and Redis: `cargo build --release --features cluster` builds the other one"
        )
    }
}
