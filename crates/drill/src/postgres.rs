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
    /// Settings of its next starts.
    settings: Vec<String>,
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
        let mut postgres = Postgres { server, programs, settings: Vec::new() };
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
        command.args(self.settings.iter().flat_map(|setting| ["-c", setting]));
        let ready = self.programs.join("pg_isready");
        let answers = || {
            let mut ask = Command::new(&ready);
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "postgres"]).stdin(Stdio::null());
            ask.status().is_ok_and(|status| status.success())
        };
        self.server.start(command, answers)
    }

    /// Starts it anew; from now on every finished segment of its log goes to an archive beside its data.
    pub fn archive(&mut self) -> Result<()> {
        let archive = self.server.folder().join("archive");
        std::fs::create_dir(&archive)?;
        if let Some((user, group)) = other_user()? {
            std::os::unix::fs::chown(&archive, Some(user), Some(group))?;
        }
        let archive = archive.display();
        self.settings = vec!["archive_mode=on".to_owned(), format!("archive_command=cp %p {archive}/%f")];
        self.stop_at_once();
        self.start_again()
    }

    /// Takes a base backup of the running server, without its log: that is in the archive.
    pub fn base_backup(&self) -> Result<()> {
        let port = self.server.port().to_string();
        let mut command = self.as_user("TERM", "pg_basebackup")?;
        command.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-X", "none", "-c", "fast", "-D"]);
        let made = command.arg(self.server.folder().join("base")).stdin(Stdio::null()).output()?;
        if !made.status.success() {
            bail!("pg_basebackup: {}", String::from_utf8_lossy(&made.stderr));
        }
        Ok(())
    }

    /// Closes the segment of its log that is being written, so that it goes to the archive; the moment before that.
    pub fn archived_until(&self) -> Result<String> {
        let moment = self.ask("SELECT clock_timestamp()")?;
        let segment = self.ask("SELECT pg_walfile_name(pg_switch_wal())")?;
        let archived =
            format!("SELECT coalesce(last_archived_wal >= '{segment}', false) FROM pg_stat_archiver");
        for _ in 0..600 {
            if self.ask(&archived)? == "t" {
                return Ok(moment);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        bail!("{segment} does not come to the archive")
    }

    /// Throws its data away, and brings back the base backup and of the archive what was before `moment`.
    pub fn restore(&mut self, moment: &str) -> Result<()> {
        self.stop_at_once();
        let folder = self.server.folder().to_owned();
        std::fs::remove_dir_all(self.data())?;
        std::fs::rename(folder.join("base"), self.data())?;
        std::fs::write(self.data().join("recovery.signal"), "")?;
        if let Some((user, group)) = other_user()? {
            std::os::unix::fs::chown(self.data().join("recovery.signal"), Some(user), Some(group))?;
        }
        self.settings = vec![
            format!("restore_command=cp {}/%f %p", folder.join("archive").display()),
            format!("recovery_target_time={moment}"),
            "recovery_target_action=promote".to_owned(),
        ];
        self.start_again()?;
        for _ in 0..600 {
            if self.ask("SELECT pg_is_in_recovery()").is_ok_and(|said| said == "f") {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        bail!("it does not end its recovery")
    }

    /// One value, as `psql` prints it.
    fn ask(&self, sql: &str) -> Result<String> {
        let port = self.server.port().to_string();
        let mut command = self.as_user("TERM", "psql")?;
        command.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-qAtc", sql]);
        let said = command.stdin(Stdio::null()).output()?;
        if !said.status.success() {
            bail!("{sql}: {}", String::from_utf8_lossy(&said.stderr));
        }
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
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

    /// Freezes it whole: connections stay open, and nothing is answered or written.
    pub fn stand_still(&self) {
        self.server.signal_all(Signal::SIGSTOP);
    }

    /// Ends that.
    pub fn go_on(&self) {
        self.server.signal_all(Signal::SIGCONT);
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
        self.go_on();
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
