//! Checks about Wrocław's hall: the kiosk's windows, reception, verification at the counter, the call.

use super::wroclaw_visit::{Booked, Evidence, HALL, MAIL, NAME, OFFICE, booked, services};
use crate::scene::{called, says, words};
use crate::visit::message;
use crate::{Answer, Client};
use anyhow::ensure;
use serde_json::json;

async fn at_minute(minutes: i64) -> anyhow::Result<Answer> {
    let booked = booked("paszport").await?;
    booked.before(minutes).await?;
    booked.check_in(&booked.wish.service).await
}

pub(super) async fn the_kiosk_gives_the_ticket_until_fifteen_minutes_before() -> Evidence {
    for minutes in [16, 15] {
        at_minute(minutes).await?.expect(201)?;
    }
    for minutes in [14, 0] {
        let late = at_minute(minutes).await?;
        ensure!(late.code() == "too_late", "{minutes} minutes before: {}", late.text);
    }
    Ok("16 and 15 minutes before: a ticket; 14 and 0: too_late".into())
}

async fn called_after_check_in() -> anyhow::Result<(Booked, Client, String)> {
    let booked = booked("paszport").await?;
    booked.before(20).await?;
    let number = booked.check_in(&booked.wish.service).await?.expect(201)?.at("/ticket/number")?;
    for counter in 1..=9 {
        let Ok(clerk) = booked.scene.clerk(OFFICE, HALL, &counter.to_string()).await else { break };
        let answer = clerk.post("/api/v1/desk/call-next", json!({})).await?;
        if answer.status == 200 && called(&answer.json).0 == number {
            return Ok((booked, clerk, number));
        }
    }
    anyhow::bail!("no counter calls {number}")
}

pub(super) async fn the_ticket_is_called_with_its_counter() -> Evidence {
    let (booked, _, number) = called_after_check_in().await?;
    let board = booked.scene.board(OFFICE, HALL).await?;
    let call = &board["calls"][0];
    ensure!(call["ticket"] == json!(number) && call["counter"].is_string(), "{board}");
    Ok(format!("{number} to counter {}", call["counter"]))
}

pub(super) async fn lp2_is_admitted_in_room_0134() -> Evidence {
    let booked = booked("LP2").await?;
    says(&words(&booked.page().await?), &["0134"])?;
    admitted(&booked).await
}

pub(super) async fn lp1_is_admitted_by_the_guard() -> Evidence {
    let booked = booked("LP1").await?;
    says(&words(&booked.page().await?), &["ochron"])?;
    admitted(&booked).await
}

async fn admitted(booked: &Booked) -> Evidence {
    booked.before(5).await?;
    let late = booked.check_in(&booked.wish.service).await?;
    ensure!(late.code() == "too_late", "{}", late.text);
    let reception = booked.scene.role("reception", OFFICE, HALL).await?;
    let code = json!({"code": booked.text("check_in_code")?});
    let found = reception.post("/api/v1/reception/find", code.clone()).await?.expect(200)?;
    says(&found.text, &[NAME])?;
    let ticket = reception.post("/api/v1/reception/admit", code).await?.expect(201)?.at("/ticket/number")?;
    Ok(format!("the page says where; reception finds {NAME} by the code and admits: {ticket}"))
}

pub(super) async fn the_counter_compares_code_and_name() -> Evidence {
    let (booked, clerk, number) = called_after_check_in().await?;
    let state = clerk.get("/api/v1/desk").await?.expect(200)?;
    ensure!(state.json["current"]["verify"] == "needed", "{}", state.text);
    says(&state.text, &[NAME])?;
    let wrong = clerk.post("/api/v1/desk/verify", json!({"code": "99999999"})).await?;
    ensure!(wrong.status == 404, "{}", wrong.text);
    let code = json!({"code": booked.text("check_in_code")?});
    let right = clerk.post("/api/v1/desk/verify", code).await?.expect(200)?;
    ensure!(right.json["current"]["verify"] == "done", "{}", right.text);
    Ok(format!("{number}: {NAME} is shown, a wrong code is unknown, the right one verifies"))
}

pub(super) async fn the_wrong_service_is_refused_and_the_right_one_named() -> Evidence {
    let booked = booked("LP1").await?;
    booked.before(20).await?;
    let other = services(&booked.person, "LP2").await?.swap_remove(0);
    let wrong = booked.check_in(&other).await?;
    ensure!(wrong.code() == "wrong_service", "{}", wrong.text);
    says(&wrong.text, &["LP1"])?;
    booked.check_in(&booked.wish.service).await?.expect(201)?;
    Ok(format!("wrong_service: {}", wrong.json["detail"].as_str().unwrap_or_default()))
}

pub(super) async fn a_wrong_choice_uses_up_nothing() -> Evidence {
    let booked = booked("LP1").await?;
    booked.before(20).await?;
    let other = services(&booked.person, "LP2").await?.swap_remove(0);
    let before = booked.scene.board(OFFICE, HALL).await?["seq"].clone();
    for _ in 0..3 {
        ensure!(booked.check_in(&other).await?.code() == "wrong_service");
    }
    ensure!(booked.scene.board(OFFICE, HALL).await?["seq"] == before, "the board has moved");
    let ticket = booked.check_in(&booked.wish.service).await?.expect(201)?.at("/ticket/number")?;
    Ok(format!("three wrong choices changed nothing; then {ticket}"))
}

pub(super) async fn who_does_not_come_is_struck_off() -> Evidence {
    let booked = booked("paszport").await?;
    booked.before(-1).await?;
    let state = booked.state().await?;
    ensure!(state == "missed" || state == "cancelled", "{state}");
    let mail = message(&booked.scene.house, MAIL, 3).await?;
    Ok(format!("{state}; told by mail: {}", mail.lines().next().unwrap_or_default()))
}

pub(super) async fn after_the_hour_the_code_is_cancelled() -> Evidence {
    let late = at_minute(-1).await?;
    ensure!(late.code() == "cancelled", "{}", late.text);
    Ok("a minute after the hour: cancelled".into())
}

pub(super) async fn a_later_call_keeps_the_ticket() -> Evidence {
    let booked = booked("paszport").await?;
    booked.before(20).await?;
    let number = booked.check_in(&booked.wish.service).await?.expect(201)?.at("/ticket/number")?;
    booked.before(-25).await?;
    let board = booked.scene.board(OFFICE, HALL).await?;
    ensure!(board["waiting"].to_string().contains(&number), "{board}");
    Ok(format!("25 minutes after the hour {number} still waits for its call"))
}

pub(super) async fn reception_sees_whose_it_is() -> Evidence {
    let booked = booked("LP1").await?;
    booked.before(20).await?;
    let reception = booked.scene.role("reception", OFFICE, HALL).await?;
    let code = json!({"code": booked.text("check_in_code")?});
    let found = reception.post("/api/v1/reception/find", code.clone()).await?.expect(200)?;
    says(&found.text, &[NAME, booked.text("number")?])?;
    let body = json!({"code": booked.text("check_in_code")?, "reason": "other_person"});
    reception.post("/api/v1/reception/refuse", body).await?.expect(200)?;
    let gone = booked.check_in(&booked.wish.service).await?;
    ensure!(gone.code() == "cancelled", "{}", gone.text);
    Ok("name and matter are shown; another person is refused and the code is void".into())
}

pub(super) async fn another_person_is_refused() -> Evidence {
    let (booked, clerk, number) = called_after_check_in().await?;
    // The visit does not start before the clerk has verified the visitor; sending another person away is that
    // verification.
    let refused = clerk.post("/api/v1/desk/start", json!({})).await?;
    ensure!(refused.status == 409, "{}", refused.text);
    clerk.post("/api/v1/desk/finish", json!({"outcome": "other_person"})).await?.expect(200)?;
    booked.scene.house.advance("PT1S").await?;
    let state = booked.state().await?;
    ensure!(state != "served", "{state}");
    Ok(format!("{number}: another person came; the reservation is {state}, not served"))
}
