//! Unlimited writes: each route that writes, called over and over by somebody who may call it. What is stored for good
//! stays bounded, a caller over a limit is told so, and somebody else is served meanwhile. Knows only the outside
//! surface.

use super::target::torun;
use super::{Borne, DATE, honest_visit};
use crate::account::consents;
use crate::client::Client;
use crate::house::House;
use crate::visit::{Hold, Wish, book, fill, hold};
use anyhow::{Context, Result, bail, ensure};
use futures::stream::{self, StreamExt};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Concurrent requests.
const AT_ONCE: usize = 16;
/// The longest that one attack lasts: code guessers are answered ever more slowly, which is a defence in itself.
const LONGEST: Duration = Duration::from_secs(60);
/// The same for a small number of writes, as in everyday runs.
const LONGEST_OF_FEW: Duration = Duration::from_secs(15);
/// The largest number of writes that counts as small.
const FEW: u32 = 1_000;

fn longest(writes: u32) -> Duration {
    if writes > FEW { LONGEST } else { LONGEST_OF_FEW }
}

/// One attack: a request whose body varies with its number where that could defeat a comparison with the previous one.
struct Loop {
    name: &'static str,
    caller: Client,
    method: Method,
    path: String,
    body: Box<dyn Fn(u32) -> Value>,
    /// At least one answer must have one of these statuses: the route itself was reached, not only its limit.
    reaches: &'static [u16],
    /// The most events that it may leave behind, however long it lasts.
    most_events: u64,
}

/// Runs all loops, one after another.
pub async fn run(house: &House, writes: u32) -> Result<Vec<Borne>> {
    let mut borne = Vec::new();
    for (n, attack) in loops(house).await?.into_iter().enumerate() {
        let before = events(house).await?;
        let answers = repeat(&attack, writes).await?;
        let asked: u32 = answers.values().sum();
        honest_visit(house, n as u32).await.with_context(|| format!("beside: {}", attack.name))?;
        // The honest visit itself takes some twenty events.
        let written = (events(house).await? - before).saturating_sub(20);
        ensure!(
            written <= attack.most_events,
            "{}: {written} events of {asked} requests, at most {} are sensible; {answers:?}",
            attack.name,
            attack.most_events
        );
        ensure!(answers.keys().all(|status| *status < 500), "{}: {answers:?}", attack.name);
        // An attack whose body or caller is never accepted tests nothing but the first check.
        ensure!(answers.keys().any(|status| attack.reaches.contains(status)), "{}: {answers:?}", attack.name);
        let slowed =
            if asked < writes { format!(" in {} s", longest(writes).as_secs()) } else { String::new() };
        borne.push(Borne::new(
            attack.name,
            format!("{asked} requests{slowed}: {answers:?}, {written} events"),
        ));
    }
    borne.push(access_log(house, writes).await?);
    // Over everything that was written: a service subscribed to streams it cannot read would raise an alert for each
    // event.
    let unread = figure(house, "okienko_events_unread_total").await?;
    ensure!(unread == 0, "{unread} events were written that could not be read");
    Ok(borne)
}

async fn repeat(attack: &Loop, writes: u32) -> Result<BTreeMap<u16, u32>> {
    let asked = stream::iter(0..writes).map(|n| {
        let body = (attack.method != Method::DELETE).then(|| (attack.body)(n).to_string());
        attack.caller.ask(attack.method.clone(), &attack.path, body, &[])
    });
    let mut answers = BTreeMap::new();
    let asked = asked.buffer_unordered(AT_ONCE).take_until(tokio::time::sleep(longest(writes)));
    let mut asked = std::pin::pin!(asked);
    while let Some(answer) = asked.next().await {
        let answer = answer.context(attack.name)?;
        if answer.status == 429 {
            ensure!(answer.headers.contains_key("retry-after"), "{}: a 429 without Retry-After", attack.name);
        }
        *answers.entry(answer.status).or_insert(0) += 1;
    }
    Ok(answers)
}

async fn loops(house: &House) -> Result<Vec<Loop>> {
    let from = |host: usize| house.client.from(&format!("198.51.100.{host}"));
    let me = from(66);
    let wish = |hour: &str| Wish::new("torun", "glowny", "meldunek", DATE, hour);
    // One hold per attack: once an attack has used up what a hold allows, the next would test nothing.
    let mut places = Vec::new();
    for (n, hour) in ["11:00", "11:30", "11:45", "12:00"].into_iter().enumerate() {
        let one = from(70 + n);
        let held = hold(&one, &wish(hour)).await?;
        fill(&one, &held, "Jan Pętla").await?;
        places.push((one.with(&held.secret), held));
    }
    let [filled, refilled, proved, called] = &places[..] else { bail!("four places") };
    let path = |(_, held): &(Client, Hold), what: &str| format!("/api/v1/holds/{}/{what}", held.id);
    let fields = filled.1.form.as_array().context("no form")?.iter();
    let fields: serde_json::Map<String, Value> = fields
        .filter_map(|field| Some((field["id"].as_str()?.to_owned(), field["example"].clone())))
        .collect();
    let same = json!({"fields": fields, "consents": {}});
    let other = move |n: u32| {
        let mut body = json!({"fields": fields, "consents": {}});
        body["fields"]["name"] = json!(format!("Jan Pętla {n}"));
        body
    };
    let visit =
        book(house, &house.client.from("198.51.100.67"), &wish("11:15"), "Jan Wielokrotny", "+48601990067")
            .await?;
    let visit_token = visit["token"].as_str().context("token")?;
    let (clerk, machine) = (torun(house, "clerk").await?, torun(house, "kiosk").await?);
    let reception = torun(house, "reception").await?;
    // An admin of the whole office: one of a single location may not invite anybody.
    let admin_of_all = house.client.with(&house.token(&["--role", "admin", "--office", "torun"]).await?);
    // One ticket is called, one waits.
    let pressed = || machine.post("/api/v1/kiosk/tickets", json!({"service": "meldunek"}));
    pressed().await?.expect(201)?;
    let ticket = pressed().await?.expect(201)?.at("/ticket/token")?;
    clerk.post("/api/v1/desk/open", json!({})).await?;
    clerk.post("/api/v1/desk/call-next", json!({})).await?.expect(200)?;
    let a_loop = |name, caller: &Client, path: String, body: Box<dyn Fn(u32) -> Value>, most_events| Loop {
        name,
        caller: caller.clone(),
        method: Method::POST,
        path,
        body,
        reaches: &[200, 201, 202, 204],
        most_events,
    };
    let a_guess = |name, caller: &Client, path: String, body: Box<dyn Fn(u32) -> Value>, most_events| Loop {
        reaches: &[403, 404, 422],
        ..a_loop(name, caller, path, body, most_events)
    };
    let empty = || Box::new(|_: u32| json!({})) as Box<dyn Fn(u32) -> Value>;
    let desk = |act: &str| format!("/api/v1/desk/{act}");
    let holds = "/api/v1/offices/torun/holds".to_owned();
    let other_hour = |n: u32| {
        let (hour, minute) = (8 + n / 4 % 6, n % 4 * 15);
        json!({"location": "glowny", "service": "meldunek", "date": "2026-12-03", "time": format!("{hour:02}:{minute:02}")})
    };
    let consents = consents(&me, "kalisz").await?;
    let account = move |n: u32| json!({"email": format!("petla{}@example.org", n % 3), "password": "okno na ratusz 7", "consents": consents});
    Ok(vec![
        Loop {
            method: Method::PUT,
            ..a_loop(
                "the same form, saved again",
                &filled.0,
                path(filled, "form"),
                Box::new(move |_| same.clone()),
                5,
            )
        },
        Loop {
            method: Method::PUT,
            ..a_loop(
                "a form that differs each time",
                &refilled.0,
                path(refilled, "form"),
                Box::new(other),
                100,
            )
        },
        a_loop(
            "a code asked for again",
            &proved.0,
            path(proved, "code"),
            Box::new(|_| json!({"phone": "+48601990066", "locale": "pl"})),
            60,
        ),
        a_loop(
            "codes for many phones from one hold",
            &called.0,
            path(called, "code"),
            Box::new(|n| json!({"phone": format!("+4860{:07}", 1_000_000 + n * 97), "locale": "pl"})),
            200,
        ),
        a_guess(
            "wrong codes",
            &proved.0,
            path(proved, "confirm"),
            Box::new(|n| json!({"code": format!("{n:06}")})),
            60,
        ),
        a_loop("one hour held again and again", &me, holds.clone(), Box::new(move |_| other_hour(1)), 400),
        a_loop("a whole day held", &from(68), holds, Box::new(other_hour), 400),
        a_loop(
            "accounts registered again",
            &from(80),
            "/api/v1/offices/kalisz/accounts".into(),
            Box::new(account),
            120,
        ),
        a_guess(
            "passwords tried",
            &from(81),
            "/api/v1/offices/kalisz/sessions".into(),
            Box::new(|n| json!({"email": "petla1@example.org", "password": format!("okno na ratusz {n}")})),
            60,
        ),
        a_guess(
            "links of accounts guessed",
            &from(82),
            "/api/v1/offices/kalisz/accounts/activate".into(),
            Box::new(|n| json!({"token": format!("{n:040}")})),
            10,
        ),
        a_loop(
            "a visit cancelled again",
            &me,
            format!("/api/v1/reservations/{visit_token}/cancel"),
            empty(),
            10,
        ),
        a_loop(
            "a notice asked for again",
            &me,
            format!("/api/v1/tickets/{ticket}/notify"),
            Box::new(|n| json!({"phone": "+48601990066", "ahead_min": 3 + n % 20})),
            100,
        ),
        a_loop("a queue left again", &me, format!("/api/v1/tickets/{ticket}/leave"), empty(), 10),
        a_guess(
            "staff's passwords tried",
            &from(83),
            "/api/v1/staff/sessions".into(),
            Box::new(|n| json!({"office": "torun", "login": "olga.admin", "password": format!("demo{n}")})),
            60,
        ),
        a_loop(
            "a machine that presses without end",
            &machine,
            "/api/v1/kiosk/tickets".into(),
            Box::new(|_| json!({"service": "meldunek"})),
            2_500,
        ),
        a_guess(
            "a machine that tries codes",
            &machine,
            "/api/v1/kiosk/check-ins".into(),
            Box::new(|n| json!({"code": format!("{:08}", n * 7_919 % 100_000_000)})),
            10,
        ),
        a_loop("a desk that recalls without end", &clerk, desk("recall"), empty(), 300),
        a_guess(
            "reception that tries codes",
            &reception,
            "/api/v1/reception/find".into(),
            Box::new(|n| json!({"code": format!("{:08}", n * 7_919 % 100_000_000)})),
            10,
        ),
        a_loop(
            "staff invited without end",
            &admin_of_all,
            "/api/v1/offices/torun/staff".into(),
            Box::new(
                |n| json!({"login": format!("petla.{n}"), "name": "Pętla", "roles": ["clerk"], "location": "glowny"}),
            ),
            600,
        ),
    ])
}

/// The number of events that all services have written, from their metrics.
async fn events(house: &House) -> Result<u64> {
    figure(house, "okienko_journal_events_total").await
}

/// The sum of a metric over all services.
async fn figure(house: &House, name: &str) -> Result<u64> {
    let text = house.client.get("/metrics").await?.expect(200)?.text;
    let lines = text.lines().filter(|line| line.starts_with(name));
    Ok(lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>() as u64)
}

/// The access log, filled with rubbish by a kiosk's token.
async fn access_log(house: &House, writes: u32) -> Result<Borne> {
    let (machine, folder) = (torun(house, "kiosk").await?, house.data()?.to_owned());
    let before = size_of(&folder.join("access"))?;
    let paths = [
        format!("/admin/access?office=torun&day={}", "Z".repeat(30_000)),
        "/admin/access?office=torun&day=%3DHYPERLINK(%22%22http%3A%2F%2Fx%22%22%2C%22%22y%22%22)".to_owned(),
        "/admin/access?office=torun&day=%22".to_owned(),
        format!("/admin?office=torun&date={}", "9".repeat(30_000)),
        format!("/admin/reservations/{}?office=torun", "a".repeat(5_000)),
    ];
    for n in 0..writes {
        let answer = machine.get(&paths[n as usize % paths.len()]).await?;
        ensure!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text);
    }
    // The log is synced every second.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let grown = size_of(&folder.join("access"))?.saturating_sub(before);
    ensure!(grown <= 400 * u64::from(writes), "the access log grew by {grown} bytes with {writes} requests");
    let auditor = torun(house, "auditor").await?;
    let today = house.client.get("/dev/clock").await?.expect(200)?.at("/now")?;
    for day in [today.get(..10).unwrap_or_default(), ""] {
        let csv = auditor.get(&format!("/admin/access/csv?office=torun&day={day}")).await?;
        ensure!(!csv.text.contains("HYPERLINK"), "a formula stands in the auditor's file");
    }
    Ok(Borne::new("rubbish for the access log", format!("{writes} requests, {grown} bytes")))
}

fn size_of(folder: &Path) -> Result<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        size += entry?.metadata()?.len();
    }
    Ok(size)
}
