//! One server process: its folder, its port, its output, and what can be done to it. Knows no particular server.

use crate::ports::free_port;
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two questions whether it answers.
const PAUSE: Duration = Duration::from_millis(20);

/// A server process with its folder and port. Dropping it kills the process and removes the folder.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Server {
    /// An empty folder and a free port; nothing runs yet.
    pub(crate) fn prepare(name: &str) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix(&format!("okienko-{name}-")).tempdir()?;
        Ok(Server { folder, port: free_port()?, child: None })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Starts `command` and waits until `answers`; its output goes to a file in the folder.
    pub(crate) fn start(&mut self, mut command: Command, answers: impl Fn() -> bool) -> Result<()> {
        let log = self.folder().join("log");
        let output = File::options().create(true).append(true).open(&log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        self.child = Some(child);
        let mut waited = Duration::ZERO;
        while !answers() {
            let ended = self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))));
            if ended || waited > PATIENCE {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("{command:?} does not answer; it said: {said}");
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
        Ok(())
    }

    /// Sends a signal; nothing when it does not run.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(child) = &self.child {
            let _ = kill(Pid::from_raw(child.id() as i32), signal);
        }
    }

    /// Sends a signal to it and to its children.
    pub(crate) fn signal_all(&self, signal: Signal) {
        self.signal(signal);
        let Some(parent) = self.child.as_ref().map(Child::id) else { return };
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        for process in processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
            if parent_of(process) == Some(parent) {
                let _ = kill(Pid::from_raw(process as i32), signal);
            }
        }
    }

    /// Sends a signal and waits until the process has ended.
    pub(crate) fn end(&mut self, signal: Signal) {
        self.signal(signal);
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal(Signal::SIGCONT);
        self.end(Signal::SIGKILL);
    }
}

/// A process's parent: the second word after its name in brackets.
fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A command that is killed with `signal` when the thread that started it ends, so that a killed test leaves nothing. The
/// terminal's Ctrl-C is not for it: whoever started it ends it.
pub fn bound_to_us(signal: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.arg(format!("--pdeathsig={signal}")).process_group(0);
    command
}

/// Where a program lies: on the path, or where Debian puts what users do not call.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"];
    folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists())
}
