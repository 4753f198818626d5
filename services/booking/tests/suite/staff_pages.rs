//! The pages of staff and of the access log as an admin and an auditor use them, without scripts.

use crate::support::Town;
use crate::support::browser::Browser;
use http::StatusCode;
use okienko_kernel::Moment;
use okienko_web::staff::{Claims, Role, TokenFault, sign};

fn signed_in(town: &Town, role: Role, office: &str) -> Browser {
    let claims = Claims {
        id: format!("{role:?}-{office}"),
        office: office.into(),
        roles: vec![role],
        location: None,
        counter: None,
        expires: Moment::MAX,
    };
    let mut browser = town.browser();
    browser.cookies.push(("okienko_staff".into(), sign(&town.world.keys, &claims), "/".into()));
    browser
}

/// The secret that a page shows only once.
fn secret(browser: &Browser) -> String {
    browser.html.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_admin_adds_a_person_gives_the_password_once_and_shuts_them_out() {
    let town = Town::start().await;
    let mut admin = signed_in(&town, Role::Admin, "torun");
    admin.open("/admin/staff").await;
    assert_eq!((admin.status, admin.title().as_str()), (StatusCode::OK, "Pracownicy i urządzenia"));
    let place = [("role", "reception"), ("location", "glowny")];
    let who = [("name", "Ewa Zych"), ("login", "E")];
    admin.press("Dodaj", &[who.as_slice(), &place].concat()).await;
    assert_eq!(admin.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(admin.says("Wpisz login: od 3 do 64"));
    let who = [("name", "Ewa Zych"), ("login", "ewa.z")];
    admin.press("Dodaj", &[who.as_slice(), &place].concat()).await;
    assert_eq!(admin.title(), "Hasło dla Ewa Zych");
    let password = secret(&admin);
    let mut ewa = town.browser();
    let typed = [("office", "torun"), ("login", "ewa.z"), ("password", password.as_str())];
    ewa.open("/sign-in").await.press("Zaloguj", &typed).await;
    assert_eq!(ewa.at, "/reception");
    let token = ewa.cookies.pop().unwrap().1;
    assert!(town.sign_in.check(&token).is_ok());
    admin.follow("Wróć do listy").await;
    assert!(admin.says("ewa.z") && admin.says("1 aktywne wejście") && !admin.html.contains(&password));
    admin.press("Wyłącz dostęp", &[]).await;
    assert!(admin.says("wyłączony dostęp"));
    assert_eq!(town.sign_in.check(&token), Err(TokenFault::Revoked));
}

#[tokio::test]
async fn a_form_of_another_site_and_staff_of_another_office_change_nothing() {
    let town = Town::start().await;
    let mut admin = signed_in(&town, Role::Admin, "torun");
    admin.open("/admin/staff").await;
    admin.origin = "http://evil.test";
    let typed = [("name", "Zły"), ("login", "mallory"), ("role", "admin")];
    admin.press("Dodaj", &typed).await;
    assert_eq!(admin.status, StatusCode::FORBIDDEN);
    for path in ["/admin/staff?office=torun", "/admin/access?office=torun", "/admin/access/csv?office=torun"]
    {
        let mut stranger = signed_in(&town, Role::Admin, "kalisz");
        stranger.open(path).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut looks = signed_in(&town, Role::Supervisor, "torun");
    looks.open("/admin/staff").await;
    assert!(looks.status == StatusCode::OK && !looks.says("Dodaj") && !looks.says("mallory"));
    looks.open("/admin/access").await;
    assert_eq!(looks.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_auditor_sees_who_did_what_and_that_they_looked() {
    let town = Town::start().await;
    let mut admin = signed_in(&town, Role::Admin, "torun");
    let typed = [("name", "Ewa Zych"), ("login", "ewa.z"), ("role", "reception"), ("location", "glowny")];
    admin.open("/admin/staff").await.press("Dodaj", &typed).await;
    let mut look = signed_in(&town, Role::Auditor, "torun");
    look.open("/admin/access").await;
    assert!(look.says("dodano pracownika lub urządzenie Ewa Zych wykonano"), "{}", look.words());
    signed_in(&town, Role::Admin, "torun").open("/admin/staff").await;
    let mut auditor = signed_in(&town, Role::Auditor, "torun");
    auditor.open("/admin/access").await;
    let table = |page: &Browser| page.html.split("<tbody>").nth(1).unwrap_or_default().to_owned();
    assert!(auditor.says("Admin-torun lista pracowników wykonano"), "{}", auditor.words());
    assert!(auditor.says("Auditor-torun zajrzenie do dziennika wykonano"), "{}", auditor.words());
    for machine in ["staff.list", "access.look", ">ok<"] {
        assert!(!table(&auditor).contains(machine), "{machine}: {}", table(&auditor));
    }
    auditor.press("Pokaż", &[("who", "Admin")]).await;
    assert!(table(&auditor).contains("lista pracowników") && !table(&auditor).contains("zajrzenie"));
    auditor.press("Pokaż", &[("who", ""), ("act", "access.look")]).await;
    assert!(table(&auditor).contains("zajrzenie") && !table(&auditor).contains("lista pracowników"));
    auditor.open("/admin/access?day=wczoraj").await;
    assert_eq!(auditor.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(auditor.html.contains("href=\"#f-day\"") && auditor.html.contains("<title>Błąd: "));
    auditor.open("/admin/access").await;
    auditor.press("Pobierz CSV", &[]).await;
    assert_eq!(auditor.status, StatusCode::OK);
    auditor.open("/admin/access/csv").await;
    let head = "\u{feff}\"at\";\"who\";\"act\";\"on\";\"outcome\";\"times\"\r\n";
    assert!(auditor.html.starts_with(head), "{}", auditor.html);
    assert!(auditor.html.contains(";\"staff.list\";\"\";\"ok\";\"1\"\r\n"));
    auditor.open("/admin/staff").await;
    assert_eq!(auditor.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_sign_in_left_empty_says_what_is_missing_and_keeps_the_form() {
    let town = Town::start().await;
    for (sent, named, silent) in [
        ("", &["office", "login", "password"][..], &[][..]),
        ("office=&login=&password=&counter=&to=", &["office", "login", "password"], &[]),
        ("office=torun&login=&password=&counter=&to=", &["login", "password"], &["office"]),
        ("office=torun&login=anna&password=", &["password"], &["office", "login"]),
        ("login=anna&password=x", &["office"], &["login", "password"]),
        ("office=torun&password=x", &["login"], &["office", "password"]),
        ("office=torun&login=+&password=x", &["login"], &["office", "password"]),
        ("office=torun&login=anna&password=++", &["password"], &["office", "login"]),
        ("office=&login=anna&password=x&counter=3", &["office"], &["login", "password"]),
        ("to=/desk", &["office", "login", "password"], &[]),
    ] {
        let request = http::Request::post("/sign-in/password")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("accept-language", "pl")
            .header("host", "town.test")
            .header("origin", "http://town.test")
            .body(axum::body::Body::from(sent))
            .unwrap();
        let answer = tower::ServiceExt::oneshot(town.router.clone(), request).await.unwrap();
        assert_eq!(answer.status(), http::StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
        let bytes = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        let page = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(
            page.contains("action=\"/sign-in/password\"") && page.contains("data-error-summary"),
            "{sent}"
        );
        for name in named {
            assert!(page.contains(&format!("href=\"#f-{name}\"")), "{name} of {sent}");
        }
        for name in silent {
            assert!(!page.contains(&format!("href=\"#f-{name}\"")), "{name} of {sent}");
        }
    }
}

/// What somebody may put into an address to make it appear in the auditor's file.
const TYPED: [&str; 16] = [
    "%22=HYPERLINK(%22%22http://x%22%22,%22%22y%22%22)",
    "%22",
    "=1%2B1",
    "%2B48601234567",
    "-2",
    "@SUM(A1)",
    "%09=1",
    "%0D%0A%3D1;2;3",
    "2026-12-01%22%0A%22",
    "2026-12-01%20",
    "2026-13-45",
    "%EF%BB%BF=1",
    "%E2%80%AE2026-12-01",
    "%EF%BC%9D1",
    "';drop",
    "Nowak",
];

#[tokio::test]
async fn nothing_that_was_typed_stands_in_the_access_log_or_its_file() {
    let town = Town::start().await;
    let long = "Z".repeat(60_000);
    for role in [Role::Kiosk, Role::Clerk, Role::Auditor, Role::Admin] {
        let mut asker = signed_in(&town, role, "torun");
        for typed in TYPED.into_iter().chain([long.as_str()]) {
            for path in
                ["/admin/access?day=", "/admin/access/csv?day=", "/admin/access?office=", "/admin?date="]
            {
                asker.open(&format!("{path}{typed}")).await;
            }
        }
        // In place of ids too.
        for typed in ["%22=1", "=1", "a;b", &"Z".repeat(2_000)] {
            asker.open(&format!("/admin/reservations/{typed}")).await;
            let path = format!("/api/v1/offices/torun/staff/{typed}/revoke");
            let token = asker.cookies.first().map(|(_, value, _)| value.clone()).unwrap_or_default();
            town.caller().with(&token).post(&path, serde_json::json!({})).await;
        }
    }
    let operator = signed_in(&town, Role::Operator, "*").cookies.first().map(|(_, value, _)| value.clone());
    let operator = operator.unwrap();
    for office in ["=1", "%22", "nowhere", &"Z".repeat(3_000)] {
        let path = format!("/api/v1/offices/{office}/staff/x/revoke");
        town.caller().with(&operator).post(&path, serde_json::json!({})).await;
    }
    let lines = town.noted.0.lock().clone();
    assert!(lines.len() > 100, "{}", lines.len());
    for line in &lines {
        let on = line.on.as_str();
        let day = on.parse::<okienko_kernel::Day>().is_ok();
        assert!(on.is_empty() || day || on.bytes().all(|b| b.is_ascii_alphanumeric()), "{line:?}");
        assert!(!on.contains("ZZZ") && serde_json::to_string(line).unwrap().len() < 400, "{line:?}");
        assert!(["torun", "*"].contains(&line.office.as_str()), "{line:?}");
    }
    let mut auditor = signed_in(&town, Role::Auditor, "torun");
    auditor.open("/admin/access/csv").await;
    let rows = auditor.html.trim_start_matches('\u{feff}').trim_end().split("\r\n").skip(1);
    let mut count = 0;
    for row in rows {
        count += 1;
        let cells: Vec<&str> = row.split(';').collect();
        assert_eq!(cells.len(), 6, "{row}");
        let formula = |cell: &&&str| cell.trim_matches('"').starts_with(['=', '+', '-', '@']);
        assert!(!cells.iter().any(|cell| formula(&cell)), "{row}");
    }
    let here = lines.iter().filter(|line| line.office == "torun").count();
    assert!(count >= here, "{count} rows of {here} lines: no line is hidden");
}
