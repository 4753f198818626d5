//! Questions to a holder as JSON: the office asks, reads and settles; the holder views and answers.

use super::reservations::{Detail, detail, found, receipt};
use crate::BackOffice;
use crate::domain::inquiry::stream_key;
use crate::{AnswerState, HolderQuestions, Right};
use axum::extract::State;
use http::StatusCode;
use okienko_web::{ClientAddr, Code, IdempotencyKey, Json, Path, Problem, Staff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// What is asked.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    /// Of `name`, `birth_date`, `passport`, `case`, `filed_on` and `own`.
    questions: Vec<String>,
    /// The words of `own`, up to 300 characters.
    #[serde(default)]
    own: String,
}

/// Asks the holder by mail.
#[utoipa::path(post, path = "/api/v1/offices/{office}/reservations/{id}/questions", tag = "office",
    params(("office" = String, Path), ("id" = String, Path)), request_body = AskBody,
    responses((status = 201, body = Detail), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn ask(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path((office, id)): Path<(String, String)>,
    key: IdempotencyKey,
    okienko_web::Json(body): okienko_web::Json<AskBody>,
) -> Result<(StatusCode, Json<Detail>), Problem> {
    let work = async {
        let (known, before) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        let stream = stream_key(before.reservation.confirmed.reservation);
        let receipt = receipt(&format!("{stream}/{}", claims.id), key, &body);
        backoffice.ask_holder(&claims, &known, &before, (body.questions, &body.own), receipt).await?;
        let (known, after) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        detail(&backoffice, &known, &after).await
    };
    let answer = backoffice.noted(&claims, ("questions.ask", &id), work).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Reads the answers: from then on they are shown and cannot be corrected.
#[utoipa::path(post, path = "/api/v1/offices/{office}/reservations/{id}/questions/read", tag = "office",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Detail), (status = 403), (status = 404), (status = 409)))]
pub async fn read(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<Json<Detail>, Problem> {
    let work = async {
        let (known, before) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        let reservation = before.reservation.confirmed.reservation;
        before.round.as_ref().ok_or(Code::Unknown)?;
        backoffice.read_answers(&claims, &known, reservation).await?;
        let (known, after) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        detail(&backoffice, &known, &after).await
    };
    backoffice.noted(&claims, ("questions.read", &id), work).await.map(Json)
}

/// Marks the questions as settled.
#[utoipa::path(post, path = "/api/v1/offices/{office}/reservations/{id}/questions/settle", tag = "office",
    params(("office" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Detail), (status = 403), (status = 404)))]
pub async fn settle(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path((office, id)): Path<(String, String)>,
) -> Result<Json<Detail>, Problem> {
    let work = async {
        let (known, before) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        before.round.as_ref().ok_or(Code::Unknown)?;
        backoffice.settle(&claims, &known, before.reservation.confirmed.reservation).await?;
        let (known, after) = found(&backoffice, &claims, (&office, &id), Right::Change).await?;
        detail(&backoffice, &known, &after).await
    };
    backoffice.noted(&claims, ("questions.settle", &id), work).await.map(Json)
}

/// Questions as the holder gets them.
#[derive(Serialize, ToSchema)]
pub struct AskedAnswer {
    /// `asked`, `answered`, `closed` or `over`.
    state: &'static str,
    /// Of the visit.
    number: String,
    date: String,
    time: String,
    questions: Vec<AskedQuestion>,
}

/// One question.
#[derive(Serialize, ToSchema)]
pub struct AskedQuestion {
    /// Its word: the name of the answer.
    id: &'static str,
    /// As in a form.
    r#type: &'static str,
    /// The office's own words, of `own`.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// A value that passes.
    example: &'static str,
}

/// The questions under an address from a mail, only if it belongs to this office.
async fn behind(backoffice: &BackOffice, office: &str, token: &str) -> Result<HolderQuestions, Problem> {
    let asked = backoffice.asked(token).await?;
    if asked.known.office.id == office { Ok(asked) } else { Err(Problem::new(Code::Unknown)) }
}

/// The questions. Changes nothing.
#[utoipa::path(get, path = "/api/v1/offices/{office}/answers/{token}", tag = "booking",
    params(("office" = String, Path), ("token" = String, Path)),
    responses((status = 200, body = AskedAnswer), (status = 404)))]
pub async fn asked(
    State(backoffice): State<Arc<BackOffice>>,
    Path((office, token)): Path<(String, String)>,
) -> Result<Json<AskedAnswer>, Problem> {
    let asked = behind(&backoffice, &office, &token).await?;
    let confirmed = &asked.reservation.confirmed;
    let questions = asked.questions.iter().map(|(question, text)| AskedQuestion {
        id: question.word,
        r#type: question.kind.word(),
        text: text.clone(),
        example: question.example,
    });
    Ok(Json(AskedAnswer {
        state: match asked.state {
            AnswerState::Asked => "asked",
            AnswerState::Answered => "answered",
            AnswerState::Closed => "closed",
            AnswerState::Over => "over",
        },
        number: confirmed.number.clone(),
        date: confirmed.place.day.to_string(),
        time: confirmed.time.to_string(),
        questions: questions.collect(),
    }))
}

/// The answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// By the questions' ids.
    answers: BTreeMap<String, String>,
}

/// Saves the answers; once more corrects them, until the office has read them.
#[utoipa::path(post, path = "/api/v1/offices/{office}/answers/{token}", tag = "booking",
    params(("office" = String, Path), ("token" = String, Path)), request_body = AnswerBody,
    responses((status = 204), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn answer(
    State(backoffice): State<Arc<BackOffice>>,
    Path((office, token)): Path<(String, String)>,
    client: ClientAddr,
    okienko_web::Json(body): okienko_web::Json<AnswerBody>,
) -> Result<StatusCode, Problem> {
    let asked = behind(&backoffice, &office, &token).await?;
    backoffice.answer(&asked, &body.answers, client).await?;
    Ok(StatusCode::NO_CONTENT)
}
