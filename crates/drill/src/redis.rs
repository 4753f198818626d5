//! A private redis-server that keeps nothing on disk.

use crate::server::{Server, bound_to_us, program};
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A running redis-server.
pub struct Redis {
    server: Server,
}

impl Redis {
    /// Whether its program is there.
    pub fn is_installed() -> bool {
        program("redis-server").is_some()
    }

    /// Starts an empty one.
    pub fn start() -> Result<Redis> {
        let mut redis = Redis { server: Server::prepare("redis")? };
        redis.start_again()?;
        Ok(redis)
    }

    /// Starts it again, empty, on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        let program =
            program("redis-server").context("no Redis here; on Debian: apt-get install redis-server")?;
        let port = self.server.port();
        let mut command = bound_to_us("KILL");
        command.arg(program).args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""]);
        command.args(["--appendonly", "no", "--dir"]).arg(self.server.folder());
        self.server.start(command, || said(port, "PING").is_ok_and(|answer| answer.starts_with("+PONG")))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.server.port())
    }

    /// Forgets everything.
    pub fn flush(&self) -> Result<()> {
        said(self.server.port(), "FLUSHALL").map(drop)
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.server.end(Signal::SIGKILL);
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

fn said(port: u16, command: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("{command}\r\n").as_bytes())?;
    let mut answer = [0; 64];
    let length = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
