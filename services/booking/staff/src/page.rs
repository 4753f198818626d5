//! Staff and devices of an office as a page: the list, and forms that add, change, sign out and disable. What is shown
//! only once is the response to the form itself; everything else redirects to the list.

use crate::domain::EVERYWHERE;
use crate::frame::{Which, choose, document, office_of};
use crate::json::post;
use crate::roll::StaffRoll;
use crate::{StaffForm, StaffView, may};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use okienko_kernel::{Moment, Zone};
use okienko_office::{Location, Office};
use okienko_web::components::{
    Field, FieldKind, Tone, Weight, button_form, error_summary, field, hidden_fields, notice,
};
use okienko_web::{Claims, Code, Form, Kind, Markup, Page, Path, Problem, Query, Role, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// The form fields of this page.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffPageForm {
    office: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    role2: String,
    #[serde(default)]
    location: String,
    #[serde(default)]
    counter: String,
}

impl StaffPageForm {
    fn post(&self) -> Result<crate::domain::Post, Problem> {
        let roles = [&self.role, &self.role2].into_iter().filter(|role| !role.is_empty());
        let roles: Vec<String> = roles.cloned().collect();
        post(&roles, Some(self.location.clone()), Some(self.counter.clone()))
    }
}

/// The list.
pub async fn list(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    words: Words,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    if which.office.is_none() && by.has(Role::Operator) {
        return Ok(choose(&roll.offices, &words, "/admin/staff").into_response());
    }
    if which.office.as_deref() == Some(EVERYWHERE) {
        return everywhere(&roll, &words, &by).await;
    }
    let office = office_of(&roll.offices, &by, which.office.as_deref())?;
    page(&roll, &words, &by, &office, &StaffPageForm::default(), None).await
}

/// Adds a person or device.
pub async fn add(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    words: Words,
    Form(sent): Form<StaffPageForm>,
) -> Result<Response, Problem> {
    let office = office_of(&roll.offices, &by, Some(&sent.office))?;
    let form = sent.post().map(|post| StaffForm { login: sent.login.clone(), name: sent.name.clone(), post });
    let opened = match form {
        Ok(form) => roll.enrol(&by, &office.id, form).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok(opened) => {
            let token = opened.token.map(|token| token.token);
            Ok(once(&words, &by, &office, &sent.name, opened.password, token))
        }
        Err(problem) if problem.code() == Code::Invalid => {
            page(&roll, &words, &by, &office, &sent, Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Performs an action on a person or device.
pub async fn act(
    State(roll): State<Arc<StaffRoll>>,
    Staff(by): Staff,
    words: Words,
    Path((id, act)): Path<(String, String)>,
    Form(sent): Form<StaffPageForm>,
) -> Result<Response, Problem> {
    if sent.office == EVERYWHERE && act == "revoke" {
        roll.revoke(&by, EVERYWHERE, &id, None).await?;
        return Ok(Redirect::to(&format!("/admin/staff?office={EVERYWHERE}")).into_response());
    }
    let office = office_of(&roll.offices, &by, Some(&sent.office))?;
    let o = office.id.as_str();
    let done = match act.as_str() {
        "change" => match sent.post() {
            Ok(post) => roll.move_to(&by, o, &id, post).await,
            Err(problem) => Err(problem),
        },
        "revoke" => roll.revoke(&by, o, &id, None).await.map(drop),
        "disable" => roll.disable(&by, o, &id, true).await,
        "enable" => roll.disable(&by, o, &id, false).await,
        "password" => {
            let password = roll.new_password(&by, o, &id).await?;
            return Ok(once(&words, &by, &office, &sent.name, Some(password), None));
        }
        "token" => {
            let token = roll.new_token(&by, o, &id).await?;
            return Ok(once(&words, &by, &office, &sent.name, None, Some(token.token)));
        }
        _ => return Err(Problem::new(Code::Unknown)),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/staff?office={o}")).into_response()),
        Err(problem) if problem.code() == Code::Invalid => {
            page(&roll, &words, &by, &office, &StaffPageForm::default(), Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}

/// The page that shows a password or key, this once.
fn once(
    words: &Words,
    by: &Claims,
    office: &Office,
    name: &str,
    password: Option<String>,
    token: Option<String>,
) -> Response {
    let key = if password.is_some() { "staff-new-password" } else { "staff-new-token" };
    let title = words.ta(key, &[("name", name.into())]);
    let body = html! {
        h1 { (title) }
        (notice(Tone::Warn, html! { p { (words.t("staff-once")) } }))
        p .lead .secret-once { code { (password.or(token).unwrap_or_default()) } }
        p { a .button href={ "/admin/staff?office=" (office.id) } { (words.t("staff-back")) } }
    };
    document(words, by, office, &title, body).into_response()
}

async fn page(
    roll: &StaffRoll,
    words: &Words,
    by: &Claims,
    office: &Office,
    sent: &StaffPageForm,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let all = roll.list(by, &office.id).await?;
    let (keys, enrolled): (Vec<_>, Vec<_>) = all.iter().partition(|view| view.by_hand);
    let (devices, people): (Vec<_>, Vec<_>) =
        enrolled.into_iter().partition(|view| view.member.post.is_device());
    let may = may(by, &office.id, true).is_ok();
    let faults: Vec<(String, String)> =
        problem.map(|p| p.fields(words).into_iter().collect()).unwrap_or_default();
    let faults: Vec<_> = faults.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let title = words.t("staff-title");
    let body = html! {
        @if !faults.is_empty() { (error_summary(words, &faults)) }
        h1 { (title) }
        @for (key, group) in [("staff-people", &people), ("staff-devices", &devices)] {
            h2 { (words.t(key)) }
            @if group.is_empty() { p { (words.t("staff-nobody")) } } @else { (table(words, office, group, may)) }
        }
        (keys_table(words, (&office.id, &office.zone, &office.locations), &keys, may))
        @if may { (add_form(words, office, sent, &faults)) }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    Ok((status, document(words, by, office, &title, body)).into_response())
}

/// The page for what belongs to no office: operators, and the keys for all offices.
async fn everywhere(roll: &StaffRoll, words: &Words, by: &Claims) -> Result<Response, Problem> {
    let all = roll.list(by, EVERYWHERE).await?;
    let (keys, people): (Vec<_>, Vec<_>) = all.iter().partition(|view| view.by_hand);
    let title = words.t("staff-everywhere");
    let body = html! {
        h1 { (title) }
        h2 { (words.t("staff-people")) }
        @if people.is_empty() { p { (words.t("staff-nobody")) } }
        ul { @for view in &people { li { strong { (view.name) } " " span .muted { (view.login) } } } }
        (keys_table(words, (EVERYWHERE, &Zone::utc(), &[]), &keys, may(by, EVERYWHERE, true).is_ok()))
        p { a href="/admin/staff" { (words.t("staff-choose-office")) } }
    };
    Ok(Page::new(words, &title).kind(Kind::Office).render(body).into_response())
}

/// Manually made keys: what each allows, its first use, its expiry, and a button to revoke it.
fn keys_table(
    words: &Words,
    (office, zone, locations): (&str, &Zone, &[Location]),
    keys: &[&StaffView],
    may: bool,
) -> Markup {
    let moment = |at: Moment| {
        let (day, time) = zone.local(at);
        format!("{}, {}", words.date_plain(day), words.time(time))
    };
    let place = |view: &StaffView| {
        let id = view.member.post.location.as_ref()?;
        let known = locations.iter().find(|place| place.id == *id);
        Some(known.map_or_else(|| id.clone(), |it| it.name.in_locale(words.locale().tag()).to_owned()))
    };
    let roles = |view: &StaffView| {
        let duties = view.member.post.duties.iter();
        duties.map(|duty| words.t(&format!("role-{}", duty.word()))).collect::<Vec<_>>().join(", ")
    };
    let hidden = [("office", office)];
    html! {
        h2 { (words.t("staff-keys")) }
        p .muted { (words.t("staff-keys-what")) }
        @if keys.is_empty() { p { (words.t("staff-keys-none")) } } @else {
            div .table-scroll {
                table .table {
                    thead { tr {
                        @for key in ["staff-key-id", "staff-roles", "staff-location", "staff-key-first", "staff-key-ends"] {
                            th scope="col" { (words.t(key)) }
                        }
                        @if may { th scope="col" { (words.t("staff-change")) } }
                    } }
                    tbody { @for view in keys {
                        tr {
                            td { code { (view.id) } }
                            td { (roles(view)) }
                            td {
                                (place(view).unwrap_or_else(|| words.t("staff-location-all")))
                                @if let Some(counter) = &view.member.post.counter {
                                    ", " (words.t("staff-counter")) " " (counter)
                                }
                            }
                            td { (moment(view.member.since)) }
                            td { @for live in view.member.tokens.values() { (moment(live.expires)) } }
                            @if may { td {
                                (button_form(&format!("/admin/staff/{}/revoke", view.id), &words.t("staff-key-revoke"), &hidden, Weight::Danger))
                            } }
                        }
                    } }
                }
            }
        }
    }
}

fn table(words: &Words, office: &Office, group: &[&StaffView], may: bool) -> Markup {
    html! {
        div .table-scroll role="group" tabindex="0" {
            table .table {
                thead { tr {
                    @for key in ["staff-name", "staff-roles", "staff-location", "staff-last", "staff-state"] {
                        th scope="col" { (words.t(key)) }
                    }
                } }
                tbody { @for view in group { (row(words, office, view, may)) } }
            }
        }
    }
}

fn row(words: &Words, office: &Office, view: &StaffView, may: bool) -> Markup {
    let post = &view.member.post;
    let roles: Vec<_> = post.duties.iter().map(|duty| words.t(&format!("role-{}", duty.word()))).collect();
    let place = post.location.as_ref().and_then(|id| office.location(id));
    let place = place.map_or_else(
        || words.t("staff-location-all"),
        |place| place.name.in_locale(words.locale().tag()).to_owned(),
    );
    let last = view.member.last_sign_in.map_or_else(
        || words.t("staff-never"),
        |at| {
            let (day, time) = office.zone.local(at);
            format!("{}, {}", words.date_plain(day), words.time(time))
        },
    );
    let tokens = i64::try_from(view.member.tokens.len()).unwrap_or(i64::MAX);
    html! {
        tr {
            td { strong { (view.name) } @if !view.login.is_empty() { br; span .muted { (view.login) } } }
            td { (roles.join(", ")) }
            td { (place) @if let Some(counter) = &post.counter { ", " (words.t("staff-counter")) " " (counter) } }
            td { (last) br; span .muted { (words.n("staff-tokens", tokens)) } }
            td {
                (words.t(if view.member.disabled { "staff-off" } else { "staff-active" }))
                @if may { (acts(words, office, view)) }
            }
        }
    }
}

fn acts(words: &Words, office: &Office, view: &StaffView) -> Markup {
    let hidden = [("office", office.id.as_str()), ("name", view.name.as_str())];
    let go = |act: &str, key: &str, weight| {
        button_form(&format!("/admin/staff/{}/{act}", view.id), &words.t(key), &hidden, weight)
    };
    let device = view.member.post.is_device();
    html! {
        details {
            summary { (words.t("staff-change")) }
            @if view.member.disabled {
                (go("enable", "staff-do-enable", Weight::Secondary))
            } @else {
                (go("revoke", "staff-do-revoke", Weight::Secondary))
                @if device { (go("token", "staff-do-token", Weight::Secondary)) }
                @else { (go("password", "staff-do-password", Weight::Secondary)) }
                (go("disable", "staff-do-disable", Weight::Danger))
            }
            form method="post" action={ "/admin/staff/" (view.id) "/change" } {
                (hidden_fields(&hidden))
                (place_fields(words, office, &of_view(view), None))
                button .button.secondary type="submit" { (words.t("staff-save")) }
            }
        }
    }
}

fn of_view(view: &StaffView) -> StaffPageForm {
    let post = &view.member.post;
    let mut roles = post.duties.iter().map(|duty| duty.word().to_owned());
    StaffPageForm {
        role: roles.next().unwrap_or_default(),
        role2: roles.next().unwrap_or_default(),
        location: post.location.clone().unwrap_or_default(),
        counter: post.counter.clone().unwrap_or_default(),
        ..StaffPageForm::default()
    }
}

fn add_form(words: &Words, office: &Office, sent: &StaffPageForm, faults: &[(&str, &str)]) -> Markup {
    let fault = |name: &str| faults.iter().find(|(of, _)| *of == name).map(|(_, text)| *text);
    let (name, login, hint) = (words.t("staff-name"), words.t("staff-login"), words.t("staff-login-hint"));
    let name =
        Field { value: &sent.name, error: fault("name"), ..Field::new("name", &name, FieldKind::Text) };
    let login = Field {
        value: &sent.login,
        hint: Some(&hint),
        error: fault("login"),
        required: false,
        ..Field::new("login", &login, FieldKind::Text)
    };
    html! {
        h2 { (words.t("staff-add")) }
        form method="post" action="/admin/staff" {
            (hidden_fields(&[("office", &office.id)]))
            (field(words, &name))
            (field(words, &login))
            (place_fields(words, office, sent, Some(faults)))
            button .button type="submit" { (words.t("staff-add-button")) }
        }
    }
}

/// Duties (up to two), location and counter. With faults it is the form that the links of the error summary lead to:
/// other forms on the page have the same fields, but an id may occur only once.
fn place_fields(
    words: &Words,
    office: &Office,
    sent: &StaffPageForm,
    faults: Option<&[(&str, &str)]>,
) -> Markup {
    let fault = |name: &str| faults?.iter().find(|(of, _)| *of == name).map(|(_, text)| *text);
    let id = |name: &str| faults.map(|_| format!("f-{name}"));
    let duties = Role::ALL.into_iter().filter(|duty| *duty != Role::Operator);
    let duties: Vec<_> =
        duties.map(|duty| (duty.word().to_owned(), words.t(&format!("role-{}", duty.word())))).collect();
    let place = |place: &okienko_office::Location| {
        (place.id.clone(), place.name.in_locale(words.locale().tag()).to_owned())
    };
    let all = (String::new(), words.t("staff-location-all"));
    let places: Vec<_> = std::iter::once(all).chain(office.locations.iter().map(place)).collect();
    let select = |name: &str, label: &str, options: &[(String, String)], chosen: &str, empty: bool| {
        html! {
            div .field {
                label { (label)
                    select id=[id(name)] name=(name) {
                        @if empty { option value="" { "–" } }
                        @for (value, text) in options { option value=(value) selected[value == chosen] { (text) } }
                    }
                }
                @if let Some(error) = fault(name) { p .field-error { (error) } }
            }
        }
    };
    let roles = words.t("staff-roles");
    html! {
        (select("role", &roles, &duties, &sent.role, false))
        (select("role2", &format!("{roles} (2)"), &duties, &sent.role2, true))
        (select("location", &words.t("staff-location"), &places, &sent.location, false))
        div .field {
            label { (words.t("staff-counter")) input .input-short type="text" id=[id("counter")] name="counter" value=(sent.counter); }
            @if let Some(error) = fault("counter") { p .field-error { (error) } }
        }
    }
}
