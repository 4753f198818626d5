//! Links in mails and text messages are opened by more than people: by mail scanners, by previews. Every link in every
//! message, opened repeatedly by GET and HEAD, changes nothing.

mod templates;
pub mod town;

use http::Method;
use okienko_e2e::account::PASSWORD;
use okienko_e2e::house::Journals;
use okienko_e2e::{Answer, House};
use okienko_journal::{Engine, PostgresEngine, PostgresSettings, SqliteEngine};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use templates::templates;
use town::Town;

/// The observable state of the town, by subject.
type TownSnapshot = BTreeMap<String, Value>;

/// The links in a text, as paths.
fn links(house: &House, text: &str) -> Vec<String> {
    let base = house.client.base();
    let words = text.split_whitespace().filter(|word| word.starts_with("http"));
    words.filter_map(|word| Some(word.strip_prefix(base)?.trim_end_matches(['.', ',']).to_owned())).collect()
}

/// Opens an address as a browser does and follows redirects.
async fn open(house: &House, method: &Method, path: &str) -> Answer {
    let headers = [("accept", "text/html"), ("accept-language", "pl")];
    let mut path = path.to_owned();
    for _ in 0..5 {
        let answer = house.client.ask(method.clone(), &path, None, &headers).await.unwrap();
        assert!(answer.status < 500 && answer.status != 405, "{method} {path}: {}", answer.status);
        match answer.headers.get("location") {
            Some(to) => to.to_str().unwrap().clone_into(&mut path),
            None => return answer,
        }
    }
    panic!("{path} leads in a circle");
}

async fn json_of(town: &Town, role: &str, office: &str, path: &str) -> Value {
    let client = if role.is_empty() {
        town.scene.house.client.clone()
    } else {
        town.staff(role, office).await.unwrap()
    };
    client.get(path).await.unwrap().expect(200).unwrap().json
}

/// The newest version of each stream of each journal, except for the counters of opened pages.
async fn positions(house: &House) -> TownSnapshot {
    let mut seen = TownSnapshot::new();
    for service in ["booking", "queue", "sms-gateway"] {
        let engine: Arc<dyn Engine> = match house.journals() {
            Journals::Folder(data) => {
                Arc::new(SqliteEngine::open(&data.join(format!("{service}.db"))).unwrap())
            }
            Journals::Postgres(url) => {
                Arc::new(PostgresEngine::open(&PostgresSettings::new(&url), service).unwrap())
            }
        };
        let events = engine.read_after(0, usize::try_from(i32::MAX).unwrap()).await.unwrap();
        assert!(!events.is_empty(), "{service} has a journal");
        for event in events.iter().filter(|event| !event.stream.starts_with("visits/")) {
            seen.insert(format!("{service}: {}", event.stream), json!(event.version));
        }
    }
    seen
}

/// Everything that can be observed of the town from outside, and its journals.
async fn seen(town: &Town) -> TownSnapshot {
    let house = &town.scene.house;
    house.advance("PT0S").await.unwrap();
    let mut seen = positions(house).await;
    for (office, email) in &town.accounts {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = house.client.post(&format!("/api/v1/offices/{office}/sessions"), body).await.unwrap();
        seen.insert(format!("{email} signs in at {office}"), json!(answer.status));
    }
    let cookie = format!("session={}", town.session);
    let own =
        house.client.ask(Method::GET, "/kalisz/account", None, &[("cookie", cookie.as_str())]).await.unwrap();
    assert!(town.visits.iter().any(|(_, token, _, _)| own.text.contains(token.as_str())), "{}", own.text);
    seen.insert("a page of one's own".to_owned(), json!(own.text));
    for (office, token, number, date) in &town.visits {
        let visit = json_of(town, "", office, &format!("/api/v1/reservations/{token}")).await;
        seen.insert(format!("visit {number}"), visit);
        let path = format!("/api/v1/offices/{office}/reservations?date={date}");
        let list = json_of(town, "supervisor", office, &path).await;
        let row =
            list["reservations"].as_array().unwrap().iter().find(|row| row["number"] == **number).unwrap();
        let path = format!("/api/v1/offices/{office}/reservations/{}", row["id"].as_str().unwrap());
        seen.insert(format!("visit {number} for staff"), json_of(town, "supervisor", office, &path).await);
    }
    for (office, location) in town.locations {
        let mut board = json_of(town, "", office, &format!("/api/v1/halls/{office}/{location}")).await;
        board.as_object_mut().unwrap().remove("at");
        seen.insert(format!("hall of {office}"), board);
        let staff = json_of(town, "admin", office, &format!("/api/v1/offices/{office}/staff")).await;
        seen.insert(format!("staff of {office}"), staff);
    }
    let mut ticket = json_of(town, "", "torun", &format!("/api/v1/tickets/{}", town.ticket)).await;
    ticket.as_object_mut().unwrap().remove("at");
    seen.insert("the e-ticket".to_owned(), ticket);
    for address in &town.addresses {
        seen.insert(format!("messages to {address}"), json!(house.outbox(address).await.unwrap()));
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_of_any_message_changes_anything_by_being_opened() {
    let town = Town::build().await.unwrap();
    let house = &town.scene.house;
    house.advance("PT0S").await.unwrap();
    let templates = templates();
    let (mut sent, mut all) = (BTreeSet::new(), BTreeSet::new());
    for address in &town.addresses {
        for text in house.outbox(address).await.unwrap() {
            let of = templates.iter().filter(|template| template.made(&text)).map(|it| it.name.as_str());
            let of: Vec<&str> = of.collect();
            let [name] = of[..] else { panic!("{of:?} made: {text}") };
            let found = links(house, &text);
            assert_ne!(found.is_empty(), !name.ends_with("-code"), "{name}: {text}");
            sent.insert(name.to_owned());
            all.extend(found);
        }
    }
    let known: BTreeSet<String> = templates.iter().map(|template| template.name.clone()).collect();
    assert_eq!(sent, known, "every message was sent");
    // The first look registers the staff keys that it uses.
    drop(seen(&town).await);
    let before = seen(&town).await;
    let is = |what: &str| before.get(what).unwrap_or_else(|| panic!("{what} in {:?}", before.keys()));
    assert_eq!(
        (is("new@example.org signs in at kalisz"), is("jan@example.org signs in at kalisz")),
        (&json!(403), &json!(200))
    );
    for path in &all {
        for method in [Method::GET, Method::HEAD, Method::GET, Method::HEAD] {
            let answer = open(house, &method, path).await;
            assert!(
                answer.status == 200 || answer.status == 404 || answer.status == 410,
                "{path}: {}",
                answer.status
            );
        }
    }
    let after = seen(&town).await;
    for (what, was) in &before {
        assert_eq!(after.get(what), Some(was), "{what}, after {} links", all.len());
    }
    assert_eq!(before.len(), after.len(), "nothing new");
}
