//! A citizen with an account: created, activated by the link in a mail, signed in. Knows only the outside surface.

use crate::client::Client;
use crate::house::House;
use crate::visit::message;
use anyhow::Context;
use serde_json::{Map, Value, json};

/// The password of every account in these tests.
pub const PASSWORD: &str = "okno na ratusz 7";

/// All consents that an office asks for, given.
pub async fn consents(client: &Client, office: &str) -> anyhow::Result<Value> {
    let told = client.get(&format!("/api/v1/offices/{office}")).await?.expect(200)?.json;
    let all = told["consents"].as_array().context("no consents")?.iter();
    let given = all.filter_map(|it| Some((it["id"].as_str()?.to_owned(), it["version"].clone())));
    Ok(Value::Object(given.collect::<Map<_, _>>()))
}

/// Requests an account; nothing is activated yet.
pub async fn register(client: &Client, office: &str, email: &str) -> anyhow::Result<()> {
    let body = json!({"email": email, "password": PASSWORD, "consents": consents(client, office).await?});
    client.post(&format!("/api/v1/offices/{office}/accounts"), body).await?.expect(202)?;
    Ok(())
}

/// The first link of mail number `count` to an address.
pub async fn link(house: &House, email: &str, count: usize) -> anyhow::Result<String> {
    let mail = message(house, email, count).await?;
    let start = mail.find("http").with_context(|| format!("no link in: {mail}"))?;
    Ok(mail[start..].split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',']).to_owned())
}

/// The first link that contains this word, in whichever mail it arrives: mails sent together may overtake each other.
pub async fn link_with(house: &House, email: &str, word: &str) -> anyhow::Result<String> {
    for count in 1.. {
        let mail = message(house, email, count).await.with_context(|| format!("no mail with {word}"))?;
        let found = mail.split_whitespace().find(|part| part.starts_with("http") && part.contains(word));
        if let Some(found) = found {
            return Ok(found.trim_end_matches(['.', ',']).to_owned());
        }
    }
    anyhow::bail!("no mail with {word}")
}

/// Activates an account with the token of a link and the password that its page asks for.
pub async fn activate(client: &Client, office: &str, link: &str) -> anyhow::Result<()> {
    let token = link.rsplit('/').next().context("no token")?;
    let path = format!("/api/v1/offices/{office}/accounts/activate");
    client.post(&path, json!({"token": token, "password": PASSWORD})).await?.expect(204)?;
    Ok(())
}

/// Signs in; returns the session.
pub async fn sign_in(client: &Client, office: &str, email: &str) -> anyhow::Result<String> {
    let body = json!({"email": email, "password": PASSWORD});
    client.post(&format!("/api/v1/offices/{office}/sessions"), body).await?.expect(200)?.at("/session")
}

/// All steps up to a session; returns the client that carries it.
pub async fn signed_in(house: &House, office: &str, email: &str) -> anyhow::Result<Client> {
    let client = &house.client;
    register(client, office, email).await?;
    activate(client, office, &link(house, email, 1).await?).await?;
    Ok(client.with(&sign_in(client, office, email).await?))
}
