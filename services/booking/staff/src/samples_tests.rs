//! What was ever written of staff is still read, and what is written now is what the samples say.

use crate::domain::StaffEvent;
use crate::samples::staff_events;
use okienko_kernel::Stored;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_kind_is_written_as_its_sample_says_and_comes_back() {
    let kinds: BTreeSet<_> = staff_events().iter().map(Stored::kind).collect();
    assert_eq!(kinds, StaffEvent::KINDS.iter().copied().collect());
    for event in staff_events() {
        let (kind, schema, data) = (event.kind(), event.schema(), event.encode().unwrap());
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{kind}.{schema}.json"));
        let stored = std::fs::read(sample).unwrap_or_else(|_| panic!("{kind} has no sample"));
        let json = |data: &[u8]| serde_json::from_slice::<Value>(data).unwrap();
        assert_eq!(json(&stored), json(&data), "{kind}");
        assert_eq!(StaffEvent::decode(kind, schema, &stored).as_ref(), Ok(&event));
        assert_eq!(StaffEvent::decode(kind, schema, &data), Ok(event));
    }
}
