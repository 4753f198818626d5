//! The program as an installation: replicas of each role as separate processes, the servers they share, a provider of
//! messages, and an ingress in front of them. Knows how they are started and stopped, and nothing of what they do.

mod clock;
mod dev;
pub mod ingress;
mod replica;
mod servers;
mod table;
mod upstream;

pub use clock::Clocks;
pub use dev::Dev;
pub use ingress::Ingress;
pub use replica::Replica;
pub use servers::{Servers, Ways};
pub use table::{Role, role_of};

use crate::house::{binary, token};
use anyhow::{Context, Result, ensure};
use okienko_fake_provider::FakeProvider;
use replica::StartOptions;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinSet;

/// The token of the installation's account at the provider.
pub const ACCOUNT: &str = "account-of-the-drill";

/// What to start.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Processes per role.
    pub replicas: usize,
    /// A folder of office files; the samples if absent.
    pub offices: Option<PathBuf>,
    /// Where domain time stands; real time if absent.
    pub clock: Option<String>,
    /// Where the ingress listens; port 0 means any.
    pub listen: SocketAddr,
    /// A database of countries by network address.
    pub geo: Option<PathBuf>,
    /// The folder where the installation's secret is kept or created; a temporary one if absent.
    pub data: Option<PathBuf>,
    /// Each process gets its own connections to the servers, which can be cut.
    pub can_be_cut: bool,
    /// The program that the processes run; the one under test if absent.
    pub program: Option<PathBuf>,
    /// Additional settings, as environment variables.
    pub settings: Vec<(String, String)>,
}

impl Plan {
    /// This many processes per role, with the sample offices and a standing clock.
    pub fn new(replicas: usize, clock: &str) -> Plan {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let clock = Some(clock.to_owned());
        Plan {
            replicas,
            offices: None,
            clock,
            listen,
            geo: None,
            data: None,
            can_be_cut: false,
            program: None,
            settings: Vec::new(),
        }
    }

    fn offices(&self) -> PathBuf {
        let samples = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/offices");
        self.offices.clone().unwrap_or_else(samples)
    }
}

/// A running installation. Dropping it ends its processes and servers and removes their folders.
pub struct Cluster {
    /// Its processes: role by role, in the order of [`Role::ALL`].
    pub replicas: Vec<Replica>,
    /// One per process, if they can be cut.
    pub ways: Vec<Ways>,
    /// The servers that they use.
    pub servers: Servers,
    /// The provider that receives their messages.
    pub provider: FakeProvider,
    plan: Plan,
    base: String,
    clocks: Option<Arc<Clocks>>,
    settings: Vec<(String, String)>,
    _serving: JoinSet<()>,
    data: PathBuf,
    _folder: tempfile::TempDir,
}

impl Cluster {
    /// Starts the servers, migrates the databases to this version, starts every process and waits until all are ready.
    pub async fn start(plan: Plan) -> Result<Cluster> {
        let folder = tempfile::Builder::new().prefix("okienko-cluster-").tempdir()?;
        // Issuing the first token creates the installation's secret.
        let data = plan.data.clone().unwrap_or_else(|| folder.path().to_owned());
        token(&data, &["--role", "screen", "--office", "none"]).await?;
        let servers = Servers::start()?;
        let mut replicas = Vec::new();
        for role in Role::ALL {
            for number in 0..plan.replicas {
                replicas.push(Replica::prepare(role, number, folder.path())?);
            }
        }
        let ways = replicas.iter().filter(|_| plan.can_be_cut).map(|_| servers.ways());
        let ways = ways.collect::<Result<Vec<_>>>()?;
        let bases = replicas.iter().map(Replica::base);
        let clocks = plan.clock.as_deref().map(|now| Clocks::new(bases, now)).transpose()?.map(Arc::new);
        let (listener, base) = ingress::bind(plan.listen).await?;
        let (http, mail) = (any().await?, any().await?);
        let shown = clocks.clone();
        let provider = FakeProvider::new(Some(ACCOUNT), Box::new(move || dev::now(shown.as_deref())));
        let settings = common(&plan, &data, &base, &http.1, &mail.1, &replicas);
        let mut serving = JoinSet::new();
        serving.spawn(provider.clone().serve_http(http.0));
        serving.spawn(provider.clone().serve_mail(mail.0));
        let offices = dev::numbers(&plan.offices())?;
        let dev = Dev { provider: provider.clone(), clocks: clocks.clone(), offices };
        serving.spawn(Arc::new(Ingress::new(ports(&replicas), dev)).serve(listener));
        let mut cluster = Cluster {
            replicas,
            ways,
            servers,
            provider,
            plan,
            base,
            clocks,
            settings,
            _serving: serving,
            data,
            _folder: folder,
        };
        cluster.migrate().await?;
        cluster.start_all().await?;
        // A process is ready before booking's first announcement of the offices has reached it.
        if let Some(clocks) = &cluster.clocks {
            clocks.settled().await?;
        }
        Ok(cluster)
    }

    /// The address of the ingress.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The folder with the installation's secret, for `okienko token --data`.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The clocks of all processes, if domain time is simulated.
    pub fn clocks(&self) -> Option<Arc<Clocks>> {
        self.clocks.clone()
    }

    /// Processes started from now on run this program.
    pub fn run_with(&mut self, program: &Path) {
        self.plan.program = Some(program.to_owned());
    }

    /// Processes started from now on get this setting too.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    fn program(&self) -> Result<PathBuf> {
        self.plan.program.clone().map_or_else(binary, Ok)
    }

    /// Migrates the databases to the version of that program.
    pub async fn migrate(&self) -> Result<()> {
        let mut command = Command::new(self.program()?);
        command.arg("migrate").envs(self.settings.iter().cloned()).envs(self.servers.settings(None));
        let out = command.output().await.context("cannot start the migration")?;
        ensure!(out.status.success(), "migrate: {}", String::from_utf8_lossy(&out.stderr));
        Ok(())
    }

    /// Starts every process that is not running and waits until they are ready.
    pub async fn start_all(&mut self) -> Result<()> {
        let resting: Vec<usize> =
            (0..self.replicas.len()).filter(|at| self.replicas[*at].pid().is_none()).collect();
        for at in &resting {
            self.launch(*at).await?;
        }
        for at in resting {
            self.replicas[at].ready().await?;
        }
        Ok(())
    }

    /// Starts one process without waiting until it is ready. Its clock shows the same time as the others.
    pub async fn launch(&mut self, at: usize) -> Result<()> {
        self.launch_with(at, &[]).await
    }

    /// Adds a process of display with additional settings: display is the last role, so the process comes after all
    /// others. Does not wait until it is ready.
    pub async fn add(&mut self, told: &[(String, String)]) -> Result<usize> {
        let at = self.replicas.len();
        self.replicas.push(Replica::prepare(Role::Display, at, self._folder.path())?);
        self.launch_with(at, told).await?;
        Ok(at)
    }

    async fn launch_with(&mut self, at: usize, told: &[(String, String)]) -> Result<()> {
        let mut settings = self.settings.clone();
        settings.extend(told.iter().cloned());
        settings.extend(self.servers.settings(self.ways.get(at)));
        if let Some(clocks) = &self.clocks {
            settings.push(("OKIENKO__DRILL__CLOCK".into(), clocks.exact(clocks.now().await)));
        }
        let program = self.program()?;
        self.replicas[at].start(&StartOptions { program, settings, arguments: Vec::new() })
    }

    /// `kill -9` of every process at once, then restarts all on the same servers.
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        for replica in &mut self.replicas {
            replica.signal(nix::sys::signal::Signal::SIGKILL);
        }
        for replica in &mut self.replicas {
            replica.kill().await;
        }
        self.start_all().await
    }

    /// Stops every process at once, as an operator does. The servers end with the value.
    pub async fn stop(mut self) {
        for replica in &self.replicas {
            replica.signal(nix::sys::signal::Signal::SIGTERM);
        }
        for replica in &mut self.replicas {
            replica.stop().await;
        }
    }

    /// The indexes in `replicas` of a role's processes.
    pub fn of(&self, role: Role) -> std::ops::Range<usize> {
        let first = Role::ALL.iter().position(|it| *it == role).unwrap_or_default() * self.plan.replicas;
        first..first + self.plan.replicas
    }
}

/// The settings of every process, except for the servers' addresses.
fn common(
    plan: &Plan,
    data: &Path,
    base: &str,
    sms: &str,
    relay: &str,
    replicas: &[Replica],
) -> Vec<(String, String)> {
    let ways = |role: Role| {
        let all = replicas.iter().filter(|replica| replica.role == role).map(Replica::grpc);
        all.collect::<Vec<_>>().join(",")
    };
    let mut settings = vec![
        ("SERVE__BASE_URL", base.to_owned()),
        ("SERVE__TRUSTED_PROXIES", "127.0.0.0/8".to_owned()),
        ("SERVE__NOTICE_S", "0".to_owned()),
        ("SERVE__GRACE_S", "5".to_owned()),
        ("LIMITS__PROCESSES", plan.replicas.to_string()),
        ("KEYS__SECRET_FILE", data.join("secret").display().to_string()),
        ("OFFICES__DIR", plan.offices().display().to_string()),
        // The access log is one list, whichever process writes to it.
        ("ACCESS__DIR", data.join("access").display().to_string()),
        ("GEO__LOCAL_COUNTRY", "PL".to_owned()),
        ("SMS__ADDRESS", format!("http://{sms}")),
        ("SMS__TOKEN", ACCOUNT.to_owned()),
        // One fake provider speaks both protocols; `sms.providers` names the one in use.
        ("TWILIO__ADDRESS", format!("http://{sms}")),
        ("TWILIO__ACCOUNT", "AC00000000000000000000000000000000".to_owned()),
        ("TWILIO__TOKEN", ACCOUNT.to_owned()),
        // It sends its reports from this machine.
        ("SMS__CALLBACK_NETWORKS", String::new()),
        ("MAIL__RELAY", relay.to_owned()),
        ("MAIL__FROM", "wizyty@okienko.example".to_owned()),
        ("WAYS__SMS_GATEWAY", ways(Role::SmsGateway)),
        ("WAYS__BOOKING", ways(Role::Booking)),
        ("WAYS__QUEUE", ways(Role::Queue)),
    ];
    settings.extend(plan.geo.as_ref().map(|file| ("GEO__FILE", file.display().to_string())));
    let usual = settings.into_iter().map(|(name, value)| (format!("OKIENKO__{name}"), value));
    usual.chain(plan.settings.iter().cloned()).collect()
}

fn ports(replicas: &[Replica]) -> BTreeMap<Role, Vec<u16>> {
    let mut ports = BTreeMap::<Role, Vec<u16>>::new();
    for replica in replicas {
        ports.entry(replica.role).or_default().push(replica.http);
    }
    ports
}

async fn any() -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    Ok((listener, address))
}
