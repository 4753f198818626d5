//! Checks about Wrocław's staff: they question holders, remove what is false or was made by a program, see what is
//! suspicious.

use super::wroclaw_visit::{
    Booked, DAY, Evidence, HALL, MAIL, MORNING, OFFICE, book, booked, hold, save_form, wish,
};
use crate::Client;
use crate::account::{link_with, signed_in};
use crate::scene::{Scene, says};
use crate::visit::message;
use anyhow::{Context, ensure};
use serde_json::{Value, json};

async fn supervisor(scene: &Scene) -> anyhow::Result<Client> {
    scene.role("supervisor", OFFICE, HALL).await
}

/// A supervisor's client, and the row of a reservation in the day's list.
async fn listed(booked: &Booked) -> anyhow::Result<(Client, Value)> {
    let staff = supervisor(&booked.scene).await?;
    let path = format!("/api/v1/offices/{OFFICE}/reservations?date={DAY}");
    let list = staff.get(&path).await?.expect(200)?.json;
    let number = booked.text("number")?;
    let rows = list["reservations"].as_array().context("no list")?;
    let row = rows
        .iter()
        .find(|row| row["number"] == number)
        .with_context(|| format!("{number} is not in {list}"))?;
    Ok((staff, row.clone()))
}

async fn remove(booked: &Booked, reason: &str) -> Evidence {
    let (staff, row) = listed(booked).await?;
    let id = row["id"].as_str().context("no id")?;
    let path = format!("/api/v1/offices/{OFFICE}/reservations/{id}/remove");
    staff.post(&path, json!({"reason": reason})).await?.expect(200)?;
    let mail = message(&booked.scene.house, MAIL, 3).await?;
    says(&mail, &[booked.text("number")?])?;
    ensure!(booked.state().await? == "removed", "{}", booked.state().await?);
    booked.before(20).await?;
    let gone = booked.check_in(&booked.wish.service).await?;
    ensure!(gone.code() == "cancelled", "the code is still good: {}", gone.text);
    Ok(format!("removed, the code is void, told by mail: {}", mail.lines().next().unwrap_or_default()))
}

pub(super) async fn staff_remove_what_bots_booked() -> Evidence {
    remove(&booked("paszport").await?, "bot").await
}

pub(super) async fn a_false_form_is_removed_and_the_holder_told() -> Evidence {
    let booked = booked("LP1").await?;
    let seen = remove(&booked, "false_data").await?;
    let person = signed_in(&booked.scene.house, OFFICE, "second@example.org").await?;
    let held = hold(&person, &wish(&person, "LP2").await?).await?;
    let empty = save_form(&person, &held, json!({})).await?;
    ensure!(empty.code() == "invalid", "an empty form is taken: {}", empty.text);
    Ok(format!("an empty form is refused at once; a false one is {seen}"))
}

pub(super) async fn staff_reach_the_holder() -> Evidence {
    let booked = booked("kierowni").await?;
    let (staff, row) = listed(&booked).await?;
    let id = row["id"].as_str().context("no id")?;
    let detail = staff.get(&format!("/api/v1/offices/{OFFICE}/reservations/{id}")).await?.expect(200)?;
    says(&detail.text, &[MAIL, "+48601234567"])?;
    let path = format!("/api/v1/offices/{OFFICE}/reservations/{id}/questions");
    let own = json!({"questions": ["own"], "own": "Czego dotyczy sprawa?"});
    staff.post(&path, own).await?.expect(201)?;
    let mail = message(&booked.scene.house, MAIL, 3).await?;
    Ok(format!("staff see mail and phone; a mail goes out: {}", mail.lines().next().unwrap_or_default()))
}

pub(super) async fn questions_go_by_mail_and_are_answered() -> Evidence {
    let booked = booked("LP1").await?;
    let (staff, row) = listed(&booked).await?;
    let path = format!("/api/v1/offices/{OFFICE}/reservations/{}", row["id"].as_str().context("no id")?);
    let asked = json!({"questions": ["name", "birth_date", "passport"]});
    staff.post(&format!("{path}/questions"), asked).await?.expect(201)?;
    let link = link_with(&booked.scene.house, MAIL, "/answer/").await?;
    let client = &booked.scene.house.client;
    let api = link.replace(client.base(), "").replace("/wroclaw/answer/", "/api/v1/offices/wroclaw/answers/");
    let questions = client.get(&api).await?.expect(200)?.json;
    ensure!(questions["questions"].as_array().map(Vec::len) == Some(3), "{questions}");
    let said =
        json!({"answers": {"name": "Olena Kovalenko", "birth_date": "1990-05-04", "passport": "FA1234567"}});
    let answered = client.post(&api, said).await?;
    ensure!(answered.status < 300, "{}", answered.text);
    let read = staff.post(&format!("{path}/questions/read"), json!({})).await?.expect(200)?;
    says(&read.text, &["FA1234567", "1990-05-04"])?;
    Ok("name, birth date and passport asked by mail, answered on a page, read by the staff".into())
}

pub(super) async fn suspicious_reservations_are_listed_with_reasons() -> Evidence {
    let scene = Scene::at(MORNING).await?;
    let seller = signed_in(&scene.house, OFFICE, MAIL).await?.from("10.66.0.1");
    for n in 0..8 {
        let wish = wish(&seller, ["paszport", "LP1", "LP2"][n % 3]).await?;
        let (name, document) = (format!("Osoba Numer{n}"), format!("FA12345{n:02}"));
        let phone = if n % 2 == 0 { "+48603456789" } else { "+48604567890" };
        book(&scene, &seller, &wish, [&name, &document, phone]).await?;
    }
    let staff = supervisor(&scene).await?;
    let list = staff.get(&format!("/api/v1/offices/{OFFICE}/suspicious")).await?.expect(200)?.json;
    let first = list["suspicious"].get(0).with_context(|| format!("nothing is suspicious: {list}"))?;
    ensure!(first["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()), "{first}");
    Ok(format!("{} of 8 listed; reasons of the first: {}", list["total"], first["reasons"]))
}
