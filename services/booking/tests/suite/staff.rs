//! Staff through the real router: signing in and out, revocation, and that no office can reach another's staff.

use crate::support::Town;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use okienko_kernel::Moment;
use okienko_web::staff::{Claims, Role, TokenFault, sign};
use serde_json::{Value, json};
use tower::ServiceExt;

const STAFF: &str = "/api/v1/offices/torun/staff";

fn token(town: &Town, role: Role, office: &str) -> String {
    let claims = Claims {
        id: format!("{role:?}-{office}"),
        office: office.into(),
        roles: vec![role],
        location: None,
        counter: None,
        expires: Moment::MAX,
    };
    sign(&town.world.keys, &claims)
}

async fn ask(town: &Town, method: &str, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = if body.is_null() {
        request.body(Body::empty())
    } else {
        request.header("content-type", "application/json").body(Body::from(body.to_string()))
    };
    let response = town.router.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn session(login: &str, password: &str) -> Value {
    json!({"office": "torun", "login": login, "password": password})
}

/// Enrols Anna, clerk at counter 3; returns her id and password.
async fn enrol_anna(town: &Town) -> (String, String) {
    let body = json!({"login": "Anna", "name": "Anna Nowak", "roles": ["clerk"], "location": "glowny", "counter": "3"});
    let admin = token(town, Role::Admin, "torun");
    let (status, told) = ask(town, "POST", STAFF, &admin, body).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    (told["id"].as_str().unwrap().into(), told["password"].as_str().unwrap().into())
}

#[tokio::test]
async fn a_clerk_signs_in_with_the_password_and_may_choose_another_counter_of_the_place() {
    let town = Town::start().await;
    let (_, password) = enrol_anna(&town).await;
    let sessions = "/api/v1/staff/sessions";
    let (status, told) = ask(&town, "POST", sessions, "", session("anna", &password)).await;
    assert_eq!((status, &told["roles"]), (StatusCode::OK, &json!(["clerk"])), "{told}");
    let claims = town.sign_in.check(told["token"].as_str().unwrap()).unwrap();
    assert_eq!((claims.location.as_deref(), claims.counter.as_deref()), (Some("glowny"), Some("3")));
    let mut other = session("anna", &password);
    other["counter"] = json!("7");
    let (_, told) = ask(&town, "POST", sessions, "", other.clone()).await;
    let claims = town.sign_in.check(told["token"].as_str().unwrap()).unwrap();
    assert_eq!(claims.counter.as_deref(), Some("7"));
    other["counter"] = json!("77");
    let (status, told) = ask(&town, "POST", sessions, "", other).await;
    assert_eq!((status, &told["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer_and_tries_are_limited_per_network() {
    let town = Town::start().await;
    let (_, password) = enrol_anna(&town).await;
    let sessions = "/api/v1/staff/sessions";
    let wrong = ask(&town, "POST", sessions, "", session("anna", "wrong")).await;
    let unknown = ask(&town, "POST", sessions, "", session("nobody", "wrong")).await;
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0, &wrong.1["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
    let mut last = wrong.0;
    for _ in 0..10 {
        last = ask(&town, "POST", sessions, "", session("anna", "wrong")).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // The owner, from another network, is not locked out.
    let request = Request::post(sessions)
        .header("content-type", "application/json")
        .extension(std::net::SocketAddr::from(([192, 0, 2, 7], 1000)))
        .body(Body::from(session("anna", &password).to_string()));
    let response = town.router.clone().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let refused = town.noted.0.lock().iter().filter(|line| line.outcome == "rate_limited").count();
    assert!(refused >= 1, "what was refused is noted");
}

#[tokio::test]
async fn what_was_revoked_disabled_or_signed_out_is_refused_at_once_and_after_a_restart() {
    let mut town = Town::start().await;
    let (id, password) = enrol_anna(&town).await;
    let admin = token(&town, Role::Admin, "torun");
    let mut gone = Vec::new();
    for way in ["revoke", "sign-out", "disable"] {
        let (_, told) = ask(&town, "POST", "/api/v1/staff/sessions", "", session("anna", &password)).await;
        let theirs = told["token"].as_str().unwrap().to_owned();
        assert!(town.sign_in.check(&theirs).is_ok());
        let (status, _) = match way {
            "sign-out" => ask(&town, "POST", "/sign-out", &theirs, Value::Null).await,
            way => ask(&town, "POST", &format!("{STAFF}/{id}/{way}"), &admin, json!({})).await,
        };
        assert!(status.is_success() || status.is_redirection(), "{way}: {status}");
        gone.push(theirs);
        for (round, token) in gone.iter().enumerate() {
            assert_eq!(town.sign_in.check(token), Err(TokenFault::Revoked), "{way} {round}");
        }
        town = town.restarted().await;
        for token in &gone {
            assert_eq!(town.sign_in.check(token), Err(TokenFault::Revoked), "after a restart: {way}");
        }
    }
    let (status, _) = ask(&town, "POST", "/api/v1/staff/sessions", "", session("anna", &password)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "disabled people cannot sign in");
    let (status, _) = ask(&town, "POST", &format!("{STAFF}/{id}/enable"), &admin, Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = ask(&town, "POST", "/api/v1/staff/sessions", "", session("anna", &password)).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn every_route_of_staff_is_closed_to_another_offices_staff_and_to_those_without_the_role() {
    let town = Town::start().await;
    let (id, _) = enrol_anna(&town).await;
    let one = format!("{STAFF}/{id}");
    let new = json!({"login": "mallory", "name": "M", "roles": ["admin"]});
    let routes = [
        ("GET", STAFF.to_owned(), Value::Null),
        ("POST", STAFF.to_owned(), new),
        ("PUT", one.clone(), json!({"roles": ["admin"]})),
        ("POST", format!("{one}/revoke"), json!({})),
        ("POST", format!("{one}/disable"), Value::Null),
        ("POST", format!("{one}/enable"), Value::Null),
        ("POST", format!("{one}/secret"), Value::Null),
    ];
    let strangers = [
        token(&town, Role::Admin, "wroclaw"),
        token(&town, Role::Admin, "*"),
        token(&town, Role::Clerk, "torun"),
        token(&town, Role::Auditor, "torun"),
        String::new(),
    ];
    for (method, path, body) in routes {
        for stranger in &strangers {
            let (status, told) = ask(&town, method, &path, stranger, body.clone()).await;
            assert_eq!(
                (status, &told["code"]),
                (StatusCode::FORBIDDEN, &json!("forbidden")),
                "{method} {path}"
            );
        }
        if method != "GET" {
            let looks = token(&town, Role::Supervisor, "torun");
            assert_eq!(ask(&town, method, &path, &looks, body).await.0, StatusCode::FORBIDDEN);
        }
    }
    let looks = token(&town, Role::Supervisor, "torun");
    let (status, told) = ask(&town, "GET", STAFF, &looks, Value::Null).await;
    assert_eq!((status, &told["staff"][0]["login"]), (StatusCode::OK, &json!("anna")));
    let operator = token(&town, Role::Operator, "*");
    assert_eq!(ask(&town, "GET", STAFF, &operator, Value::Null).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_device_has_one_token_and_a_new_one_takes_the_old_back() {
    let town = Town::start().await;
    let admin = token(&town, Role::Admin, "torun");
    let kiosk = json!({"name": "Biletomat przy wejściu", "roles": ["kiosk"], "location": "glowny"});
    let (status, told) = ask(&town, "POST", STAFF, &admin, kiosk).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let first = told["token"].as_str().unwrap().to_owned();
    assert_eq!(town.sign_in.check(&first).unwrap().roles, [Role::Kiosk]);
    let path = format!("{STAFF}/{}/secret", told["id"].as_str().unwrap());
    let (_, told) = ask(&town, "POST", &path, &admin, Value::Null).await;
    assert!(town.sign_in.check(told["token"].as_str().unwrap()).is_ok());
    assert_eq!(town.sign_in.check(&first), Err(TokenFault::Revoked));
}

#[tokio::test]
async fn a_form_signs_in_to_the_desk_and_says_what_is_wrong_without_the_password() {
    let town = Town::start().await;
    let (_, password) = enrol_anna(&town).await;
    let mut browser = town.browser();
    browser.open("/sign-in").await;
    let typed = [("office", "torun"), ("login", "anna"), ("password", "not-this-one")];
    browser.press("Zaloguj", &typed).await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    assert!(browser.says("Login lub hasło jest nieprawidłowe") && !browser.html.contains("not-this-one"));
    browser.press("Zaloguj", &[("office", "torun"), ("login", "anna"), ("password", &password)]).await;
    assert_eq!(browser.at, "/desk");
    assert!(browser.cookies.iter().any(|(name, value, _)| name == "okienko_staff" && !value.is_empty()));
}

#[tokio::test]
async fn nothing_personal_of_staff_is_in_the_journal() {
    let town = Town::start().await;
    enrol_anna(&town).await;
    let service = town.world.service("booking").await.unwrap();
    let events = service.journal.engine().read_stream("staff/torun", 0).await.unwrap();
    assert!(!events.is_empty());
    for event in events {
        let text = String::from_utf8(event.data).unwrap().to_lowercase();
        assert!(!text.contains("anna") && !text.contains("nowak") && !text.contains("argon"), "{text}");
    }
}

#[tokio::test]
async fn whoever_signs_in_while_a_new_password_is_set_has_no_way_in_with_the_old_one() {
    let town = Town::start().await;
    let (id, mut password) = enrol_anna(&town).await;
    let admin = token(&town, Role::Admin, "torun");
    let secret = format!("{STAFF}/{id}/secret");
    for round in 0..9 {
        let renew = ask(&town, "POST", &secret, &admin, json!({}));
        let sign_in = async {
            // In some rounds the new password is set between checking the old one and issuing the token.
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            ask(&town, "POST", "/api/v1/staff/sessions", "", session("anna", &password)).await
        };
        let ((is_renewed, new), (status, told)) = tokio::join!(renew, sign_in);
        assert_eq!(is_renewed, StatusCode::OK, "{new}");
        if status == StatusCode::OK {
            let theirs = told["token"].as_str().unwrap();
            assert_eq!(town.sign_in.check(theirs), Err(TokenFault::Revoked), "round {round}");
        }
        password = new["password"].as_str().unwrap().into();
    }
}
