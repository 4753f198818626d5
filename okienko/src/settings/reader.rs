//! Reads settings key by key and collects all faults: three wrong keys are all reported at once. Knows layers and
//! types, no key's meaning.

use super::secret::Secret;
use config::{Config, ConfigError, Environment, File, FileFormat, Source, Value, ValueKind};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Prefix of environment variables.
pub const PREFIX: &str = "OKIENKO";

/// A fault in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, `section.key`; empty for a whole file.
    pub key: String,
    /// Where the value came from, if there is one.
    pub from: Option<String>,
    /// What is wrong and what to write.
    pub what: String,
}

impl Fault {
    /// A fault of a key without a value.
    pub fn missing(key: &str, what: &str) -> Fault {
        Fault { key: key.to_owned(), from: None, what: what.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, self.key.as_str()) {
            (Some(from), "") => write!(f, "{from}: {}", self.what),
            (None, "") => f.write_str(&self.what),
            (Some(from), key) => write!(f, "{key} ({from}): {}", self.what),
            (None, key) => write!(f, "{key}: {}", self.what),
        }
    }
}

/// All values by key, and the faults so far.
pub struct Reader {
    values: BTreeMap<String, Value>,
    file: Option<String>,
    faults: Vec<Fault>,
}

impl Reader {
    /// Reads the layers. `defaults` contains every valid key; any other key is a fault.
    pub fn open(defaults: &str, file: Option<&Path>, environment: Environment) -> Reader {
        let known = flat(Config::builder().add_source(File::from_str(defaults, FileFormat::Toml)).build());
        let mut reader = Reader { values: BTreeMap::new(), file: None, faults: Vec::new() };
        let known = known.unwrap_or_else(|what| reader.whole(None, what));
        let mut all = known.clone();
        if let Some(path) = file {
            let named = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
            let layer = text.and_then(|text| match toml::from_str::<toml::Table>(&text) {
                // Only the position: the line itself may contain a secret.
                Err(wrong) => Err(place(&text, &wrong)),
                Ok(_) => {
                    flat(Config::builder().add_source(File::from(path).format(FileFormat::Toml)).build())
                }
            });
            let layer = layer.unwrap_or_else(|what| reader.whole(Some(&named), what));
            reader.add(&mut all, &known, layer, &named);
            reader.file = Some(named);
        }
        let layer = flat(Config::builder().add_source(environment).build());
        let layer = layer.unwrap_or_else(|what| reader.whole(Some("the environment"), what));
        reader.add(&mut all, &known, layer, "the environment");
        reader.values = all;
        reader
    }

    fn whole(&mut self, from: Option<&str>, what: String) -> BTreeMap<String, Value> {
        self.faults.push(Fault { key: String::new(), from: from.map(str::to_owned), what });
        BTreeMap::new()
    }

    fn add(
        &mut self,
        all: &mut BTreeMap<String, Value>,
        known: &BTreeMap<String, Value>,
        layer: BTreeMap<String, Value>,
        from: &str,
    ) {
        for (key, value) in layer {
            if known.contains_key(&key) {
                all.insert(key, Value::new(Some(&from.to_owned()), value.kind));
            } else {
                let what = unknown(known, &key);
                self.faults.push(Fault { key, from: Some(from.to_owned()), what });
            }
        }
    }

    /// Records a fault of a key.
    pub fn wrong(&mut self, key: &str, what: impl Into<String>) {
        let from = self.values.get(key).and_then(|value| value.origin()).map(str::to_owned);
        self.faults.push(Fault { key: key.to_owned(), from, what: what.into() });
    }

    /// The faults; empty if there are none.
    pub fn faults(self) -> Vec<Fault> {
        self.faults
    }

    fn value(&self, key: &str) -> Value {
        self.values.get(key).cloned().unwrap_or_default()
    }

    /// A text; empty if the value is not a text.
    pub fn text(&mut self, key: &str) -> String {
        match self.value(key).kind {
            ValueKind::String(text) => text.trim().to_owned(),
            _ => {
                self.wrong(key, "is no text: write it between quotation marks");
                String::new()
            }
        }
    }

    /// A text parsed as `T`; `None` if it is empty or invalid. `write` says what to write instead.
    pub fn parsed<T: FromStr>(&mut self, key: &str, write: &str) -> Option<T> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.wrong(key, format!("{text:?} cannot be read: write {write}"));
        }
        parsed
    }

    /// A whole number in a range; the lower bound if it is invalid.
    pub fn number(&mut self, key: &str, range: RangeInclusive<u32>) -> u32 {
        let value = self.value(key);
        // Environment variables are texts; a fraction is not a whole number.
        let read = match &value.kind {
            ValueKind::Float(_) | ValueKind::Boolean(_) => None,
            _ => value.into_int().ok().and_then(|number| u32::try_from(number).ok()),
        };
        match read.filter(|number| range.contains(number)) {
            Some(number) => number,
            None => {
                self.wrong(key, format!("write a whole number from {} to {}", range.start(), range.end()));
                *range.start()
            }
        }
    }

    /// A boolean.
    pub fn is(&mut self, key: &str) -> bool {
        match self.value(key).kind {
            ValueKind::Boolean(is) => is,
            ValueKind::String(text) if text == "true" || text == "false" => text == "true",
            _ => {
                self.wrong(key, "write true or false");
                false
            }
        }
    }

    /// A list of texts: a list in a file, comma-separated in the environment.
    pub fn list(&mut self, key: &str) -> Vec<String> {
        let value = self.value(key);
        let plain = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match value.kind {
            ValueKind::String(text) => text.split(',').filter_map(plain).collect(),
            ValueKind::Array(all) => {
                let texts = all.into_iter().map(|one| match one.kind {
                    ValueKind::String(text) => Some(text),
                    _ => None,
                });
                let Some(texts) = texts.collect::<Option<Vec<String>>>() else {
                    self.wrong(key, "write a list of texts, e.g. [\"a\", \"b\"]");
                    return Vec::new();
                };
                texts.iter().filter_map(|text| plain(text)).collect()
            }
            _ => {
                self.wrong(key, "write a list of texts, e.g. [\"a\", \"b\"]");
                Vec::new()
            }
        }
    }

    /// A path; `None` if it is empty.
    pub fn path(&mut self, key: &str) -> Option<PathBuf> {
        Some(self.text(key)).filter(|text| !text.is_empty()).map(PathBuf::from)
    }

    /// The text of the file that a key names.
    pub fn contents(&mut self, key: &str) -> Option<Secret> {
        let path = self.path(key)?;
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(Secret::new(text.trim_end().to_owned())),
            Err(error) => {
                self.wrong(key, format!("{} cannot be read: {error}", path.display()));
                None
            }
        }
    }

    /// The bytes of the file that a key names.
    pub fn bytes(&mut self, key: &str) -> Option<Vec<u8>> {
        let path = self.path(key)?;
        let read = std::fs::read(&path);
        read.map_err(|error| self.wrong(key, format!("{} cannot be read: {error}", path.display()))).ok()
    }

    /// A secret: from the file that `{key}_file` names, or from the environment. If `bare` says that a value contains
    /// no secret (an address without a password), it may be written in a settings file.
    pub fn secret(&mut self, key: &str, bare: impl Fn(&str) -> bool) -> Option<Secret> {
        let of_file = self.contents(&format!("{key}_file"));
        let text = self.text(key);
        if of_file.is_some() || text.is_empty() {
            return of_file;
        }
        let in_file = self.file.is_some() && self.value(key).origin() == self.file.as_deref();
        if in_file && !bare(&text) {
            let variable = format!("{PREFIX}__{}", key.to_uppercase().replace('.', "__"));
            let what = format!(
                "a secret does not stand in a settings file: put it into a file that {key}_file names, or into {variable}"
            );
            self.wrong(key, what);
        }
        Some(Secret::new(text))
    }
}

/// All values by their full key.
fn flat(read: Result<Config, ConfigError>) -> Result<BTreeMap<String, Value>, String> {
    let table = read.and_then(|config| config.collect()).map_err(|error| error.to_string())?;
    let mut all = BTreeMap::new();
    for (section, value) in table {
        match value.kind {
            ValueKind::Table(keys) => {
                all.extend(keys.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
            }
            _ => {
                all.insert(section, value);
            }
        }
    }
    Ok(all)
}

fn unknown(known: &BTreeMap<String, Value>, key: &str) -> String {
    let section = key.split('.').next().unwrap_or_default();
    let begin = format!("{section}.");
    let keys: Vec<&str> = known.keys().filter_map(|key| key.strip_prefix(&begin)).collect();
    if !keys.is_empty() {
        return format!("there is no such key; [{section}] has {}", keys.join(", "));
    }
    let mut sections: Vec<&str> = known.keys().filter_map(|key| key.split('.').next()).collect();
    sections.dedup();
    format!("there is no such section; there are {}", sections.join(", "))
}

fn place(text: &str, wrong: &toml::de::Error) -> String {
    let at = wrong.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("line {line}: {}", wrong.message())
}
