//! A running program with people and devices around it: kiosks, clerks, readers of pages. Knows only the outside
//! surface.

use crate::client::Client;
use crate::house::{House, HouseOptions, Shape};
use anyhow::Context;
use serde_json::{Value, json};

/// A program and its users.
pub struct Scene {
    /// The program.
    pub house: House,
}

impl Scene {
    /// The demo with its sample offices, its clock standing at `now`.
    pub async fn at(now: &str) -> anyhow::Result<Scene> {
        Ok(Scene { house: House::start(None, Some(now)).await? })
    }

    /// The same with a database of the countries of network addresses.
    pub async fn with_geography(now: &str) -> anyhow::Result<Scene> {
        let file =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/territory/tests/data/GeoIP2-Country-Test.mmdb");
        let wanted = HouseOptions { geo: Some(file.into()), ..HouseOptions::at(now) };
        Ok(Scene { house: House::shaped(Shape::chosen()?, wanted).await? })
    }

    /// A member of staff or a device at a location.
    pub async fn role(&self, role: &str, office: &str, location: &str) -> anyhow::Result<Client> {
        let token = self.house.token(&["--role", role, "--office", office, "--location", location]).await?;
        Ok(self.house.client.with(&token))
    }

    /// A clerk at an open counter.
    pub async fn clerk(&self, office: &str, location: &str, counter: &str) -> anyhow::Result<Client> {
        let place = ["--role", "clerk", "--office", office, "--location", location, "--counter", counter];
        let clerk = self.house.client.with(&self.house.token(&place).await?);
        act(&clerk, "open").await?;
        Ok(clerk)
    }

    /// A page as a browser without scripts reads it, in Polish.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        let headers = [("accept", "text/html"), ("accept-language", "pl")];
        let answer = self.house.client.ask(http::Method::GET, path, None, &headers).await?;
        Ok(answer.expect(200)?.text)
    }

    /// The visible text of a page, without tags.
    pub async fn words(&self, path: &str) -> anyhow::Result<String> {
        Ok(words(&self.page(path).await?))
    }

    /// The board of a hall.
    pub async fn board(&self, office: &str, location: &str) -> anyhow::Result<Value> {
        self.house.advance("PT0S").await?;
        Ok(self.house.client.get(&format!("/api/v1/halls/{office}/{location}")).await?.expect(200)?.json)
    }

    /// An e-ticket.
    pub async fn ticket(&self, token: &str) -> anyhow::Result<Value> {
        self.house.advance("PT0S").await?;
        Ok(self.house.client.get(&format!("/api/v1/tickets/{token}")).await?.expect(200)?.json)
    }
}

/// Sends a clerk's command; returns the counter's state after it.
pub async fn act(clerk: &Client, what: &str) -> anyhow::Result<Value> {
    Ok(clerk.post(&format!("/api/v1/desk/{what}"), json!({})).await?.expect(200)?.json)
}

/// The called ticket's number, and which call it is.
pub fn called(state: &Value) -> (String, u64) {
    let current = &state["current"];
    (current["ticket"].as_str().unwrap_or("-").to_owned(), current["attempt"].as_u64().unwrap_or(0))
}

/// Takes a walk-in ticket; returns its number, its token, and how many wait before it.
pub async fn walk_in(kiosk: &Client, service: &str) -> anyhow::Result<(String, String, u64)> {
    let answer = kiosk.post("/api/v1/kiosk/tickets", json!({"service": service})).await?.expect(201)?;
    let waiting = answer.json["ticket"]["waiting"].as_u64().context("nobody says how many wait")?;
    Ok((answer.at("/ticket/number")?, answer.at("/ticket/token")?, waiting))
}

/// The text of a page without its tags, with runs of white space as one blank.
pub fn words(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&nbsp;", " ").replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fails unless the text contains each of these, ignoring case.
pub fn says(text: &str, needles: &[&str]) -> anyhow::Result<()> {
    let plain = text.to_lowercase();
    for needle in needles {
        anyhow::ensure!(plain.contains(&needle.to_lowercase()), "{needle:?} is not said in: {text}");
    }
    Ok(())
}
