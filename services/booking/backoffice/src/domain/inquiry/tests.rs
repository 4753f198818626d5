//! Questions are asked, answered, corrected, read and settled; nothing out of order.

use super::*;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Way};

fn reservation() -> Id {
    let way = Way { office: 3, place: 1, day: Day::from_number(20_000) };
    Id::new(IdKind::Reservation, way, &SeededEntropy::new(1))
}

fn at(second: i64) -> Moment {
    Moment::from_micros(second * 1_000_000)
}

fn ask(words: &[&str]) -> InquiryCommand {
    let questions = words.iter().map(|word| (*word).to_owned()).collect();
    InquiryCommand::Ask { reservation: reservation(), questions }
}

fn done(inquiry: &mut Inquiry, command: &InquiryCommand, second: i64) -> Result<usize, InquiryRefusal> {
    let events = inquiry.decide(command, at(second))?;
    events.iter().for_each(|event| inquiry.apply(event));
    Ok(events.len())
}

#[test]
fn an_answer_may_be_corrected_until_it_is_read() {
    let mut inquiry = Inquiry::new(&stream_key(reservation()));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Answer { round: 1 }, 0), Err(InquiryRefusal::Unknown));
    assert_eq!(done(&mut inquiry, &ask(&["name", "own"]), 1), Ok(1));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Read, 2), Err(InquiryRefusal::Unanswered));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Answer { round: 2 }, 2), Err(InquiryRefusal::Unknown));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Answer { round: 1 }, 3), Ok(1));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Answer { round: 1 }, 4), Ok(1));
    assert_eq!(done(&mut inquiry, &ask(&["name"]), 4), Err(InquiryRefusal::Open));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Read, 5), Ok(1));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Read, 6), Ok(0));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Answer { round: 1 }, 7), Err(InquiryRefusal::WasRead));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Settle, 8), Ok(1));
    assert_eq!(done(&mut inquiry, &InquiryCommand::Settle, 9), Ok(0));
    let round = inquiry.current().unwrap();
    assert_eq!((round.word(), round.answered_at, round.read_at), ("settled", Some(at(4)), Some(at(5))));
}

#[test]
fn questions_are_known_ones_about_this_reservation_and_not_without_end() {
    let mut inquiry = Inquiry::new(&stream_key(reservation()));
    assert_eq!(done(&mut inquiry, &ask(&[]), 1), Err(InquiryRefusal::NoQuestion));
    assert_eq!(done(&mut inquiry, &ask(&["pin"]), 1), Err(InquiryRefusal::NoQuestion));
    for _ in 0..MAX_ROUNDS {
        assert_eq!(done(&mut inquiry, &ask(&["passport"]), 1), Ok(1));
        assert_eq!(done(&mut inquiry, &InquiryCommand::Settle, 1), Ok(1));
    }
    assert_eq!(done(&mut inquiry, &ask(&["passport"]), 1), Err(InquiryRefusal::Often));
    let mut other = Inquiry::new("inquiry/3/2026-12-01/x");
    assert_eq!(done(&mut other, &ask(&["name"]), 1), Err(InquiryRefusal::Unknown));
}

#[test]
fn every_example_passes_its_own_check() {
    for question in QUESTIONS.iter().filter(|question| question.word != OWN) {
        let field = okienko_office::form::Field {
            id: question.word.into(),
            kind: question.kind,
            label: Default::default(),
            required: true,
            options: vec![],
            pattern: None,
            example: question.example.into(),
            help: Default::default(),
            only_if: None,
            means: None,
            past: None,
            age_min: None,
            agrees_with: None,
        };
        assert!(okienko_office::form::check_answer(&field, question.example).is_ok(), "{}", question.word);
    }
}
