//! Everything that an installation logs, traces and counts while all kinds of things happen to people: it contains
//! nothing personal.

use super::links::town::{BEGIN, Town};
use http::Method;
use okienko_drill::Postgres;
use okienko_e2e::account::PASSWORD;
use okienko_e2e::cluster::Plan;
use okienko_e2e::collector::Collector;
use okienko_e2e::scene::Scene;
use okienko_e2e::visit::{Wish, fill, hold, send_code};
use okienko_e2e::{Client, House};
use okienko_fake_provider::Mode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// An address reserved for documentation (RFC 5737).
const FROM: &str = "203.0.113.77";
/// What people of the town type into forms.
const TYPED: [&str; 8] =
    ["Jan Kowalski", "Ewa Lis", "Kowalski", "FA1234567", "FA7654321", PASSWORD, "Zenobia", "601777333"];

/// Requests that nobody should ever send, containing personal data.
async fn wrong(client: &Client, token: &str) {
    let person = json!({"name": "Zenobia Kwiatkowska", "phone": "+48601777333"}).to_string();
    for (method, path) in [
        (Method::POST, "/api/v1/offices/torun/holds".to_owned()),
        (Method::PUT, format!("/api/v1/holds/{token}/form")),
        (Method::POST, format!("/api/v1/holds/{token}/code")),
        (Method::POST, format!("/api/v1/reservations/{token}/cancel")),
        (Method::GET, format!("/api/v1/nobody/{token}?phone=%2B48601777333")),
        (Method::POST, "/api/v1/offices/kalisz/accounts".to_owned()),
        (Method::POST, "/callbacks/sms/smsapi/torun/nobody?to=48601777333".to_owned()),
        (Method::POST, "/callbacks/sms/twilio/torun?To=%2B48601777333".to_owned()),
    ] {
        for body in [&*person, "{\"phone\": \"+48601777333\"", "Zenobia"] {
            let body = (method != Method::GET).then(|| body.to_owned());
            client.ask(method.clone(), &path, body, &[]).await.unwrap();
        }
    }
}

/// Everything that people would not want others to read: what they typed, what they were sent, their tokens.
fn personal(town: &Town, sent: &[(String, String)]) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = TYPED.map(str::to_owned).into();
    all.insert(FROM.to_owned());
    for address in &town.addresses {
        all.insert(address.trim_start_matches("+48").to_owned());
    }
    for (_, token, number, _) in &town.visits {
        all.extend([token.clone(), number.clone()]);
    }
    all.extend([town.ticket.clone(), town.session.clone()]);
    for (to, text) in sent {
        all.insert(to.trim_start_matches("+48").to_owned());
        let digits = text.split(|c: char| !c.is_ascii_digit());
        all.extend(digits.filter(|part| part.len() == 6).map(str::to_owned));
        let links = text.split_whitespace().filter(|word| word.starts_with("http"));
        let ends = links.filter_map(|link| link.trim_end_matches(['.', ',']).rsplit('/').next());
        all.extend(ends.filter(|end| end.len() > 12).map(str::to_owned));
    }
    all.remove("");
    all
}

/// Whether a secret occurs in a text by itself; a short number must not be part of a longer one.
fn stands_in(secret: &str, text: &str) -> bool {
    let number = |c: char| c.is_ascii_alphanumeric() || c == '.';
    text.match_indices(secret).any(|(at, _)| {
        let whole = !text[..at].ends_with(number) && !text[at + secret.len()..].starts_with(number);
        whole || !secret.bytes().all(|b| b.is_ascii_digit()) || secret.len() > 8
    })
}

fn lines_of(written: &str) -> Vec<Value> {
    let objects = written.lines().filter(|line| line.starts_with('{'));
    objects
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no line of JSON: {line}")))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_line_span_or_figure_holds_anything_of_a_person() {
    let collector = Collector::start().await.unwrap();
    let mut settings = collector.settings();
    settings.push(("OKIENKO__SERVE__LOG".to_owned(), "debug".to_owned()));
    settings.push(("OKIENKO__SERVE__LOG_JSON".to_owned(), "true".to_owned()));
    let mut house = House::of(Plan { settings, ..Plan::new(1, BEGIN) }).await.unwrap();
    house.client = house.client.from(FROM);
    let mut town = Town::of(Scene { house }).await.unwrap();
    let client = town.scene.house.client.clone();
    wrong(&client, &town.visits[0].1).await;

    // Providers, the database and the bus fail while somebody books.
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "12:00");
    let provider = town.scene.house.cluster().unwrap().provider.clone();
    provider.behave(Mode::Status { status: 500 }, Some(3));
    let held = hold(&client, &wish).await.unwrap();
    fill(&client, &held, "Zenobia Kwiatkowska").await.unwrap();
    send_code(&client, &held, "+48601777333").await.unwrap().expect(202).unwrap();
    for _ in 0..4 {
        town.scene.house.advance("PT1M").await.unwrap();
    }
    let servers = &mut town.scene.house.cluster().unwrap().servers;
    servers.nats.lose().unwrap();
    servers.postgres.stop_at_once();
    let held = client.post(&wish.path(), wish.body()).await.unwrap();
    assert!(held.status >= 500, "{}", held.text);
    wrong(&client, &town.visits[0].1).await;
    let servers = &mut town.scene.house.cluster().unwrap().servers;
    Postgres::start_again(&mut servers.postgres).unwrap();
    servers.nats.start_again().unwrap();
    let held = async {
        loop {
            if let Ok(held) = hold(&client, &wish).await {
                return held;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let held = tokio::time::timeout(Duration::from_secs(60), held).await.unwrap();
    fill(&client, &held, "Zenobia Kwiatkowska").await.unwrap();
    // Spans and metrics are exported every few seconds.
    tokio::time::sleep(Duration::from_secs(7)).await;

    let cluster = town.scene.house.cluster().unwrap();
    let sent: Vec<(String, String)> =
        cluster.provider.accepted().into_iter().map(|sent| (sent.to, sent.text)).collect();
    assert!(sent.len() > 20, "{sent:?}");
    let mut told: Vec<String> = Vec::new();
    let mut levels = BTreeSet::new();
    for replica in &cluster.replicas {
        let written = replica.written();
        for mut line in lines_of(&written) {
            for key in ["time", "level", "target", "message"] {
                assert!(line[key].is_string(), "{key}: {line}");
            }
            levels.extend(line["level"].as_str().map(str::to_owned));
            // Its fraction of a second is a six-digit number, which looks like a code.
            line.as_object_mut().unwrap().remove("time");
            told.push(line.to_string());
        }
    }
    assert!(levels.contains("DEBUG") && levels.contains("WARN"), "{levels:?}");
    let traced = collector.words();
    assert!(traced.contains("sms-gateway") && traced.contains("okienko_commands_total"));
    told.extend(traced.lines().map(str::to_owned));
    let personal = personal(&town, &sent);
    assert!(personal.len() > 60, "{personal:?}");
    let found: Vec<(&String, &String)> = personal
        .iter()
        .filter_map(|secret| told.iter().find(|line| stands_in(secret, line)).map(|line| (secret, line)))
        .collect();
    let shown: Vec<String> = found
        .iter()
        .map(|(secret, line)| format!("{secret}: {}", line.chars().take(600).collect::<String>()))
        .collect();
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), personal.len(), shown.join("\n"));
}
