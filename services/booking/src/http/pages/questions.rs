//! The questions of an office's form and its consents, as page fields. Knows no hold and saves nothing.

use super::form::Answers;
use okienko_office::form::{Field as Question, FieldType, Means};
use okienko_office::{AskedAt, Consent, Office};
use okienko_web::components::{Field, FieldKind, field};
use okienko_web::{Markup, Words, html};

/// Prefix of consents' field names, so that none is taken for a form field.
pub const CONSENT: &str = "consent-";
/// Prefix of the field names of consents' versions, as the page showed them.
pub const VERSION: &str = "version-";

/// One question; `all` are the questions of its form.
pub fn ask(
    words: &Words,
    question: &Question,
    all: &[&Question],
    answers: &Answers,
    error: Option<&String>,
) -> Markup {
    let locale = words.locale().tag();
    let hint = hint(words, question);
    let asked = Field {
        value: answers.get(&question.id).map(String::as_str).unwrap_or_default(),
        hint: (!hint.is_empty()).then_some(hint.as_str()),
        error: error.map(String::as_str),
        required: question.required,
        autocomplete: autocomplete(question),
        only_if: question.only_if.as_ref().map(|only| (only.field.as_str(), only.equals.as_str())),
        ..Field::new(&question.id, question.label.in_locale(locale), kind(question, locale))
    };
    html! {
        // Without scripts all questions are shown, each with a note on when to answer it.
        @if let Some(when) = when(words, question, all) { noscript { p .only-if { (when) } } }
        (field(words, &asked))
    }
}

fn kind(question: &Question, locale: &str) -> FieldKind {
    match question.kind {
        FieldType::Text => FieldKind::Text,
        FieldType::Email => FieldKind::Email,
        FieldType::Date => FieldKind::Date,
        FieldType::Number => FieldKind::Number,
        FieldType::Bool => FieldKind::Bool,
        FieldType::Pesel => FieldKind::Pesel,
        FieldType::Document => FieldKind::Document,
        FieldType::Case => FieldKind::Case,
        FieldType::Choice => {
            let options = question.options.iter();
            FieldKind::Choice(options.map(|o| (o.id.clone(), o.label.in_locale(locale).to_owned())).collect())
        }
    }
}

/// The office's help text, and an example.
fn hint(words: &Words, question: &Question) -> String {
    let help = question.help.in_locale(words.locale().tag());
    let typed = !matches!(question.kind, FieldType::Choice | FieldType::Bool | FieldType::Date);
    if !typed {
        return help.to_owned();
    }
    let example = words.ta("field-example", &[("example", question.example.as_str().into())]);
    if help.is_empty() { example } else { format!("{help} {example}") }
}

/// The fields whose meaning browsers know.
fn autocomplete(question: &Question) -> Option<&'static str> {
    match (question.means, question.id.as_str()) {
        (Some(Means::Birth), _) | (None, "birth") => Some("bday"),
        // Fields for parts of a name are excluded.
        (_, "name") => Some("name"),
        _ => None,
    }
}

/// "Wypełnij, jeśli: Jak złożono wniosek? – Osobiście".
fn when(words: &Words, question: &Question, all: &[&Question]) -> Option<String> {
    let only = question.only_if.as_ref()?;
    let other = all.iter().find(|other| other.id == only.field)?;
    let locale = words.locale().tag();
    let option = other.options.iter().find(|option| option.id == only.equals);
    let answer = match (option, only.equals.as_str()) {
        (Some(option), _) => option.label.in_locale(locale).to_owned(),
        (None, "true") => words.t("answer-yes"),
        (None, "false") => words.t("answer-no"),
        (None, text) => text.to_owned(),
    };
    let values = [("question", other.label.in_locale(locale).into()), ("answer", answer.into())];
    Some(words.ta("only-if", &values))
}

/// What is wrong with an answer, worded for the field, and worded for the list on top, which also names the question
/// and asks for a missing answer according to its type.
pub fn fault(words: &Words, question: &Question, key: &str) -> Fault {
    let at_field = match (key, question.kind) {
        ("field-required", FieldType::Choice) => words.t("field-choice"),
        ("field-required", FieldType::Bool) => words.t("missing-bool-here"),
        _ => words.text_or_key(key),
    };
    let label = question.label.in_locale(words.locale().tag()).trim();
    let missing = matches!((key, question.kind), ("field-required", _) | ("field-choice", FieldType::Choice));
    let on_top = if missing {
        let kind = match question.kind {
            FieldType::Choice => "choice",
            FieldType::Bool => "bool",
            FieldType::Date => "date",
            FieldType::Number => "number",
            _ => "text",
        };
        let asks = if label.ends_with(['?', '？']) { "question" } else { "field" };
        words.ta(&format!("missing-{kind}-{asks}"), &[("field", label.into())])
    } else {
        let values = [("field", label.into()), ("fault", at_field.as_str().into())];
        words.ta("fault-of-field", &values)
    };
    Fault { at_field, on_top }
}

/// The same for a consent: its label is a whole sentence, so it is quoted.
pub fn consent_fault(words: &Words, consent: &Consent, key: &str) -> Fault {
    let at_field = words.text_or_key(key);
    let label = consent.label.in_locale(words.locale().tag());
    let values = [("field", label.into()), ("fault", at_field.as_str().into())];
    let of = if key == "consent-required" { "missing-consent" } else { "fault-of-field" };
    Fault { on_top: words.ta(of, &values), at_field }
}

/// One error, worded for its field and for the list on top.
pub struct Fault {
    /// At the field.
    pub at_field: String,
    /// In the list.
    pub on_top: String,
}

/// One consent, with a link to its text.
pub fn agree(words: &Words, consent: &Consent, answers: &Answers, error: Option<&String>) -> Markup {
    let name = format!("{CONSENT}{}", consent.id);
    let asked = Field {
        value: answers.get(&name).map(String::as_str).unwrap_or_default(),
        error: error.map(String::as_str),
        required: consent.required,
        ..Field::new(&name, consent.label.in_locale(words.locale().tag()), FieldKind::Bool)
    };
    html! {
        div .consent {
            input type="hidden" name={ (VERSION) (consent.id) } value=(consent.version);
            (field(words, &asked))
            p { a href=(consent.url) target="_blank" rel="noopener" { (words.t("consent-read")) } }
        }
    }
}

/// The consents asked for with a form.
pub fn asked(office: &Office) -> impl Iterator<Item = &Consent> {
    office.consents.iter().filter(|consent| consent.asked == AskedAt::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_office::text::Text;
    use okienko_web::Locale;

    fn question(kind: FieldType, label: &str) -> Question {
        Question {
            id: "q".into(),
            kind,
            label: Text::polish(label),
            required: true,
            options: Vec::new(),
            pattern: None,
            example: String::new(),
            help: Text::default(),
            only_if: None,
            means: None,
            past: None,
            age_min: None,
            agrees_with: None,
        }
    }

    #[test]
    fn what_is_missing_is_asked_for_as_a_person_would_say_it() {
        let words = Words::new(crate::texts(), Locale::Pl);
        use FieldType::{Bool, Case, Choice, Date, Document, Email, Number, Pesel, Text};
        for (kind, label, key, on_top, at_field) in [
            (
                Choice,
                "Jaki paszport?",
                "field-required",
                "Wybierz odpowiedź na pytanie „Jaki paszport?”.",
                "Wybierz jedną z odpowiedzi.",
            ),
            (
                Choice,
                "Rodzaj paszportu",
                "field-required",
                "Wybierz odpowiedź w polu „Rodzaj paszportu”.",
                "Wybierz jedną z odpowiedzi.",
            ),
            (
                Choice,
                "Jaki paszport? ",
                "field-choice",
                "Wybierz odpowiedź na pytanie „Jaki paszport?”.",
                "Wybierz jedną z odpowiedzi.",
            ),
            (
                Bool,
                "Mam pełnomocnictwo",
                "field-required",
                "Zaznacz pole „Mam pełnomocnictwo”.",
                "Zaznacz „tak” albo „nie”.",
            ),
            (
                Bool,
                "Czy przyjdziesz z dzieckiem?",
                "field-required",
                "Zaznacz odpowiedź na pytanie „Czy przyjdziesz z dzieckiem?”.",
                "Zaznacz „tak” albo „nie”.",
            ),
            (
                Date,
                "Data urodzenia",
                "field-required",
                "Wpisz datę w polu „Data urodzenia”.",
                "Wypełnij to pole.",
            ),
            (
                Date,
                "Kiedy złożono wniosek?",
                "field-required",
                "Wpisz datę w odpowiedzi na pytanie „Kiedy złożono wniosek?”.",
                "Wypełnij to pole.",
            ),
            (
                Number,
                "Liczba dzieci",
                "field-required",
                "Wpisz liczbę w polu „Liczba dzieci”.",
                "Wypełnij to pole.",
            ),
            (
                Number,
                "Ile osób przyjdzie?",
                "field-required",
                "Wpisz liczbę w odpowiedzi na pytanie „Ile osób przyjdzie?”.",
                "Wypełnij to pole.",
            ),
            (
                Text,
                "Imię i nazwisko",
                "field-required",
                "Wypełnij pole „Imię i nazwisko”.",
                "Wypełnij to pole.",
            ),
            (
                Text,
                "Czego dotyczy sprawa?",
                "field-required",
                "Wpisz odpowiedź na pytanie „Czego dotyczy sprawa?”.",
                "Wypełnij to pole.",
            ),
            (Email, "Adres e-mail", "field-required", "Wypełnij pole „Adres e-mail”.", "Wypełnij to pole."),
            (
                Document,
                "Numer dokumentu",
                "field-required",
                "Wypełnij pole „Numer dokumentu”.",
                "Wypełnij to pole.",
            ),
            (
                Case,
                "Jaki jest znak sprawy?",
                "field-required",
                "Wpisz odpowiedź na pytanie „Jaki jest znak sprawy?”.",
                "Wypełnij to pole.",
            ),
            (
                Pesel,
                "PESEL dziecka",
                "field-pesel",
                "„PESEL dziecka”: Sprawdź numer PESEL. Ma 11 cyfr.",
                "Sprawdź numer PESEL. Ma 11 cyfr.",
            ),
            (
                Number,
                "Ile osób przyjdzie?",
                "field-number",
                "„Ile osób przyjdzie?”: Wpisz liczbę całkowitą, samymi cyframi.",
                "Wpisz liczbę całkowitą, samymi cyframi.",
            ),
        ] {
            let said = fault(&words, &question(kind, label), key);
            assert_eq!(
                (said.on_top.as_str(), said.at_field.as_str()),
                (on_top, at_field),
                "{kind:?} {label}"
            );
        }
    }

    #[test]
    fn no_language_puts_a_colon_behind_a_question_mark_and_each_has_its_words() {
        for locale in Locale::ALL {
            let words = Words::new(crate::texts(), locale);
            for kind in
                [FieldType::Choice, FieldType::Bool, FieldType::Date, FieldType::Number, FieldType::Text]
            {
                for label in ["A?", "A"] {
                    let said = fault(&words, &question(kind, label), "field-required");
                    assert!(!said.on_top.contains("?:") && !said.on_top.contains('['), "{}", said.on_top);
                    assert!(said.on_top.contains(label) && said.on_top.len() > 10, "{}", said.on_top);
                }
            }
        }
    }
}
