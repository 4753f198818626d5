//! Writes sample pages as files, to look at without a server: `cargo run -p okienko-web --example gallery -- FOLDER`.

use okienko_kernel::{Day, TimeOfDay};
use okienko_web::assets::asset_text;
use okienko_web::calendar::{Choosing, DayState, Hour, Month, calendar, hour_grid};
use okienko_web::components::*;
use okienko_web::desk::*;
use okienko_web::kiosk::*;
use okienko_web::screens::*;
use okienko_web::{Kind, Locale, Markup, OfficeLook, Page, Texts, Words, html};
use std::path::Path;
use std::sync::Arc;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "gallery".into());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let words = Words::new(Arc::new(Texts::new(&[], &[])), Locale::Pl);
    let look =
        OfficeLook { name: "Urząd Miasta Torunia".into(), href: "/torun".into(), ..Default::default() };
    let to = Choosing { method: "get", action: "#", hidden: &[] };
    let page = |name: &'static str, title: &'static str, kind: Kind, body: Markup| (name, title, kind, body);
    let pages = [
        page("services", "Rezerwacja", Kind::Citizen, services(&words)),
        page("calendar", "Termin", Kind::Citizen, dates(&words, to)),
        page("form", "Dane", Kind::Citizen, form(&words)),
        page("code", "Kod", Kind::Citizen, code(&words)),
        page("done", "Potwierdzenie", Kind::Citizen, done(&words)),
        page("ticket", "A012", Kind::Ticket, ticket(&words, &shown("waiting"))),
        page("called", "A012", Kind::Ticket, ticket(&words, &shown("called"))),
        page("kiosk", "Automat", Kind::Kiosk, kiosk(&words)),
        page(
            "keypad",
            "Automat",
            Kind::Kiosk,
            Frame { home: "/kiosk", ..Frame::default() }.with(&words, kiosk_keypad(&words, "#", 8, None)),
        ),
        page("result", "Automat", Kind::Kiosk, result(&words)),
        page("desk", "Stanowisko 3", Kind::Desk, desk_now(&words)),
        page("hall", "Sala", Kind::Hall, hall(&words, &board())),
        page("counter", "Stanowisko 3", Kind::Counter, counter(&words, &board(), "3", "called", "A012")),
    ];
    for (name, title, kind, body) in pages {
        let (script, sheet) = match kind {
            Kind::Kiosk => ("kiosk.js", "kiosk.css"),
            Kind::Desk => ("desk.js", "desk.css"),
            Kind::Hall | Kind::Counter => ("hall.js", "hall.css"),
            Kind::Ticket => ("ticket.js", "ticket.css"),
            Kind::Office => ("forms.js", "office.css"),
            Kind::Citizen => ("hold.js", "citizen.css"),
        };
        let page = Page::new(&words, title).kind(kind).office(&look).script(script);
        let mut html = page.render(body).into_string();
        for asset in ["okienko.css", sheet, "mark.svg", "forms.js", "stream.js", script] {
            html = html.replace(&okienko_web::asset_url(asset), asset);
            std::fs::write(folder.join(asset), asset_text(asset).unwrap_or_default())?;
        }
        std::fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(())
}

fn services(words: &Words) -> Markup {
    let list = [
        ("Dowód osobisty – wniosek", "około 15 minut · bezpłatnie"),
        ("Dowód osobisty – odbiór", "około 5 minut · bezpłatnie"),
        ("Rejestracja pojazdu", "około 25 minut · 160 zł"),
        ("Meldunek na pobyt stały", "około 15 minut · bezpłatnie"),
    ];
    html! {
        (back_link(words, "#"))
        (steps(words, 1, 5))
        h1 { "Jaką sprawę chcesz załatwić?" }
        form .search-form { (field(words, &Field::new("q", "Szukaj sprawy", FieldKind::Text))) button .button { (words.t("search")) } }
        h2 { "Sprawy obywatelskie" }
        ul .rows { @for (name, about) in list {
            li { a .row href="#" { strong { (name) } span .muted { (about) } } }
        } }
    }
}

fn dates(words: &Words, to: Choosing<'_>) -> Markup {
    let state = |n: i8| match n {
        1..=3 => DayState::Past,
        5 | 6 | 12 | 13 | 19 | 20 | 24..=27 => DayState::Closed,
        4 | 9 | 10 => DayState::Full,
        28..=31 => DayState::NotReleased(Some("w poniedziałek o 08:00".into())),
        _ => DayState::Free(n as u32 + 3),
    };
    let days = (1..=31).filter_map(|n| Some((Day::new(2026, 12, n)?, state(n)))).collect();
    let month = Month { year: 2026, month: 12, days, previous: None, next: Some("#".into()) };
    let hours: Vec<Hour> = (0..22)
        .filter_map(|n| TimeOfDay::from_minutes(450 + n * 20))
        .map(|time| Hour { time, free: 2, token: String::new() })
        .collect();
    html! {
        (back_link(words, "#"))
        (steps(words, 3, 5))
        h1 { "Kiedy chcesz przyjść?" }
        (calendar(words, &month, Day::new(2026, 12, 8), to))
        h2 { "wtorek, 8 grudnia 2026" }
        (hour_grid(words, &hours, to))
        (hold_line(words, 582, None))
    }
}

fn form(words: &Words) -> Markup {
    let choices = vec![("a".into(), "osoba prywatna".into()), ("b".into(), "firma".into())];
    let name = Field {
        error: Some("Wpisz imię i nazwisko"),
        ..Field::new("name", "Imię i nazwisko", FieldKind::Text)
    };
    let phone = Field {
        hint: Some("Wyślemy na niego kod. Na przykład 601 234 567."),
        ..Field::new("phone", "Telefon komórkowy", FieldKind::Phone)
    };
    html! {
        (back_link(words, "#"))
        (steps(words, 4, 5))
        (error_summary(words, &[("name", "Wpisz imię i nazwisko")]))
        h1 { "Kto przyjdzie?" }
        form method="post" {
            (field(words, &Field::new("who", "Przychodzę jako", FieldKind::Choice(choices))))
            (field(words, &name))
            (field(words, &phone))
            (field(words, &Field { required: false, ..Field::new("note", "Uwagi", FieldKind::Text) }))
            (field(words, &Field::new("ok", "Znam informację o przetwarzaniu danych", FieldKind::Bool)))
            div .actions { button .button type="submit" { (words.t("next")) } }
        }
        (hold_line(words, 102, None))
    }
}

fn code(words: &Words) -> Markup {
    let hint = words.n("code-hint", 6);
    html! {
        (back_link(words, "#"))
        (steps(words, 5, 5))
        h1 { "Wpisz kod z SMS-a" }
        p { "Wysłaliśmy go na numer +48 601 234 567." }
        form method="post" {
            (field(words, &Field { hint: Some(&hint), value: "4071", ..Field::new("code", "Kod", FieldKind::Code(6)) }))
            div .actions { button .button type="submit" { "Potwierdź wizytę" } }
        }
        (notice(Tone::Plain, html! { p { "SMS jest w drodze. O nowy kod możesz poprosić o 14:07." } }))
        (hold_line(words, 302, None))
    }
}

fn done(words: &Words) -> Markup {
    let rows = [
        ("Sprawa".to_owned(), html! { "Dowód osobisty – wniosek" }),
        ("Gdzie".to_owned(), html! { "Wały gen. Sikorskiego 8, Toruń" br; a href="#" { "Pokaż na mapie" } }),
        ("Zabierz".to_owned(), html! { "obecny dowód lub paszport" }),
        ("Gdy się spóźnisz".to_owned(), html! { "wezwiemy Cię trzy razy, potem numer znika z kolejki" }),
    ];
    html! {
        section .confirmation {
            h1 { "Wizyta potwierdzona" }
            p .when { "wtorek, 1 grudnia 2026, godz. 09:20" }
            p { "Przyjdź 5–10 minut wcześniej i wpisz kod w automacie." }
            div .pass {
                (qr(words, "HTTPS://K.EXAMPLE.PL/T/ABCD2345", "adres rezerwacji"))
                div { p .big-label { "Numer biletu" } p .big-number { "R017" } p .big-label { "Kod w automacie" } p .big-number { "40 71 53" } }
            }
        }
        (definitions(&rows))
        div .actions { button .button type="button" data-print="" { (words.t("print")) } (button_form("#", "Odwołaj wizytę", &[], Weight::Danger)) }
    }
}

fn kiosk(words: &Words) -> Markup {
    let choices =
        [("kiosk-have-booking", "kiosk-have-booking-hint"), ("kiosk-take-ticket", "kiosk-take-ticket-hint")]
            .map(|(text, hint)| ("#".to_owned(), words.t(text), words.t(hint)));
    Frame { home: "/kiosk", ..Frame::default() }.with(words, kiosk_choices(&choices, true))
}

fn result(words: &Words) -> Markup {
    let code = qr(words, "HTTPS://K.EXAMPLE.PL/T/ABCD2345", "e-bilet");
    let told = [words.n("ticket-ahead", 4), wait_text(words, (15, 25))];
    let body = kiosk_result(words, "A012", &told, &code, &["Dowód osobisty".to_owned()]);
    Frame { home: "/kiosk", back_after_s: Some(30), printed_s: Some(10), ..Frame::default() }
        .with(words, body)
}

fn shown(state: &'static str) -> TicketShown<'static> {
    TicketShown { number: "A012", state, ahead: 4, wait: Some((15, 25)), counter: "3", ..Default::default() }
}

fn desk_now(words: &Words) -> Markup {
    let line = |ticket: &str, about: &str, late| QueueShown {
        ticket: ticket.into(),
        about: about.into(),
        late,
        ..Default::default()
    };
    let shown = Desk {
        counter: "3",
        state: "called",
        current: Some(line("A012", "Dowód osobisty – wniosek · umówiony na 09:20", false)),
        waiting: vec![
            line("R018", "Rejestracja pojazdu · umówiony na 09:40", false),
            line("A013", "Meldunek · 18 min", false),
            line("B004", "Rejestracja pojazdu · 41 min", true),
            line("A014", "Dowód – odbiór · 6 min", false),
        ],
        absent: vec![line("A009", "Meldunek · wezwania: 2", false)],
        services: vec![("d".into(), "Dowody osobiste".into())],
        action: "/desk/do",
        ..Default::default()
    };
    desk(words, &shown)
}

fn board() -> Hall<'static> {
    let call = |ticket: &str, counter: &str, attempt| CallShown {
        ticket: ticket.into(),
        counter: counter.into(),
        attempt,
        ..Default::default()
    };
    let wait = |name: &str, waiting, range, next: &[&str]| WaitShown {
        name: name.into(),
        waiting,
        range,
        next: next.iter().map(|number| (*number).into()).collect(),
    };
    Hall {
        snapshot: "/api/hall",
        events: "/api/events",
        clock: "09:24",
        date: "wtorek, 1 grudnia 2026",
        office: "Urząd Miasta Torunia",
        place: "budynek główny",
        calls: vec![
            call("A012", "3", 2),
            call("R017", "10", 1),
            call("B003", "5", 1),
            call("A011", "1", 3),
            call("A010", "7", 1),
            call("R016", "2", 1),
            call("B002", "4", 1),
        ],
        waiting: vec![
            wait("Dowody osobiste", 7, Some((15, 25)), &["A013", "A014", "A015", "A016", "A018", "A019"]),
            wait(
                "Rejestracja pojazdów",
                12,
                Some((30, 45)),
                &["R018", "R019", "B004", "R020", "R021", "R022"],
            ),
            wait("Meldunki", 2, Some((5, 10)), &["M001", "M004"]),
        ],
        notices: vec!["W czwartek 24 grudnia urząd jest nieczynny.".into()],
        ..Default::default()
    }
}
