//! Ids and tokens that were guessed, altered or borrowed, on every route that takes one; and valid ones, reused and
//! sent from two places at the same moment. Knows only the outside surface.

use super::target::{Ours, document};
use super::{Borne, DATE};
use crate::house::House;
use crate::visit::{Wish, ask_hold, book, confirm, fill, hold, read_code, send_code};
use anyhow::{Context, Result, ensure};
use http::Method;
use serde_json::json;

/// Runs everything; nothing tried here may open anything.
pub async fn run(house: &House) -> Result<Vec<Borne>> {
    Ok(vec![bent(house).await?, repeated(house).await?])
}

/// Replacements for an id; none of them is a valid one.
fn bends(good: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = [
        "0",
        "a",
        "%00",
        "..%2F..%2Fetc%2Fpasswd",
        "%F0%9F%98%80",
        "'%20OR%201=1--",
        "null",
        "undefined",
        "-1",
        "%2e%2e",
    ]
    .map(str::to_owned)
    .to_vec();
    all.extend(["a".repeat(26), "z".repeat(42), "0".repeat(4_000), "%25".repeat(300)]);
    for good in good {
        let at = |n: usize, with: char| -> String {
            good.chars().enumerate().map(|(i, c)| if i == n { with } else { c }).collect()
        };
        for n in [0, 3, 7, 13, good.len() - 2] {
            let now = good.chars().nth(n).unwrap_or('a');
            all.push(at(n, if now == 'a' { 'b' } else { 'a' }));
        }
        all.extend([
            good[..good.len() - 1].to_owned(),
            format!("{good}{good}"),
            good.chars().rev().collect(),
            format!("{good}%00"),
        ]);
    }
    all
}

async fn bent(house: &House) -> Result<Borne> {
    let ours = Ours::make_at(house, "09:15").await?;
    let held = hold(&house.client, &Wish::new("torun", "glowny", "meldunek", DATE, "11:00")).await?;
    // Each is valid somewhere, but only there: a hold is no visit, a visit is no ticket.
    let good = [held.id.as_str(), &ours.visit, &ours.ticket, &ours.reservation];
    let bends = bends(&good);
    let caller = house.client.with(&held.secret);
    let (mut asked, mut routes) = (0, 0);
    for (method, template) in document(house).await? {
        let Some(place) = ["{hold}", "{token}", "{id}"].into_iter().find(|it| template.contains(it)) else {
            continue;
        };
        if template.contains("/events") {
            continue;
        }
        routes += 1;
        let path =
            |id: &str| template.replace("{office}", "torun").replace("{act}", "call-next").replace(place, id);
        let borrowed = good.iter().filter(|it| match place {
            "{hold}" => **it != held.id,
            "{token}" if template.contains("/tickets/") => **it != ours.ticket,
            "{token}" => **it != ours.visit,
            _ => **it != ours.reservation,
        });
        let tried = bends.iter().map(String::as_str).chain(borrowed.copied());
        for id in tried {
            let body = (method != Method::GET).then(|| ours.body(&template).to_string());
            let answer = caller.ask(method.clone(), &path(id), body, &[]).await?;
            let refused = (400..500).contains(&answer.status);
            ensure!(refused, "{method} {} : {} {}", path(id), answer.status, answer.text);
            for secret in &ours.secrets {
                ensure!(!answer.text.contains(secret.as_str()), "{} shows {secret}", path(id));
            }
            asked += 1;
        }
    }
    ensure!(routes > 10, "only {routes} routes take an id");
    Ok(Borne::new(
        "ids that were guessed, bent or borrowed",
        format!("{asked} tried at {routes} routes, none opened anything"),
    ))
}

/// What is valid once must not be accepted twice.
async fn repeated(house: &House) -> Result<Borne> {
    let wish = Wish::new("torun", "glowny", "meldunek", DATE, "12:00");
    let (client, phone) = (house.client.from("198.51.100.77"), "+48601990077");
    let held = hold(&client, &wish).await?;
    fill(&client, &held, "Ewa Dwukrotna").await?;
    send_code(&client, &held, phone).await?.expect(202)?;
    let code = read_code(house, phone, 1).await?;
    // Twenty confirmations at once give one visit.
    let all = futures::future::join_all((0..20).map(|_| confirm(&client, &held, &code))).await;
    let mut tokens = std::collections::BTreeSet::new();
    for answer in all {
        let answer = answer?;
        if answer.status == 200 {
            tokens.insert(answer.at("/reservation/token")?);
        } else {
            ensure!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text);
        }
    }
    ensure!(tokens.len() == 1, "one code confirmed {} visits", tokens.len());
    let token = tokens.first().context("a token")?;
    let sms = house.outbox(phone).await?.len();
    ensure!(sms <= 2, "{sms} messages for one visit");
    // Twenty cancellations at once cancel it once.
    let path = format!("/api/v1/reservations/{token}/cancel");
    let all = futures::future::join_all((0..20).map(|_| client.post(&path, json!({})))).await;
    for answer in all {
        let answer = answer?;
        ensure!(answer.status < 500, "{} {}", answer.status, answer.text);
    }
    let state = client.get(&format!("/api/v1/reservations/{token}")).await?.expect(200)?.at("/state")?;
    ensure!(state == "cancelled", "{state}");
    let again = confirm(&client, &held, &code).await?;
    let alive = client.get(&format!("/api/v1/reservations/{token}")).await?.at("/state")?;
    ensure!(alive == "cancelled", "confirmed again after the cancelling: {} {}", again.status, again.text);
    checked_in_once(house).await?;
    Ok(Borne::new("one code, one visit, one check-in used by twenty at once", "each counted once"))
}

async fn checked_in_once(house: &House) -> Result<()> {
    let wish = Wish::new("torun", "glowny", "meldunek", DATE, "08:00");
    let visit = book(house, &house.client.from("198.51.100.78"), &wish, "Jan Jedyny", "+48601990078").await?;
    house.clock("2026-12-01T07:50:00+01:00").await?;
    let token = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    let machine = house.client.with(&house.token(&token).await?);
    let code = json!({"code": visit["check_in_code"]});
    let all =
        futures::future::join_all((0..10).map(|_| machine.post("/api/v1/kiosk/check-ins", code.clone())))
            .await;
    let mut tickets = std::collections::BTreeSet::new();
    for answer in all {
        let answer = answer?;
        ensure!(answer.status < 500, "{} {}", answer.status, answer.text);
        if answer.status == 201 {
            tickets.insert(answer.at("/ticket/token")?);
        }
    }
    ensure!(tickets.len() == 1, "one visit has {} tickets", tickets.len());
    let taken = ask_hold(
        &house.client.from("198.51.100.79"),
        &Wish::new("torun", "glowny", "meldunek", DATE, "07:00"),
    )
    .await?;
    ensure!(taken.status != 201, "an hour that is past was given");
    Ok(())
}
