//! The machine of the office's questions to the holder of one reservation, before the visit: asked, answered, read,
//! settled. Must not know what was written, only that it was.

use okienko_kernel::{Id, IdKind, Machine, Moment, stored_events};
use okienko_office::form::FieldType;
use serde::{Deserialize, Serialize};

/// How many rounds of questions the office may ask about one reservation.
pub const MAX_ROUNDS: u8 = 5;
/// Maximum length of the office's own question, in characters.
pub const MAX_OWN: usize = 300;
/// The word for a question with the office's own text.
pub const OWN: &str = "own";

/// A question that every office may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its identifier in events and answers.
    pub word: &'static str,
    /// The type of the answer.
    pub kind: FieldType,
    /// A valid answer.
    pub example: &'static str,
}

/// All questions, in the order of the page.
pub const QUESTIONS: &[Question] = &[
    Question { word: "name", kind: FieldType::Text, example: "Anna Nowak" },
    Question { word: "birth_date", kind: FieldType::Date, example: "1990-05-17" },
    Question { word: "passport", kind: FieldType::Document, example: "AB 1234567" },
    Question { word: "case", kind: FieldType::Case, example: "SOC.6151.1.123.2026" },
    Question { word: "filed_on", kind: FieldType::Date, example: "2026-09-14" },
    Question { word: OWN, kind: FieldType::Text, example: "" },
];

/// The question with that word.
pub fn question(word: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.word == word)
}

/// Key of the stream of a reservation's questions; those of one office's day share a prefix.
pub fn stream_key(reservation: Id) -> String {
    let way = reservation.way();
    format!("{}{reservation}", stream_prefix(way.office, way.day))
}

/// Prefix of the streams of one office's day.
pub fn stream_prefix(office: u32, day: okienko_kernel::Day) -> String {
    format!("inquiry/{office}/{day}/")
}

/// A command to the inquiry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum InquiryCommand {
    /// Ask these questions, by their words.
    Ask {
        /// The reservation.
        reservation: Id,
        /// Words of [`QUESTIONS`].
        questions: Vec<String>,
    },
    /// The holder has answered that round; a repeat corrects the answers.
    Answer {
        /// The round.
        round: u8,
    },
    /// Staff read the answers. A repeat changes nothing.
    Read,
    /// The office needs nothing more. A repeat changes nothing.
    Settle,
}

/// An event of an inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each carries the struct of its name")]
pub enum InquiryEvent {
    Asked(QuestionsAsked),
    Answered(QuestionsAnswered),
    Read(AnswersRead),
    Settled(InquirySettled),
}

stored_events! {
    InquiryEvent as payload {
        Asked = "inquiry_asked",
        Answered = "inquiry_answered",
        Read = "inquiry_read",
        Settled = "inquiry_settled",
    }
}

/// Questions were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionsAsked {
    /// The reservation.
    pub reservation: Id,
    /// The round, from 1.
    pub round: u8,
    /// Their words.
    pub questions: Vec<String>,
    /// When.
    pub at: Moment,
}

/// The answers lie in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionsAnswered {
    /// The round.
    pub round: u8,
    /// When.
    pub at: Moment,
}

/// The answers were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersRead {
    /// The round.
    pub round: u8,
    /// When.
    pub at: Moment,
}

/// The office needs nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquirySettled {
    /// The round.
    pub round: u8,
    /// When.
    pub at: Moment,
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InquiryRefusal {
    /// Nothing was asked, or not in that round.
    #[error("nothing was asked")]
    Unknown,
    /// No questions were given, or an unknown one.
    #[error("no such question")]
    NoQuestion,
    /// Questions are waiting for an answer, or answers for a reader.
    #[error("the last questions are open")]
    Open,
    /// The number of rounds is used up.
    #[error("asked {MAX_ROUNDS} times")]
    Often,
    /// The answers were read and can no longer be changed.
    #[error("the answers were read")]
    WasRead,
    /// There is no answer to read.
    #[error("not answered")]
    Unanswered,
}

/// The newest round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its number, from 1.
    pub round: u8,
    /// What was asked.
    pub questions: Vec<String>,
    /// When.
    pub asked_at: Moment,
    /// When it was last answered.
    pub answered_at: Option<Moment>,
    /// When the answers were read.
    pub read_at: Option<Moment>,
    /// When the office settled it.
    pub settled_at: Option<Moment>,
}

impl Round {
    /// `asked`, `answered`, `read` or `settled`.
    pub fn word(&self) -> &'static str {
        match self {
            Round { settled_at: Some(_), .. } => "settled",
            Round { read_at: Some(_), .. } => "read",
            Round { answered_at: Some(_), .. } => "answered",
            _ => "asked",
        }
    }
    /// Whether the holder may answer, or correct what they wrote.
    pub fn is_open(&self) -> bool {
        self.read_at.is_none() && self.settled_at.is_none()
    }
}

/// The questions about one reservation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inquiry {
    stream: String,
    current: Option<Round>,
}

impl Inquiry {
    /// The newest round, if anything was asked.
    pub fn current(&self) -> Option<&Round> {
        self.current.as_ref()
    }

    fn ask(
        &self,
        reservation: Id,
        questions: &[String],
        now: Moment,
    ) -> Result<Vec<InquiryEvent>, InquiryRefusal> {
        if stream_key(reservation) != self.stream || reservation.kind() != Some(IdKind::Reservation) {
            return Err(InquiryRefusal::Unknown);
        }
        if questions.is_empty() || questions.iter().any(|word| question(word).is_none()) {
            return Err(InquiryRefusal::NoQuestion);
        }
        let before = self.current.as_ref();
        if before.is_some_and(Round::is_open) {
            return Err(InquiryRefusal::Open);
        }
        let round = before.map_or(0, |round| round.round) + 1;
        if round > MAX_ROUNDS {
            return Err(InquiryRefusal::Often);
        }
        Ok(vec![InquiryEvent::Asked(QuestionsAsked {
            reservation,
            round,
            questions: questions.to_vec(),
            at: now,
        })])
    }
}

impl Machine for Inquiry {
    type Command = InquiryCommand;
    type Event = InquiryEvent;
    type Refusal = InquiryRefusal;
    /// The newest round as it is now.
    type Reply = Option<Round>;

    fn new(stream: &str) -> Self {
        Inquiry { stream: stream.to_owned(), current: None }
    }

    fn decide(&self, command: &InquiryCommand, now: Moment) -> Result<Vec<InquiryEvent>, InquiryRefusal> {
        if let InquiryCommand::Ask { reservation, questions } = command {
            return self.ask(*reservation, questions, now);
        }
        let current = self.current.as_ref().ok_or(InquiryRefusal::Unknown)?;
        let round = current.round;
        match command {
            InquiryCommand::Answer { round: theirs } if *theirs != round => Err(InquiryRefusal::Unknown),
            InquiryCommand::Answer { .. } if !current.is_open() => Err(InquiryRefusal::WasRead),
            InquiryCommand::Answer { .. } => {
                Ok(vec![InquiryEvent::Answered(QuestionsAnswered { round, at: now })])
            }
            InquiryCommand::Read if current.answered_at.is_none() => Err(InquiryRefusal::Unanswered),
            InquiryCommand::Read if current.read_at.is_some() => Ok(Vec::new()),
            InquiryCommand::Read => Ok(vec![InquiryEvent::Read(AnswersRead { round, at: now })]),
            InquiryCommand::Settle if current.settled_at.is_some() => Ok(Vec::new()),
            InquiryCommand::Settle => Ok(vec![InquiryEvent::Settled(InquirySettled { round, at: now })]),
            InquiryCommand::Ask { .. } => Ok(Vec::new()),
        }
    }

    fn apply(&mut self, event: &InquiryEvent) {
        match event {
            InquiryEvent::Asked(it) => {
                self.current = Some(Round {
                    round: it.round,
                    questions: it.questions.clone(),
                    asked_at: it.at,
                    answered_at: None,
                    read_at: None,
                    settled_at: None,
                });
            }
            InquiryEvent::Answered(it) => self.with(it.round, |round| round.answered_at = Some(it.at)),
            InquiryEvent::Read(it) => self.with(it.round, |round| round.read_at = Some(it.at)),
            InquiryEvent::Settled(it) => self.with(it.round, |round| round.settled_at = Some(it.at)),
        }
    }

    fn reply(&self, _command: &InquiryCommand, _events: &[InquiryEvent], _now: Moment) -> Option<Round> {
        self.current.clone()
    }
}

impl Inquiry {
    fn with(&mut self, round: u8, change: impl FnOnce(&mut Round)) {
        if let Some(current) = self.current.as_mut().filter(|current| current.round == round) {
            change(current);
        }
    }
}

#[cfg(test)]
mod tests;
