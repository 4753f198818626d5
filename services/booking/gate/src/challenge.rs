//! The proof of work as an office requires it: challenges at a network's price, and what must hold for an answer. The
//! protocol itself is in `altcha`; waiting instead of working is in `wait`.

use super::altcha::{Answer, Challenge, Data, Secrets, Wrong};
use super::figures::{
    CHALLENGE_LIFE_S, CHALLENGES_PER_ACCOUNT, CHALLENGES_PER_NETWORK, COST, COUNTERS, HIGHEST_LEVEL,
    LEVEL_SLACK, RETRY_LIFE,
};
use super::network::Network;
use super::{Asker, Gate, Work, act};
use okienko_actor::ReceiptKey;
use okienko_kernel::base32;
use okienko_limits::{Hit, Rate};
use okienko_office::Office;
use okienko_web::{Code, Problem};
use std::time::Duration;

/// Something that can be used once, with the request that uses it.
pub struct Once {
    hits: Vec<Hit>,
}

/// The work was done.
pub enum Done {
    /// For this request: must be used up before acting.
    Now(Once),
    /// By an earlier attempt of the same request, which used it up.
    Before,
}

/// The refusal for work that does not count.
pub fn refusal(work: Work<'_>, wrong: Option<Wrong>) -> Problem {
    let problem = Problem::new(Code::ChallengeRequired);
    match (work, wrong) {
        (_, None) => problem.hint("GET /api/v1/challenge?office=, solve it, send the payload as `challenge`"),
        (Work::Waited(_), Some(_)) => problem.explained("wait-void"),
        (_, Some(wrong @ (Wrong::Used | Wrong::Expired | Wrong::Outgrown))) => {
            problem.explained("challenge-void").hint(wrong.to_string())
        }
        (_, Some(wrong)) => problem.explained("challenge-wrong").hint(wrong.to_string()),
    }
}

/// The upper bound of the counter at a level, exclusive.
fn counters(level: u8) -> u32 {
    COUNTERS.end << level.min(HIGHEST_LEVEL)
}

impl Gate {
    /// A challenge for a client, at the current price of its network.
    pub async fn challenge(&self, office: &Office, asker: Asker<'_>) -> Result<Challenge, Problem> {
        let network = self.network(asker.client);
        let mut hits = network.hits("challenge", CHALLENGES_PER_NETWORK);
        hits.extend(self.of_account("challenge", asker, CHALLENGES_PER_ACCOUNT));
        self.allowed(office, &network, act::CHALLENGE, &hits).await?;
        let (entropy, level) = (&self.world.entropy, self.level(office, &network).await);
        let (mut nonce, mut salt) = ([0; 16], [0; 16]);
        entropy.fill(&mut nonce);
        entropy.fill(&mut salt);
        let width = u64::from(counters(level) - (COUNTERS.start << level));
        let counter = (COUNTERS.start << level) + u32::try_from(entropy.number() % width).unwrap_or_default();
        let data = Data { level, office: office.id.clone() };
        let until = self.seconds() + CHALLENGE_LIFE_S;
        Ok(self.secrets().challenge((COST, counter), (nonce, salt), data, until))
    }

    /// Whether the work was done, except for the check that it is used once: see [`Gate::use_up`]. `Err(None)`: nothing
    /// was sent.
    pub(super) async fn worked(
        &self,
        office: &Office,
        network: &Network,
        work: Work<'_>,
        receipt: Option<&ReceiptKey>,
    ) -> Result<Done, Option<Wrong>> {
        match work {
            Work::None => Err(None),
            Work::Waited(ticket) => {
                let wait = self.read_wait(office, network, ticket).ok_or(Wrong::Signature)?;
                let (once, before) = self.once(wait.nonce(), receipt).await;
                if before {
                    return Ok(Done::Before);
                }
                if wait.is_over(self.seconds()) { Ok(Done::Now(once)) } else { Err(Some(Wrong::Expired)) }
            }
            Work::Solved(payload) => {
                let secrets = self.secrets();
                let answer = secrets.read(payload)?;
                let parameters = &answer.challenge.parameters;
                let (once, before) = self.once(&parameters.nonce, receipt).await;
                if before {
                    return Ok(Done::Before);
                }
                secrets.check(&answer, (&office.id, self.seconds()), (COST, counters))?;
                self.paid_enough(office, network, &answer).await?;
                Ok(Done::Now(once))
            }
        }
    }

    async fn paid_enough(&self, office: &Office, network: &Network, answer: &Answer) -> Result<(), Wrong> {
        let paid = answer.challenge.parameters.data.level;
        let enough = paid + LEVEL_SLACK >= self.level(office, network).await;
        if enough { Ok(()) } else { Err(Wrong::Outgrown) }
    }

    /// What uses something up, and whether the same request already did.
    async fn once(&self, nonce: &str, receipt: Option<&ReceiptKey>) -> (Once, bool) {
        let single = |key: String, per: Duration| Hit { key, rate: Rate::new(1, per) };
        // Kept longer than any challenge or ticket is valid, so that none can be used again.
        let mut hits = vec![single(format!("once/{nonce}"), RETRY_LIFE)];
        let Some(receipt) = receipt else { return (Once { hits }, false) };
        // Includes the body: receipts are kept per day, so the same key with another date would give another hold.
        let request = base32::encode(&receipt.request());
        let mine = single(format!("once/{nonce}/{request}"), RETRY_LIFE);
        let before = self.world.limits.denied(std::slice::from_ref(&mine)).await;
        hits.push(mine);
        (Once { hits }, before.contains(&true))
    }

    /// Uses something up: the first caller succeeds, all others fail. A rate of one per lifetime does exactly that.
    pub(super) async fn use_up(&self, once: Once) -> Result<(), Option<Wrong>> {
        self.world.limits.check(&once.hits).await.map_err(|_| Some(Wrong::Used))
    }

    pub(super) fn seconds(&self) -> i64 {
        self.world.wall.now().micros().div_euclid(1_000_000)
    }

    fn secrets(&self) -> Secrets {
        let keys = &self.world.keys;
        Secrets::new(&keys.key("challenge"), &keys.key("challenge-solution"))
    }
}
