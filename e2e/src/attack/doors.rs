//! Every staff route with every kind of token: each lets in only those it belongs to. Knows only the outside surface.

use super::Borne;
use super::target::{Ours, false_tokens, is_own_hall, routes_of_staff, seen, strangers, torun};
use crate::client::{Answer, Client};
use crate::house::House;
use anyhow::{Result, ensure};
use http::Method;
use serde_json::Value;

/// Routes open to tokens with a single purpose; everything else is closed to them, even in their own office.
const OWN_DOORS: [(&str, &[&str]); 4] = [
    ("kiosk", &["/api/v1/kiosk/", "/kiosk"]),
    ("screen", &[]),
    ("clerk", &["/api/v1/desk", "/desk"]),
    ("reception", &["/api/v1/reception/", "/reception"]),
];

/// Runs everything; the day's list and the staff must be the same afterwards.
pub async fn run(house: &House) -> Result<Vec<Borne>> {
    let ours = Ours::make(house).await?;
    let before = seen(house).await?;
    let closed = [by_strangers(house, &ours).await?, by_false_tokens(house, &ours).await?];
    let own = by_own_devices(house, &ours).await?;
    let after = seen(house).await?;
    ensure!(before.0 == after.0, "the day's list was {} and is {}", before.0, after.0);
    ensure!(named(&before.1) == named(&after.1), "the staff was {} and is {}", before.1, after.1);
    Ok(closed.into_iter().chain([own]).collect())
}

/// The staff without those at the strangers' location and without keys issued for testing.
fn named(staff: &Value) -> Vec<Value> {
    let all = staff["staff"].as_array().into_iter().flatten();
    all.filter(|it| it["location"] != "plaza" && it["by_hand"] != true).cloned().collect()
}

async fn by_strangers(house: &House, ours: &Ours) -> Result<Borne> {
    let (routes, strangers) = (routes_of_staff(house).await?, strangers(house).await?);
    for (method, template) in &routes {
        let path = ours.path(template)?;
        for (who, stranger) in &strangers {
            let what = format!("{method} {path} by {who}");
            let answer = knock(stranger, method, &path, ours).await?;
            // Another location of the same office may see its own lists; nobody else sees any.
            let elsewhere = who.ends_with("of torun") || (is_own_hall(&path) && who.ends_with("of kalisz"));
            ensure!(refused(&answer) || elsewhere, "{what}: {} {}", answer.status, answer.text);
            tells_nothing(&answer, ours, &what)?;
        }
    }
    let outcome = format!("{} routes, {} callers, none let in", routes.len(), strangers.len());
    Ok(Borne::new("staff's routes by tokens of other offices and places", outcome))
}

async fn by_false_tokens(house: &House, ours: &Ours) -> Result<Borne> {
    let (routes, tokens) = (routes_of_staff(house).await?, false_tokens(house, ours).await?);
    for (who, token) in &tokens {
        let caller = house.client.with(token);
        for (method, template) in &routes {
            let (path, what) = (ours.path(template)?, format!("{method} {template} with {who}"));
            let answer = knock(&caller, method, &path, ours).await?;
            ensure!(refused(&answer), "{what}: {} {}", answer.status, answer.text);
            tells_nothing(&answer, ours, &what)?;
        }
    }
    let outcome = format!("{} routes, {} tokens, none let in", routes.len(), tokens.len());
    Ok(Borne::new("staff's routes by forged and foreign tokens and by citizens' secrets", outcome))
}

async fn by_own_devices(house: &House, ours: &Ours) -> Result<Borne> {
    let (routes, mut asked) = (routes_of_staff(house).await?, 0);
    for (role, own) in OWN_DOORS {
        let caller = torun(house, role).await?;
        for (method, template) in &routes {
            if own.iter().any(|door| template.starts_with(door)) {
                continue;
            }
            let (path, what) = (ours.path(template)?, format!("{method} {template} by our own {role}"));
            let answer = knock(&caller, method, &path, ours).await?;
            // Input that cannot be parsed is refused before the caller is checked.
            ensure!(refused(&answer) || answer.status == 422, "{what}: {} {}", answer.status, answer.text);
            tells_nothing(&answer, ours, &what)?;
            asked += 1;
        }
    }
    Ok(Borne::new(
        "doors that are not theirs, by machines, screens, clerks and reception",
        format!("{asked} asked, none let in"),
    ))
}

async fn knock(caller: &Client, method: &Method, path: &str, ours: &Ours) -> Result<Answer> {
    let body = (*method != Method::GET).then(|| ours.body(path).to_string());
    caller.ask(method.clone(), path, body, &[]).await
}

fn refused(answer: &Answer) -> bool {
    matches!(answer.status, 401 | 403 | 404 | 429)
}

fn tells_nothing(answer: &Answer, ours: &Ours, what: &str) -> Result<()> {
    ensure!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
    for secret in &ours.secrets {
        ensure!(!answer.text.contains(secret.as_str()), "{what} shows {secret}: {}", answer.text);
    }
    Ok(())
}
