//! The holder's side of questions: shows what is asked under the address in the mail, and saves the answers. Whoever
//! has the address may answer; the answers are shown to the office alone.

use crate::BackOffice;
use crate::domain::inquiry::{InquiryCommand, Question, question};
use crate::inquiries::{answers_row, own_row};
use okienko_actor::Order;
use okienko_day::{Reservation, State};
use okienko_kernel::{Id, base32, keys};
use okienko_limits::Rate;
use okienko_office::LoadedOffice;
use okienko_office::form::{Dates, Field, FieldType, Means, Wrong, check_on};
use okienko_office::text::Text;
use okienko_web::{ClientAddr, Code, Problem};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Answers from one network.
const ANSWERS_PER_NETWORK: Rate = Rate::new(60, Duration::from_secs(600));
const ID: usize = 16;
const MAC: usize = 16;

/// The stage of the questions under an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerState {
    /// Not answered yet.
    Asked,
    /// Answered; may be corrected.
    Answered,
    /// The office has read the answers, or no longer asks.
    Closed,
    /// The visit is over or ended.
    Over,
}

/// Questions as shown to their holder.
pub struct HolderQuestions {
    /// The office.
    pub known: Arc<LoadedOffice>,
    /// The visit.
    pub reservation: Reservation,
    /// The round of questions.
    pub round: u8,
    /// The questions; for the office's own question, its text.
    pub questions: Vec<(&'static Question, Option<String>)>,
    /// Whether they can be answered.
    pub state: AnswerState,
}

impl BackOffice {
    /// The last part of the address under which a round is answered. Derived, never stored.
    pub(crate) fn answer_token(&self, reservation: Id, round: u8) -> String {
        let mac = self.service.world.keys.mac("answer", &[reservation.bytes(), &[round]]);
        let mut bytes = reservation.bytes().to_vec();
        bytes.push(round);
        bytes.extend_from_slice(&mac[..MAC]);
        base32::encode(&bytes)
    }

    /// The questions behind a token. Changes nothing.
    pub async fn asked(&self, token: &str) -> Result<HolderQuestions, Problem> {
        let unknown = || Problem::new(Code::Unknown);
        let bytes = base32::decode(token).filter(|bytes| bytes.len() == ID + 1 + MAC).ok_or_else(unknown)?;
        let id: Id = base32::encode(&bytes[..ID]).parse().map_err(|_| unknown())?;
        let round = bytes[ID];
        let ours = self.service.world.keys.mac("answer", &[id.bytes(), &[round]]);
        if !keys::equal(&ours[..MAC], &bytes[ID + 1..]) {
            return Err(unknown());
        }
        let known = self.offices.numbered(id.way().office).ok_or_else(unknown)?;
        let reservation = self.reservation_of(&known.office.id, id).await?.ok_or_else(unknown)?;
        let current = self.round_of(&known, id).await?.ok_or_else(unknown)?;
        let expected = matches!(reservation.state, State::Confirmed | State::CheckedIn);
        let state = if !expected || self.service.now() >= reservation.confirmed.at {
            AnswerState::Over
        } else if current.round != round || !current.is_open() {
            AnswerState::Closed
        } else if current.answered_at.is_some() {
            AnswerState::Answered
        } else {
            AnswerState::Asked
        };
        let own: Option<String> = self.service.vault().open_one(own_row(id, round)).await?;
        let questions = current.questions.iter().filter_map(|word| question(word));
        let own_of = |it: &Question| own.clone().filter(|_| it.word == crate::domain::inquiry::OWN);
        let questions = questions.map(|it| (it, own_of(it))).collect();
        Ok(HolderQuestions { known, reservation, round, questions, state })
    }

    /// Saves the answers; reports every faulty one. May be repeated to correct them, until the office has read them.
    pub async fn answer(
        &self,
        asked: &HolderQuestions,
        answers: &BTreeMap<String, String>,
        client: ClientAddr,
    ) -> Result<(), Problem> {
        match asked.state {
            AnswerState::Asked | AnswerState::Answered => {}
            AnswerState::Closed => return Err(Problem::new(Code::Conflict).explained("inquiry-was-read")),
            AnswerState::Over => return Err(Problem::new(Code::TooLate).explained("inquiry-over")),
        }
        self.gate.within(&self.gate.network_hits(client, "answer", ANSWERS_PER_NETWORK)).await?;
        let (mut good, mut wrong) = (BTreeMap::new(), Wrong::new());
        let visit = asked.reservation.confirmed.place.day;
        let dates = Dates { today: self.today(&asked.known), visit };
        for (question, _) in &asked.questions {
            let text = answers.get(question.word).map(|text| okienko_typed::line(text)).unwrap_or_default();
            let checked = if text.is_empty() {
                Err("field-required")
            } else {
                check_on(&field(question), &text, dates)
            };
            match checked {
                Ok(text) => drop(good.insert(question.word.to_owned(), text)),
                Err(key) => drop(wrong.insert(question.word.to_owned(), key)),
            }
        }
        if !wrong.is_empty() {
            let problem = Problem::new(Code::Invalid);
            return Err(wrong.iter().fold(problem, |problem, (field, key)| problem.field(field, key)));
        }
        let id = asked.reservation.confirmed.reservation;
        let row = self.seal_row(answers_row(id, asked.round), id, &good)?;
        let command = InquiryCommand::Answer { round: asked.round };
        self.inquire(&asked.known, id, Order::new(command, "citizen").vault(vec![row])).await.map(drop)
    }
}

/// A question as a field of a form.
fn field(question: &Question) -> Field {
    Field {
        id: question.word.to_owned(),
        kind: question.kind,
        label: Text::default(),
        required: true,
        options: Vec::new(),
        pattern: None,
        example: question.example.to_owned(),
        help: Text::default(),
        only_if: None,
        means: (question.word == "birth_date").then_some(Means::Birth),
        past: (question.kind == FieldType::Date).then_some(true),
        age_min: None,
        agrees_with: None,
    }
}
