//! The benchmarks of record, run by `okienko bench NAME`. Separate from the tests: figures are printed here, never
//! asserted. Each figure stands beside a plain design, a peer or a physical limit; a count that must be 0 and is not is
//! an error.

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
mod plain_server;
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

/// How large a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// The run of record.
    Full,
    /// Few people, to see that it works.
    Quick,
    /// Everybody of the full run comes once, untimed: whatever goes wrong with all of them there goes wrong here.
    Once,
}

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
    /// All people of the full size, once and untimed: fails on a wrong answer and on nothing else
    #[arg(long, conflicts_with = "quick")]
    once: bool,
    /// The program alone, without the plain server beside it (http, floor)
    #[arg(long)]
    alone: bool,
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
    /// Where the plain server keeps its database (plain-server)
    #[arg(long, hide = true)]
    data: Option<PathBuf>,
    /// Places of the crowd's hour (plain-server)
    #[arg(long, hide = true, default_value_t = 500)]
    crowd_places: u32,
}

impl Options {
    fn size(&self) -> Size {
        match (self.quick, self.once) {
            (true, _) => Size::Quick,
            (_, true) => Size::Once,
            _ => Size::Full,
        }
    }
    /// The program whose `bench plain-server` runs beside the measured one: this one, which certainly has it.
    fn plain(&self) -> anyhow::Result<Option<PathBuf>> {
        Ok(if self.alone { None } else { Some(std::env::current_exe()?) })
    }
}

/// Runs a benchmark and prints its figures.
pub fn run(options: Options) -> anyhow::Result<()> {
    let (size, scale) = (options.size(), options.scale.max(1));
    match options.name.as_str() {
        "journal" => journal::run(scale, size, options.only.as_deref()),
        #[cfg(feature = "cluster")]
        "cluster" => cluster::run(scale, size, options.only.as_deref()),
        "http" => {
            let plain = options.plain()?;
            http::run(program(options.program)?, plain, size)
        }
        "floor" => {
            let plain = options.plain()?;
            floor::run(program(options.program)?, plain, size, options.only)
        }
        "sms" => sms::run(program(options.program)?, scale, size),
        "plain-server" => {
            let data = options.data.context("--data names the folder of the plain server")?;
            plain_server::run(&data, options.crowd_places)
        }
        "installation" => {
            let starter =
                options.starter.context("--starter names the program that starts an installation")?;
            floor::compare(program(options.program)?, starter, size, options.only)
        }
        other => anyhow::bail!(
            "there is no benchmark {other}; there are: journal, http, floor, sms, installation, and cluster with that feature"
        ),
    }
}

fn program(named: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    Ok(named.map_or_else(std::env::current_exe, Ok)?)
}
