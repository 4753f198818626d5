//! `okienko token`: one signed token for a person or device, printed on one line. Opens no database: booking lists it
//! when it is first used, and from then on an admin can revoke it.

use crate::settings::{Settings, listed};
use clap::Args;
use okienko_host::{OsEntropy, WallClock, installation_keys};
use okienko_kernel::{Clock, Entropy, Keys, Span, base32};
use okienko_web::staff::{Claims, Role, sign};
use std::path::PathBuf;

/// How long a token lasts without `--days`: until people are enrolled who sign in with passwords.
const DAYS: i64 = 30;
/// The longest lifetime allowed. Devices that are to stay longer are connected on the page of people and devices.
const DAYS_AT_MOST: i64 = 365;

/// What the token says.
#[derive(Args)]
pub struct Options {
    /// What it allows: clerk, reception, kiosk, screen, supervisor, admin, auditor, operator
    #[arg(long = "role", required = true)]
    roles: Vec<Role>,
    /// The office's id; `*` for an operator
    #[arg(long)]
    office: String,
    /// Only at this location
    #[arg(long)]
    location: Option<String>,
    /// Only at this counter
    #[arg(long)]
    counter: Option<String>,
    /// Days until it ends, 1 to 365
    #[arg(long, default_value_t = DAYS, value_parser = clap::value_parser!(i64).range(1..=DAYS_AT_MOST))]
    days: i64,
    /// The installation's data folder
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Settings that name the installation's secret, instead of a data folder
    #[arg(long)]
    settings: Option<PathBuf>,
}

/// Prints the token.
pub fn run(options: Options) -> anyhow::Result<()> {
    let keys = keys(&options)?;
    let Options { roles, office, location, counter, days, .. } = options;
    say!("{}", make(&keys, &OsEntropy, roles, &office, location, counter, days));
    Ok(())
}

/// From the settings, if they name a secret; else from the data folder.
fn keys(options: &Options) -> anyhow::Result<Keys> {
    let settings =
        Settings::load(options.settings.as_deref()).map_err(|faults| anyhow::anyhow!(listed(&faults)))?;
    if let Some(keys) = settings.keys {
        return Ok(keys);
    }
    anyhow::ensure!(
        options.settings.is_none(),
        "keys.secret_file: name the file that holds the installation's secret"
    );
    std::fs::create_dir_all(&options.data)?;
    Ok(installation_keys(&options.data, &OsEntropy)?)
}

/// A signed token.
pub fn make(
    keys: &Keys,
    entropy: &dyn Entropy,
    roles: Vec<Role>,
    office: &str,
    location: Option<String>,
    counter: Option<String>,
    days: i64,
) -> String {
    let mut id = [0; 10];
    entropy.fill(&mut id);
    let expires = WallClock.now().plus(Span::from_hours(24 * days));
    let claims =
        Claims { id: base32::encode(&id), office: office.to_owned(), roles, location, counter, expires };
    sign(keys, &claims)
}
