//! What an answer is to the office: a name, a birth date, a document. Stated in the office file; guessed from ids and
//! types only if it states nothing, because older files and stored offices express it by ids. Must not know of rules.

use super::{Field, FieldType};
use crate::data::{Office, Service};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an answer is to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// The name of the visitor, or a part of it.
    Name,
    /// When they were born.
    Birth,
    /// Their document.
    Document,
    /// How many children come along.
    Children,
    /// When their application was filed.
    FiledOn,
}

impl Means {
    /// All meanings with their words.
    pub const ALL: [(Means, &'static str); 5] = [
        (Means::Name, "name"),
        (Means::Birth, "birth"),
        (Means::Document, "document"),
        (Means::Children, "children"),
        (Means::FiledOn, "filed_on"),
    ];
    /// The word used in the office file.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(means, _)| *means == self).map_or("name", |(_, word)| word)
    }
    /// The types of fields that can have this meaning.
    pub fn kinds(self) -> &'static [FieldType] {
        match self {
            Means::Name => &[FieldType::Text],
            Means::Birth | Means::FiledOn => &[FieldType::Date],
            Means::Document => &[FieldType::Document, FieldType::Text],
            Means::Children => &[FieldType::Number, FieldType::Choice, FieldType::Text],
        }
    }
    /// Whether a field that states nothing is assumed to mean this: first by its whole id, then by a part of it or the
    /// type.
    fn guessed(self, id: &str, kind: Option<FieldType>) -> Option<Guess> {
        let is = |wanted: FieldType| kind.is_none_or(|kind| kind == wanted);
        let (exact, partly) = match self {
            Means::Name => (id == "name", id.contains("name")),
            Means::Birth => (id == "birth", is(FieldType::Date) && id.contains("birth")),
            Means::Document => (id == "document", kind == Some(FieldType::Document)),
            Means::Children => (id == "children", is(FieldType::Number) && id.contains("children")),
            Means::FiledOn => (id == "filed-on", kind == Some(FieldType::Date) && !id.contains("birth")),
        };
        match (exact, partly) {
            (true, _) => Some(Guess::Sure),
            (_, true) => Some(Guess::Likely),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Guess {
    Sure,
    Likely,
}

impl Office {
    /// The fields of a service's form with this meaning: those stated in the file, otherwise the likeliest.
    pub fn meant<'a>(&'a self, service: &'a Service, means: Means) -> Vec<&'a Field> {
        let form = self.form_of(service);
        let stated: Vec<&Field> = form.iter().copied().filter(|field| field.means == Some(means)).collect();
        if !stated.is_empty() {
            return stated;
        }
        let silent = form.into_iter().filter(|field| field.means.is_none());
        let guessed = silent.filter_map(|field| Some((means.guessed(&field.id, Some(field.kind))?, field)));
        let guessed: Vec<(Guess, &Field)> = guessed.collect();
        likeliest(guessed)
    }

    /// The answer with this meaning, its parts joined by spaces; `None` if not answered. If the office no longer has
    /// the service, only the field ids are used.
    pub fn answer_meant(
        &self,
        service: &str,
        means: Means,
        answers: &BTreeMap<String, String>,
    ) -> Option<String> {
        let fields: Vec<&str> = match self.service(service) {
            Some(service) => self.meant(service, means).into_iter().map(|field| field.id.as_str()).collect(),
            None => likeliest(
                answers.keys().filter_map(|id| Some((means.guessed(id, None)?, id.as_str()))).collect(),
            ),
        };
        let said: Vec<&str> = fields
            .iter()
            .filter_map(|id| answers.get(*id))
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        // Only a name has parts; of two dates or documents the first is meant.
        let said = if means == Means::Name { said } else { said.into_iter().take(1).collect() };
        (!said.is_empty()).then(|| said.join(" "))
    }
}

/// The items with the best guess.
fn likeliest<T>(guessed: Vec<(Guess, T)>) -> Vec<T> {
    let best = guessed.iter().map(|(guess, _)| *guess).min();
    guessed.into_iter().filter(|(guess, _)| Some(*guess) == best).map(|(_, it)| it).collect()
}
