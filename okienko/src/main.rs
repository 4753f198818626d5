//! The program: one binary whose roles are the four services. Contains only the command line; `compose` puts together
//! what runs.

#![deny(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod say;

mod assemble;
mod backup;
mod check;
mod clock_file;
mod cluster;
#[cfg(feature = "demo")]
mod demo;
mod demo_mark;
#[cfg(feature = "demo")]
mod dev;
mod doctor;
mod embedded;
#[cfg(feature = "demo")]
mod fake_provider;
mod geo;
mod judge;
#[cfg(feature = "demo")]
mod memory;
mod one_pc;
mod ops;
#[cfg(feature = "demo")]
mod people;
mod providers;
mod samples;
#[cfg(feature = "cluster")]
mod serve;
mod server;
#[cfg_attr(not(feature = "cluster"), expect(dead_code, reason = "most settings are read by `serve` alone"))]
mod settings;
mod sms_length;
mod token;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use std::path::PathBuf;
use std::process::ExitCode;

/// A rush means many small allocations on few cores; this allocator needs a tenth of their time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Visits of city offices: booking, kiosk, queue, calling, screens, e-tickets.
#[derive(Parser)]
#[command(name = "okienko", version, about)]
#[cfg_attr(not(feature = "demo"), command(arg_required_else_help = true))]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Everything in one process on embedded parts, with sample offices (the default)
    #[cfg(feature = "demo")]
    Demo(demo::Options),
    /// An office on one PC (`embedded.data` in the settings), or some of the roles in one process of many (Postgres, NATS, Redis)
    Serve(cluster::Serve),
    /// Brings the databases to this version
    Migrate(cluster::Migrate),
    /// Checks office files and settings: every fault with its place, what is wrong and what to write
    Check {
        /// An office file, a folder of them, or a settings file
        path: PathBuf,
    },
    /// Asks running processes how they are: what is wrong and the one thing to do
    Doctor(doctor::Options),
    /// Writes all that a program on one PC keeps into one file, while it runs
    Backup(backup::Options),
    /// Brings a backup back into an empty folder, once it was found whole
    Restore(backup::Options),
    /// Prints a bearer token for a person or device
    Token(token::Options),
    /// An SMS provider and a mail relay to test against
    #[cfg(feature = "demo")]
    FakeProvider(fake_provider::Options),
    /// The benchmarks of record
    #[cfg(feature = "bench")]
    Bench(okienko_bench::Options),
}

/// With huge pages the allocator's idle memory nearly doubles, and nothing measured is faster.
fn small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_thp_disable(true) {
        say::complain(format_args!("huge pages stay on, which costs memory: {error}"));
    }
}

/// Files written by this program are readable only by their owner, whatever the machine's umask: they contain people's
/// names, and keys.
fn private_files() {
    use nix::sys::stat::{Mode, umask};
    let others = Mode::S_IRWXG | Mode::S_IRWXO;
    let usual = umask(others);
    umask(usual | others);
}

/// Exceeding the file size limit becomes an error of the write instead of killing the process.
fn full_files_are_errors() {
    use nix::sys::signal::{SigSet, Signal};
    let mut full = SigSet::empty();
    full.add(Signal::SIGXFSZ);
    if let Err(error) = full.thread_block() {
        say::complain(format_args!("a limit on the size of files may end the program: {error}"));
    }
}

/// Exit codes: 0 done, 1 refused input or failed check, 2 wrong usage (clap's own).
fn main() -> ExitCode {
    say::end_quietly_unread();
    small_pages();
    private_files();
    full_files_are_errors();
    let command = Arguments::parse().command;
    #[cfg(feature = "demo")]
    let command = command.or_else(|| Some(Command::Demo(demo::Options::default())));
    // Without the demo clap itself demands a command.
    let Some(command) = command else { return ExitCode::from(2) };
    let done = match command {
        #[cfg(feature = "demo")]
        Command::Demo(options) => demo::run(options),
        Command::Serve(options) => cluster::serve(options),
        Command::Migrate(options) => cluster::migrate(options),
        Command::Check { path } => check::run(&path),
        Command::Doctor(options) => doctor::run(options),
        Command::Backup(options) => backup::backup(options),
        Command::Restore(options) => backup::restore(options),
        Command::Token(options) => token::run(options),
        #[cfg(feature = "demo")]
        Command::FakeProvider(options) => fake_provider::run(options),
        #[cfg(feature = "bench")]
        Command::Bench(options) => okienko_bench::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::complain(format_args!("{error:#}"));
            ExitCode::from(1)
        }
    }
}
