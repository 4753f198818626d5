//! The gate: who may book at all, from where, and how fast. One function for each moment lists everything that is
//! checked there and in which order; the figures are in `figures`. Knows nothing of what is booked, and stores no
//! address: only keyed hashes of networks.

mod altcha;
mod challenge;
mod figures;
mod network;
mod price;
mod running;
mod wait;

pub use altcha::Challenge;
pub use wait::Wait;

use figures::{
    ACCOUNTS_PER_NETWORK, CODES_PER_ACCOUNT, CODES_PER_ADDRESS, CODES_PER_NETWORK, FORMS_PER_HOLD,
    FORMS_PER_NETWORK, HOLDS_PER_ACCOUNT, HOLDS_PER_NETWORK, LISTINGS_PER_ACCOUNT, LISTINGS_PER_NETWORK,
    LOG_OF_ALL, LOG_PER_NETWORK,
};
use network::Network;
use okienko_actor::ReceiptKey;
use okienko_address::parse_email;
use okienko_host::{Access, On, Service, World};
use okienko_journal::Journal;
use okienko_kernel::{Id, base32};
use okienko_limits::{Hit, Rate};
use okienko_office::Office;
use okienko_territory::Territory;
use okienko_web::{ClientAddr, Code, Problem};
use std::sync::Arc;

use running::Running;

/// The gate of all offices in this process.
pub struct Gate {
    world: World,
    /// The journal with the receipts of holds.
    journal: Arc<Journal>,
    /// Tells the country of an address.
    territory_of: Arc<dyn Territory>,
    running: Running,
}

/// Who is asking.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The client's address.
    pub client: ClientAddr,
    /// The account's id, if signed in.
    pub account: Option<&'a str>,
}

/// The work done for a place, where the office requires it.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Nothing.
    None,
    /// A challenge was solved: base64 of an ALTCHA payload.
    Solved(&'a str),
    /// Somebody waited: the ticket of the waiting page.
    Waited(&'a str),
}

/// A request that the gate let through to a place.
pub struct Passed {
    network: Network,
    /// Whether this hold is counted towards its network's price.
    priced: bool,
    /// Its seat among the unproved holds.
    seat: running::Seat,
}

/// A request that may be a retry: its key, and the streams where its receipt would be.
pub struct Again<'a> {
    /// The caller's key with the request body.
    pub receipt: Option<&'a ReceiptKey>,
    /// The streams of the days that may have the hold.
    pub streams: &'a [String],
}

/// Names of the actions in the access log.
mod act {
    pub const LISTING: &str = "times.list";
    pub const HOLD: &str = "hold.place";
    pub const CODE: &str = "code.send";
    pub const ACCOUNT: &str = "account.register";
    pub const CHALLENGE: &str = "challenge.get";
    pub const WAIT: &str = "wait.start";
}

impl Gate {
    /// A gate in a service's World; `territory_of` tells the country of an address.
    pub fn new(service: &Service, territory_of: Arc<dyn Territory>) -> Gate {
        let (world, journal) = (service.world.clone(), service.journal.clone());
        Gate { world, journal, territory_of, running: Running::default() }
    }

    /// Before days and hours are listed. Allowed from anywhere: only booking is restricted to a territory.
    ///
    /// A loopback address is not counted: it is this machine itself, or a proxy on it that hides everybody behind one
    /// address, and all of them would be locked out together.
    pub async fn before_listing(&self, office: &Office, asker: Asker<'_>) -> Result<(), Problem> {
        let network = self.network(asker.client);
        let mut hits = match asker.client.0.is_loopback() {
            true => Vec::new(),
            false => network.hits("list", LISTINGS_PER_NETWORK),
        };
        hits.extend(self.of_account("list", asker, LISTINGS_PER_ACCOUNT));
        self.allowed(office, &network, act::LISTING, &hits).await
    }

    /// Before a place is held: territory; then the work, if the office requires it of everybody or the network has many
    /// unproved holds; then the rate. A retry of a request that was let through is let through again and gets its first
    /// answer.
    pub async fn before_hold(
        &self,
        office: &Office,
        asker: Asker<'_>,
        work: Work<'_>,
        again: Again<'_>,
    ) -> Result<Passed, Problem> {
        let network = self.network(asker.client);
        self.territory(office, asker.client, &network, act::HOLD).await?;
        let (seat, times) = self.running.enter(&network, self.world.wall.now());
        let works = office.proof_of_work || times > 0;
        let passed = Passed { network, priced: works, seat };
        let network = &passed.network;
        let once = if works {
            // Rare, so the lookup costs little: a retry of a request made before the network had so many holds.
            if !office.proof_of_work && self.has_receipt(&again).await? {
                return Ok(passed);
            }
            match self.worked(office, network, work, again.receipt).await {
                Ok(challenge::Done::Before) => return Ok(passed),
                Ok(challenge::Done::Now(once)) => Some(once),
                Err(wrong) => {
                    let problem = challenge::refusal(work, wrong);
                    return Err(self.refused(office, network, act::HOLD, problem).await);
                }
            }
        } else {
            None
        };
        let mut hits = network.hits("hold", HOLDS_PER_NETWORK);
        hits.extend(self.of_account("hold", asker, HOLDS_PER_ACCOUNT));
        self.allowed(office, network, act::HOLD, &hits).await?;
        if let Some(once) = once
            && let Err(wrong) = self.use_up(once).await
        {
            let problem = challenge::refusal(work, wrong);
            return Err(self.refused(office, network, act::HOLD, problem).await);
        }
        Ok(passed)
    }

    /// Before changed answers are saved for a hold.
    pub async fn before_form(&self, hold: Id, client: ClientAddr) -> Result<(), Problem> {
        let mut hits = self.network_hits(client, "form", FORMS_PER_NETWORK);
        hits.push(Hit { key: format!("form/hold/{hold}"), rate: FORMS_PER_HOLD });
        self.within(&hits).await
    }

    /// Before a code is sent to a phone or mail address: territory, then the rate. The address counts over all offices;
    /// a mail address counts as its mailbox, because one mailbox can be written in many ways.
    pub async fn before_code(&self, office: &Office, asker: Asker<'_>, address: &str) -> Result<(), Problem> {
        let network = self.network(asker.client);
        self.territory(office, asker.client, &network, act::CODE).await?;
        let mailbox = parse_email(address).map(|email| email.mailbox());
        let counted = mailbox.as_deref().unwrap_or(address);
        let to = base32::encode(&self.world.keys.mac("limit", &[counted.as_bytes()])[..16]);
        let of_address =
            CODES_PER_ADDRESS.map(|(span, rate)| Hit { key: format!("code/to/{span}/{to}"), rate });
        let mut hits = Vec::from(of_address);
        hits.extend(network.hits("code", CODES_PER_NETWORK));
        hits.extend(self.of_account("code", asker, CODES_PER_ACCOUNT));
        self.allowed(office, &network, act::CODE, &hits).await
    }

    /// Before an account is made: territory, then the rate.
    pub async fn before_account(&self, office: &Office, client: ClientAddr) -> Result<(), Problem> {
        let network = self.network(client);
        self.territory(office, client, &network, act::ACCOUNT).await?;
        let hits = network.hits("account", ACCOUNTS_PER_NETWORK);
        self.allowed(office, &network, act::ACCOUNT, &hits).await
    }

    async fn has_receipt(&self, again: &Again<'_>) -> Result<bool, Problem> {
        let Some(receipt) = again.receipt else { return Ok(false) };
        for stream in again.streams {
            let found = self.journal.engine().receipts(stream, &[receipt.key()]).await;
            if !found.map_err(|_| Problem::unavailable(1))?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether this client's browser should do the work before it requests an hour, so that the page starts it early.
    pub fn asks_work(&self, office: &Office, client: ClientAddr) -> bool {
        let now = self.world.wall.now();
        office.proof_of_work || self.running.times(&self.network(client), now) > 0
    }

    /// Whether this client may book at this office.
    pub fn in_territory(&self, office: &Office, client: ClientAddr) -> bool {
        office.territory.is_empty()
            || okienko_territory::admits(&office.territory, self.territory_of.of(client.0))
    }

    async fn territory(
        &self,
        office: &Office,
        client: ClientAddr,
        network: &Network,
        act: &'static str,
    ) -> Result<(), Problem> {
        if self.in_territory(office, client) {
            return Ok(());
        }
        let problem = Problem::new(Code::NotInTerritory).explained("outside-refused");
        Err(self.refused(office, network, act, problem).await)
    }

    fn network(&self, client: ClientAddr) -> Network {
        Network::of(client, &self.world.keys)
    }

    /// A keyed hash of the client's network: stable, and not an address.
    pub fn network_id(&self, client: ClientAddr) -> String {
        self.network(client).id.to_string()
    }

    /// A limit applied to a client's network and to the wider ones around it, by their keyed hashes.
    pub fn network_hits(&self, client: ClientAddr, rule: &str, rate: Rate) -> Vec<Hit> {
        self.network(client).hits(rule, rate)
    }

    fn of_account(&self, rule: &str, asker: Asker<'_>, rate: Rate) -> Option<Hit> {
        asker.account.map(|account| Hit { key: format!("{rule}/account/{account}"), rate })
    }

    /// Counts hits, or says when to retry; logs a refusal.
    async fn allowed(
        &self,
        office: &Office,
        network: &Network,
        act: &'static str,
        hits: &[Hit],
    ) -> Result<(), Problem> {
        match self.within(hits).await {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.refused(office, network, act, problem).await),
        }
    }

    /// Counts hits of any limit, or says when to retry; logs nothing.
    pub async fn within(&self, hits: &[Hit]) -> Result<(), Problem> {
        self.world.limits.check(hits).await.map_err(|wait| {
            let seconds = u32::try_from(wait.0.as_secs() + 1).unwrap_or(u32::MAX);
            Problem::new(Code::RateLimited).retry_after(seconds)
        })
    }

    /// Logs a refusal in the access log and passes it on: each refusal of a network once a minute, and over all
    /// networks only so many that a flood cannot fill the disk.
    async fn refused(
        &self,
        office: &Office,
        network: &Network,
        act: &'static str,
        problem: Problem,
    ) -> Problem {
        let world = &self.world;
        let outcome = problem.code().as_str();
        let hits = [
            Hit { key: format!("log/{act}/{outcome}/{}/{}", office.id, network.id), rate: LOG_PER_NETWORK },
            Hit { key: "log".to_owned(), rate: LOG_OF_ALL },
        ];
        if world.limits.check(&hits).await.is_ok() {
            let who = format!("network:{}", network.id);
            let (at, on) = (world.wall.now(), On::nothing());
            world.access.note(Access { at, office: office.id.clone(), who, act, on, outcome });
        }
        problem
    }
}
