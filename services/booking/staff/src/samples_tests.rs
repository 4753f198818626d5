//! Everything that was ever stored about staff can still be read, and what is written now matches the samples.

use crate::samples::staff_events;
use okienko_kernel::samples::{Says, faults, write_missing};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &staff_events(), Says::All), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &staff_events()).unwrap();
}
