//! Attacks from outside on a running demo: staff routes, ids, keys, writes, connections. Each reports what was tried
//! and how it ended, and is an error if it succeeded. Beside each, an honest person is served: a defence that locks her
//! out has failed as well. Knows only the outside surface.

pub mod connections;
pub mod doors;
pub mod ids;
pub mod shared_keys;
pub mod target;
pub mod writes;

use crate::house::{House, HouseOptions, MORNING, Shape};
use crate::visit::{Wish, book};
use anyhow::Context;

/// The day of all visits here.
pub const DATE: &str = "2026-12-01";

/// The size of the attacks.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Requests of each attack that writes.
    pub writes: u32,
    /// Connections of each kind that never finish a request.
    pub connections: u32,
    /// Event streams that one address requests: more than it is allowed.
    pub streams: u32,
}

impl Size {
    /// For everyday runs.
    pub const EVERYDAY: Size = Size { writes: 250, connections: 100, streams: 1_050 };
    /// For the proof of record.
    pub const FULL: Size = Size { writes: 20_000, connections: 1_000, streams: 6_000 };
}

/// An attack that was withstood.
#[derive(Debug)]
pub struct Borne {
    /// What was tried.
    pub attack: String,
    /// How it ended.
    pub outcome: String,
}

impl Borne {
    fn new(attack: impl Into<String>, outcome: impl Into<String>) -> Borne {
        Borne { attack: attack.into(), outcome: outcome.into() }
    }
}

/// An honest visit: hold, form, code, confirmation, from an address and a phone of its own.
pub async fn honest_visit(house: &House, n: u32) -> anyhow::Result<()> {
    let (hour, minute) = (8 + n / 4 % 6, n % 4 * 15);
    let wish = Wish::new("torun", "glowny", "dowod-wniosek", "2026-12-02", &format!("{hour:02}:{minute:02}"));
    let client = house.client.from(&format!("198.51.{}.{}", 100 + n / 250, 1 + n % 250));
    let phone = format!("+4860{n:03}77{:02}", (n * 7) % 100);
    book(house, &client, &wish, &format!("Anna Honest {n}"), &phone).await.context("an honest person")?;
    Ok(())
}

/// Runs all attacks, each on a demo of its own; `begun` is called as each one begins.
pub async fn run(size: Size, mut begun: impl FnMut(&str)) -> anyhow::Result<Vec<Borne>> {
    let mut borne = Vec::new();
    for attack in Attack::ALL {
        begun(attack.name());
        borne.extend(attack.run(size).await.context(attack.name())?);
    }
    Ok(borne)
}

/// The kinds of attacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// Staff routes with tokens that do not belong there.
    Doors,
    /// Ids guessed, altered, borrowed and used twice.
    Ids,
    /// Idempotency keys that strangers share.
    SharedKeys,
    /// Unlimited writes.
    Writes,
    /// Connections that never become requests, unlimited streams.
    Connections,
    /// The same with few file descriptors.
    FewDescriptors,
}

impl Attack {
    /// All attacks.
    pub const ALL: [Attack; 6] = [
        Attack::Doors,
        Attack::Ids,
        Attack::SharedKeys,
        Attack::Writes,
        Attack::Connections,
        Attack::FewDescriptors,
    ];

    fn name(self) -> &'static str {
        match self {
            Attack::Doors => "doors",
            Attack::Ids => "ids",
            Attack::SharedKeys => "shared keys",
            Attack::Writes => "writes",
            Attack::Connections => "connections",
            Attack::FewDescriptors => "few descriptors",
        }
    }

    /// Runs this attack on a demo of its own.
    pub async fn run(self, size: Size) -> anyhow::Result<Vec<Borne>> {
        let at = match self {
            // Kiosks issue tickets only while the hall is open.
            Attack::SharedKeys | Attack::Writes => "2026-12-01T08:00:00+01:00",
            _ => MORNING,
        };
        if self == Attack::FewDescriptors {
            return Ok(vec![connections::few_descriptors().await?]);
        }
        let house = House::shaped(Shape::Demo, HouseOptions::at(at)).await?;
        match self {
            Attack::Doors => doors::run(&house).await,
            Attack::Ids => ids::run(&house).await,
            Attack::SharedKeys => shared_keys::run(&house).await,
            Attack::Writes => writes::run(&house, size.writes).await,
            Attack::Connections | Attack::FewDescriptors => connections::run(&house, size).await,
        }
    }
}
