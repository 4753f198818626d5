//! The pieces that pages are made of: forms and their errors, steps, buttons, notices, QR codes. Texts are passed in
//! the visitor's language. Knows no service.

use crate::texts::Value;
use crate::words::Words;
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

/// The kind of input a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A day, as `YYYY-MM-DD`.
    Date,
    /// A whole number.
    Number,
    /// An 11-digit PESEL.
    Pesel,
    /// The number of an identity document.
    Document,
    /// A case number.
    Case,
    /// A code of that many digits, in large type; `code.js` extracts the digits from pasted text.
    Code(u8),
    /// A password, hidden while typed.
    Password,
    /// A checkbox; its value is `true`.
    Bool,
    /// One of these (value, label): radio buttons for up to five, a list for more.
    Choice(Vec<(String, String)>),
}

/// A field of a form: `Field { hint: Some(…), ..Field::new("name", "Imię", FieldKind::Text) }`.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// Its name in the posted form; its id is `f-<name>`.
    pub name: &'a str,
    /// The visible label.
    pub label: &'a str,
    /// The kind of input.
    pub kind: FieldKind,
    /// The value entered before.
    pub value: &'a str,
    /// What to write, or why it is asked.
    pub hint: Option<&'a str>,
    /// What is wrong and what to write instead.
    pub error: Option<&'a str>,
    /// Whether it must be filled in. The browser does not check this: the server's messages are better.
    pub required: bool,
    /// The `autocomplete` token, e.g. `given-name`.
    pub autocomplete: Option<&'a str>,
    /// Shown only while the named field has that value (by `forms.js`; without scripts always).
    pub only_if: Option<(&'a str, &'a str)>,
}

impl<'a> Field<'a> {
    /// A required field without hint or value.
    pub fn new(name: &'a str, label: &'a str, kind: FieldKind) -> Field<'a> {
        let (value, hint, error) = ("", None, None);
        Field { name, label, kind, value, hint, error, required: true, autocomplete: None, only_if: None }
    }
}

/// A field with its label, hint and error.
pub fn field(words: &Words, f: &Field<'_>) -> Markup {
    let id = format!("f-{}", f.name);
    let mut about = Vec::new();
    if f.hint.is_some() {
        about.push(format!("{id}-hint"));
    }
    if f.error.is_some() {
        about.push(format!("{id}-error"));
    }
    let about = (!about.is_empty()).then(|| about.join(" "));
    let only_if = f.only_if.map(|(name, value)| format!("{name}={value}"));
    let notes = html! {
        @if let Some(hint) = f.hint { p .hint id={ (id) "-hint" } { (hint) } }
        @if let Some(error) = f.error {
            p .field-error id={ (id) "-error" } { span .visually-hidden { (words.t("error-prefix")) " " } (error) }
        }
    };
    html! {
        div .field .has-error[f.error.is_some()] data-only-if=[only_if] {
            @match &f.kind {
                FieldKind::Choice(options) if options.len() <= 5 => {
                    fieldset aria-describedby=[about.as_deref()] {
                        legend { (label(words, f)) }
                        (notes)
                        @for (at, (value, text)) in options.iter().enumerate() {
                            @let id = if at == 0 { id.clone() } else { format!("{id}-{at}") };
                            label .choice {
                                input type="radio" id=(id) name=(f.name) value=(value) checked[f.value == value];
                                span { (text) }
                            }
                        }
                    }
                }
                FieldKind::Bool => {
                    label .choice {
                        input type="checkbox" id=(id) name=(f.name) value="true" checked[f.value == "true"]
                            aria-describedby=[about.as_deref()];
                        span { (label(words, f)) }
                    }
                    (notes)
                }
                FieldKind::Choice(options) => {
                    label for=(id) { (label(words, f)) }
                    (notes)
                    select id=(id) name=(f.name) aria-describedby=[about.as_deref()] {
                        option value="" { (words.t("choose")) }
                        @for (value, text) in options {
                            option value=(value) selected[f.value == value] { (text) }
                        }
                    }
                }
                kind => {
                    label for=(id) { (label(words, f)) }
                    (notes)
                    (input(f, kind, &id, about.as_deref()))
                }
            }
        }
    }
}

fn label(words: &Words, f: &Field<'_>) -> Markup {
    html! { (f.label) @if !f.required { " " span .optional { "(" (words.t("optional-mark")) ")" } } }
}

fn input(f: &Field<'_>, kind: &FieldKind, id: &str, about: Option<&str>) -> Markup {
    let (input_type, mode, width, complete) = match kind {
        FieldKind::Email => ("email", Some("email"), "wide", Some("email")),
        FieldKind::Phone => ("tel", Some("tel"), "mid", Some("tel")),
        FieldKind::Date => ("date", None, "mid", None),
        FieldKind::Number => ("text", Some("numeric"), "short", None),
        FieldKind::Pesel => ("text", Some("numeric"), "mid", None),
        FieldKind::Code(_) => ("text", Some("numeric"), "code", Some("one-time-code")),
        FieldKind::Password => ("password", None, "wide", Some("current-password")),
        FieldKind::Document | FieldKind::Case => ("text", None, "mid", None),
        _ => ("text", None, "wide", None),
    };
    let code = if let FieldKind::Code(n) = kind { Some(*n) } else { None };
    let complete = f.autocomplete.or(complete).unwrap_or("off");
    html! {
        input class={ "input-" (width) } type=(input_type) id=(id) name=(f.name) value=(f.value)
            inputmode=[mode] autocomplete=(complete) aria-describedby=[about]
            aria-invalid=[f.error.map(|_| "true")] aria-required=[f.required.then_some("true")]
            maxlength=[code.map(|n| n * 2)] data-code=[code] spellcheck="false";
    }
}

/// The errors at the top of the page, each a link to its field. `forms.js` puts the focus here.
pub fn error_summary(words: &Words, faults: &[(&str, &str)]) -> Markup {
    html! {
        div .error-summary role="alert" tabindex="-1" aria-labelledby="error-summary-title" data-error-summary="" {
            h2 #error-summary-title { (words.t("error-summary-title")) }
            ul { @for (name, text) in faults { li { a href={ "#f-" (name) } { (text) } } } }
        }
    }
}

/// A refusal that no field is to blame for: read out at once, and `forms.js` puts the focus here.
pub fn refused(body: Markup) -> Markup {
    html! { div .notice.bad role="alert" tabindex="-1" data-error-summary="" { (body) } }
}

/// The link back, as the first thing on a page.
pub fn back_link(words: &Words, href: &str) -> Markup {
    html! { a .back-link href=(href) { (words.t("back")) } }
}

/// The progress line, e.g. "Krok 3 z 5".
pub fn steps(words: &Words, n: u8, of: u8) -> Markup {
    let said = words.ta("step-of", &[("n", Value::from(n)), ("of", Value::from(of))]);
    html! {
        div .steps {
            p { (said) }
            div .steps-bar aria-hidden="true" { @for i in 1..=of { span .done[i <= n] {} } }
        }
    }
}

/// A button's look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// The one next action.
    Primary,
    /// An alternative.
    Secondary,
    /// Removes something.
    Danger,
}

/// A form that is only a button: posts `hidden` (name, value) to `action`.
pub fn button_form(action: &str, text: &str, hidden: &[(&str, &str)], weight: Weight) -> Markup {
    let class = match weight {
        Weight::Primary => "button",
        Weight::Secondary => "button secondary",
        Weight::Danger => "button danger",
    };
    html! {
        form .button-form method="post" action=(action) {
            (hidden_fields(hidden))
            button class=(class) type="submit" { (text) }
        }
    }
}

/// Hidden inputs (name, value).
pub fn hidden_fields(hidden: &[(&str, &str)]) -> Markup {
    html! { @for (name, value) in hidden { input type="hidden" name=(name) value=(value); } }
}

/// The urgency of a notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Information.
    Plain,
    /// Success.
    Good,
    /// Warning.
    Warn,
    /// Error.
    Bad,
}

/// A framed notice.
pub fn notice(tone: Tone, body: Markup) -> Markup {
    let class = match tone {
        Tone::Plain => "notice",
        Tone::Good => "notice good",
        Tone::Warn => "notice warn",
        Tone::Bad => "notice bad",
    };
    html! { div class=(class) { (body) } }
}

/// A list of terms and descriptions: `[("Kiedy", html!{…}), …]`.
pub fn definitions(rows: &[(String, Markup)]) -> Markup {
    html! { dl .definitions { @for (name, what) in rows { div { dt { (name) } dd { (what) } } } } }
}

/// The unobtrusive countdown of a hold, driven by `hold.js`. `remaining_s` comes from the booking; a click in the last
/// two minutes posts to `extend`.
pub fn hold_line(words: &Words, remaining_s: u32, extend: Option<&str>) -> Markup {
    let time = format!("{}:{:02}", remaining_s / 60, remaining_s % 60);
    let minutes = |n: u32| words.n("hold-live", n);
    html! {
        div .hold data-hold=(remaining_s) data-over=(words.t("hold-over"))
            data-line=(words.ta("hold-line", &[("time", "{time}".into())])) {
            p .hold-line data-hold-line="" { (words.ta("hold-line", &[("time", time.into())])) }
            p .visually-hidden role="status" data-hold-live="" {}
            @for n in 0..=20u32 { template data-hold-minute=(n) { (minutes(n)) } }
            @if let Some(action) = extend {
                form method="post" action=(action) hidden data-hold-extend="" {
                    button .button.secondary type="submit" { (words.t("hold-extend")) }
                }
            }
        }
    }
}

/// A QR code of `content`; `what` describes it to people who cannot see it.
pub fn qr(words: &Words, content: &str, what: &str) -> Markup {
    let Ok(code) = QrCode::new(content.as_bytes()) else { return html! { p .muted { (content) } } };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
    let svg = drawn.split_once("<svg").map_or("", |(_, rest)| rest);
    let label = words.ta("qr-label", &[("what", what.into())]);
    html! { div .qr role="img" aria-label=(label) { (PreEscaped(format!("<svg aria-hidden=\"true\"{svg}"))) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    fn words() -> Words {
        Words::common(Locale::Pl)
    }

    #[test]
    fn a_faulty_field_is_tied_to_its_message_and_its_value_is_escaped() {
        let f = Field {
            error: Some("Wpisz nazwisko"),
            hint: Some("Jak w dowodzie"),
            value: "\"><script>",
            ..Field::new("name", "Nazwisko", FieldKind::Text)
        };
        let html = field(&words(), &f).into_string();
        assert!(html.contains("aria-describedby=\"f-name-hint f-name-error\""));
        assert!(html.contains("aria-invalid=\"true\"") && !html.contains("<script>"));
        let summary = error_summary(&words(), &[("name", "Wpisz nazwisko")]).into_string();
        assert!(summary.contains("href=\"#f-name\"") && html.contains("id=\"f-name\""));
    }

    #[test]
    fn few_choices_are_radios_and_many_a_list() {
        let options = |n: u8| (0..n).map(|i| (i.to_string(), format!("o{i}"))).collect();
        let html = |n| field(&words(), &Field::new("c", "C", FieldKind::Choice(options(n)))).into_string();
        assert!(html(5).contains("type=\"radio\"") && html(5).contains("<legend>"));
        assert!(html(6).contains("<select"));
    }

    #[test]
    fn a_code_can_be_filled_in_by_the_phone() {
        let html = field(&words(), &Field::new("code", "Kod", FieldKind::Code(6))).into_string();
        assert!(html.contains("autocomplete=\"one-time-code\"") && html.contains("inputmode=\"numeric\""));
        assert!(html.contains("data-code=\"6\""));
    }

    #[test]
    fn a_qr_code_says_what_it_holds() {
        let html = qr(&words(), "HTTPS://K.EXAMPLE.PL/T/ABCD2345", "bilet A012").into_string();
        assert!(html.contains("aria-label=\"Kod QR: bilet A012\"") && html.contains("<svg aria-hidden"));
        assert!(!html.contains("<?xml") && !html.contains("style="));
    }
}
