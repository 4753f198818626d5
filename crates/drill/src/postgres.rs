//! A private PostgreSQL. It refuses to run as root, so root runs it as the package's user `postgres`.

use crate::server::{Server, bound_to_us};
use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running PostgreSQL, with full durability, that trusts everybody on this machine.
pub struct Postgres {
    server: Server,
    programs: PathBuf,
}

impl Postgres {
    /// Whether its programs are there.
    pub fn is_installed() -> bool {
        programs().is_some()
    }

    /// Makes a new database cluster and starts it.
    pub fn start() -> Result<Postgres> {
        let programs = programs().context("no PostgreSQL here; on Debian: apt-get install postgresql")?;
        let server = Server::prepare("postgres")?;
        if let Some((user, group)) = other_user()? {
            std::os::unix::fs::chown(server.folder(), Some(user), Some(group))?;
        }
        let mut postgres = Postgres { server, programs };
        let mut initdb = postgres.as_user("TERM", "initdb")?;
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        let made = initdb.arg("--pgdata").arg(postgres.data()).stdin(Stdio::null()).output()?;
        if !made.status.success() {
            bail!("initdb: {}", String::from_utf8_lossy(&made.stderr));
        }
        postgres.start_again()?;
        Ok(postgres)
    }

    /// Starts it on the data that is there, on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        let port = self.server.port().to_string();
        let mut command = self.as_user("QUIT", "postgres")?;
        command.arg("-D").arg(self.data()).args(["-h", "127.0.0.1", "-p", &port, "-k"]);
        command.arg(self.server.folder()).args(["-c", "max_connections=300"]);
        let ready = self.programs.join("pg_isready");
        let answers = || {
            let mut ask = Command::new(&ready);
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "postgres"]).stdin(Stdio::null());
            ask.status().is_ok_and(|status| status.success())
        };
        self.server.start(command, answers)
    }

    /// The address for its owner, who may do everything.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address for a user of it.
    pub fn url_of(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/postgres", self.server.port())
    }

    /// Its port on this machine.
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Stops it at once, as a crash would: nothing is finished, the log is replayed at the next start.
    pub fn stop_at_once(&mut self) {
        self.server.end(Signal::SIGQUIT);
    }

    /// Freezes its parent process: whoever is connected goes on, nobody new comes in.
    pub fn freeze(&self) {
        self.server.signal(Signal::SIGSTOP);
    }

    /// Ends a freeze.
    pub fn thaw(&self) {
        self.server.signal(Signal::SIGCONT);
    }

    fn data(&self) -> PathBuf {
        self.server.folder().join("data")
    }

    fn as_user(&self, death: &str, program: &str) -> Result<Command> {
        let mut command = bound_to_us(death);
        if let Some((user, group)) = other_user()? {
            command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()]);
        }
        command.arg(self.programs.join(program)).current_dir(self.server.folder());
        Ok(command)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.thaw();
        // Its children must go too, which a killed parent cannot see to.
        self.stop_at_once();
    }
}

/// The newest installed version's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|entry| entry.path().join("bin"));
    folders.filter(|folder| folder.join("postgres").exists()).max_by_key(|folder| version(folder))
}

fn version(folder: &Path) -> u32 {
    let name = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// The user that root runs it as; nothing when we are not root.
fn other_user() -> Result<Option<(u32, u32)>> {
    if !nix::unistd::geteuid().is_root() {
        return Ok(None);
    }
    let ask = |what: &str| -> Result<u32> {
        let output = Command::new("id").args([what, "postgres"]).output()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().context("there is no user postgres")
    };
    Ok(Some((ask("-u")?, ask("-g")?)))
}
