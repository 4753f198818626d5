//! `cargo xtask …`: the single entry point for CI and people. Knows stages, tools and files; nothing of what Okienko
//! does.

mod bench;
mod browser;
mod build_times;
mod cargo;
mod cluster;
mod compare;
mod machine;
mod older;
mod packages;
mod pictures;
mod proof;
mod python;
mod sbom;
mod shell;
mod stages;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, tests, proofs and benchmarks of Okienko")]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// All that CI runs: formatting, house rules, clippy, tests, browser tests, the providers' own clients, manifests
    Test,
    /// Formatting, house rules and clippy alone
    Check,
    /// The house rules alone
    Tidy,
    /// Runs a full-size proof in release and writes docs/proofs/NAME.md
    Prove {
        /// The proof: the first argument of the `prove` program in e2e
        name: String,
        /// What makes the run repeatable; drawn from the clock when it is not given
        #[arg(long)]
        seed: Option<u64>,
        /// Handed on as they are
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Simulates days of whole offices with faults, from fresh seeds on all cores: `--minutes N`, `--seed S`, …
    Sim {
        /// Handed on to the simulator as they are; `--help` tells all
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Runs a benchmark of record: `okienko bench NAME` in release
    Bench {
        /// The benchmark: the argument of `okienko bench`; `once`, for all of them with all their people and no clock; or
        /// `compare`, for this version and an older one in turns; or `build`, for how long both take to build
        name: String,
        /// The benchmark that is compared
        #[arg(required_if_eq("name", "compare"))]
        of: Option<String>,
        /// The older version: a commit, a tag or a branch; the newest tag where none is named (compare, build)
        #[arg(long)]
        from: Option<String>,
        /// How often each version runs (compare)
        #[arg(long)]
        rounds: Option<u32>,
        /// Write docs/proofs/bench-NAME.md, or compare-NAME.md
        #[arg(long)]
        keep: bool,
        /// Handed on as they are; after `--` where they look like options
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Starts an installation of many processes on private servers and runs it until Ctrl-C
    Cluster {
        /// Handed on as they are, e.g. `--replicas 3 --clock real --listen 127.0.0.1:8080`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Writes what is in the program, with versions and licences, to target/sbom (CycloneDX)
    Sbom,
    /// Walks the pages in a browser and keeps the pictures that README.md and docs/tour.md show in docs/pictures
    Pictures,
}

fn main() -> ExitCode {
    let done = match Line::parse().task {
        Task::Test => stages::test(),
        Task::Check => stages::check(),
        Task::Tidy => stages::tidy(),
        Task::Prove { name, seed, rest } if name == "sim" => proof::prove_sim(seed, &rest),
        Task::Prove { name, seed, rest } if name == "calendar" => proof::prove_calendar(seed, &rest),
        Task::Prove { name, seed, rest } if name == "fuzz" => proof::prove_fuzz(seed, &rest),
        Task::Prove { name, seed, rest } if name == "upgrade" => proof::prove_upgrade(seed, &rest),
        Task::Prove { name, seed, rest } => proof::prove(&name, seed, &rest),
        Task::Sim { rest } => proof::simulate(&rest),
        Task::Bench { name, of: Some(of), from, rounds, keep, rest } if name == "compare" => {
            from.map_or_else(older::newest_tag, Ok).and_then(|from| {
                bench::compare(&bench::Comparison { name: &of, from: &from, rounds, keep, rest: &rest })
            })
        }
        Task::Bench { name, of: None, from, rounds: None, keep, .. } if name == "build" => {
            from.map_or_else(older::newest_tag, Ok).and_then(|from| build_times::bench(&from, keep))
        }
        Task::Bench { name, of: None, from: None, rounds: None, .. } if name == "once" => {
            stages::benchmarks()
        }
        Task::Bench { name, of: None, from: None, rounds: None, keep, rest } => {
            bench::bench(&name, keep, &rest)
        }
        Task::Bench { .. } => Err(anyhow::anyhow!(
            "write cargo xtask bench NAME, cargo xtask bench compare NAME --from COMMIT, or cargo xtask bench build --from COMMIT"
        )),
        Task::Cluster { rest } => cluster::run_until_ended(&rest),
        Task::Sbom => sbom::write(),
        Task::Pictures => stages::pictures(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("xtask: {fault:#}");
            ExitCode::FAILURE
        }
    }
}
