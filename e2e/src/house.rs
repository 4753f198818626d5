//! The program as the tests see it: one process or many, started in folders of their own, killed when a test asks for
//! it. The only place that knows which shape runs.

use crate::client::Client;
use crate::cluster::{Cluster, Plan};
use crate::demo::Demo;
use anyhow::Context;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// The morning on which most tests begin: a Tuesday, before the office opens.
pub const MORNING: &str = "2026-12-01T07:30:00+01:00";

/// The shape in which the program runs: the tests are the same for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One process with embedded stores.
    Demo,
    /// One process per role, on private servers.
    Roles,
    /// Two processes per role.
    Cluster,
}

impl Shape {
    /// The shape named by `OKIENKO_SHAPE`: `demo` (the default), `roles` or `cluster`.
    pub fn chosen() -> anyhow::Result<Shape> {
        #[expect(clippy::disallowed_methods, reason = "how the test driver chooses the shape")]
        match std::env::var("OKIENKO_SHAPE").as_deref() {
            Err(_) | Ok("" | "demo") => Ok(Shape::Demo),
            Ok("roles") => Ok(Shape::Roles),
            Ok("cluster") => Ok(Shape::Cluster),
            Ok(other) => anyhow::bail!("OKIENKO_SHAPE is {other}: write demo, roles or cluster"),
        }
    }
}

/// The options for starting a house.
#[derive(Clone, Debug, Default)]
pub struct HouseOptions {
    /// A folder of office files; the samples if absent.
    pub offices: Option<PathBuf>,
    /// Where domain time stands; real time if absent.
    pub clock: Option<String>,
    /// A database of countries by network address.
    pub geo: Option<PathBuf>,
    /// How many files the program may have open; the test's own limit if absent.
    pub descriptors: Option<u32>,
}

impl HouseOptions {
    /// The sample offices with a standing clock.
    pub fn at(clock: &str) -> HouseOptions {
        HouseOptions { clock: Some(clock.to_owned()), ..HouseOptions::default() }
    }
}

/// Where the journals are, for a test that reads them.
pub enum Journals<'a> {
    /// SQLite files in a folder.
    Folder(&'a Path),
    /// A PostgreSQL at this address.
    Postgres(String),
}

/// A running program.
pub struct House {
    running: Running,
    /// A client to it.
    pub client: Client,
}

enum Running {
    Demo(Box<Demo>),
    Cluster(Box<Cluster>),
}

/// The binary under test: named by `OKIENKO_BIN`, otherwise the one beside this program.
pub fn binary() -> anyhow::Result<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "how the test driver names the binary")]
    if let Ok(path) = std::env::var("OKIENKO_BIN") {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join("okienko")).find(|path| path.is_file());
    found.context("no okienko binary: build it first, or name it in OKIENKO_BIN")
}

/// A token for a person or device of the installation whose secret is in the folder `data`.
pub async fn token(data: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let out = Command::new(binary()?).arg("token").arg("--data").arg(data).args(arguments).output().await?;
    anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}

impl House {
    /// The sample offices on that morning, in the chosen shape.
    pub async fn demo() -> anyhow::Result<House> {
        House::start(None, Some(MORNING)).await
    }

    /// The offices of a folder, with a standing clock or in real time, in the chosen shape.
    pub async fn start(offices: Option<&Path>, clock: Option<&str>) -> anyhow::Result<House> {
        let (offices, clock) = (offices.map(Path::to_owned), clock.map(str::to_owned));
        House::shaped(Shape::chosen()?, HouseOptions { offices, clock, ..HouseOptions::default() }).await
    }

    /// The sample offices in one process that may have `count` files open.
    pub async fn with_descriptors(count: u32) -> anyhow::Result<House> {
        let wanted = HouseOptions { descriptors: Some(count), ..HouseOptions::at(MORNING) };
        House::shaped(Shape::Demo, wanted).await
    }

    /// In the given shape.
    pub async fn shaped(shape: Shape, wanted: HouseOptions) -> anyhow::Result<House> {
        let replicas = match shape {
            Shape::Demo => {
                let demo = Demo::start(wanted).await?;
                let client = Client::new(&demo.base);
                return Ok(House { running: Running::Demo(Box::new(demo)), client });
            }
            Shape::Roles => 1,
            Shape::Cluster => 2,
        };
        let HouseOptions { offices, clock, geo, descriptors: _ } = wanted;
        let plan = Plan { offices, clock, geo, ..Plan::new(replicas, MORNING) };
        House::of(plan).await
    }

    /// An installation of many processes as planned.
    pub async fn of(plan: Plan) -> anyhow::Result<House> {
        let cluster = Cluster::start(plan).await?;
        let client = Client::new(cluster.base());
        Ok(House { running: Running::Cluster(Box::new(cluster)), client })
    }

    /// A demo on the data in `data` of that folder.
    pub async fn on(folder: tempfile::TempDir, wanted: HouseOptions) -> anyhow::Result<House> {
        let demo = Demo::open(folder, wanted).await?;
        let client = Client::new(&demo.base);
        Ok(House { running: Running::Demo(Box::new(demo)), client })
    }

    /// `kill -9` of everything that runs, then a restart on the same data.
    pub async fn kill_and_restart(self) -> anyhow::Result<House> {
        match self.running {
            Running::Demo(demo) => {
                let demo = demo.kill_and_restart().await?;
                let client = Client::new(&demo.base);
                Ok(House { running: Running::Demo(Box::new(demo)), client })
            }
            Running::Cluster(mut cluster) => {
                cluster.kill_and_restart().await?;
                let client = Client::new(cluster.base());
                Ok(House { running: Running::Cluster(cluster), client })
            }
        }
    }

    /// A token for a person or device.
    pub async fn token(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let data = match &self.running {
            Running::Demo(demo) => &demo.data,
            Running::Cluster(cluster) => cluster.data(),
        };
        token(data, arguments).await
    }

    /// The data folder of a program that runs as one process.
    pub fn data(&self) -> anyhow::Result<&Path> {
        match &self.running {
            Running::Demo(demo) => Ok(&demo.data),
            Running::Cluster(_) => anyhow::bail!("an installation has no data folder"),
        }
    }

    /// Where its journals are.
    pub fn journals(&self) -> Journals<'_> {
        match &self.running {
            Running::Demo(demo) => Journals::Folder(&demo.data),
            Running::Cluster(cluster) => Journals::Postgres(cluster.servers.postgres.url()),
        }
    }

    /// Its processes and servers, if it is an installation.
    pub fn cluster(&mut self) -> Option<&mut Cluster> {
        match &mut self.running {
            Running::Demo(_) => None,
            Running::Cluster(cluster) => Some(cluster),
        }
    }

    /// Moves the clock forward, e.g. by `PT15M`.
    pub async fn advance(&self, span: &str) -> anyhow::Result<()> {
        self.client.post("/dev/clock", serde_json::json!({"advance": span})).await?.expect(200)?;
        Ok(())
    }

    /// Moves the clock to an instant.
    pub async fn clock(&self, now: &str) -> anyhow::Result<()> {
        self.client.post("/dev/clock", serde_json::json!({"now": now})).await?.expect(200)?;
        Ok(())
    }

    /// What was sent to a phone or mail address, oldest first.
    pub async fn outbox(&self, to: &str) -> anyhow::Result<Vec<String>> {
        let path = format!("/dev/outbox?to={}", to.replace('+', "%2B"));
        let answer = self.client.get(&path).await?.expect(200)?;
        let messages = answer.json["messages"].as_array().cloned().unwrap_or_default();
        Ok(messages.iter().filter_map(|m| m["text"].as_str().map(str::to_owned)).collect())
    }
}
