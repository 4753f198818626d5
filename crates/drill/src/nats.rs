//! A private nats-server with JetStream on files.

use crate::server::{Server, bound_to_us, program};
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::time::Duration;

/// A running nats-server.
pub struct Nats {
    server: Server,
}

impl Nats {
    /// Whether its program is there.
    pub fn is_installed() -> bool {
        program("nats-server").is_some()
    }

    /// Starts one with an empty store.
    pub fn start() -> Result<Nats> {
        let mut nats = Nats { server: Server::prepare("nats")? };
        nats.start_again()?;
        Ok(nats)
    }

    /// Starts it on the data that is there, on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        let program =
            program("nats-server").context("no NATS here; on Debian: apt-get install nats-server")?;
        let port = self.server.port();
        let mut command = bound_to_us("KILL");
        command.arg(program).args(["-a", "127.0.0.1", "-p", &port.to_string(), "-js", "-sd"]);
        command.arg(self.server.folder().join("store"));
        self.server.start(command, || greets(port).unwrap_or(false))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.server.port())
    }

    /// Its port on this machine.
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.server.end(Signal::SIGKILL);
    }

    /// Kills it and loses all that it had stored.
    pub fn lose(&mut self) -> Result<()> {
        self.kill();
        Ok(std::fs::remove_dir_all(self.server.folder().join("store"))?)
    }

    /// Freezes it: connections stay open and nothing answers.
    pub fn freeze(&self) {
        self.server.signal(Signal::SIGSTOP);
    }

    /// Ends a freeze.
    pub fn thaw(&self) {
        self.server.signal(Signal::SIGCONT);
    }
}

/// A server tells about itself as soon as somebody comes, and whether JetStream is there.
fn greets(port: u16) -> Result<bool> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.contains("\"jetstream\":true"))
}
