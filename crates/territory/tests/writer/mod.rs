//! Writes the smallest MMDB file: a tree of one node, both of whose branches lead to one record. Knows no reader.

use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Number(u16),
    Count(u32),
    Seconds(u64),
    Languages,
    Map(BTreeMap<String, Value>),
}

/// A database in which every address has `record`.
pub fn database(record: &Value) -> Vec<u8> {
    let mut file = Vec::new();
    // One node with two 24-bit records: the number of nodes, the sixteen-byte separator, and offset 0 in the data.
    for _ in 0..2 {
        file.extend(&[0, 0, 17]);
    }
    file.extend([0; 16]);
    write(record, &mut file);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let about = [
        ("binary_format_major_version", Value::Number(2)),
        ("binary_format_minor_version", Value::Number(0)),
        ("build_epoch", Value::Seconds(1)),
        ("description", Value::Map(BTreeMap::new())),
        ("languages", Value::Languages),
        ("database_type", Value::Text("Test".into())),
        ("ip_version", Value::Number(6)),
        ("node_count", Value::Count(1)),
        ("record_size", Value::Number(24)),
    ];
    write(&Value::Map(about.map(|(key, value)| (key.to_owned(), value)).into()), &mut file);
    file
}

fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            to.push((2 << 5) | u8::try_from(text.len()).ok().filter(|n| *n < 29).unwrap());
            to.extend(text.as_bytes());
        }
        Value::Number(number) => {
            to.push((5 << 5) | 2);
            to.extend(number.to_be_bytes());
        }
        Value::Count(number) => {
            to.push((6 << 5) | 4);
            to.extend(number.to_be_bytes());
        }
        Value::Seconds(number) => {
            // Types above 7 are encoded in a second byte.
            to.extend([8, 9 - 7]);
            to.extend(number.to_be_bytes());
        }
        // An empty array.
        Value::Languages => to.extend([0, 11 - 7]),
        Value::Map(pairs) => {
            to.push((7 << 5) | u8::try_from(pairs.len()).unwrap());
            for (key, value) in pairs {
                write(&Value::Text(key.clone()), to);
                write(value, to);
            }
        }
    }
}
