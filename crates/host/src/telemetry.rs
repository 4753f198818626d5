//! Logs: one line an event, on standard error. Knows no service; whoever logs keeps personal data out.

use tracing_subscriber::EnvFilter;

/// Starts logging. `filter` is written like `info,okienko_queue=debug`; a filter that cannot be read means `info`.
pub fn start(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // Colours are for people at a terminal: in a file they are noise.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let builder = builder.with_ansi(colours);
    // A second start in one process, as in tests, keeps the first.
    let _ = if json { builder.json().try_init() } else { builder.compact().try_init() };
}
