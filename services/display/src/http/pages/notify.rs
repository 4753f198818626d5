//! The e-ticket's form for an SMS before the call: what was promised, and what is wrong with the input. Works without a
//! script. Contains no rule.

use super::refused;
use super::ticket::shown;
use crate::http::notify::{Before, Wish, wish};
use crate::http::ticket::find;
use crate::service::Display;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use okienko_web::components::{self, Field, FieldKind, Tone, error_summary, field, hidden_fields, notice};
use okienko_web::{ClientAddr, Code, Form, Markup, Path, Problem, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// The minutes preselected in the form.
const USUAL: &str = "15";
const USUAL_MIN: u32 = 15;

/// The form's input.
#[derive(Deserialize, Default)]
pub struct NotifyForm {
    /// Not empty if the page offered the phone of the visit: an empty phone field then means that one.
    #[serde(default)]
    known: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    ahead_min: String,
}

/// The input and why it was refused.
pub struct Wrong {
    typed: NotifyForm,
    problem: Problem,
}

impl Wrong {
    /// Why it was refused.
    pub fn detail(&self, words: &Words) -> String {
        self.problem.detail(words)
    }
}

/// The form's part of the e-ticket's page.
pub fn part(words: &Words, token: &str, before: Before, wrong: Option<&Wrong>) -> Markup {
    let Before { promised, has_phone } = before;
    let faults = wrong.map(|wrong| wrong.problem.fields(words)).unwrap_or_default();
    let fault = |name: &str| faults.get(name).map(String::as_str);
    let typed = |pick: fn(&NotifyForm) -> &str, usual| wrong.map_or(usual, |wrong| pick(&wrong.typed));
    let [phone_label, minutes_label, hint, empty] =
        ["notify-phone-label", "notify-minutes-label", "notify-minutes-hint", "notify-phone-empty"]
            .map(|key| words.t(key));
    let phone = Field {
        value: typed(|typed| &typed.phone, ""),
        hint: has_phone.then_some(empty.as_str()),
        required: !has_phone,
        error: fault("phone"),
        ..Field::new("phone", &phone_label, FieldKind::Phone)
    };
    let known = promised.map_or_else(|| USUAL.to_owned(), |(minutes, _)| minutes.to_string());
    let minutes = Field {
        value: wrong.map_or(known.as_str(), |wrong| &wrong.typed.ahead_min),
        hint: Some(&hint),
        error: fault("ahead_min"),
        ..Field::new("ahead_min", &minutes_label, FieldKind::Number)
    };
    let named: Vec<(&str, &str)> = faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    html! {
        section .ticket-notify #notify {
            h2 { (words.t("notify-title")) }
            @match promised {
                Some((_, true)) => (notice(Tone::Good, html! { p { (words.t("notify-told")) } })),
                Some((minutes, false)) => (notice(Tone::Good, html! { p { (words.n("notify-promised", minutes)) } })),
                None => p { (words.t("notify-lead")) },
            }
            @if !named.is_empty() { (error_summary(words, &named)) }
            @else if let Some(wrong) = wrong {
                (components::refused(html! { p { (wrong.problem.detail(words)) } }))
            }
            @let form = html! {
                form method="post" action={ "/t/" (token) "/notify" } {
                    @if has_phone { (hidden_fields(&[("known", "yes")])) }
                    (field(words, &phone))
                    (field(words, &minutes))
                    button .button.secondary type="submit" {
                        (words.t(if promised.is_some() { "notify-change" } else { "notify-button" }))
                    }
                }
            };
            @if has_phone && promised.is_none() {
                // The office knows the phone: one tap, and the number is shown to nobody.
                form method="post" action={ "/t/" (token) "/notify" } {
                    (hidden_fields(&[("known", "yes"), ("ahead_min", USUAL)]))
                    button .button.secondary type="submit" { (words.ta("notify-known", &[("n", USUAL_MIN.into())])) }
                }
                details .fold open[wrong.is_some()] { summary { (words.t("notify-other")) } (form) }
            } @else {
                (form)
            }
        }
    }
}

/// Handles the form and shows the ticket, with what was promised or what is wrong.
pub async fn notify(
    State(display): State<Arc<Display>>,
    words: Words,
    path: Result<Path<String>, Problem>,
    client: ClientAddr,
    form: Result<Form<NotifyForm>, Problem>,
) -> Response {
    let taken = async {
        let Path(token) = path?;
        let Form(typed) = form?;
        let found = find(&display, &token).await?;
        // Text that is no number is treated like a number too large; queue answers what is allowed.
        let ahead_min = typed.ahead_min.trim().parse().unwrap_or(u32::MAX);
        let locale = Some(words.locale().tag().to_owned());
        let visits_phone = !typed.known.is_empty() && typed.phone.trim().is_empty();
        let asked = Wish { phone: typed.phone.clone(), ahead_min, locale, visits_phone };
        match wish(&display, &found, client, asked).await {
            Ok(_) => Ok(Redirect::to(&format!("/t/{token}#notify")).into_response()),
            Err(problem) if matches!(problem.code(), Code::Unknown | Code::Unavailable) => Err(problem),
            Err(problem) => {
                let status = problem.code().status();
                let page = shown(&display, &words, token, &found, Some(Wrong { typed, problem })).await;
                Ok((status, page).into_response())
            }
        }
    };
    taken.await.unwrap_or_else(refused)
}
