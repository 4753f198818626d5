//! One reservation as the staff see it: form, contact, questions and answers, who removed it.

use super::day::{location, service};
use super::{address, framed, refusal};
use crate::BackOffice;
use crate::domain::inquiry::{OWN, QUESTIONS};
use crate::{InquiryView, OpenedReservation, Removal, Right, proof_of};
use axum::extract::State;
use axum::response::Response;
use okienko_day::{Contact, Subject};
use okienko_kernel::Moment;
use okienko_office::form::FieldType;
use okienko_office::{LoadedOffice, Office};
use okienko_web::components::{Tone, Weight, button_form, definitions, notice};
use okienko_web::{Claims, Markup, Path, Problem, Staff, Words, html};
use std::sync::Arc;

/// Everything that a page of a reservation needs.
pub(super) struct ReservationContext {
    /// Who is viewing it.
    pub by: Claims,
    /// The office.
    pub known: Arc<LoadedOffice>,
    /// The reservation.
    pub found: OpenedReservation,
}

/// The reservation at an address.
pub(super) async fn seen(
    backoffice: &BackOffice,
    claims: &Claims,
    id: &str,
    right: Right,
) -> Result<ReservationContext, Problem> {
    let known = backoffice.admit(claims, &claims.office, right)?;
    let reservation = backoffice.reservation_for(claims, &known, id).await?;
    let found = backoffice.opened(&known, reservation).await?;
    Ok(ReservationContext { by: claims.clone(), known, found })
}

/// The page.
pub async fn page(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(id): Path<String>,
    words: Words,
) -> Result<Response, Problem> {
    let work = async {
        let seen = seen(&backoffice, &claims, &id, Right::Look).await?;
        show(&backoffice, &claims, &words, &seen, None).await
    };
    backoffice.noted(&claims, ("reservation.read", &id), work).await
}

/// The page, with a refusal above it if an action failed.
pub(super) async fn show(
    backoffice: &BackOffice,
    claims: &Claims,
    words: &Words,
    seen: &ReservationContext,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let ReservationContext { by: _, known, found } = seen;
    let confirmed = &found.reservation.confirmed;
    let path = address(&confirmed.reservation.to_string());
    let title = words.ta("reservation-title", &[("number", confirmed.number.clone().into())]);
    let view = backoffice.inquiry_view(known, found).await?;
    let removal = backoffice.removal_of(&found.reservation).await?;
    let changes = Right::Change.is_of(claims);
    let body = html! {
        p { a .back-link href={ "/admin?date=" (confirmed.place.day) "#list" } { (words.t("admin-to-list")) } }
        h1 { (title) }
        @if let Some(problem) = problem { (refusal(words, problem)) }
        @if let okienko_day::State::Removed(reason) = &found.reservation.state {
            (removed(words, &known.office, reason, removal.as_ref()))
        }
        (definitions(&about(words, &known.office, found)))
        h2 { (words.t("reservation-form")) }
        (form(words, &known.office, found))
        h2 #questions { (words.t("inquiry-title")) }
        @if let Some(view) = &view { (inquiry(words, known, found, view, changes.then_some(path.as_str()))) }
        @if changes {
            @match backoffice.why_not_ask(found) {
                None => (ask(words, &path)),
                Some(why) => p { (words.t("inquiry-cannot")) " " (words.t(why)) },
            }
            @if found.reservation.state == okienko_day::State::Confirmed {
                div .actions { a .button.danger href={ (path) "/remove" } { (words.t("reservation-remove")) } }
            }
        }
    };
    Ok(framed(problem, words, (claims, &known.office), &title, body))
}

fn removed(words: &Words, office: &Office, reason: &str, removal: Option<&Removal>) -> Markup {
    notice(
        Tone::Warn,
        html! {
            p { strong { (words.t(&format!("removal-{reason}"))) } }
            @if let Some(removal) = removal {
                @let values = [("who", removal.by.clone().into()), ("when", when(words, office, removal.at).into())];
                p { (words.ta("reservation-removed-by", &values)) }
                @if !removal.note.is_empty() {
                    p { (words.ta("reservation-removed-note", &[("note", removal.note.clone().into())])) }
                }
            }
            p { (words.t("removal-no-undo")) }
        },
    )
}

/// Day and hour at the office.
pub(super) fn when(words: &Words, office: &Office, at: Moment) -> String {
    let (day, time) = office.zone.local(at);
    words.date_time(day, time)
}

/// Whose visit it is, and when.
pub(super) fn about(words: &Words, office: &Office, found: &OpenedReservation) -> Vec<(String, Markup)> {
    let confirmed = &found.reservation.confirmed;
    let subject = found.subject.as_ref();
    let mut rows = vec![
        (words.t("admin-name"), html! { strong { (found.name) } }),
        (words.t("reservation-when"), html! { (words.date_time(confirmed.place.day, confirmed.time)) }),
        (words.t("admin-service"), html! { (service(words, office, &confirmed.service)) }),
        (words.t("admin-location"), html! { (location(words, office, &confirmed.place.location)) }),
        (
            words.t("admin-state"),
            html! { (words.t(&format!("admin-state-{}", found.reservation.state.word()))) },
        ),
        (
            words.t("admin-proof"),
            html! { (words.t(&format!("admin-proof-{}", proof_of(confirmed, subject)))) },
        ),
    ];
    if !confirmed.ticket_number.is_empty() {
        rows.push((words.t("admin-ticket"), html! { span .num { (confirmed.ticket_number) } }));
    }
    if let Some(Contact::Phone(phone)) = subject.and_then(|subject| subject.contact.as_ref()) {
        rows.push((words.t("reservation-phone"), html! { span .num { (phone) } }));
    }
    if let Some(mail) = subject.and_then(Subject::mail) {
        rows.push((words.t("reservation-email"), html! { (mail) }));
    }
    rows
}

fn form(words: &Words, office: &Office, found: &OpenedReservation) -> Markup {
    let locale = words.locale().tag();
    let subject = found.subject.as_ref().filter(|subject| !subject.fields.is_empty());
    let Some(subject) = subject else { return html! { p { (words.t("reservation-form-gone")) } } };
    let rows = subject.fields.iter().map(|(id, text)| {
        let field = office.fields.iter().find(|field| &field.id == id);
        let label = field.map_or(id.as_str(), |field| field.label.in_locale(locale)).to_owned();
        let chosen = field.and_then(|field| field.options.iter().find(|option| &option.id == text));
        let said = match (chosen, field.map(|field| field.kind)) {
            (Some(option), _) => option.label.in_locale(locale).to_owned(),
            (None, Some(FieldType::Bool)) => words.t(if text == "true" { "yes" } else { "no" }),
            _ => text.clone(),
        };
        let typed = subject.typed.get(id);
        let typed = typed.map(|typed| words.ta("reservation-typed", &[("typed", typed.as_str().into())]));
        (label, html! { (said) @if let Some(typed) = typed { " " span .muted { (typed) } } })
    });
    definitions(&rows.collect::<Vec<_>>())
}

fn inquiry(
    words: &Words,
    known: &LoadedOffice,
    found: &OpenedReservation,
    view: &InquiryView,
    path: Option<&str>,
) -> Markup {
    let asked =
        found.round.as_ref().map(|round| when(words, &known.office, round.asked_at)).unwrap_or_default();
    html! {
        p { (words.ta(&format!("inquiry-{}", view.state), &[("when", asked.into())])) }
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr {
                    th scope="col" { (words.t("inquiry-question")) }
                    th scope="col" { (words.t("inquiry-answer")) }
                    th scope="col" { (words.t("inquiry-form")) }
                } }
                tbody {
                    @for question in &view.questions {
                        tr {
                            th scope="row" { (question.text.clone().unwrap_or_else(|| words.t(&format!("inquiry-{}", question.question)))) }
                            td {
                                (question.answer.clone().unwrap_or_default())
                                @if question.differs { " " strong .differs { (words.t("inquiry-differs")) } }
                            }
                            td { (question.form.clone().unwrap_or_default()) }
                        }
                    }
                }
            }
        }
        @if let Some(path) = path {
            div .actions {
                @if view.state == "answered" {
                    (button_form(&format!("{path}/questions/read"), &words.t("inquiry-read-button"), &[], Weight::Primary))
                }
                @if view.state != "settled" {
                    (button_form(&format!("{path}/questions/settle"), &words.t("inquiry-settle-button"), &[], Weight::Secondary))
                }
            }
        }
    }
}

fn ask(words: &Words, path: &str) -> Markup {
    html! {
        form method="post" action={ (path) "/questions" } {
            p { (words.t("inquiry-lead")) }
            @for (at, question) in QUESTIONS.iter().filter(|question| question.word != OWN).enumerate() {
                label .choice {
                    // The target of an error that concerns the questions as a whole.
                    input type="checkbox" id=[(at == 0).then_some("f-questions")] name=(question.word) value="true";
                    span { (words.t(&format!("inquiry-{}", question.word))) }
                }
            }
            div .field {
                label for="f-own" { (words.t("inquiry-own-label")) }
                p .hint #f-own-hint { (words.t("inquiry-own-hint")) }
                textarea id="f-own" name=(OWN) rows="3" maxlength="300" aria-describedby="f-own-hint" {}
            }
            button .button type="submit" { (words.t("inquiry-send")) }
        }
    }
}
