//! Brings about the cause of each alert in a running installation, and removes it where possible. Knows no expression.

use super::{Size, Watch};
use crate::Client;
use crate::cluster::{Cluster, Role};
use crate::house::{House, Journals};
use crate::offices;
use crate::race;
use crate::scene::walk_in;
use crate::visit::{Hold, Wish, ask_hold, fill, hold, send_code};
use anyhow::{Context, Result, bail, ensure};
use axum::Router;
use axum::routing::get;
use okienko_address::town;
use okienko_fake_provider::Mode;
use okienko_journal::{Append, Engine, NewEvent, PostgresEngine, PostgresSettings};
use okienko_kernel::{Keys, Moment};
use okienko_proto::sms::address::Kind;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_proto::sms::{Address, SendRequest};
use okienko_rpc::{ServiceKey, far};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

const DAY: Duration = Duration::from_secs(86_400);

/// A folder on a small disk of its own if this machine allows one; otherwise an ordinary folder.
pub struct Room {
    folder: tempfile::TempDir,
    small: bool,
}

impl Room {
    /// Tries to mount a small disk in memory, which only root may do.
    pub fn prepare() -> Result<Room> {
        let folder = tempfile::Builder::new().prefix("okienko-room-").tempdir()?;
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status();
        Ok(Room { folder, small: mount.is_ok_and(|it| it.success()) })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn is_small(&self) -> bool {
        self.small
    }

    fn ballast(&self) -> PathBuf {
        self.folder().join("ballast")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.small {
            // A lazy unmount: files that processes still have open there do not prevent it.
            let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
        }
    }
}

/// The drill and its actors.
struct Drill {
    house: House,
    watch: Watch,
    kiosk: Client,
    people: AtomicU32,
    fired: Vec<(String, f64)>,
}

/// Brings about the cause of every alert; returns each with the minutes until it fired.
pub async fn all(mut house: House, room: &Room, size: Size) -> Result<Vec<(String, f64)>> {
    // A database of countries that was built years ago.
    let geo = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/territory/tests/data/GeoIP2-Country-Test.mmdb");
    let cluster = house.cluster().context("an installation")?;
    cluster.set("OKIENKO__GEO__FILE", geo);
    restart(cluster, Role::Booking).await?;
    let keys = Keys::from_secret(&std::fs::read(cluster.data().join("secret"))?);
    let certificates = tempfile::tempdir()?;
    cluster.add(&certificate_that_ends(certificates.path())?).await?;
    let (older, _serving) = of_another_version().await?;
    let watch = Watch::start(&mut house, size.faster, Some(&older)).await?;
    let place = ["--role", "kiosk", "--office", "test", "--location", "hall"];
    let kiosk = house.client.with(&house.token(&place).await?);
    let begun = Instant::now();
    let mut drill = Drill { house, watch, kiosk, people: AtomicU32::new(0), fired: Vec::new() };
    if room.is_small() {
        std::fs::write(room.ballast(), vec![0; 15 << 20])?;
    }
    drill.budget_low(&keys).await?;
    drill.undelivered().await?;
    drill.provider_rests().await?;
    drill.relay_behind().await?;
    drill.database_away().await?;
    drill.database_slow().await?;
    drill.process_away().await?;
    if room.is_small() {
        drill.fires("OkienkoDiskFull").await?;
        std::fs::remove_file(room.ballast())?;
        drill.watch.is_quiet("OkienkoDiskFull").await?;
    }
    drill.task_lost().await?;
    drill.event_unread().await?;
    drill.stream_grows(&keys).await?;
    drill.call_operator().await?;
    if size.mailbox {
        drill.mailbox().await?;
    }
    for slow in ["OkienkoVersionsDiffer", "OkienkoGeoOld", "OkienkoCertificateEnds"] {
        drill.watch.fires(slow).await?;
        let minutes = super::minutes(begun.elapsed(), size.faster);
        drill.fired.push((slow.to_owned(), minutes));
    }
    // Last, because without a database of countries none can be too old.
    drill.territory_open().await?;
    Ok(drill.fired)
}

/// A process of another version, as far as Prometheus can see. One checkout cannot build programs of two versions.
async fn of_another_version() -> Result<(String, JoinSet<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let figures = get(|| async { "# TYPE okienko_info gauge\nokienko_info{version=\"0.0.1\"} 1\n" });
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        // It ends with the drill.
        let _ = axum::serve(listener, Router::new().route("/metrics", figures)).await;
    });
    Ok((address, serving))
}

/// Settings for a process whose certificate expires in a few days.
fn certificate_that_ends(folder: &Path) -> Result<Vec<(String, String)>> {
    #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let mut wanted = rcgen::CertificateParams::new(vec!["okienko".to_owned()])?;
    wanted.not_after = rcgen::date_time_ymd(1970, 1, 1) + now + 3 * DAY;
    let key = rcgen::KeyPair::generate()?;
    let made = wanted.self_signed(&key)?.pem();
    std::fs::write(folder.join("certificate.pem"), made)?;
    std::fs::write(folder.join("key.pem"), key.serialize_pem())?;
    let file = |key: &str, name: &str| {
        (format!("OKIENKO__TLS__{key}_FILE"), folder.join(name).display().to_string())
    };
    let name = ("OKIENKO__TLS__NAME".to_owned(), "okienko".to_owned());
    let (own, secret) = (file("CERTIFICATE", "certificate.pem"), file("KEY", "key.pem"));
    Ok(vec![file("AUTHORITY", "certificate.pem"), own, secret, name])
}

async fn restart(cluster: &mut Cluster, role: Role) -> Result<()> {
    for at in cluster.of(role) {
        cluster.replicas[at].kill().await;
        cluster.launch(at).await?;
        cluster.replicas[at].ready().await?;
    }
    Ok(())
}

/// A message that an office sends to somebody who is waiting.
fn notice() -> SendRequest {
    let arguments = ["ticket", "counter-given", "counter", "minutes", "ahead", "location", "url"];
    SendRequest {
        locale: "pl".into(),
        sender: "Test".into(),
        template: "soon".into(),
        arguments: arguments.map(|name| (name.to_owned(), "3".to_owned())).into(),
        day: "2026-12-01".into(),
        ..SendRequest::default()
    }
}

impl Drill {
    async fn fires(&mut self, name: &str) -> Result<()> {
        let minutes = self.watch.fires(name).await?;
        self.fired.push((name.to_owned(), minutes));
        Ok(())
    }

    /// A task of a process panics and is restarted.
    async fn task_lost(&mut self) -> Result<()> {
        let cluster = self.cluster()?;
        let at = cluster.of(Role::Queue).next().context("no queue")?;
        let client = Client::new(&cluster.replicas[at].base());
        client.post("/dev/lose", serde_json::json!({})).await?.expect(200)?;
        self.fires("OkienkoTaskLost").await?;
        self.watch.is_quiet("OkienkoTaskLost").await
    }

    /// A later version has written an event that this one does not know.
    async fn event_unread(&mut self) -> Result<()> {
        let Journals::Postgres(url) = self.house.journals() else { bail!("an installation is on Postgres") };
        let engine = PostgresEngine::open(&PostgresSettings::new(&url), "booking")?;
        let at = Moment::from_micros(0);
        let event = NewEvent {
            kind: "day_folded",
            schema: 9,
            data: b"{}".to_vec(),
            at,
            cause: "drill".into(),
            hash: [0; 32],
        };
        let later = Append {
            office: "test".into(),
            // A day that no actor loads.
            stream: "day/9999/9/2099-01-01".into(),
            expected: 0,
            at,
            events: vec![event],
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: Vec::new(),
            wake: None,
        };
        engine.append(&[&later], &[]).await?;
        self.fires("OkienkoEventUnread").await?;
        self.watch.is_quiet("OkienkoEventUnread").await
    }

    fn cluster(&mut self) -> Result<&mut Cluster> {
        self.house.cluster().context("an installation")
    }

    /// A new person: their client, phone and wish.
    fn somebody(&self) -> (Client, String, Wish) {
        let at = self.people.fetch_add(1, Ordering::Relaxed);
        let client = self.house.client.from(&town::network(at));
        let time = format!("{:02}:{:02}", 8 + at / 40 % 10, 15 * (at / 400 % 4));
        (client, town::phone(at), Wish::new("test", "hall", "visit", "2026-12-04", &time))
    }

    /// This many people ask for a code; each gets a hold first.
    async fn codes(&self, count: usize) -> Result<()> {
        for _ in 0..count {
            let (client, phone, wish) = self.somebody();
            let held: Hold = hold(&client, &wish).await?;
            fill(&client, &held, "Anna Nowak").await?;
            send_code(&client, &held, &phone).await?.expect(202)?;
        }
        Ok(())
    }

    /// An office uses up its message budget.
    async fn budget_low(&mut self, keys: &Keys) -> Result<()> {
        let gateway = self.cluster()?.of(Role::SmsGateway).start;
        let address = self.cluster()?.replicas[gateway].grpc();
        let mut gateway = SmsGatewayClient::new(far(&[address], &ServiceKey::of(keys), None)?);
        for n in 0..8 {
            let request = SendRequest {
                office: "poor".into(),
                office_number: 8,
                to: Some(Address { kind: Some(Kind::Phone(format!("+4860100000{n}"))) }),
                request_key: format!("drill/{n}"),
                budget: 10,
                ..notice()
            };
            // Once the budget is used up, the rest is refused.
            let _ = gateway.send(request).await;
        }
        self.fires("OkienkoBudgetLow").await
    }

    /// The stream of one day of an office's messages keeps growing.
    async fn stream_grows(&mut self, keys: &Keys) -> Result<()> {
        let gateway = self.cluster()?.of(Role::SmsGateway).start;
        let address = self.cluster()?.replicas[gateway].grpc();
        let gateway = SmsGatewayClient::new(far(&[address], &ServiceKey::of(keys), None)?);
        let mut sending = JoinSet::new();
        for part in 0..16 {
            let mut gateway = gateway.clone();
            sending.spawn(async move {
                for n in 0..400 {
                    let number = part * 400 + n;
                    let request = SendRequest {
                        office: "rich".into(),
                        office_number: 9,
                        to: Some(Address { kind: Some(Kind::Phone(format!("+48603{number:06}"))) }),
                        request_key: format!("grows/{number}"),
                        budget: 1_000_000,
                        ..notice()
                    };
                    // Only the events that it writes matter.
                    let _ = gateway.send(request).await;
                }
            });
        }
        while sending.join_next().await.is_some() {}
        self.fires("OkienkoStreamGrows").await
    }

    /// The provider accepts text messages and they reach no phone.
    async fn undelivered(&mut self) -> Result<()> {
        self.codes(5).await?;
        self.cluster()?.provider.behave(Mode::Lose, None);
        self.codes(3).await?;
        // Prometheus does not count the first value of a counter as an increase.
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.codes(30).await?;
        self.fires("OkienkoMessagesNotDelivered").await?;
        self.cluster()?.provider.behave(Mode::Fine, None);
        Ok(())
    }

    /// The provider answers with errors.
    async fn provider_rests(&mut self) -> Result<()> {
        self.cluster()?.provider.behave(Mode::Status { status: 503 }, None);
        self.codes(30).await?;
        self.fires("OkienkoProviderRests").await?;
        self.cluster()?.provider.behave(Mode::Fine, None);
        Ok(())
    }

    /// The bus is away, while the halls keep working.
    async fn relay_behind(&mut self) -> Result<()> {
        self.cluster()?.servers.nats.kill();
        for _ in 0..120 {
            walk_in(&self.kiosk, "visit").await?;
        }
        self.fires("OkienkoRelayBehind").await?;
        self.cluster()?.servers.nats.start_again()?;
        self.watch.is_quiet("OkienkoRelayBehind").await
    }

    /// People ask while the database is away.
    async fn database_away(&mut self) -> Result<()> {
        self.cluster()?.servers.postgres.stop_at_once();
        let asked = self.asking(Duration::from_millis(100));
        self.fires("OkienkoCommandsFail").await?;
        self.fires("OkienkoAnswersFail").await?;
        drop(asked);
        self.cluster()?.servers.postgres.start_again()?;
        for name in ["OkienkoCommandsFail", "OkienkoAnswersFail"] {
            self.watch.is_quiet(name).await?;
        }
        Ok(())
    }

    /// Takes tickets and holds, whatever the answers, until the result is dropped.
    fn asking(&self, pause: Duration) -> JoinSet<()> {
        let mut asking = JoinSet::new();
        for part in 0..4 {
            let (kiosk, client) = (self.kiosk.clone(), self.house.client.clone());
            let wish = Wish::new("test", "hall", "visit", "2026-12-08", "10:00");
            asking.spawn(async move {
                for n in 0_u32.. {
                    // Prometheus judges the answers. Each request comes from a different person: one who asks without
                    // end is rate-limited.
                    let _ = walk_in(&kiosk, "visit").await;
                    let address = format!("10.{}.{}.{}", 200 + part, n / 250 % 250, n % 250 + 1);
                    let _ = ask_hold(&client.from(&address), &wish).await;
                    tokio::time::sleep(pause).await;
                }
            });
        }
        asking
    }

    /// The database's disk is extremely slow.
    async fn database_slow(&mut self) -> Result<()> {
        let asked = self.asking(Duration::from_millis(20));
        let mut fired = [false; 2];
        let names = ["OkienkoCommitsSlow", "OkienkoAnswersSlow"];
        let begun = Instant::now();
        while fired.contains(&false) {
            ensure!(
                begun.elapsed() < Duration::from_secs(120),
                "{fired:?}: {:?}",
                self.watch.firing().await?
            );
            self.cluster()?.servers.postgres.stand_still();
            tokio::time::sleep(Duration::from_millis(1600)).await;
            self.cluster()?.servers.postgres.go_on();
            tokio::time::sleep(Duration::from_millis(100)).await;
            let firing = self.watch.firing().await?;
            for (at, name) in names.iter().enumerate() {
                if !fired[at] && firing.contains(*name) {
                    fired[at] = true;
                    let minutes = super::minutes(begun.elapsed(), self.watch.faster());
                    self.fired.push(((*name).to_owned(), minutes));
                }
            }
        }
        drop(asked);
        Ok(())
    }

    /// A process is killed.
    async fn process_away(&mut self) -> Result<()> {
        let at = self.cluster()?.of(Role::Display).start;
        self.cluster()?.replicas[at].kill().await;
        self.fires("OkienkoProcessAway").await?;
        self.cluster()?.launch(at).await?;
        self.cluster()?.replicas[at].ready().await?;
        self.watch.is_quiet("OkienkoProcessAway").await
    }

    /// The account at the provider is closed.
    async fn call_operator(&mut self) -> Result<()> {
        self.cluster()?.provider.behave(Mode::Error { number: 101 }, None);
        let begun = Instant::now();
        let name = "OkienkoNoMessageGoesOut";
        // A provider that was suspended gets one message as a probe after half a minute of real time.
        while !self.watch.firing().await?.contains(name) {
            ensure!(begun.elapsed() < Duration::from_secs(90), "{name} does not fire");
            self.codes(1).await?;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        self.fired.push((name.to_owned(), super::minutes(begun.elapsed(), self.watch.faster())));
        self.cluster()?.provider.behave(Mode::Fine, None);
        Ok(())
    }

    /// A process that takes bookings from one country only is started without a database of countries.
    async fn territory_open(&mut self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        offices::write(folder.path(), 40, 15)?;
        let office = folder.path().join("test.toml");
        let text = std::fs::read_to_string(&office)?;
        std::fs::write(&office, format!("territory = [\"PL\"]\n{text}"))?;
        let settings = [
            ("OKIENKO__GEO__FILE".to_owned(), String::new()),
            ("OKIENKO__OFFICES__DIR".to_owned(), folder.path().display().to_string()),
        ];
        let cluster = self.cluster()?;
        for (key, value) in &settings {
            cluster.set(key, value);
        }
        restart(cluster, Role::Booking).await?;
        self.fires("OkienkoTerritoryOpen").await
    }

    /// Far more requests for one day than its mailbox holds, while the database is stopped.
    async fn mailbox(&mut self) -> Result<()> {
        let wish = Wish::new("test", "hall", "visit", "2026-12-09", "10:00");
        let booking = self.cluster()?.of(Role::Booking).start;
        let base = self.cluster()?.replicas[booking].base();
        // Loads the day into memory before the database stops.
        hold(&self.somebody().0, &wish).await?;
        let mut connections = Vec::new();
        for _ in 0..256 {
            connections.push(race::connect(base.trim_start_matches("http://")).await?);
        }
        self.cluster()?.servers.postgres.stand_still();
        let rush = race::rush(&connections, 17_500, &base, &wish, 200);
        let watch = &self.watch;
        let filled = async {
            let full = "sum(okienko_commands_total{outcome=\"busy\"}) > 20";
            let begun = Instant::now();
            while watch.value(full).await?.is_none() && begun.elapsed() < Duration::from_secs(30) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            self.house.cluster().context("an installation")?.servers.postgres.go_on();
            anyhow::Ok(watch.fires("OkienkoMailboxesFull").await?)
        };
        let (answers, minutes) = tokio::join!(rush, filled);
        answers?;
        self.fired.push(("OkienkoMailboxesFull".to_owned(), minutes?));
        Ok(())
    }
}
