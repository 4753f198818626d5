//! Everything that was ever stored about questions to a holder can still be read, and what is written now matches the
//! samples.

use crate::domain::inquiry::{AnswersRead, InquiryEvent, InquirySettled, QuestionsAnswered, QuestionsAsked};
use okienko_kernel::samples::{Says, faults, write_missing};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Moment, Stored, Way};
use std::path::{Path, PathBuf};

/// One event of each kind of questions to a holder.
fn inquiry_events() -> Vec<InquiryEvent> {
    let way = Way { office: 3, place: 1, day: Day::from_number(20_788) };
    let reservation = Id::new(IdKind::Reservation, way, &SeededEntropy::new(7));
    let (round, at) = (1, Moment::from_micros(1_796_106_600_000_000));
    let questions = vec!["name".to_owned(), "own".to_owned()];
    vec![
        InquiryEvent::Asked(QuestionsAsked { reservation, round, questions, at }),
        InquiryEvent::Answered(QuestionsAnswered { round, at }),
        InquiryEvent::Read(AnswersRead { round, at }),
        InquiryEvent::Settled(InquirySettled { round, at }),
    ]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &inquiry_events(), Says::All), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &inquiry_events()).unwrap();
}

#[test]
fn what_is_no_event_of_questions_is_refused() {
    assert!(InquiryEvent::decode("inquiry_lost", 1, b"{}").is_err());
}
