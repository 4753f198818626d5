//! How an event becomes bytes and is read back, in all later versions. Knows no journal and no event.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The schema number that new events are written with.
pub const SCHEMA: u16 = 1;

/// An event that can be stored. Kinds and old shapes never change their meaning. Implemented by
/// [`stored_events!`](crate::stored_events).
pub trait Stored: Sized {
    /// Every kind that is written.
    const KINDS: &'static [&'static str];
    /// The event's name in the journal.
    fn kind(&self) -> &'static str;
    /// The version of the shape that [`Stored::encode`] writes.
    fn schema(&self) -> u16 {
        SCHEMA
    }
    /// Encodes to JSON. An event that has no JSON form must not be written: the error names its kind.
    fn encode(&self) -> Result<Vec<u8>, String>;
    /// Decodes any shape ever written; the error says what was not understood without quoting the data.
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String>;
}

/// Implements [`Stored`] for an enum of events from a table of its variants and their kinds.
///
/// ```text
/// stored_events! { DayEvent as payload { HoldPlaced = "hold_placed", … } }
/// ```
///
/// The word after `as` says what is stored of an event:
/// - `payload`: the one struct that the variant holds;
/// - `fields`: the variant's fields, for an enum that serde tags externally with the kind;
/// - `whole`: the enum as serde writes it, which must itself contain the kind.
///
/// When a kind's shape changes beyond what serde's defaults can bridge, it gets a higher schema in place of `SCHEMA`
/// and a step here that lifts the older JSON, so that all services read old shapes the same way.
#[macro_export]
macro_rules! stored_events {
    ($event:ident as $shape:ident { $($variant:ident = $kind:literal,)+ }) => {
        impl $crate::Stored for $event {
            const KINDS: &'static [&'static str] = &[$($kind,)+];

            fn kind(&self) -> &'static str {
                match self { $($event::$variant { .. } => $kind,)+ }
            }

            $crate::stored_events!(@$shape $event { $($variant = $kind,)+ });
        }
    };
    (@payload $event:ident { $($variant:ident = $kind:literal,)+ }) => {
        fn encode(&self) -> Result<Vec<u8>, String> {
            match self { $($event::$variant(it) => $crate::stored::json($kind, it),)+ }
        }

        fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
            match kind {
                $($kind => Ok($event::$variant($crate::stored::read(kind, schema, data)?)),)+
                other => Err($crate::stored::unknown(other)),
            }
        }
    };
    (@fields $event:ident { $($variant:ident = $kind:literal,)+ }) => {
        fn encode(&self) -> Result<Vec<u8>, String> {
            $crate::stored::fields($crate::Stored::kind(self), self)
        }

        fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
            match kind {
                $($kind)|+ => $crate::stored::read_fields(kind, schema, data),
                other => Err($crate::stored::unknown(other)),
            }
        }
    };
    (@whole $event:ident { $($variant:ident = $kind:literal,)+ }) => {
        fn encode(&self) -> Result<Vec<u8>, String> {
            $crate::stored::json($crate::Stored::kind(self), self)
        }

        fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String> {
            let event: Self = $crate::stored::read(kind, schema, data)?;
            let own = $crate::Stored::kind(&event);
            if own == kind { Ok(event) } else { Err(format!("{kind} holds {own}")) }
        }
    };
}

/// For [`stored_events!`](crate::stored_events): a value's JSON.
#[doc(hidden)]
pub fn json<T: Serialize>(kind: &str, value: &T) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|_| format!("{kind} has no JSON"))
}

/// For [`stored_events!`](crate::stored_events): the JSON inside the external tag that serde puts around a variant.
#[doc(hidden)]
pub fn fields<T: Serialize>(kind: &str, event: &T) -> Result<Vec<u8>, String> {
    let mut tagged = json(kind, event)?;
    let tag = format!("{{\"{kind}\":");
    if !tagged.starts_with(tag.as_bytes()) || tagged.pop() != Some(b'}') {
        return Err(format!("{kind} is not its own tag"));
    }
    tagged.drain(..tag.len());
    Ok(tagged)
}

/// For [`stored_events!`](crate::stored_events): the inverse of [`json`].
#[doc(hidden)]
pub fn read<T: DeserializeOwned>(kind: &str, schema: u16, data: &[u8]) -> Result<T, String> {
    is_known(kind, schema)?;
    serde_json::from_slice(data).map_err(|error| unreadable(kind, schema, &error))
}

/// For [`stored_events!`](crate::stored_events): the inverse of [`fields`]. The tag is added around the bytes; adding
/// it around a parsed tree would read each event twice.
#[doc(hidden)]
pub fn read_fields<T: DeserializeOwned>(kind: &str, schema: u16, data: &[u8]) -> Result<T, String> {
    is_known(kind, schema)?;
    let tagged = [b"{\"", kind.as_bytes(), b"\":", data, b"}"].concat();
    serde_json::from_slice(&tagged).map_err(|error| unreadable(kind, schema, &error))
}

/// For [`stored_events!`](crate::stored_events): the error for a kind that is in no table.
#[doc(hidden)]
pub fn unknown(kind: &str) -> String {
    format!("no event is called {kind}")
}

fn is_known(kind: &str, schema: u16) -> Result<(), String> {
    if schema == SCHEMA {
        return Ok(());
    }
    Err(format!("{kind} of schema {schema}; this version reads up to {SCHEMA}"))
}

/// Leaves out serde's own message, which would quote the data.
fn unreadable(kind: &str, schema: u16, error: &serde_json::Error) -> String {
    format!("{kind} of schema {schema}, line {} column {}: not readable", error.line(), error.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Named {
        name: String,
    }

    #[derive(Debug, PartialEq, Eq)]
    enum Payload {
        One(Named),
        Two(Named),
    }

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Fields {
        First { name: String },
        Second { name: String },
    }

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Whole {
        First { name: String },
        Second { name: String },
    }

    stored_events! { Payload as payload { One = "one", Two = "two", } }
    stored_events! { Fields as fields { First = "first", Second = "second", } }
    stored_events! { Whole as whole { First = "first", Second = "second", } }

    fn comes_back<E: Stored + PartialEq + std::fmt::Debug>(event: E, kind: &str, stored: &str) {
        assert_eq!((event.kind(), event.schema()), (kind, SCHEMA));
        assert_eq!(event.encode().as_deref(), Ok(stored.as_bytes()));
        assert_eq!(E::decode(kind, SCHEMA, stored.as_bytes()), Ok(event));
    }

    #[test]
    fn an_event_of_each_shape_comes_back_as_it_was() {
        let name = || "a".to_owned();
        comes_back(Payload::Two(Named { name: name() }), "two", r#"{"name":"a"}"#);
        comes_back(Payload::One(Named { name: name() }), "one", r#"{"name":"a"}"#);
        comes_back(Fields::Second { name: name() }, "second", r#"{"name":"a"}"#);
        comes_back(Fields::First { name: name() }, "first", r#"{"name":"a"}"#);
        comes_back(Whole::First { name: name() }, "first", r#"{"kind":"first","name":"a"}"#);
        assert_eq!(
            (Payload::KINDS, Fields::KINDS, Whole::KINDS),
            (&["one", "two"][..], &["first", "second"][..], &["first", "second"][..])
        );
    }

    #[test]
    fn what_is_unknown_or_damaged_is_an_error_that_shows_no_data() {
        for data in [r#"{"nome":"+48601234567"}"#, r#"{"name":48601234567}"#, "", "[]", "null", "{"] {
            for fault in [
                Payload::decode("one", 1, data.as_bytes()).unwrap_err(),
                Fields::decode("first", 1, data.as_bytes()).unwrap_err(),
                Whole::decode("first", 1, data.as_bytes()).unwrap_err(),
            ] {
                assert!(!fault.contains("601234567") && fault.contains("of schema 1"), "{fault}");
            }
        }
        assert_eq!(Payload::decode("three", 1, b"{}"), Err("no event is called three".into()));
        assert_eq!(Fields::decode("third", 1, b"{}"), Err("no event is called third".into()));
        for schema in [0, 2] {
            assert!(Payload::decode("one", schema, br#"{"name":"a"}"#).unwrap_err().contains("up to 1"));
        }
        // Nothing may follow an event's own bytes.
        for data in [r#"{"name":"a"},"second":{"name":"b"}"#, r#"{"name":"a"}}"#, r#"{"name":"a"}} {"a":{"#] {
            assert!(Fields::decode("first", 1, data.as_bytes()).is_err(), "{data}");
        }
        let other = br#"{"kind":"second","name":"a"}"#;
        assert_eq!(Whole::decode("first", 1, other), Err("first holds second".into()));
    }

    /// JSON keys can only be text.
    #[test]
    fn what_has_no_json_is_an_error_and_not_an_empty_row() {
        let odd = BTreeMap::from([((1, 2), "a")]);
        assert_eq!(json("odd", &odd), Err("odd has no JSON".into()));
        assert!(fields("first", &odd).is_err());
    }
}
