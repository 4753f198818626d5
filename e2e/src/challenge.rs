//! A browser's proof of work before a hold: requests a challenge, solves it, encodes the answer as the protocol
//! requires.

use crate::client::Client;
use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use anyhow::Context;
use data_encoding::BASE64;

/// The answer to a fresh challenge of that office, for the `challenge` field of a hold.
pub async fn solved(client: &Client, office: &str) -> anyhow::Result<String> {
    let given = client.get(&format!("/api/v1/challenge?office={office}")).await?.expect(200)?;
    let challenge: Challenge = serde_json::from_str(&given.text)?;
    tokio::task::block_in_place(|| answer(challenge))
}

/// Solves a challenge.
pub fn answer(challenge: Challenge) -> anyhow::Result<String> {
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge))?.context("nothing solves it")?;
    Ok(BASE64.encode(&serde_json::to_vec(&Payload { challenge, solution })?))
}
