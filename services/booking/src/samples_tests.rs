//! Everything that was ever stored about the page-view counter can still be read, and what is written now matches its
//! sample.

use crate::domain::visits::{VisitsCounted, VisitsEvent};
use okienko_kernel::Stored;
use okienko_kernel::samples::{Says, faults, write_missing};
use std::path::{Path, PathBuf};

fn visits_events() -> Vec<VisitsEvent> {
    vec![VisitsEvent::Counted(VisitsCounted { added: 3, total: 262_805 })]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &visits_events(), Says::All), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &visits_events()).unwrap();
}

#[test]
fn what_is_no_event_of_the_counter_is_refused() {
    let counted = include_bytes!("../samples/visits_counted.1.json");
    assert!(VisitsEvent::decode("visits_counted", 2, counted).is_err());
}
