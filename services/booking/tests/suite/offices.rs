//! The other sample offices on their pages, as seen without scripts: location first, long forms, the account as the
//! proof, the page-view counter, the notice of a missed visit.

use crate::support::browser;

use browser::Browser;
use http::StatusCode;
use okienko_booking::{Booking, Settings, texts};
use okienko_bus::{LocalBus, PublicEvent, Publisher};
use okienko_host::{DomainClock, NoAccessLog, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Append, Engine, GENESIS, MemoryEngine, NewEvent, Poison, Recorded, Submission, chain};
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Clock, Id, IdKind, Keys, Moment, Way, Zone};
use okienko_limits::MemoryLimits;
use okienko_office::{AccountRule, Office};
use okienko_proto::queue::{Attendance, attendance};
use okienko_sms_gateway::callbacks::Reporters;
use okienko_sms_gateway::provider::DemoPhone;
use okienko_sms_gateway::{SmsGateway, server};
use okienko_web::Surface;
use prost::Message;
use std::sync::Arc;

const E164: &str = "+48601234567";

/// An installation with citizens' pages, whose journal of booking outlives it.
struct Town {
    world: World,
    phone: Arc<DemoPhone>,
    booking: Arc<Booking>,
    router: axum::Router,
}

impl Town {
    async fn of(offices: Vec<Office>, engine: Arc<MemoryEngine>) -> Town {
        let (wall, tasks) = (Arc::new(WallClock), Arc::new(TokioTasks::here()));
        let world = World {
            clock: DomainClock::standing(parse_rfc3339("2026-12-01T07:00:00+01:00").unwrap()),
            wall: wall.clone(),
            entropy: Arc::new(SeededEntropy::new(7)),
            tasks: tasks.clone(),
            keys: Keys::from_secret(b"town"),
            bus: Arc::new(LocalBus::new(tasks)),
            limits: Arc::new(MemoryLimits::new(wall)),
            homes: Arc::new(okienko_kernel::Rehearsing),
            settle: Arc::new(Settle::default()),
            access: Arc::new(NoAccessLog),
            open_engine: Arc::new(move |name| {
                let own: Arc<dyn Engine> =
                    if name == "booking" { engine.clone() } else { Arc::new(MemoryEngine::default()) };
                Ok(own)
            }),
        };
        let phone = Arc::new(DemoPhone::new(world.clock.clone(), Zone::named("Europe/Warsaw").unwrap()));
        let gateway = SmsGateway::start(&world, phone.clone(), Reporters::default()).await.unwrap();
        let settings = Settings {
            base_url: "https://wizyty.example.pl".into(),
            territory: Arc::new(okienko_territory::NoDatabase),
            passwords: Default::default(),
        };
        let sms = okienko_rpc::local(server(gateway));
        let booking = Booking::start(&world, sms, offices, settings).await.unwrap();
        let surface = Surface::new(texts());
        let router = surface.whole(booking.router(&surface));
        Town { world, phone, booking, router }
    }
    fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
    async fn settled(&self) {
        self.world.settle.settled(&self.world.clock, &*self.world.bus).await;
    }
}

/// A sample office that requires no account: signing in has its own tests.
fn open_to_all(text: &str) -> Office {
    let mut office = okienko_office::file::read(text).unwrap();
    office.account = AccountRule::None;
    office.proof_of_work = false;
    office.territory.clear();
    office
}

fn wroclaw() -> Office {
    open_to_all(include_str!("../../../../deploy/offices/wroclaw.toml"))
}

fn kalisz() -> Office {
    open_to_all(include_str!("../../../../deploy/offices/kalisz.toml"))
}

async fn town(office: Office) -> Town {
    Town::of(vec![office], Arc::new(MemoryEngine::default())).await
}

/// A browser at the form of a visit to the manager of LP2.
async fn at_the_managers_form(town: &Town) -> Browser {
    let mut browser = town.browser();
    browser.open("/wroclaw/book?location=wroclaw&service=kierownik-lp2&date=2026-12-02").await;
    browser.press("09:00", &[]).await;
    assert_eq!(browser.title(), "Kto przyjdzie?");
    browser
}

const MANAGER: &[(&str, &str)] = &[
    ("name", "Olena Kowalenko"),
    ("birth", "1985-07-13"),
    ("document", "AB 1234567"),
    ("citizenship", "Ukraina"),
    ("filed-kind", "temporary"),
    ("filed-on", "2026-06-15"),
    ("filed-how", "in-person"),
    ("filed-where", "legnica"),
    ("case", "SOC-LP2.6151.1234.2026"),
    ("inspector", "Kowalska"),
];

/// A browser at the page of a confirmed visit.
async fn confirmed(town: &Town) -> Browser {
    let mut browser = at_the_managers_form(town).await;
    browser.press("Dalej", MANAGER).await;
    assert!(browser.says("Krok 5 z 5"), "{}", browser.words());
    browser.press("Wyślij kod", &[("phone", "601 234 567")]).await;
    town.settled().await;
    let text = town.phone.list(E164).pop().unwrap().text;
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6).unwrap().to_owned();
    browser.press("Aktywuj", &[("code", &code)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
    browser
}

#[tokio::test]
async fn in_wroclaw_the_place_is_chosen_first_and_every_way_back_leads_one_step_back() {
    let town = town(wroclaw()).await;
    let mut browser = town.browser();
    browser.open("/wroclaw").await;
    for said in ["Jak umówić wizytę", "ciemnym kolorem", "wybierz inną datę", "tylko z terytorium Polski"]
    {
        assert!(browser.says(said), "{said}");
    }
    browser.follow("Umów wizytę").await;
    assert!(browser.says("Krok 1 z 5") && browser.says("Gdzie chcesz przyjść?"));
    browser.follow("Legnica").await;
    assert!(browser.says("Krok 2 z 5") && !browser.says("Oddział LP1"), "only what is done there");
    browser.follow("Paszport – złożenie wniosku").await;
    assert!(browser.says("Krok 3 z 5"));
    browser.follow("Wstecz").await;
    assert_eq!(browser.at, "/wroclaw/book?location=legnica");
    browser.follow("Wstecz").await;
    assert_eq!(browser.at, "/wroclaw/book");
    browser.follow("Wrocław – DUW").await;
    for said in
        ["pokaż kod w pokoju 0134", "pracownikowi ochrony", "legalnego pobytu", "opłatę zapłać przelewem"]
    {
        assert!(browser.words().to_lowercase().contains(said), "{said}");
    }
    browser.follow("Legalizacja pobytu, Oddział LP2").await.press("środa, 2 grudnia 2026", &[]).await;
    browser.press("09:00", &[]).await;
    assert!(browser.says("Krok 4 z 5"));
}

#[tokio::test]
async fn what_was_typed_stays_after_an_error_a_way_back_and_a_reload() {
    let town = town(wroclaw()).await;
    let mut browser = at_the_managers_form(&town).await;
    assert!(browser.html.contains("<noscript>") && browser.says("Wypełnij tylko, jeśli odpowiedź"));
    assert!(browser.html.contains("data-only-if=\"filed-how=in-person\""));
    let form = browser.at.clone();
    let typed = [("name", "Olena Kowalenko"), ("case", "sprawa"), ("filed-how", "post")];
    browser.press("Dalej", &typed).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.html.contains("href=\"#f-birth\"") && browser.says("Wpisz znak sprawy tak"));
    for _ in 0..2 {
        assert!(
            browser.html.contains("value=\"Olena Kowalenko\"") && browser.html.contains("value=\"sprawa\"")
        );
        assert!(browser.html.contains("value=\"post\" checked"));
        // After another page and back, and after a reload.
        browser.open("/wroclaw").await.open(&form).await;
        assert_eq!(browser.status, StatusCode::OK);
    }
    browser.press("Dalej", MANAGER).await.follow("Wstecz").await;
    assert!(
        browser.html.contains("value=\"SOC-LP2.6151.1234.2026\"")
            && !browser.html.contains("value=\"sprawa\"")
    );
}

#[tokio::test]
async fn the_page_of_a_visit_has_number_code_barcode_and_all_that_must_be_known() {
    let town = town(wroclaw()).await;
    let browser = confirmed(&town).await;
    for said in [
        "Numer rezerwacji",
        "Kod do automatu",
        "Przyjdź między 08:00 a 08:40.",
        "Od 08:00 do 08:45 wpisz kod",
        "W menu wybierz usługę „Wizyta u Kierownika Oddziału LP2",
        "pokaż kod w pokoju 0134",
        "potwierdzenie: e-mail, SMS z kodem albo wydruk",
        "Godzina wizyty jest orientacyjna",
        "ani nikomu odstąpić",
        "anuluje rezerwację automatycznie",
    ] {
        assert!(browser.says(said), "{said}: {}", browser.words());
    }
    assert!(!browser.says("Numer biletu"), "the machine gives the ticket");
    let code = browser
        .words()
        .split("Kod do automatu")
        .nth(1)
        .unwrap()
        .chars()
        .filter(char::is_ascii_digit)
        .take(8)
        .collect::<String>();
    assert!(code.starts_with('4') && code.len() == 8, "{code}");
    assert!(
        browser.html.contains("class=\"barcode\"") && browser.html.contains("aria-label=\"Kod kreskowy: 4")
    );
    town.settled().await;
    let sms = town.phone.list(E164).pop().unwrap().text;
    assert!(sms.contains(&format!("Kod do automatu {code}. Przyjdz miedzy 08:00 a 08:40.")), "{sms}");
    assert!(sms.is_ascii() && sms.len() <= 306, "{} characters: {sms}", sms.len());
    let mut calendar = town.browser();
    calendar.open(&format!("{}/calendar.ics", browser.at)).await;
    let file = calendar.html.replace("\r\n ", "");
    for said in ["DTSTART:20261202T080000Z", "SEQUENCE:0", "pl. Powstańców Warszawy 1", "pokoju 0134", &code]
    {
        assert!(file.contains(said), "{said}: {file}");
    }
}

#[tokio::test]
async fn in_kalisz_the_last_page_has_no_phone_and_no_code_but_what_must_be_known_and_ok() {
    let town = town(kalisz()).await;
    let mut browser = town.browser();
    browser.open("/kalisz").await;
    assert!(browser.html.contains("www.powiat.kalisz.pl/p,218,ochrona-danych-osobowych"));
    assert!(browser.says("nie wcześniej niż 15 minut") && browser.says("klawiszem strzałki"));
    assert!(!browser.says("liczba wejść"));
    browser.follow("Umów wizytę").await;
    assert!(browser.says("Krok 1 z 3") && browser.says("Wyrejestrowanie / Zgłoszenie sprzedaży"));
    browser.follow("Zgłoszenie sprzedaży pojazdu").await.press("środa, 2 grudnia 2026", &[]).await;
    browser.press("09:00", &[]).await;
    assert!(browser.says("Krok 3 z 3") && browser.title() == "Sprawdź wybrany termin");
    assert!(browser.says("Jedna wizyta to jedna sprawa") && browser.says("na adres e-mail Twojego konta"));
    let last = format!("action=\"{}/confirm\"", browser.at);
    assert!(browser.html.contains(&last) && browser.html.contains("type=\"submit\">OK</button>"));
    browser.open("/kalisz/rules").await;
    assert_eq!((browser.status, browser.title().as_str()), (StatusCode::OK, "Zasady rezerwacji wizyt"));
}

#[tokio::test]
async fn visits_are_counted_once_each_and_outlive_a_restart() {
    let engine = Arc::new(MemoryEngine::default());
    let town = Town::of(vec![wroclaw()], engine.clone()).await;
    let mut browser = town.browser();
    for n in 1..=3 {
        browser.open("/wroclaw").await;
        assert!(browser.says(&format!("liczba wejść: {n}")), "{}", browser.words());
    }
    town.booking.flush_counters().await;
    let again = Town::of(vec![wroclaw()], engine).await;
    let mut browser = again.browser();
    browser.open("/wroclaw").await;
    assert!(browser.says("liczba wejść: 4"));
}

/// Tells booking what a hall would tell.
struct Hall;

impl Publisher for Hall {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        vec![PublicEvent {
            subject: PublicEvent::subject("wroclaw", "queue", "attendance"),
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: event.data.clone().into(),
        }]
    }
}

/// The hall reports what became of a reservation, as this version of its report.
async fn hall_says(
    town: &Town,
    queue: &okienko_host::Service,
    reservation: Id,
    version: u64,
    (state, not_called): (attendance::State, bool),
) {
    let at = town.world.clock.now();
    let told = Attendance {
        office: "wroclaw".into(),
        location: "wroclaw".into(),
        day: "2026-12-02".into(),
        reservation: reservation.to_string(),
        state: state as i32,
        at: at.micros(),
        not_called,
    };
    let event = NewEvent {
        kind: "told",
        schema: 1,
        data: told.encode_to_vec(),
        at,
        cause: "test".into(),
        hash: GENESIS,
    };
    let append = Append {
        office: "wroclaw".into(),
        stream: "hall/2/1/2026-12-02".into(),
        expected: version,
        at,
        events: vec![event],
        receipts: Vec::new(),
        claims: Vec::new(),
        vault: Vec::new(),
        wake: None,
    };
    let done = Box::new(|_| ());
    queue.journal.submit(Submission { append, poison: Arc::new(Poison::default()), done }).await;
    town.settled().await;
}

#[tokio::test]
async fn who_was_there_and_was_not_called_is_told_that_one_is_sorry_and_is_blamed_for_nothing() {
    let town = town(wroclaw()).await;
    let queue = town.world.service("queue").await.unwrap();
    town.world.bus.offer("queue", queue.journal.clone(), Arc::new(Hall));
    town.booking.listen().await.unwrap();
    let mut browser = confirmed(&town).await;
    town.settled().await;
    let before = town.phone.list(E164).len();
    let token = browser.at.rsplit('/').next().unwrap().to_owned();
    let reservation = Id::from_token(IdKind::Reservation, &token, &town.world.keys).unwrap();
    hall_says(&town, &queue, reservation, 0, (attendance::State::CheckedIn, false)).await;
    // However often it is reported, and whatever is reported after it.
    for (version, said) in [
        (1, (attendance::State::Left, true)),
        (2, (attendance::State::Left, true)),
        (3, (attendance::State::Missed, false)),
    ] {
        hall_says(&town, &queue, reservation, version, said).await;
        let sent = town.phone.list(E164);
        assert_eq!(sent.len(), before + 1, "{sent:#?}");
        let text = &sent.last().unwrap().text;
        assert!(text.contains("przepraszamy") && text.contains("nie wezwalismy Cie"), "{text}");
        assert!(!text.contains("nie odbyla sie") && !text.contains("anulowana"), "{text}");
    }
    browser.reload().await;
    assert_eq!(browser.title(), "Nie wezwaliśmy Cię");
    assert!(browser.says("To nie Twoja wina") && !browser.says("Nikt nie zgłosił się"));
    assert_eq!(town.booking.reservation(&token).await.unwrap().1.state.word(), "not_called");
}

#[tokio::test]
async fn a_missed_visit_is_told_once_however_often_the_hall_says_so() {
    let town = town(wroclaw()).await;
    let queue = town.world.service("queue").await.unwrap();
    town.world.bus.offer("queue", queue.journal.clone(), Arc::new(Hall));
    town.booking.listen().await.unwrap();
    let mut browser = confirmed(&town).await;
    town.settled().await;
    let before = town.phone.list(E164).len();
    let token = browser.at.rsplit('/').next().unwrap().to_owned();
    let reservation = Id::from_token(IdKind::Reservation, &token, &town.world.keys).unwrap();
    for version in 0..2 {
        hall_says(&town, &queue, reservation, version, (attendance::State::Missed, false)).await;
        let sent = town.phone.list(E164);
        assert_eq!(sent.len(), before + 1, "{sent:#?}");
        assert!(sent.last().unwrap().text.contains("nie odbyla sie"), "{sent:#?}");
    }
    browser.reload().await;
    assert_eq!(browser.title(), "Wizyta się nie odbyła");
}

#[tokio::test]
async fn a_damaged_day_keeps_nobody_elses_messages_waiting() {
    let engine = Arc::new(MemoryEngine::default());
    // The hash of its first event does not match the content.
    let (stream, at, mut hash) = ("day/2/1/2026-12-03", Moment::from_micros(0), [7; 32]);
    let way = Way { office: 2, place: 1, day: "2026-12-03".parse().unwrap() };
    let reservation = Id::new(IdKind::Reservation, way, &SeededEntropy::new(9));
    let reminded = format!(r#"{{"reservations":["{reservation}"],"at":0}}"#);
    for (expected, kind, data) in [(0, "reminded", reminded.as_str()), (1, "reminded", reminded.as_str())] {
        let (schema, data) = (1, data.as_bytes().to_vec());
        hash = chain(&hash, stream, expected + 1, kind, schema, at, &data);
        let append = Append {
            office: "wroclaw".into(),
            stream: stream.into(),
            expected,
            at,
            events: vec![NewEvent { kind, schema, data, at, cause: "test".into(), hash }],
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: Vec::new(),
            wake: None,
        };
        engine.append(&[&append], &[]).await.unwrap();
    }
    let town = Town::of(vec![wroclaw()], engine).await;
    let all = async {
        confirmed(&town).await;
        town.settled().await;
    };
    let all = tokio::time::timeout(std::time::Duration::from_secs(60), all).await;
    assert!(all.is_ok(), "a relay waits for that day");
    assert_eq!(town.phone.list(E164).len(), 2, "the code and the confirmation");
}
