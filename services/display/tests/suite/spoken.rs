//! What a hall hears: numbers in words as Poles say them, and the real program that speaks them.

use crate::support::*;
use okienko_display::domain::sound::Sound;
use okienko_display::{Espeak, Voice, texts};
use okienko_kernel::Keys;
use okienko_web::Locale;
use serde_json::json;

fn voice(program: Option<Espeak>) -> Voice {
    Voice::new(program, texts(), Keys::from_secret(b"one"))
}

fn says(number: &str, counter: &str) -> String {
    voice(None).words(Locale::Pl, number, counter).unwrap()
}

/// The number alone, as spoken.
fn number(voice: &Voice, n: u32) -> String {
    let sentence = voice.words(Locale::Pl, &n.to_string(), "1").unwrap();
    let said = sentence.strip_prefix("Bilet numer ").unwrap();
    said.strip_suffix(", proszę do stanowiska numer jeden.").unwrap().to_owned()
}

/// Numbers as in a Polish textbook.
const SAID: &[(u32, &str)] = &[
    (0, "zero"),
    (1, "jeden"),
    (2, "dwa"),
    (3, "trzy"),
    (4, "cztery"),
    (5, "pięć"),
    (6, "sześć"),
    (7, "siedem"),
    (8, "osiem"),
    (9, "dziewięć"),
    (10, "dziesięć"),
    (11, "jedenaście"),
    (12, "dwanaście"),
    (13, "trzynaście"),
    (14, "czternaście"),
    (15, "piętnaście"),
    (16, "szesnaście"),
    (17, "siedemnaście"),
    (18, "osiemnaście"),
    (19, "dziewiętnaście"),
    (20, "dwadzieścia"),
    (21, "dwadzieścia jeden"),
    (30, "trzydzieści"),
    (40, "czterdzieści"),
    (50, "pięćdziesiąt"),
    (60, "sześćdziesiąt"),
    (70, "siedemdziesiąt"),
    (80, "osiemdziesiąt"),
    (90, "dziewięćdziesiąt"),
    (99, "dziewięćdziesiąt dziewięć"),
    (100, "sto"),
    (101, "sto jeden"),
    (110, "sto dziesięć"),
    (114, "sto czternaście"),
    (123, "sto dwadzieścia trzy"),
    (200, "dwieście"),
    (222, "dwieście dwadzieścia dwa"),
    (300, "trzysta"),
    (319, "trzysta dziewiętnaście"),
    (400, "czterysta"),
    (456, "czterysta pięćdziesiąt sześć"),
    (500, "pięćset"),
    (600, "sześćset"),
    (700, "siedemset"),
    (789, "siedemset osiemdziesiąt dziewięć"),
    (800, "osiemset"),
    (900, "dziewięćset"),
    (999, "dziewięćset dziewięćdziesiąt dziewięć"),
    (1000, "tysiąc"),
    (1001, "tysiąc jeden"),
    (2003, "dwa tysiące trzy"),
    (5000, "pięć tysięcy"),
    (12_000, "dwanaście tysięcy"),
    (22_100, "dwadzieścia dwa tysiące sto"),
    (999_999, "dziewięćset dziewięćdziesiąt dziewięć tysięcy dziewięćset dziewięćdziesiąt dziewięć"),
];

#[test]
fn numbers_are_said_as_poles_say_them() {
    let voice = voice(None);
    for (n, words) in SAID {
        assert_eq!(number(&voice, *n), *words, "{n}");
    }
}

#[test]
fn every_number_to_999_is_its_hundred_and_the_rest_and_no_two_sound_alike() {
    let said = |n: u32| SAID.iter().find(|(known, _)| *known == n).unwrap().1;
    let voice = voice(None);
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..=999u32 {
        let mut parts = Vec::new();
        let rest = n % 100;
        if n >= 100 {
            parts.push(said(n - rest));
        }
        match rest {
            0 if n > 0 => {}
            0..=20 => parts.push(said(rest)),
            _ => {
                parts.push(said(rest - rest % 10));
                parts.extend((rest % 10 > 0).then(|| said(rest % 10)));
            }
        }
        assert_eq!(number(&voice, n), parts.join(" "));
        assert!(seen.insert(number(&voice, n)), "{n}");
    }
}

#[test]
fn tickets_are_said_without_the_zeros_of_print_and_with_the_names_of_letters() {
    for (ticket, counter, sentence) in [
        ("A007", "3", "Bilet numer a siedem, proszę do stanowiska numer trzy."),
        ("A123", "3", "Bilet numer a sto dwadzieścia trzy, proszę do stanowiska numer trzy."),
        ("W100", "10", "Bilet numer wu sto, proszę do stanowiska numer dziesięć."),
        ("LP012", "2b", "Bilet numer el pe dwanaście, proszę do stanowiska numer dwa be."),
        ("Ł-005", "Z 1", "Bilet numer eł pięć, proszę do stanowiska numer zet jeden."),
        ("000", "1", "Bilet numer zero, proszę do stanowiska numer jeden."),
        (
            "1234567",
            "1",
            "Bilet numer jeden dwa trzy cztery pięć sześć siedem, proszę do stanowiska numer jeden.",
        ),
    ] {
        assert_eq!(says(ticket, counter), sentence);
    }
    let english = voice(None).words(Locale::En, "W021", "12").unwrap();
    assert_eq!(english, "Ticket number double-you twenty one, please go to counter number twelve.");
}

#[test]
fn nothing_but_words_reaches_the_program_whatever_a_number_holds() {
    let said = says("A1\"; $(rm) <break/> | & \n", "`3`\u{0}[[x]]");
    assert!(said.chars().all(|c| c.is_alphabetic() || " ,.".contains(c)), "{said}");
    assert!(says(&"9".repeat(10_000), "1").len() < 400);
}

fn installed() -> Espeak {
    Espeak::find(&std::env::var_os("PATH").unwrap()).expect("espeak-ng, which `cargo xtask test` installs")
}

async fn fetch(town: &Town, path: &str) -> (http::StatusCode, http::HeaderMap, Vec<u8>) {
    let answer = town.ask("GET", path, &[]).await;
    (answer.status, answer.headers, answer.bytes)
}

#[tokio::test]
async fn a_call_is_heard_and_nothing_that_was_not_called() {
    let town = Town::speaking(vec![opened(), waits("A007")], Some(installed()), true).await;
    let mut screen = town.listen("/api/v1/halls/torun/glowny/events", None).await;
    screen.next().await;
    town.tell(vec![calls("A007", "2", 1)]).await;
    let said = screen.next().await.data["announce"].clone();
    assert_eq!(said["text"], "Bilet numer A007, proszę do stanowiska numer 2");
    let audio = said["audio"].as_str().unwrap().to_owned();
    let (status, headers, wav) = fetch(&town, &audio).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "audio/wav"));
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    let sound = Sound::read(&wav).unwrap();
    assert!((1_000..8_000).contains(&sound.millis()), "{} ms", sound.millis());
    assert!((0.05..0.3).contains(&sound.loudness()), "loudness {}", sound.loudness());
    assert!(sound.peak() < 0.9, "peak {}", sound.peak());
    assert_eq!(fetch(&town, &audio).await.2, wav, "kept");

    let recalled = vec![okienko_proto::queue::hall_event::Change::Call(okienko_proto::queue::Call {
        recall: true,
        ..call("A007", "2", 1)
    })];
    town.tell(recalled).await;
    assert_eq!(screen.next().await.data["announce"]["audio"], audio.as_str(), "spoken the same");

    let other = Town::speaking(vec![opened(), waits("A007")], Some(installed()), true).await;
    assert_eq!(fetch(&other, &audio).await.0, 404, "a text that no call had here");
    for path in ["/audio/x.wav", "/audio/hello%20world.wav", "/audio/chime", "/audio/..%2fchime.wav"] {
        assert_eq!(fetch(&town, path).await.0, 404, "{path}");
    }
    assert_eq!(town.get("/api/v1/halls/torun/glowny").await.json()["voice"], "spoken");
}

#[tokio::test]
async fn a_call_that_was_before_this_process_can_be_heard_too() {
    let town =
        Town::speaking(vec![opened(), waits("A007"), calls("A007", "2", 1)], Some(installed()), true).await;
    let mut screen = town.listen("/api/v1/halls/torun/glowny/events", Some(2)).await;
    let audio = screen.next().await.data["announce"]["audio"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&town, &audio).await.0, 200);
}

#[tokio::test]
async fn without_the_program_there_is_the_chime_and_the_hall_says_so() {
    let town = Town::speaking(vec![opened(), waits("A007")], None, true).await;
    let mut screen = town.listen("/api/v1/halls/torun/glowny/events", None).await;
    screen.next().await;
    town.tell(vec![calls("A007", "2", 1)]).await;
    let said = screen.next().await.data["announce"].clone();
    assert_eq!((&said["audio"], said["text"].is_string()), (&json!(null), true));
    assert_eq!(town.get("/api/v1/halls/torun/glowny").await.json()["voice"], "chime");
    let (status, headers, wav) = fetch(&town, "/audio/chime.wav").await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "audio/wav"));
    assert_eq!(Sound::read(&wav), Some(okienko_display::domain::chime::chime()));
    assert!(town.page("/hall/torun/glowny", "pl").await.body.contains("Włącz dźwięk"));
}

#[tokio::test]
async fn where_the_office_wants_no_voice_nothing_is_announced() {
    let town = Town::speaking(vec![opened(), waits("A007")], Some(installed()), false).await;
    let mut screen = town.listen("/api/v1/halls/torun/glowny/events", None).await;
    screen.next().await;
    town.tell(vec![calls("A007", "2", 1)]).await;
    let call = screen.next().await;
    assert_eq!((call.event.as_str(), &call.data["announce"]), ("call", &json!(null)));
    assert_eq!(town.get("/api/v1/halls/torun/glowny").await.json()["voice"], "none");
    assert!(!town.page("/hall/torun/glowny", "pl").await.body.contains("data-sound"));
}

#[tokio::test]
async fn a_program_that_talks_for_ever_or_fails_is_given_up() {
    use std::os::unix::fs::PermissionsExt;
    for script in ["#!/bin/sh\nexec yes\n", "#!/bin/sh\necho no wav\n", "#!/bin/sh\nexit 3\n"] {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("espeak-ng");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let found = Espeak::find(folder.path().as_os_str()).unwrap();
        let town = Town::speaking(vec![opened(), waits("A007")], Some(found), true).await;
        let mut screen = town.listen("/api/v1/halls/torun/glowny/events", None).await;
        screen.next().await;
        town.tell(vec![calls("A007", "2", 1)]).await;
        let audio = screen.next().await.data["announce"]["audio"].as_str().unwrap().to_owned();
        assert_eq!(fetch(&town, &audio).await.0, 503, "{script}");
    }
}
