//! Every documented route that writes, called without end by somebody who may call it: at some point it answers that
//! this is too often, and when to retry. A route that never does fails the test, which names it.

use http::Method;
use okienko_e2e::{Client, House};
use serde_json::{Value, json};

/// Twice the burst that any route allows, except for providers' routes: it includes what refills during the test.
const TRIES: usize = 12_000;
/// A caller who waits for answers never reaches a limit of this many.
const AT_LEAST: usize = 50;
/// Many thousand reports per minute are normal: their limit is tested where it is defined.
const OF_PROVIDERS: &str = "/callbacks/";

/// The role whose token a route needs.
fn role(path: &str) -> Option<&'static str> {
    [
        ("/api/v1/kiosk/", "kiosk"),
        ("/api/v1/reception/", "reception"),
        ("/api/v1/desk/", "clerk"),
        ("/api/v1/offices/{office}/staff", "admin"),
        ("/api/v1/offices/{office}/reservations/", "admin"),
    ]
    .into_iter()
    .find_map(|(start, role)| path.starts_with(start).then_some(role))
}

async fn whose(house: &House, path: &str) -> Client {
    let Some(role) = role(path) else { return house.client.clone() };
    let mut token = vec!["--role", role, "--office", "torun", "--location", "glowny"];
    if role == "clerk" {
        token.extend(["--counter", "1"]);
    }
    house.client.with(&house.token(&token).await.unwrap())
}

/// An address with made-up ids: requests for what does not exist are refused, and must be limited too.
fn address(path: &str) -> String {
    let mut address = path.replace("{office}", "torun").replace("{act}", "recall");
    while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
        address.replace_range(from..=to, "abcdefgh");
    }
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_that_writes_says_when_it_is_too_often() {
    let house = House::demo().await.unwrap();
    let document = house.client.get("/api/openapi.json").await.unwrap().json;
    let mut looked_at = 0;
    let mut endless = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let known = methods.get(method.as_str().to_lowercase()).is_some();
            if !known || path.starts_with(OF_PROVIDERS) {
                continue;
            }
            looked_at += 1;
            let client = whose(&house, path).await.from(&format!("198.51.100.{looked_at}"));
            match until_too_often(&client, &method, &address(path)).await {
                Some((before, after)) => {
                    assert!(before >= AT_LEAST, "{method} {path} only {before} times");
                    assert!(after >= 1, "{method} {path} does not say when to come again");
                }
                None => endless.push(format!("{method} {path}")),
            }
        }
    }
    assert!(endless.is_empty(), "without a limit: {endless:#?}");
    assert!(looked_at >= 30, "{looked_at} routes");
}

/// How many requests were answered before the limit, and after how many seconds one may retry.
async fn until_too_often(client: &Client, method: &Method, path: &str) -> Option<(usize, u64)> {
    let body = (*method != Method::DELETE).then(|| Value::to_string(&json!({})));
    for before in 0..TRIES {
        let answer = client.ask(method.clone(), path, body.clone(), &[]).await.unwrap();
        if answer.status == 429 {
            assert_eq!(answer.code(), "rate_limited", "{method} {path}");
            return Some((before, answer.headers["retry-after"].to_str().unwrap().parse().unwrap()));
        }
    }
    None
}
