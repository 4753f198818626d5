//! How soon a password would be guessed by somebody who knows the office, its town and the person: a maintained meter
//! (zxcvbn) given their words, and words that people here choose and it does not know. Must not know where passwords
//! are stored.
//!
//! Why a meter, and not a minimum of fifteen characters and a word list: with the list alone, generated passwords of
//! twelve characters would be refused, and `TorunTorunTorun1` would pass. It costs 1.4 MB of program, 19 seconds of one
//! processor at the first build, and 60 ms at its first use.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words common in Poland that the meter does not know or considers rare: towns, months, names, what people love.
const COMMON: &str = include_str!("words.txt");
/// Minimum number of guesses, as a power of ten: at ten million an hour (argon2 on rented machines) a hundred hours.
const TRIES: f64 = 9.0;
/// The same for what is left of a password without known words: such words alone, in whatever number, are too weak.
const TRIES_OF_REST: f64 = 6.0;
/// Characters that are measured; long input takes the meter long, and further characters do not make a weak start good.
const MEASURED: usize = 24;
/// Shorter words occur inside too many others.
const SHORTEST_WORD: usize = 3;
/// Maximum words of one office and person; the most closely related are kept.
const OWN_AT_MOST: usize = 1_000;

/// What an attacker tries first: words of the office and of the person, folded, the most closely related first.
#[derive(Clone, Debug, Default)]
pub struct Own(Vec<String>);

impl Own {
    /// The words of these texts, in order, whole and without their endings: `Torunia` also yields Toruń.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Own {
        let (mut words, mut seen) = (Vec::new(), BTreeSet::new());
        for text in texts {
            let folded = fold(text);
            for word in folded.split(|c: char| !c.is_alphanumeric()) {
                let length = word.chars().count();
                if length < SHORTEST_WORD || word.chars().all(|c| c.is_ascii_digit()) {
                    continue;
                }
                // Polish endings mostly have one or two letters; a stem of five is still a word.
                let stems = (0..=2).filter(|cut| *cut == 0 || length - cut >= 5);
                for cut in stems {
                    let stem: String = word.chars().take(length - cut).collect();
                    if seen.insert(stem.clone()) {
                        words.push(stem);
                    }
                }
            }
        }
        words.truncate(OWN_AT_MOST);
        Own(words)
    }
}

/// Why a password would be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// It consists of words of the office or the person, and little else.
    Own,
    /// It is among the common guesses anyway.
    Common,
}

/// Whether a password would be guessed soon, and why.
pub fn weak(password: &str, own: &Own) -> Option<Weak> {
    let folded: String = fold(password).chars().take(MEASURED).collect();
    let own_words: Vec<&str> = own.0.iter().map(String::as_str).collect();
    let all_words = common().iter().copied().filter(|word| word.chars().count() > SHORTEST_WORD);
    let all_words: Vec<&str> = own_words.iter().copied().chain(all_words).collect();
    for (words, why) in [(own_words, Weak::Own), (all_words, Weak::Common)] {
        let rest = without(&folded, words);
        if rest != folded && tries(&rest, &[]) < TRIES_OF_REST {
            return Some(why);
        }
    }
    let known: Vec<&str> = own.0.iter().map(String::as_str).chain(common().iter().copied()).collect();
    let typed: String = password.chars().take(MEASURED).collect();
    let fewest = tries(&folded, &known).min(tries(&typed, &known));
    (fewest < TRIES).then_some(Weak::Common)
}

/// The estimated number of guesses, as a power of ten.
fn tries(password: &str, known: &[&str]) -> f64 {
    if password.trim().is_empty() { 0.0 } else { zxcvbn::zxcvbn(password, known).guesses_log10() }
}

/// What is left without these words, and without years, which everybody appends.
fn without(folded: &str, mut words: Vec<&str>) -> String {
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = folded.to_owned();
    for word in words {
        if rest.contains(word) {
            rest = rest.replace(word, " ");
        }
    }
    if rest == folded {
        return rest;
    }
    let years = (1900..2100).map(|year: u32| year.to_string());
    years.fold(rest, |rest, year| if rest.contains(&year) { rest.replace(&year, " ") } else { rest })
}

fn common() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&str>> = OnceLock::new();
    WORDS.get_or_init(|| COMMON.split_whitespace().collect())
}

/// Lowercase letters without diacritics: `Toruń` and `TORUN` are one word.
fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.map(|c| if c == 'ł' { 'l' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn torun() -> Own {
        let office = include_str!("../../../../deploy/offices/torun.toml");
        let office = okienko_office::file::read(office).unwrap();
        super::super::own_words(&office, "anna.nowak@example.org")
    }

    #[test]
    fn what_is_tried_first_is_weak_in_torun() {
        let own = torun();
        for password in WEAK.iter().copied() {
            assert!(weak(password, &own).is_some(), "{password} passes");
        }
    }

    #[test]
    fn words_that_have_nothing_to_do_with_each_other_and_drawn_signs_are_good() {
        let own = torun();
        for password in GOOD {
            assert_eq!(weak(password, &own), None, "{password}");
        }
    }

    const WEAK: &[&str] = &[
        "password12",
        "1234567890",
        "          ",
        "qwertyuiop",
        "zaq12wsxcde3",
        "polska1234",
        "mateusz1234",
        "Kowalski1980",
        "haslo12345",
        "Haslo123!@#",
        "Hasło12345!",
        "lech192222",
        "Krakow2026!",
        "Kraków2026!",
        "Torun2026!",
        "Toruń2026!",
        "TORUN-2026",
        "UrzadMiastaTorunia",
        "UrządMiastaTorunia",
        "urzad miasta torunia",
        "Urząd Miasta Torunia 2026",
        "Okienko2026!",
        "okienko123",
        "aaaaaaaaaa",
        "abcdefghij",
        "0987654321",
        "Wroclaw2026!",
        "Wrocław2026",
        "Warszawa2025",
        "TorunTorunTorun",
        "Torun-Torun-2026",
        "Torun2026Torun2027",
        "1qaz2wsx3edc",
        "Grudzien2026",
        "Grudzień2026!",
        "Administrator1",
        "P@ssw0rd123",
        "KochamCie123",
        "Lato2026!!",
        "qazwsxedcrfv",
        "Bydgoszcz123",
        "anna.nowak1",
        "AnnaNowak1985",
        "11.11.1980",
        "niepodleglosc",
        "matkaboska1",
        "NoweHaslo1!",
        "MojeHaslo2026",
        "Toruniu2026!",
        "torunianin1",
        "Poniedzialek1",
        "misiaczek12",
        "пароль12345",
        "йцукенгшщз",
        "qwerty123456",
        "Qwerty123!",
        "!QAZ2wsx#EDC",
        "wizyta2026!",
        "Kasia12345",
        "Admin2026!!",
        "iloveyou12",
        "1111111111",
        "12341234123412",
        "abcabcabcabc",
        "legia1916!",
        "Kalisz2026!",
        "T0run2026!",
        "toruń toruń",
        "example2026",
        "Kopernik1473",
        "KrakowWarszawa",
        "MariaAnna1950",
        "kotekpiesek",
        "Zima2026!Zima",
        "KasiaTomek2019",
        "WiosnaLatoJesien",
    ];
    const GOOD: &[&str] = &[
        "correct horse battery staple",
        "kilka zwykłych słów",
        "okno na ratusz 7",
        "całkiem nowe hasło",
        "jeszcze nowsze hasło",
        "hasło złodzieja",
        "całkiem inne hasło",
        "hasło właścicielki 7",
        "hasło kogoś obcego",
        "zielony rower jedzie w deszczu",
        "kX9#mQ2$vL7p",
        "moj kot lubi spac na parapecie",
        "Wlazł kotek na płotek",
        "tygrys-lampa-rzeka-42",
        "j7Gk2pQw9zXc",
        "5gq8w-2mz7k-x9b4t-r6c3d",
        "rower i kanapka w poniedziałek",
        "dwa psy i pół arbuza",
        "Rzodkiewka!Helikopter",
        "z drugiego naciśnięcia",
        "not this one 123",
        "nie to hasło wcale",
        "w Toruniu piernik spada z mostu",
        "G7!kd02-pzQ",
        "Vx3nQp8sLm",
        "зелений велосипед під дощем",
        "лампа тигр река 42",
        "umbrella cactus violin",
    ];
}
