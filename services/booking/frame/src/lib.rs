//! The frame of citizens' pages: the document, the current step, refusals, redirects, and the keys that make a form's
//! second submission the same request. Knows no page's content.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use okienko_kernel::world::Entropy;
use okienko_office::{Office, Step};
use okienko_web::components::{refused, steps};
use okienko_web::{Markup, OfficeLook, Page, Problem, Script, Words, html};

static HOLD: Script = Script::new("hold.js", include_str!("../assets/hold.js"));
static CODE: Script = Script::new("code.js", include_str!("../assets/code.js"));
static DRAFT: Script = Script::new("draft.js", include_str!("../assets/draft.js"));
static CHALLENGE: Script = Script::new("challenge.js", include_str!("../assets/challenge.js"));
static WORKER: Script = Script::new("challenge-worker.js", include_str!("../assets/challenge-worker.js"));
/// The scripts of citizens' pages.
pub static SCRIPTS: [&Script; 5] = [&HOLD, &CODE, &DRAFT, &CHALLENGE, &WORKER];

/// The document around a page of an office.
pub fn document(words: &Words, office: &Office, title: &str, body: Markup) -> Response {
    document_that(words, office, title, office.proof_of_work, body)
}

/// The same, with the challenge solver if the page `works`.
pub fn document_that(words: &Words, office: &Office, title: &str, works: bool, body: Markup) -> Response {
    let look = OfficeLook {
        name: office.name.in_locale(words.locale().tag()).to_owned(),
        href: format!("/{}", office.id),
        ..OfficeLook::default()
    };
    let page = Page::new(words, title).office(&look).script(&HOLD).script(&CODE).script(&DRAFT);
    let page = if works { page.script(&CHALLENGE) } else { page };
    page.render(body).into_response()
}

/// The same with a status other than 200.
pub fn document_as(
    status: StatusCode,
    words: &Words,
    office: &Office,
    title: &str,
    body: Markup,
) -> Response {
    (status, document(words, office, title, body)).into_response()
}

/// Wraps forms that hold an hour: `challenge.js` adds the proof of work to them, if one is required.
pub fn challenged(words: &Words, office: &Office, works: bool, forms: Markup) -> Markup {
    if !works {
        return forms;
    }
    html! {
        div data-challenge={ "/api/v1/challenge?office=" (office.id) }
            data-challenge-worker=(WORKER.url()) {
            (forms)
            p .challenge-line role="status" data-challenge-line=(words.t("challenge-working")) {}
        }
    }
}

/// A redirect to another page, so that a reload requests that one: 303.
pub fn see(address: &str) -> Response {
    let value = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

/// "Krok 3 z 5", in the office's own order of steps.
pub fn step_line(words: &Words, office: &Office, step: Step) -> Markup {
    // Where the account is the proof, form and proof are one page, and an office may list either of the two.
    let other = if step == Step::Form { Step::Proof } else { Step::Form };
    let place = |wanted: Step| office.steps.iter().position(|s| *s == wanted);
    let at = place(step).or_else(|| place(other)).unwrap_or_default();
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    steps(words, small(at + 1), small(office.steps.len()))
}

/// A refusal as a remark on the page where the user can go on; with a link to the visit that blocks another one, if
/// any.
pub fn remark(words: &Words, problem: &Problem) -> Markup {
    let visit = problem.extra("manage_url").and_then(|address| address.as_str());
    refused(html! {
        p { strong { (problem.title(words)) "." } " " (problem.detail(words)) }
        @if let Some(visit) = visit { p { a href=(visit) { (words.t("limit-visit")) } } }
    })
}

/// Identifies one rendering of a form, so that a second submission gets the first answer.
pub fn form_key(entropy: &dyn Entropy) -> String {
    entropy.word(10)
}

/// A key as our forms send it; anything else counts as none.
pub fn plain_key(key: Option<&str>) -> Option<&str> {
    key.filter(|key| (8..=32).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric()))
}
