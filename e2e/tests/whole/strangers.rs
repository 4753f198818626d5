//! Every route of the document that needs staff, called with nobody's token and with tokens of each role of another
//! office and of another place: refused, or an answer about the stranger's own hall with nothing of ours in it.

use http::Method;
use okienko_e2e::visit::{Wish, book};
use okienko_e2e::{Client, House};
use serde_json::{Value, json};

const ROLES: [&str; 8] =
    ["clerk", "reception", "kiosk", "screen", "supervisor", "admin", "auditor", "operator"];
const NAME: &str = "Zofia Tajemnicza";
const PHONE: &str = "+48605123987";
const DATE: &str = "2026-12-01";

/// What everybody may ask, by how it begins: answered by secrets of its own, or public.
const PUBLIC: [&str; 18] = [
    "/api/v1/offices",
    "/api/v1/offices/{office}",
    "/api/v1/offices/{office}/locations/",
    "/api/v1/offices/{office}/holds",
    "/api/v1/offices/{office}/accounts",
    "/api/v1/offices/{office}/accounts/",
    "/api/v1/offices/{office}/sessions",
    "/api/v1/offices/{office}/answers/",
    "/api/v1/challenge",
    "/api/v1/holds/",
    "/api/v1/reservations/",
    "/api/v1/staff/sessions",
    "/api/v1/halls/",
    "/api/v1/tickets/",
    "/api/v1/open/",
    "/audio/",
    "/callbacks/",
    "/healthz",
];
/// Routes that name no office: the token does.
const OWN_HALL: [&str; 3] = ["/api/v1/kiosk/", "/api/v1/reception/", "/api/v1/desk"];
/// Pages of staff; they are in no document.
const PAGES: [&str; 15] = [
    "/ops",
    "/admin/messages.csv?office=torun",
    "/admin?office=torun",
    "/admin?office=torun&date=2026-12-01",
    "/admin/reservations/{id}?office=torun",
    "/admin/reservations/{id}",
    "/admin/reservations/{id}/remove?office=torun",
    "/admin/suspicious?office=torun",
    "/admin/staff?office=torun",
    "/admin/access?office=torun&day=2026-12-01",
    "/admin/access/csv?office=torun",
    "/desk",
    "/reception",
    "/kiosk",
    "/kiosk/ticket/{token}",
];

fn is_public(path: &str) -> bool {
    PUBLIC.iter().any(|public| *public == path || (public.ends_with('/') && path.starts_with(public)))
}

/// A reservation and the staff of an office, and whatever names them.
struct Ours {
    reservation: String,
    member: String,
    code: String,
    token: String,
    /// What no stranger may see.
    secrets: Vec<String>,
}

impl Ours {
    async fn make(house: &House) -> Ours {
        let wish = Wish::new("torun", "glowny", "meldunek", DATE, "09:00");
        let visit = book(house, &house.client, &wish, NAME, PHONE).await.unwrap();
        let text = |field: &str| visit[field].as_str().unwrap().to_owned();
        let (list, staff) = seen(house).await;
        let reservation = list["reservations"][0]["id"].as_str().unwrap().to_owned();
        let admin = staff["staff"].as_array().unwrap().iter().find(|it| it["login"] == "olga.admin");
        let member = admin.unwrap()["id"].as_str().unwrap().to_owned();
        let secrets = [NAME, PHONE, "605123987", "olga.admin", "Olga Bielak"].map(str::to_owned);
        let secrets =
            Vec::from(secrets).into_iter().chain([text("number"), text("check_in_code"), member.clone()]);
        let secrets = secrets.collect();
        Ours { reservation, member, code: text("check_in_code"), token: text("ticket_token"), secrets }
    }

    fn path(&self, template: &str) -> String {
        let id = if template.contains("/staff/") { &self.member } else { &self.reservation };
        let acts = ["{act}", "{date}"].into_iter().zip(["call-next", DATE]);
        let path = template.replace("{office}", "torun").replace("{id}", id).replace("{token}", &self.token);
        let path = acts.fold(path, |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "{path}: say what stands there");
        path
    }

    /// A body that would do something.
    fn body(&self, path: &str) -> Value {
        match path.rsplit('/').next().unwrap_or_default() {
            "remove" => json!({"reason": "bot"}),
            "questions" => json!({"questions": ["name"]}),
            "staff" => json!({"login": "mallory", "name": "M", "roles": ["admin"]}),
            "tickets" => json!({"service": "meldunek"}),
            "check-ins" | "find" | "admit" | "verify" => json!({"code": self.code}),
            "refuse" => json!({"code": self.code, "reason": "other"}),
            _ if path.contains("/staff/") && !path.ends_with("revoke") => json!({"roles": ["admin"]}),
            _ => json!({}),
        }
    }
}

async fn torun(house: &House, role: &str) -> Client {
    let token = ["--role", role, "--office", "torun", "--location", "glowny"];
    house.client.with(&house.token(&token).await.unwrap())
}

/// The day's list and the staff, as the office itself sees them.
async fn seen(house: &House) -> (Value, Value) {
    let (staff, admin) =
        (torun(house, "supervisor").await, house.token(&["--role", "admin", "--office", "torun"]));
    let list = staff.get(&format!("/api/v1/offices/torun/reservations?date={DATE}")).await.unwrap();
    let admin = house.client.with(&admin.await.unwrap());
    let all = admin.get("/api/v1/offices/torun/staff").await.unwrap();
    (list.expect(200).unwrap().json, all.expect(200).unwrap().json)
}

/// Nobody, each role of another office, and each role of another place of the same office.
async fn strangers(house: &House) -> Vec<(String, Client)> {
    let mut all = vec![
        ("nobody".to_owned(), house.client.clone()),
        ("rubbish".to_owned(), house.client.with("e30.AAAA")),
    ];
    for (office, location) in [("kalisz", "komunikacja"), ("torun", "plaza")] {
        for role in ROLES {
            let mut token = vec!["--role", role, "--office", office, "--location", location];
            if role == "clerk" {
                token.extend(["--counter", "1"]);
            }
            all.push((format!("{role} of {office}"), house.client.with(&house.token(&token).await.unwrap())));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_staff_is_closed_to_strangers_of_every_role() {
    let house = House::demo().await.unwrap();
    let ours = Ours::make(&house).await;
    let before = seen(&house).await;
    let document = house.client.get("/api/openapi.json").await.unwrap().expect(200).unwrap().json;
    let strangers = strangers(&house).await;
    let mut routes: Vec<(Method, String)> =
        PAGES.iter().map(|page| (Method::GET, (*page).to_owned())).collect();
    for (path, methods) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| !is_public(path))
    {
        for method in methods.as_object().unwrap().keys().filter(|name| *name != "parameters") {
            routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    assert!(routes.len() > PAGES.len() + 20, "{routes:?}");
    for (method, template) in &routes {
        let path = ours.path(template);
        let body = (*method != Method::GET).then(|| ours.body(template).to_string());
        let own = OWN_HALL.iter().any(|own| path.starts_with(own)) || !path.starts_with("/api/");
        for (who, stranger) in &strangers {
            let what = format!("{method} {path} by {who}");
            let answer = stranger.ask(method.clone(), &path, body.clone(), &[]).await.unwrap();
            // A place of the same office has lists of its own; nobody else has any.
            let elsewhere = who.ends_with("of torun") || (own && who.ends_with("of kalisz"));
            let refused = matches!(answer.status, 401 | 403 | 404);
            assert!(refused || elsewhere, "{what}: {} {}", answer.status, answer.text);
            assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
            for secret in &ours.secrets {
                assert!(!answer.text.contains(secret.as_str()), "{what} shows {secret}: {}", answer.text);
            }
        }
    }
    let after = seen(&house).await;
    assert_eq!(before.0, after.0, "the day's list");
    let named = |staff: &Value| -> Vec<Value> {
        let all = staff["staff"].as_array().unwrap().iter();
        all.filter(|it| it["location"] != "plaza").cloned().collect()
    };
    assert_eq!(named(&before.1), named(&after.1), "the staff");
}
