//! The benchmarks of record, run by `okienko bench NAME`. Apart from the tests: here figures are printed, never asserted.
//! Each figure stands beside a plain design, a peer or a physical limit; what must be 0 and is not, is an error.

mod actors;
mod cases;
#[cfg(feature = "cluster")]
mod cluster;
mod crowd;
mod disk;
mod floor;
mod http;
mod journal;
mod office;
mod peers;
mod plain;
#[cfg(feature = "cluster")]
mod plain_postgres;
mod program;
mod report;
mod sms;
mod stats;
mod tokens;
mod visit;
mod wire;

use anyhow::Context;
use clap::Args;
use std::path::PathBuf;

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Which benchmark: journal, http, floor, sms; cluster and installation in a program built with that feature
    name: String,
    /// Multiplies the size of the run (journal, cluster, sms)
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Small sizes, to see that it works (http, floor, installation)
    #[arg(long)]
    quick: bool,
    /// Only the questions whose name begins so: rush, spread, month, kiosks, clerks, screens, footprint (floor,
    /// installation);
    /// part of a case's name (journal, cluster)
    #[arg(long)]
    only: Option<String>,
    /// The program that is measured, instead of this one (http, floor, installation, sms)
    #[arg(long, env = "OKIENKO_BIN")]
    program: Option<PathBuf>,
    /// The program that starts an installation (installation)
    #[arg(long)]
    starter: Option<PathBuf>,
}

/// Runs a benchmark and prints its figures.
pub fn run(options: Options) -> anyhow::Result<()> {
    match options.name.as_str() {
        "journal" => journal::run(options.scale.max(1), options.only.as_deref()),
        #[cfg(feature = "cluster")]
        "cluster" => cluster::run(options.scale.max(1), options.only.as_deref()),
        "http" => http::run(program(options.program)?, options.quick),
        "floor" => floor::run(program(options.program)?, options.quick, options.only),
        "sms" => sms::run(program(options.program)?, options.scale.max(1)),
        "installation" => {
            let starter =
                options.starter.context("--starter names the program that starts an installation")?;
            floor::compare(program(options.program)?, starter, options.quick, options.only)
        }
        other => anyhow::bail!(
            "there is no benchmark {other}; there are: journal, http, floor, sms, installation, and cluster with that feature"
        ),
    }
}

fn program(named: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    Ok(named.map_or_else(std::env::current_exe, Ok)?)
}
