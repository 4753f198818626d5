//! The office's side of questions to a holder: asking, reading the answers beside the form, settling. The office's own
//! question and the answers lie sealed in the vault.

use crate::BackOffice;
use crate::OpenedReservation;
use crate::domain::inquiry::{
    InquiryCommand, InquiryRefusal, MAX_OWN, MAX_ROUNDS, OWN, Round, question, stream_key,
};
use crate::list::name_of;
use okienko_actor::{Order, ReceiptKey};
use okienko_day::Subject;
use okienko_day::{Reservation, State};
use okienko_kernel::{Id, Moment};
use okienko_office::form::{FieldType, Means};
use okienko_office::{LoadedOffice, pesel};
use okienko_web::{Claims, Code, Problem};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Questions and answers as the staff see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InquiryView {
    /// `asked`, `answered`, `read` or `settled`.
    pub state: &'static str,
    /// Which round it is, from 1.
    pub round: u8,
    /// When it was asked, RFC 3339.
    pub asked_at: String,
    /// The questions; answers are shown from reading on.
    pub questions: Vec<QuestionView>,
}

/// One question.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// `name`, `birth_date`, `passport`, `case`, `filed_on` or `own`.
    pub question: String,
    /// The office's own words, of `own`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What the holder wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What stands in the form of the reservation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Whether the two say different things; case and blanks do not count.
    pub differs: bool,
}

impl BackOffice {
    /// Asks the holder by mail.
    pub async fn ask_holder(
        &self,
        claims: &Claims,
        known: &LoadedOffice,
        found: &OpenedReservation,
        (questions, own): (Vec<String>, &str),
        receipt: Option<ReceiptKey>,
    ) -> Result<(), Problem> {
        let reservation = &found.reservation;
        let id = reservation.confirmed.reservation;
        if let Some(why) = is_over(reservation, self.service.now()) {
            return Err(Problem::new(Code::Conflict).explained(why));
        }
        if found.subject.as_ref().and_then(Subject::mail).is_none() {
            return Err(Problem::invalid("questions", "inquiry-no-mail"));
        }
        let own: String = own.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let wants_own = questions.iter().any(|word| word == OWN);
        if own.chars().count() > MAX_OWN {
            return Err(Problem::invalid("own", "inquiry-own-long"));
        }
        if wants_own == own.is_empty() {
            return Err(Problem::invalid("own", "inquiry-own-empty"));
        }
        let round = found.round.as_ref().map_or(1, |round| round.round.saturating_add(1));
        let own = wants_own.then(|| self.seal_row(own_row(id, round), id, &own)).transpose()?;
        let vault = own.into_iter().collect();
        let command = InquiryCommand::Ask { reservation: id, questions };
        self.inquire(known, id, Order::new(command, &claims.id).receipt(receipt).vault(vault)).await.map(drop)
    }

    /// Marks the answers as read: from then on they are shown and can no longer be corrected.
    pub async fn read_answers(&self, claims: &Claims, known: &LoadedOffice, id: Id) -> Result<(), Problem> {
        self.inquire(known, id, Order::new(InquiryCommand::Read, &claims.id)).await.map(drop)
    }

    /// Marks the questions as settled.
    pub async fn settle(&self, claims: &Claims, known: &LoadedOffice, id: Id) -> Result<(), Problem> {
        self.inquire(known, id, Order::new(InquiryCommand::Settle, &claims.id)).await.map(drop)
    }

    pub(crate) async fn inquire(
        &self,
        known: &LoadedOffice,
        id: Id,
        order: Order<crate::domain::inquiry::Inquiry>,
    ) -> Result<Option<Round>, Problem> {
        let told = self.inquiries.send(&known.office.id, &stream_key(id), order).await?;
        told.map_err(|refusal| match refusal {
            InquiryRefusal::Unknown => Problem::new(Code::Unknown),
            InquiryRefusal::NoQuestion => Problem::invalid("questions", "inquiry-no-question"),
            InquiryRefusal::Open => Problem::new(Code::Conflict).explained("inquiry-open"),
            InquiryRefusal::Often => Problem::new(Code::Conflict).explained("inquiry-often"),
            InquiryRefusal::WasRead => Problem::new(Code::Conflict).explained("inquiry-was-read"),
            InquiryRefusal::Unanswered => Problem::new(Code::Conflict).explained("inquiry-unanswered"),
        })
    }

    /// The questions and, once read, the answers beside the form.
    pub async fn inquiry_view(
        &self,
        known: &LoadedOffice,
        found: &OpenedReservation,
    ) -> Result<Option<InquiryView>, Problem> {
        let Some(round) = &found.round else { return Ok(None) };
        let id = found.reservation.confirmed.reservation;
        let own: Option<String> = self.service.vault().open_one(own_row(id, round.round)).await?;
        let answers: Option<BTreeMap<String, String>> = match round.read_at {
            Some(_) => self.service.vault().open_one(answers_row(id, round.round)).await?,
            None => None,
        };
        let questions = round.questions.iter().map(|word| {
            let answer = answers.as_ref().and_then(|answers| answers.get(word).cloned());
            let form = form_says(known, found, word);
            let differs = match (&answer, &form) {
                (Some(answer), Some(form)) => !same(word, answer, form),
                _ => false,
            };
            let text = own.clone().filter(|_| word == OWN);
            QuestionView { question: word.clone(), text, answer, form, differs }
        });
        Ok(Some(InquiryView {
            state: round.word(),
            round: round.round,
            asked_at: known.office.zone.rfc3339(round.asked_at),
            questions: questions.collect(),
        }))
    }

    /// Why the holder cannot be asked now; `None` if they can.
    pub fn why_not_ask(&self, found: &OpenedReservation) -> Option<&'static str> {
        let has_mail = found.subject.as_ref().and_then(Subject::mail).is_some();
        why_not(&found.reservation, self.service.now(), has_mail, found.round.as_ref())
    }
}

/// Why nothing more can be asked before this visit, as the key of the message that states the reason.
fn is_over(reservation: &Reservation, now: Moment) -> Option<&'static str> {
    match &reservation.state {
        State::Confirmed if now < reservation.confirmed.at => None,
        State::Confirmed => Some("inquiry-not-past"),
        State::CheckedIn => Some("inquiry-not-checked_in"),
        State::Served => Some("inquiry-not-served"),
        State::Cancelled => Some("inquiry-not-cancelled"),
        State::Removed(_) => Some("inquiry-not-removed"),
        State::Refused => Some("inquiry-not-refused"),
        // All other states that ended without a visit.
        _ => Some("inquiry-not-missed"),
    }
}

fn why_not(
    reservation: &Reservation,
    now: Moment,
    has_mail: bool,
    round: Option<&Round>,
) -> Option<&'static str> {
    let open = round.and_then(|round| match round.word() {
        "asked" => Some("inquiry-not-asked"),
        "answered" => Some("inquiry-not-answered"),
        _ => None,
    });
    let often = round.filter(|round| round.round >= MAX_ROUNDS).map(|_| "inquiry-often");
    is_over(reservation, now).or((!has_mail).then_some("inquiry-no-mail")).or(open).or(often)
}

/// What the reservation's form has for a question.
fn form_says(known: &LoadedOffice, found: &OpenedReservation, word: &str) -> Option<String> {
    let subject = found.subject.as_ref()?;
    let service = known.office.service(&found.reservation.confirmed.service)?;
    let fields = known.office.form_of(service);
    let answer = |wanted: FieldType| {
        let field = fields.iter().find(|field| field.kind == wanted)?;
        subject.fields.get(&field.id).cloned()
    };
    let meant = |means| known.office.answer_meant(&service.id, means, &subject.fields);
    let said = match word {
        "name" => Some(name_of(&known.office, &service.id, subject)),
        "birth_date" => meant(Means::Birth).or_else(|| {
            let number = answer(FieldType::Pesel)?;
            pesel::birth_date(&number).map(|day| day.to_string())
        }),
        "filed_on" => meant(Means::FiledOn),
        "passport" => meant(Means::Document),
        other => answer(question(other).filter(|it| it.word != OWN)?.kind),
    };
    said.filter(|text| !text.is_empty())
}

/// Whether a person would consider two answers to a question the same.
fn same(word: &str, one: &str, other: &str) -> bool {
    match question(word).map(|it| it.kind) {
        Some(FieldType::Document) => okienko_typed::in_latin(one) == okienko_typed::in_latin(other),
        _ => okienko_typed::key(one) == okienko_typed::key(other),
    }
}

/// The vault row of the office's own question.
pub(crate) fn own_row(reservation: Id, round: u8) -> String {
    format!("inquiry/{reservation}/{round}/own")
}

/// The vault row of the answers.
pub(crate) fn answers_row(reservation: Id, round: u8) -> String {
    format!("inquiry/{reservation}/{round}/answers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_day::{Confirmed, Place};
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, IdKind, TimeOfDay, Way};
    use okienko_web::{Texts, messages_for_staff};

    fn confirmed() -> Confirmed {
        let way = Way { office: 1, place: 1, day: Day::from_number(2_555) };
        let id = |kind| Id::new(kind, way, &SeededEntropy::new(0));
        Confirmed {
            place: Place { office: "torun".into(), location: "glowny".into(), day: way.day },
            reservation: id(IdKind::Reservation),
            hold: id(IdKind::Hold),
            time: TimeOfDay::MIDNIGHT,
            at: Moment::from_micros(1_000),
            service: "dowod".into(),
            number: String::new(),
            serial: 1,
            ticket: id(IdKind::Ticket),
            ticket_number: String::new(),
            check_in_code: String::new(),
            subject: None,
            verification: None,
            claims: Vec::new(),
            claims_until: Moment::from_micros(0),
            confirmed_at: Moment::from_micros(0),
            account: None,
        }
    }

    fn round(nth: u8, answered: bool, read: bool, settled: bool) -> Round {
        let moment = |is: bool| is.then(|| Moment::from_micros(5));
        Round {
            round: nth,
            questions: Vec::new(),
            asked_at: Moment::from_micros(1),
            answered_at: moment(answered),
            read_at: moment(read),
            settled_at: moment(settled),
        }
    }

    #[test]
    fn why_nobody_can_be_asked_is_one_reason_and_the_one_that_holds() {
        let (asked, answered) = (round(1, false, false, false), round(2, true, false, false));
        let (read, fifth) = (round(1, true, true, false), round(MAX_ROUNDS, true, true, true));
        for (state, now, has_mail, round, why) in [
            (State::Confirmed, 0, true, None, None),
            (State::Confirmed, 1_000, true, None, Some("inquiry-not-past")),
            (State::Confirmed, 2_000, false, Some(&asked), Some("inquiry-not-past")),
            (State::Confirmed, 0, false, None, Some("inquiry-no-mail")),
            (State::Confirmed, 0, false, Some(&asked), Some("inquiry-no-mail")),
            (State::Confirmed, 0, true, Some(&asked), Some("inquiry-not-asked")),
            (State::Confirmed, 0, true, Some(&answered), Some("inquiry-not-answered")),
            (State::Confirmed, 0, true, Some(&read), None),
            (State::Confirmed, 0, true, Some(&fifth), Some("inquiry-often")),
            (State::CheckedIn, 0, true, None, Some("inquiry-not-checked_in")),
            (State::Served, 0, true, Some(&asked), Some("inquiry-not-served")),
            (State::Missed, 0, true, None, Some("inquiry-not-missed")),
            (State::Cancelled, 0, false, None, Some("inquiry-not-cancelled")),
            (State::Removed("traded".into()), 0, true, None, Some("inquiry-not-removed")),
            (State::Refused, 0, true, None, Some("inquiry-not-refused")),
        ] {
            let reservation = Reservation { confirmed: confirmed(), state: state.clone(), ended_at: None };
            let said = why_not(&reservation, Moment::from_micros(now), has_mail, round);
            assert_eq!(said, why, "{state:?} at {now}, mail {has_mail}, {round:?}");
            let texts = Texts::new(&[], messages_for_staff!["../messages"]);
            for locale in [okienko_web::Locale::Pl, okienko_web::Locale::En] {
                let text = said.map(|key| texts.t(locale, key)).unwrap_or_default();
                assert!(!text.starts_with('['), "{said:?}");
            }
        }
    }
}
