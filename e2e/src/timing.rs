//! Whether response times reveal if a mail address has an account: known and unknown addresses are asked in turns, each
//! pair in a random order, and compared by ranks. Times are never compared with a fixed number.

use crate::account::{PASSWORD, activate, consents, link, register};
use crate::client::Client;
use crate::house::House;
use okienko_kernel::Entropy;
use okienko_kernel::world::SeededEntropy;
use serde_json::{Value, json};
use tokio::time::Instant;

const OFFICE: &str = "kalisz";

/// The request made for both addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A new account for the address.
    Registration,
    /// A session, with a wrong password.
    SignIn,
    /// A password reset.
    Reset,
}

/// The comparison for one question.
#[derive(Debug)]
pub struct Compared {
    /// The question.
    pub question: Question,
    /// Medians in milliseconds: known, unknown.
    pub medians: (f64, f64),
    /// The distance of the two by ranks, in standard deviations of chance (Mann-Whitney U): up to about 3 is noise.
    pub deviations: f64,
    /// Whether statuses and bodies were the same in every pair.
    pub same_answers: bool,
}

/// Asks `pairs` pairs of each question; the answers must be the same, the times are only reported.
pub async fn run(pairs: usize, seed: u64) -> anyhow::Result<Vec<Compared>> {
    let house = House::demo().await?;
    let entropy = SeededEntropy::new(seed);
    for n in 0..pairs {
        let client = house.client.from(&network(n, 0));
        register(&client, OFFICE, &known(n)).await?;
        activate(&client, OFFICE, &link(&house, &known(n), 1).await?).await?;
    }
    let consents = consents(&house.client, OFFICE).await?;
    let mut all = Vec::new();
    for (turn, question) in
        [Question::SignIn, Question::Reset, Question::Registration].into_iter().enumerate()
    {
        let (mut times, mut same) = ([Vec::new(), Vec::new()], true);
        for n in 0..pairs {
            let client = house.client.from(&network(n, turn + 1));
            let first = (entropy.number() % 2) as usize;
            let mut answers = [None, None];
            for which in [first, 1 - first] {
                let email = if which == 0 { known(n) } else { format!("stranger{n}@example.org") };
                let asked = Instant::now();
                let answer = ask(&client, question, &email, &consents).await?;
                times[which].push(asked.elapsed().as_secs_f64() * 1e3);
                answers[which] = Some((answer.status, answer.text));
            }
            same &= answers[0] == answers[1];
        }
        all.push(Compared {
            question,
            medians: (median(&times[0]), median(&times[1])),
            deviations: deviations(&times[0], &times[1]),
            same_answers: same,
        });
    }
    Ok(all)
}

async fn ask(
    client: &Client,
    question: Question,
    email: &str,
    consents: &Value,
) -> anyhow::Result<crate::Answer> {
    let (route, body) = match question {
        Question::Registration => {
            ("accounts", json!({"email": email, "password": PASSWORD, "consents": consents}))
        }
        Question::SignIn => ("sessions", json!({"email": email, "password": "a wrong password"})),
        Question::Reset => ("accounts/reset", json!({"email": email})),
    };
    client.post(&format!("/api/v1/offices/{OFFICE}/{route}"), body).await
}

fn known(n: usize) -> String {
    format!("person{n}@example.org")
}

/// Each pair asks from a network of its own, so that no limit interferes.
fn network(n: usize, turn: usize) -> String {
    format!("10.{}.{}.{}", turn + 20, n / 250, n % 250 + 1)
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Mann-Whitney U of two samples of times, as standard deviations from what chance gives.
fn deviations(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        a.iter().map(|t| (*t, true)).chain(b.iter().map(|t| (*t, false))).collect();
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let ranks: f64 =
        all.iter().zip(1..).filter(|((_, of_a), _)| *of_a).map(|(_, rank)| f64::from(rank)).sum();
    let (n, m) = (a.len() as f64, b.len() as f64);
    let u = ranks - n * (n + 1.0) / 2.0;
    (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_one_kind_are_near_and_of_two_kinds_far_apart() {
        let even: Vec<f64> = (0..100).map(|n| f64::from(n * 2)).collect();
        let odd: Vec<f64> = (0..100).map(|n| f64::from(n * 2 + 1)).collect();
        let later: Vec<f64> = odd.iter().map(|t| t + 80.0).collect();
        assert!(deviations(&even, &odd).abs() < 0.5);
        assert!(deviations(&even, &later) < -5.0);
    }
}
