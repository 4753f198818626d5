//! What operators see: every process, message providers, what is wrong and what to do; on a page and on a command line.

use okienko_e2e::House;
use okienko_e2e::client::Client;
use okienko_e2e::cluster::{Cluster, Replica, Role};
use okienko_e2e::house::{HouseOptions, MORNING, Shape, binary};
use okienko_e2e::scene::words;
use okienko_e2e::visit::{self, Wish};
use okienko_fake_provider::Mode;
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// A timeout for a hang, not a measurement.
const HANG: Duration = Duration::from_secs(60);
const PHONE: &str = "+48601222333";

/// Sample offices that accept bookings from any country: for others, a process without a database of countries shows a
/// warning.
fn open_offices() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for office in ["torun.toml", "kalisz.toml"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/offices").join(office);
        std::fs::copy(from, folder.path().join(office)).unwrap();
    }
    folder
}

fn at_these(offices: &tempfile::TempDir) -> HouseOptions {
    HouseOptions { offices: Some(offices.path().to_owned()), ..HouseOptions::at(MORNING) }
}

async fn operator(house: &House) -> Client {
    house.client.with(&house.token(&["--role", "operator", "--office", "*"]).await.unwrap())
}

/// The page's text, once it is as wanted.
async fn page(operator: &Client, wanted: impl Fn(&str) -> bool) -> String {
    let mut last = String::new();
    let come = async {
        loop {
            let headers = [("accept", "text/html"), ("accept-language", "pl")];
            let answer = operator.ask(http::Method::GET, "/ops", None, &headers).await.unwrap();
            last = words(&answer.expect(200).unwrap().text);
            if wanted(&last) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let shown = tokio::time::timeout(HANG, come).await;
    assert!(shown.is_ok(), "the page is never as wanted: {last}");
    last
}

/// The output of `doctor` about these processes, and whether all is well.
async fn doctor(addresses: &[String]) -> (bool, String) {
    let out = Command::new(binary().unwrap()).arg("doctor").args(addresses).output().await.unwrap();
    (out.status.success(), String::from_utf8(out.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_process_is_on_the_page_of_operators_and_nobody_else_sees_it() {
    let offices = open_offices();
    let mut house = House::shaped(Shape::chosen().unwrap(), at_these(&offices)).await.unwrap();
    let processes = house.cluster().map_or(1, |cluster| cluster.replicas.len());
    let operator = operator(&house).await;
    // The row of each process names its version once.
    let version = format!(" {} ", env!("CARGO_PKG_VERSION"));
    let shown = page(&operator, |shown| shown.matches(&version).count() == processes).await;
    assert!(shown.contains("Wszystko działa."), "{shown}");
    let admin = house.token(&["--role", "admin", "--office", "torun"]).await.unwrap();
    house.client.with(&admin).get("/ops").await.unwrap().expect(403).unwrap();
    house.client.get("/ops").await.unwrap().expect(403).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_without_credit_a_dead_nats_and_a_dead_process_are_told_with_what_to_do() {
    let offices = open_offices();
    let mut house = House::shaped(Shape::Roles, at_these(&offices)).await.unwrap();
    let operator = operator(&house).await;
    let all: Vec<String> = house.cluster().unwrap().replicas.iter().map(Replica::base).collect();
    let (well, said) = doctor(&all).await;
    assert!(well && said.matches(": well").count() == 4, "{said}");

    fn cluster(house: &mut House) -> &mut Cluster {
        house.cluster().unwrap()
    }
    cluster(&mut house).provider.behave(Mode::Error { number: 103 }, None);
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "10:00");
    let hold = visit::hold(&house.client, &wish).await.unwrap();
    visit::fill(&house.client, &hold, "Anna Nowak").await.unwrap();
    visit::send_code(&house.client, &hold, PHONE).await.unwrap().expect(202).unwrap();
    let shown = page(&operator, |shown| shown.contains("czeka na operatora")).await;
    for part in ["Dostawca smsapi nie przyjmie żadnej wiadomości", "środki", "Coś wymaga uwagi"] {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    assert!(!shown.contains(PHONE) && !shown.contains("Nowak"), "{shown}");
    let (well, said) = doctor(&all).await;
    assert!(!well && said.contains("smsapi takes no message until somebody acts"), "{said}");

    let gone = cluster(&mut house).of(Role::Display).start;
    cluster(&mut house).replicas[gone].kill().await;
    let (well, said) = doctor(&all).await;
    assert!(!well && said.contains(&format!("{}: does not answer", all[gone])), "{said}");
    cluster(&mut house).servers.nats.kill();
    let shown = page(&operator, |shown| shown.contains("NATS nie odpowiada")).await;
    assert!(shown.contains("Uruchom NATS"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_whose_rule_on_territory_is_not_kept_is_told_of_everywhere() {
    let mut house = House::shaped(Shape::Roles, HouseOptions::at(MORNING)).await.unwrap();
    let operator = operator(&house).await;
    let shown = page(&operator, |shown| shown.contains("z każdego kraju")).await;
    assert!(shown.contains("Urząd wroclaw") && shown.contains("geo.file"), "{shown}");
    assert!(!shown.contains("Urząd torun"), "{shown}");
    let all: Vec<String> = house.cluster().unwrap().replicas.iter().map(Replica::base).collect();
    let (well, said) = doctor(&all).await;
    assert!(!well && said.contains("The office wroclaw lets people of any country book"), "{said}");
    assert_eq!(said.matches(": well").count(), 3, "only booking has offices: {said}");
}
