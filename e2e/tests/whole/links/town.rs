//! A morning on which every message is sent to somebody: visits and accounts at Toruń, Kalisz and Wrocław. Knows no
//! test.

use anyhow::{Context, ensure};
use okienko_e2e::account::{PASSWORD, activate, consents, link, register, sign_in, signed_in};
use okienko_e2e::scene::{Scene, act, walk_in};
use okienko_e2e::visit::{Hold, Wish, book, book_by_account, confirm, fill, hold, message, read_code};
use okienko_e2e::{Client, challenge};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tokio::sync::Mutex;

/// Two days before the morning.
pub const BEGIN: &str = "2026-11-29T10:00:00+01:00";
const YESTERDAY: &str = "2026-11-30";
const TODAY: &str = "2026-12-01";
const TOMORROW: &str = "2026-12-02";
const JAN: &str = "jan@example.org";
const MEMBER: &str = "olena@example.org";

/// The program and everybody who received messages from it.
pub struct Town {
    pub scene: Scene,
    /// Phones and mail addresses.
    pub addresses: Vec<String>,
    /// Office and mail address.
    pub accounts: Vec<(&'static str, &'static str)>,
    /// A session of the first of them.
    pub session: String,
    /// Office, token, number, day.
    pub visits: Vec<(&'static str, String, String, &'static str)>,
    /// The token of an e-ticket.
    pub ticket: String,
    pub locations: [(&'static str, &'static str); 3],
    /// Staff by role and office, kept because a new key appears in the office's list from its first use.
    staff: Mutex<BTreeMap<(String, String), Client>>,
}

impl Town {
    /// Builds the morning, up to the moment at which the clock stands.
    pub async fn build() -> anyhow::Result<Town> {
        Town::of(Scene::at(BEGIN).await?).await
    }

    /// The same in a house whose clock stands at [`BEGIN`].
    pub async fn of(scene: Scene) -> anyhow::Result<Town> {
        let locations = [("torun", "glowny"), ("kalisz", "komunikacja"), ("wroclaw", "wroclaw")];
        let (addresses, accounts) = (Vec::new(), Vec::new());
        let (session, visits) = (String::new(), Vec::new());
        let (ticket, staff) = (String::new(), Mutex::default());
        let mut town = Town { scene, addresses, accounts, session, visits, ticket, locations, staff };
        town.not_called().await?;
        town.reminded().await?;
        town.scene.house.clock("2026-12-01T07:00:00+01:00").await?;
        let jan = signed_in(&town.scene.house, "kalisz", JAN).await?;
        town.knows(JAN);
        town.who_does_not_come(&jan).await?;
        town.tickets().await?;
        town.torun().await?;
        town.kalisz(&jan).await?;
        town.wroclaw().await?;
        town.session = sign_in(&town.scene.house.client, "kalisz", JAN).await?;
        Ok(town)
    }

    /// A member of staff, always with the same key.
    pub async fn staff(&self, role: &str, office: &str) -> anyhow::Result<Client> {
        let key = (role.to_owned(), office.to_owned());
        let mut staff = self.staff.lock().await;
        if let Some(known) = staff.get(&key) {
            return Ok(known.clone());
        }
        let location = self.locations.iter().find(|(of, _)| *of == office).context("no location")?.1;
        let client = self.scene.role(role, office, location).await?;
        staff.insert(key, client.clone());
        Ok(client)
    }

    fn knows(&mut self, address: &str) {
        if !self.addresses.iter().any(|known| known == address) {
            self.addresses.push(address.to_owned());
        }
    }

    fn visits(&mut self, office: &'static str, visit: &Value, date: &'static str) -> anyhow::Result<String> {
        let text =
            |field| visit[field].as_str().map(str::to_owned).with_context(|| format!("no {field}: {visit}"));
        self.visits.push((office, text("token")?, text("number")?, date));
        text("token")
    }

    async fn state(&self, token: &str) -> anyhow::Result<String> {
        let path = format!("/api/v1/reservations/{token}");
        self.scene.house.client.get(&path).await?.expect(200)?.at("/state")
    }

    /// A visit at Toruń of somebody who proves a phone.
    async fn by_phone(&mut self, phone: &str, date: &'static str, time: &str) -> anyhow::Result<String> {
        let wish = Wish::new("torun", "glowny", "meldunek", date, time);
        let visit = book(&self.scene.house, &self.scene.house.client, &wish, phone, phone).await?;
        self.knows(phone);
        self.visits("torun", &visit, date)
    }

    /// Two visitors at Toruń whom nobody calls all day: one has proved a phone, one a mail address.
    async fn not_called(&mut self) -> anyhow::Result<()> {
        self.by_phone("+48601000007", YESTERDAY, "09:00").await?;
        self.by_mail("iga@example.org", YESTERDAY, "09:15").await
    }

    /// Two visitors at Toruń who booked two days earlier: one has proved a phone, one a mail address.
    async fn reminded(&mut self) -> anyhow::Result<()> {
        let phone = "+48601000006";
        self.by_phone(phone, TODAY, "16:00").await?;
        self.by_mail("adam@example.org", TODAY, "16:15").await?;
        self.scene.house.clock("2026-11-30T18:00:00+01:00").await?;
        message(&self.scene.house, phone, 3).await.map(drop)
    }

    /// A visit at Toruń of somebody who proves a mail address.
    async fn by_mail(&mut self, email: &str, date: &'static str, time: &str) -> anyhow::Result<()> {
        let client = self.scene.house.client.clone();
        let held = hold(&client, &Wish::new("torun", "glowny", "meldunek", date, time)).await?;
        fill(&client, &held, "Ewa Lis").await?;
        let path = format!("/api/v1/holds/{}/code", held.id);
        let body = json!({"email": email, "locale": "pl"});
        client.with(&held.secret).post(&path, body).await?.expect(202)?;
        let mail = message(&self.scene.house, email, 1).await?;
        let code = mail.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6);
        let visit = confirm(&client, &held, code.context("no code")?).await?.expect(200)?;
        self.knows(email);
        self.visits("torun", &visit.json["reservation"], date).map(drop)
    }

    /// A visitor at Toruń who is called three times, and one at Kalisz who never takes a ticket.
    async fn who_does_not_come(&mut self, jan: &Client) -> anyhow::Result<()> {
        let torun = self.by_phone("+48601000001", TODAY, "08:00").await?;
        let wish = free(jan, "kalisz", "komunikacja", TODAY, "07:30").await?;
        let kalisz = book_by_account(jan, &wish, "Jan Kowalski").await?;
        let kalisz = self.visits("kalisz", &kalisz, TODAY)?;
        self.scene.house.clock("2026-12-01T08:00:00+01:00").await?;
        let clerk = self.scene.clerk("torun", "glowny", "1").await?;
        for _ in 0..40 {
            // An absent visitor is due again automatically after the office's pause.
            clerk.post("/api/v1/desk/call-next", json!({})).await?;
            if !clerk.get("/api/v1/desk").await?.expect(200)?.json["current"].is_null() {
                act(&clerk, "no-show").await?;
            }
            self.scene.house.advance("PT3M").await?;
            if self.state(&torun).await? == "missed" && self.state(&kalisz).await? == "missed" {
                return Ok(());
            }
        }
        anyhow::bail!("torun: {}, kalisz: {}", self.state(&torun).await?, self.state(&kalisz).await?)
    }

    /// A visitor who is told beforehand, and then called.
    async fn tickets(&mut self) -> anyhow::Result<()> {
        let phone = "+48601000002";
        let kiosk = self.scene.role("kiosk", "torun", "glowny").await?;
        let (_, token, _) = walk_in(&kiosk, "meldunek").await?;
        let wish = json!({"phone": phone, "ahead_min": 20, "locale": "pl"});
        let path = format!("/api/v1/tickets/{token}/notify");
        self.scene.house.client.post(&path, wish).await?.expect(202)?;
        let clerk = self.scene.clerk("torun", "glowny", "2").await?;
        act(&clerk, "call-next").await?;
        message(&self.scene.house, phone, 1).await?;
        self.knows(phone);
        self.ticket = token;
        Ok(())
    }

    /// Codes by SMS and mail; a visit that stays, one that its holder cancels, one that the office removes.
    async fn torun(&mut self) -> anyhow::Result<()> {
        self.by_phone("+48601000003", TOMORROW, "10:00").await?;
        let cancelled = self.by_phone("+48601000004", TOMORROW, "10:00").await?;
        let path = format!("/api/v1/reservations/{cancelled}/cancel");
        self.scene.house.client.post(&path, json!({})).await?.expect(200)?;
        self.by_phone("+48601000005", TOMORROW, "10:15").await?;
        self.remove("torun", TOMORROW).await?;
        self.by_mail("ewa@example.org", TOMORROW, "10:30").await
    }

    /// The office removes the newest visit.
    async fn remove(&self, office: &str, date: &str) -> anyhow::Result<()> {
        let (path, staff) = self.newest(office, date).await?;
        staff.post(&format!("{path}/remove"), json!({"reason": "bot"})).await?.expect(200)?;
        Ok(())
    }

    /// The newest visit, by its staff path.
    async fn newest(&self, office: &str, date: &str) -> anyhow::Result<(String, Client)> {
        let location = self.locations.iter().find(|(of, _)| *of == office).context("no location")?.1;
        let staff = self.scene.role("supervisor", office, location).await?;
        let path = format!("/api/v1/offices/{office}/reservations");
        let list = staff.get(&format!("{path}?date={date}")).await?.expect(200)?.json;
        let number = &self.visits.last().context("no visit")?.2;
        let rows = list["reservations"].as_array().context("no list")?;
        let row = rows.iter().find(|row| row["number"] == **number).context("not in the list")?;
        Ok((format!("{path}/{}", row["id"].as_str().context("no id")?), staff))
    }

    /// Accounts in every state, and visits of one of them.
    async fn kalisz(&mut self, jan: &Client) -> anyhow::Result<()> {
        let (client, office) = (self.scene.house.client.clone(), "kalisz");
        for time in ["10:00", "11:00"] {
            let wish = free(jan, office, "komunikacja", TOMORROW, time).await?;
            let visit = book_by_account(jan, &wish, "Jan Kowalski").await?;
            self.visits(office, &visit, TOMORROW)?;
        }
        let path = format!("/api/v1/reservations/{}/cancel", self.visits.last().context("no visit")?.1);
        client.post(&path, json!({})).await?.expect(200)?;
        // Twice for an activation that never comes, and once for an address that already has an account.
        for email in ["new@example.org", "new@example.org", JAN] {
            register(&client, office, email).await?;
        }
        for email in [JAN, "nobody@example.org"] {
            let path = format!("/api/v1/offices/{office}/accounts/reset");
            client.post(&path, json!({"email": email})).await?.expect(202)?;
        }
        let path = format!("/api/v1/offices/{office}/accounts/address");
        let wish = |email: &str| json!({"email": email, "password": PASSWORD});
        jan.post(&path, wish("jan.next@example.org")).await?.expect(202)?;
        let ola = signed_in(&self.scene.house, office, "ola@example.org").await?;
        ola.post(&path, wish("ola.next@example.org")).await?.expect(202)?;
        let token = link(&self.scene.house, "ola.next@example.org", 1).await?;
        let body = json!({"token": token.rsplit('/').next()});
        client.post(&format!("{path}/confirm"), body).await?.expect(204)?;
        for email in
            [JAN, "new@example.org", "jan.next@example.org", "ola@example.org", "ola.next@example.org"]
        {
            self.accounts.push((office, email));
            self.knows(email);
        }
        self.knows("nobody@example.org");
        Ok(())
    }

    /// A visit whose holder is asked questions, and one that the office removes.
    async fn wroclaw(&mut self) -> anyhow::Result<()> {
        let (client, office) = (self.scene.house.client.clone(), "wroclaw");
        register(&client, office, MEMBER).await?;
        activate(&client, office, &link(&self.scene.house, MEMBER, 1).await?).await?;
        let person = client.with(&sign_in(&client, office, MEMBER).await?);
        for (document, phone) in [("FA1234567", "+48602000001"), ("FA7654321", "+48602000002")] {
            let wish = free(&person, office, "wroclaw", TOMORROW, "10:00").await?;
            let visit = self.with_work(&person, &wish, (document, phone)).await?;
            self.knows(phone);
            self.visits(office, &visit, TOMORROW)?;
            if document == "FA1234567" {
                let (path, staff) = self.newest(office, TOMORROW).await?;
                let asked = json!({"questions": ["name", "birth_date"]});
                staff.post(&format!("{path}/questions"), asked).await?.expect(201)?;
            } else {
                self.remove(office, TOMORROW).await?;
            }
        }
        self.accounts.push((office, MEMBER));
        self.knows(MEMBER);
        Ok(())
    }

    async fn with_work(&self, person: &Client, wish: &Wish, who: (&str, &str)) -> anyhow::Result<Value> {
        let (document, phone) = who;
        let mut body = wish.body();
        body["challenge"] = json!(challenge::solved(person, "wroclaw").await?);
        let answer = person.post(&wish.path(), body).await?.expect(201)?;
        let held = Hold {
            id: answer.at("/hold")?,
            secret: answer.at("/secret")?,
            form: answer.json["form"].clone(),
        };
        let form = held.form.as_array().into_iter().flatten();
        let fields = form.filter_map(|field| {
            let example = field["example"].as_str()?;
            let value = if field["type"] == "document" { document } else { example };
            Some((field["id"].as_str()?.to_owned(), json!(value)))
        });
        let consents = consents(person, "wroclaw").await?;
        let body = json!({"fields": fields.collect::<Map<_, _>>(), "consents": consents});
        let own = person.with(&held.secret);
        own.put(&format!("/api/v1/holds/{}/form", held.id), body).await?.expect(204)?;
        let body = json!({"phone": phone, "locale": "pl"});
        own.post(&format!("/api/v1/holds/{}/code", held.id), body).await?.expect(202)?;
        let code = read_code(&self.scene.house, phone, 1).await?;
        Ok(confirm(person, &held, &code).await?.expect(200)?.json["reservation"].clone())
    }
}

/// The first free hour of an office's first service from `from` on.
async fn free(client: &Client, office: &str, location: &str, date: &str, from: &str) -> anyhow::Result<Wish> {
    let told = client.get(&format!("/api/v1/offices/{office}")).await?.expect(200)?;
    let service = told.at("/categories/0/services/0/id")?;
    let path = format!("/api/v1/offices/{office}/locations/{location}/services/{service}/days/{date}/times");
    let times = client.get(&path).await?.expect(200)?.json;
    let times = times["times"].as_array().context("no hours")?;
    let free = |time: &&Value| time["free"].as_u64() > Some(0) && time["time"].as_str() >= Some(from);
    let time = times.iter().find(free).and_then(|time| time["time"].as_str()).context("no free hour")?;
    ensure!(time >= from, "{time}");
    Ok(Wish::new(office, location, &service, date, time))
}
