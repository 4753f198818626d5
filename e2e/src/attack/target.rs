//! The attackers' targets: every documented route and every staff page, with ids and bodies that would have an effect
//! there, and all the callers who have no business there. Knows only the outside surface.

use super::DATE;
use crate::client::Client;
use crate::house::House;
use crate::visit::{Wish, book, hold};
use anyhow::{Context, Result, ensure};
use http::Method;
use serde_json::{Value, json};

/// All roles of staff and devices.
pub const ROLES: [&str; 8] =
    ["clerk", "reception", "kiosk", "screen", "supervisor", "admin", "auditor", "operator"];
const NAME: &str = "Zofia Tajemnicza";
const PHONE: &str = "+48605123987";

/// Prefixes of routes open to everybody: public, or protected by secrets of their own.
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
/// Staff pages; the API document does not list them.
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

/// Whether a path answers for the caller's own hall, which the token names.
pub fn is_own_hall(path: &str) -> bool {
    OWN_HALL.iter().any(|own| path.starts_with(own)) || !path.starts_with("/api/")
}

/// Every route that needs a staff token: those in the document, and the pages.
pub async fn routes_of_staff(house: &House) -> Result<Vec<(Method, String)>> {
    let mut routes: Vec<(Method, String)> =
        PAGES.iter().map(|page| (Method::GET, (*page).to_owned())).collect();
    routes.extend(document(house).await?.into_iter().filter(|(_, path)| !is_public(path)));
    ensure!(routes.len() > PAGES.len() + 20, "{routes:?}");
    Ok(routes)
}

/// Every route in the document.
pub async fn document(house: &House) -> Result<Vec<(Method, String)>> {
    let document = house.client.get("/api/openapi.json").await?.expect(200)?.json;
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().context("no paths")? {
        for method in methods.as_object().context("no methods")?.keys().filter(|name| *name != "parameters") {
            routes.push((method.to_uppercase().parse()?, path.clone()));
        }
    }
    Ok(routes)
}

/// A reservation and a staff member of our office, with everything that identifies them.
pub struct Ours {
    /// The reservation's id.
    pub reservation: String,
    member: String,
    code: String,
    /// The token that opens the reservation's e-ticket.
    pub ticket: String,
    /// The token that opens the reservation.
    pub visit: String,
    /// Texts that no stranger may see.
    pub secrets: Vec<String>,
}

impl Ours {
    /// Books a visit of a person whose name must stay secret.
    pub async fn make(house: &House) -> Result<Ours> {
        Ours::make_at(house, "09:00").await
    }

    /// The same at another hour.
    pub async fn make_at(house: &House, hour: &str) -> Result<Ours> {
        let wish = Wish::new("torun", "glowny", "meldunek", DATE, hour);
        let visit = book(house, &house.client, &wish, NAME, PHONE).await?;
        let text = |field: &str| visit[field].as_str().map(str::to_owned).with_context(|| field.to_owned());
        let (list, staff) = seen(house).await?;
        let reservation = list["reservations"][0]["id"].as_str().context("no id")?.to_owned();
        let admin = staff["staff"].as_array().context("no staff")?.iter();
        let admin = admin.into_iter().find(|it| it["login"] == "olga.admin").context("no admin")?;
        let member = admin["id"].as_str().context("no id")?.to_owned();
        let secrets = [NAME, PHONE, "605123987", "olga.admin", "Olga Bielak"].map(str::to_owned);
        let secrets =
            Vec::from(secrets).into_iter().chain([text("number")?, text("check_in_code")?, member.clone()]);
        let secrets = secrets.collect();
        let (code, ticket, visit) = (text("check_in_code")?, text("ticket_token")?, text("token")?);
        Ok(Ours { reservation, member, code, ticket, visit, secrets })
    }

    /// A route's path with our ids filled in.
    pub fn path(&self, template: &str) -> Result<String> {
        let id = if template.contains("/staff/") { &self.member } else { &self.reservation };
        let acts = ["{act}", "{date}"].into_iter().zip(["call-next", DATE]);
        let path = template.replace("{office}", "torun").replace("{id}", id).replace("{token}", &self.ticket);
        let path = acts.fold(path, |path, (name, value)| path.replace(name, value));
        ensure!(!path.contains('{'), "{path}: say what stands there");
        Ok(path)
    }

    /// A body that would have an effect on that path.
    pub fn body(&self, path: &str) -> Value {
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

/// A staff token of Toruń's town hall.
pub async fn torun(house: &House, role: &str) -> Result<Client> {
    let token = ["--role", role, "--office", "torun", "--location", "glowny", "--counter", "1"];
    let placed = if role == "clerk" { &token[..] } else { &token[..6] };
    Ok(house.client.with(&house.token(placed).await?))
}

/// The day's list and the staff, as the office itself sees them.
pub async fn seen(house: &House) -> Result<(Value, Value)> {
    let staff = torun(house, "supervisor").await?;
    let list = staff.get(&format!("/api/v1/offices/torun/reservations?date={DATE}")).await?;
    let admin = house.client.with(&house.token(&["--role", "admin", "--office", "torun"]).await?);
    let all = admin.get("/api/v1/offices/torun/staff").await?;
    Ok((list.expect(200)?.json, all.expect(200)?.json))
}

/// Callers: one without a token, each role of another office, and each role of another location of the same office.
pub async fn strangers(house: &House) -> Result<Vec<(String, Client)>> {
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
            all.push((format!("{role} of {office}"), house.client.with(&house.token(&token).await?)));
        }
    }
    Ok(all)
}

/// Tokens that must never open a staff route: forged from good ones, of another installation, and secrets issued to
/// citizens for other purposes.
pub async fn false_tokens(house: &House, ours: &Ours) -> Result<Vec<(String, String)>> {
    let admin = house.token(&["--role", "admin", "--office", "torun"]).await?;
    let kiosk = house.token(&["--role", "kiosk", "--office", "torun", "--location", "glowny"]).await?;
    let other = tempfile::tempdir()?;
    let foreign = crate::house::token(other.path(), &["--role", "admin", "--office", "torun"]).await?;
    let (payload, mac) = admin.split_once('.').context("a token has two parts")?;
    let (kiosks, kiosk_mac) = kiosk.split_once('.').context("a token has two parts")?;
    let turned = |text: &str| {
        // The last base64 letter has unused bits, so changing it might change nothing; the letter before it has none.
        let (at, letter) = text.char_indices().rev().nth(1).unwrap_or((0, 'A'));
        format!("{}{}{}", &text[..at], if letter == 'A' { 'B' } else { 'A' }, &text[at + 1..])
    };
    let wish = Wish::new("torun", "glowny", "meldunek", DATE, "10:00");
    let held = hold(&house.client.from("198.51.100.9"), &wish).await?;
    let tokens = [
        ("an admin's words with a machine's signature", format!("{payload}.{kiosk_mac}")),
        ("a machine's words with an admin's signature", format!("{kiosks}.{mac}")),
        ("an admin's words, changed", format!("{}.{mac}", turned(payload))),
        ("an admin's signature, changed", format!("{payload}.{}", turned(mac))),
        ("an admin's signature, cut", format!("{payload}.{}", &mac[..mac.len() / 2])),
        ("an admin's words without a signature", format!("{payload}.")),
        ("an admin's words alone", payload.to_owned()),
        ("an admin's token with something behind it", format!("{admin}.{mac}")),
        ("an admin's token of another installation", foreign),
        ("the secret of a hold", held.secret),
        ("the token of a visit", ours.visit.clone()),
        ("the token of an e-ticket", ours.ticket.clone()),
        ("the id of a reservation", ours.reservation.clone()),
        ("a long text", "A".repeat(6_000)),
        ("a dot", ".".to_owned()),
    ];
    Ok(tokens.into_iter().map(|(who, token)| (who.to_owned(), token)).collect())
}
