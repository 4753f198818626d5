//! Finding a service by what people type: in any of its languages, without diacritics, tolerant of word endings and
//! typing errors, and by the everyday words that the office file gives. Knows no page.

use okienko_office::text::Text;
use okienko_office::{Office, Service};

/// How well a word matches: exactly, in another form, with a typing error.
const EXACT: u32 = 4;
const FORM: u32 = 3;
const SLIP: u32 = 1;
/// Weights by where it matches.
const NAME: u32 = 4;
const KEYWORD: u32 = 3;
const CATEGORY: u32 = 2;

/// Words that say nothing about the matter: "jak wyrobić …", "where can I …".
const SILENT: &[&str] = &[
    "jak",
    "gdzie",
    "kiedy",
    "czy",
    "chce",
    "chcialbym",
    "chcialabym",
    "musze",
    "trzeba",
    "zalatwic",
    "sprawa",
    "dla",
    "przez",
    "oraz",
    "moj",
    "moja",
    "moje",
    "mam",
    "sie",
    "jest",
    "umowic",
    "wizyta",
    "wizyte",
    "the",
    "and",
    "for",
    "how",
    "where",
    "want",
    "need",
    "can",
    "get",
    "does",
    "with",
    "visit",
    "book",
    "для",
    "как",
    "где",
    "хочу",
    "нужно",
    "мои",
    "моя",
    "мне",
    "де",
    "як",
    "мені",
    "потрібно",
    "мій",
];

/// The services that `typed` may mean, likeliest first: those whose names, everyday words or category match all of it,
/// otherwise those that match most of it. Only if there are none, those whose other texts match: nearly every service
/// mentions bringing an identity card.
pub fn find<'a>(office: &Office, services: &[&'a Service], typed: &str) -> Vec<&'a Service> {
    let all = words_of(typed);
    if all.is_empty() {
        return services.to_vec();
    }
    let telling: Vec<String> = all.iter().filter(|word| !SILENT.contains(&word.as_str())).cloned().collect();
    let wanted = if telling.is_empty() { all } else { telling };
    let score = |service: &Service| -> (usize, u32) {
        let category = office.category(&service.category).map(|category| &category.name);
        let known = [
            (NAME, words_in(&service.name)),
            (KEYWORD, words_in(&service.keywords)),
            (CATEGORY, category.map(words_in).unwrap_or_default()),
        ];
        let best = |typed: &String| {
            let met = known.iter().flat_map(|(weight, words)| {
                words.iter().filter_map(move |word| met(typed, word).map(|how| points(*weight, how)))
            });
            met.max()
        };
        let hits: Vec<u32> = wanted.iter().filter_map(best).collect();
        (hits.len(), hits.iter().sum())
    };
    let mut found: Vec<((usize, u32), &Service)> = services
        .iter()
        .map(|service| (score(service), *service))
        .filter(|((hits, _), _)| *hits > 0)
        .collect();
    let most = found.iter().map(|((hits, _), _)| *hits).max().unwrap_or_default();
    // Up to half of the typed words may be about something else, but not more.
    if most * 2 >= wanted.len() && most > 0 {
        let best = found.iter().map(|((_, points), _)| *points).max().unwrap_or_default();
        // Matches that only allow for a typing error are dropped if there are better ones.
        found.retain(|((hits, points), _)| *hits == most && points * 3 >= best);
        found.sort_by_key(|((_, points), _)| std::cmp::Reverse(*points));
        return found.into_iter().map(|(_, service)| service).collect();
    }
    let told = |service: &Service| {
        let words = words_in(&service.bring);
        wanted.iter().all(|typed| words.iter().any(|word| met(typed, word).is_some_and(|how| how > SLIP)))
    };
    services.iter().copied().filter(|service| told(service)).collect()
}

/// The points of a matching word. In a name its form does not matter; everyday words belong to one matter.
fn points(weight: u32, how: u32) -> u32 {
    if weight == NAME { how.min(FORM) * weight + 1 } else { how * weight }
}

/// The words of a text in all its languages.
fn words_in(text: &Text) -> Vec<String> {
    text.by_locale().flat_map(|(_, text)| words_of(&text)).collect()
}

/// Words of three letters and more (of two if in capitals, such as LP or ID), and numbers; in lowercase without
/// diacritics.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || okienko_typed::is_mark(c)));
    let long =
        |word: &&str| word.chars().count() > 2 || (word.len() > 1 && word.chars().all(char::is_uppercase));
    words.filter(long).map(okienko_typed::fold).filter(|word| !word.is_empty()).collect()
}

/// How a typed word matches a known one; `None` if it does not.
fn met(typed: &str, known: &str) -> Option<u32> {
    if typed == known {
        return Some(EXACT);
    }
    let (long, short) = (typed.chars().count(), known.chars().count());
    let shared = typed.chars().zip(known.chars()).take_while(|(a, b)| a == b).count();
    let (one, other) = (stem(typed), stem(known));
    // The user is still typing, or the word continues in a longer one: "rejestr"; but "auto" and "autokar" differ.
    let begun = shared == long && long >= 4 && short <= long * 2;
    // Forms that differ in more than the ending: "podatek" and "podatku", "dziecko" and "dzieci".
    let longer = long.max(short);
    let close = shared >= 4 && long - shared <= 3 && short - shared <= 3 && shared * 3 > longer * 2;
    if one == other || begun || close {
        return Some(FORM);
    }
    (long.min(short) >= 5 && is_slip(one, other)).then_some(SLIP)
}

/// Endings of Polish, English, Ukrainian and Russian words, the longest first.
const ENDINGS: &[&str] = &[
    "owania", "owanie", "owaniu", "iego", "ami", "ach", "owi", "ego", "emu", "ymi", "imi", "iem", "owy",
    "owa", "owe", "ing", "ями", "ами", "ого", "ому", "ой", "ов", "ів", "ии", "ия", "ію", "om", "em", "ie",
    "ia", "io", "iu", "ej", "ow", "ym", "im", "ac", "ec", "ic", "yc", "al", "es", "ed", "ых", "ая", "ый",
    "ий", "a", "e", "i", "o", "u", "y", "s", "а", "е", "и", "і", "о", "у", "ы", "я", "ю", "ь",
];

/// A word without its ending, never shorter than four letters.
fn stem(word: &str) -> &str {
    let count = word.chars().count();
    let fits = |ending: &&&str| word.ends_with(**ending) && count - ending.chars().count() >= 4;
    ENDINGS.iter().find(fits).map_or(word, |ending| &word[..word.len() - ending.len()])
}

/// Whether inserting, deleting or changing one letter turns one word into the other; not the first letter, which people
/// type correctly.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.first() != other.first() || one.len().abs_diff(other.len()) > 1 || one.len().min(other.len()) < 5 {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let tail =
        |skip_one: usize, skip_other: usize| one.get(same + skip_one..) == other.get(same + skip_other..);
    let swapped = one.len() == other.len()
        && one.get(same) == other.get(same + 1)
        && one.get(same + 1) == other.get(same)
        && tail(2, 2);
    tail(1, 1) || tail(1, 0) || tail(0, 1) || swapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_office::file;

    fn sample(office: &str) -> Office {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/offices/");
        file::read(&std::fs::read_to_string(format!("{path}{office}.toml")).unwrap()).unwrap()
    }

    fn found_in(office: &str, typed: &str) -> Vec<String> {
        let office = sample(office);
        let services: Vec<&Service> = office.services.iter().collect();
        find(&office, &services, typed).into_iter().map(|s| s.id.clone()).collect()
    }

    fn found(typed: &str) -> Vec<String> {
        found_in("torun", typed)
    }

    #[test]
    fn endings_marks_and_case_do_not_matter() {
        assert_eq!(found("dowodu"), ["dowod-wniosek", "dowod-odbior", "meldunek"]);
        assert_eq!(found("faktura"), ["zbycie-pojazdu"]);
        assert_eq!(found("REJESTRACJE pojazd")[0], "rejestracja-pojazdu");
        assert_eq!(found("śmieci"), ["oplata-za-odpady"]);
        assert_eq!(found("odpady")[0], "oplata-za-odpady");
        assert_eq!(found(" o "), found(""));
    }

    /// What people call their matter, and which service must be found first.
    const EVERYDAY: &[(&str, &str, &str)] = &[
        ("torun", "śmieci", "oplata-za-odpady"),
        ("torun", "smieci", "oplata-za-odpady"),
        ("torun", "wywóz śmieci", "oplata-za-odpady"),
        ("torun", "auto", "rejestracja-pojazdu"),
        ("torun", "samochód", "rejestracja-pojazdu"),
        ("torun", "samochodu", "rejestracja-pojazdu"),
        ("torun", "sprzedałem auto", "zbycie-pojazdu"),
        ("torun", "kupiłam samochód", "rejestracja-pojazdu"),
        ("torun", "tablice rejestracyjne", "rejestracja-pojazdu"),
        ("torun", "pesel", "meldunek"),
        ("torun", "przeprowadzka", "meldunek"),
        ("torun", "zameldować się", "meldunek"),
        ("torun", "zgubiłem dowód", "dowod-wniosek"),
        ("torun", "zgubiłam dowód osobisty", "dowod-wniosek"),
        ("torun", "nowy dowód", "dowod-wniosek"),
        ("torun", "jak wyrobić dowód", "dowod-wniosek"),
        ("torun", "odebrać dowód", "dowod-odbior"),
        ("torun", "prawko", "prawo-jazdy"),
        ("torun", "prawa jazdy", "prawo-jazdy"),
        ("torun", "ślub", "slub-cywilny"),
        ("torun", "slubu", "slub-cywilny"),
        ("torun", "małżeństwo", "slub-cywilny"),
        ("torun", "akt urodzenia", "odpis-aktu"),
        ("torun", "zgon", "odpis-aktu"),
        ("torun", "noworodek", "zgloszenie-urodzenia"),
        ("torun", "urodziło się dziecko", "zgloszenie-urodzenia"),
        ("torun", "założyć firmę", "dzialalnosc-gospodarcza"),
        ("torun", "działalność", "dzialalnosc-gospodarcza"),
        ("torun", "działka", "podatek-od-nieruchomosci"),
        ("torun", "podatku", "podatek-od-nieruchomosci"),
        ("torun", "car", "rejestracja-pojazdu"),
        ("torun", "rubbish", "oplata-za-odpady"),
        ("torun", "wedding", "slub-cywilny"),
        ("torun", "сміття", "oplata-za-odpady"),
        ("torun", "машина", "rejestracja-pojazdu"),
        ("torun", "свадьба", "slub-cywilny"),
        ("torun", "rejstracja pojazdu", "rejestracja-pojazdu"),
        ("kalisz", "auto", "rejestracja-nowy"),
        ("kalisz", "używane auto", "rejestracja-uzywany"),
        ("kalisz", "auto z Niemiec", "rejestracja-z-zagranicy"),
        ("kalisz", "złomowanie", "wyrejestrowanie"),
        ("kalisz", "sprzedałem samochód", "zgloszenie-sprzedazy"),
        ("kalisz", "zgubiłem dowód rejestracyjny", "dowod-wymiana"),
        ("kalisz", "hak", "dowod-zmiany"),
        ("kalisz", "odbiór dowodu", "dowod-wydanie"),
        ("kalisz", "import", "rejestracja-z-zagranicy"),
        ("wroclaw", "paszport", "paszport-wniosek"),
        ("wroclaw", "zgubiłem paszport", "paszport-wniosek"),
        ("wroclaw", "pasport", "paszport-wniosek"),
        ("wroclaw", "odebrać paszport", "paszport-odbior"),
        ("wroclaw", "karta pobytu", "lp1-wniosek"),
        ("wroclaw", "pobyt stały", "lp1-wniosek"),
        ("wroclaw", "карта побиту", "lp1-wniosek"),
        ("wroclaw", "вид на жительство", "lp1-wniosek"),
        ("wroclaw", "residence permit", "lp1-wniosek"),
        ("wroclaw", "co z moją sprawą", "kierownik-lp1"),
        ("wroclaw", "dyrektor", "dyrektor"),
        ("wroclaw", "LP2", "lp2-wniosek"),
    ];

    #[test]
    fn fifty_everyday_words_find_what_people_mean_by_them() {
        assert!(EVERYDAY.len() >= 50);
        let wrong: Vec<String> = EVERYDAY
            .iter()
            .map(|(office, typed, first)| (office, typed, first, found_in(office, typed)))
            .filter(|(.., first, found)| found.first().map(String::as_str) != Some(**first))
            .map(|(office, typed, first, found)| {
                format!("{office}: {typed:?} finds {found:?}, not {first} first")
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn nonsense_finds_nothing() {
        for office in ["torun", "kalisz", "wroclaw"] {
            for typed in [
                "xyz",
                "qwerty",
                "asdfgh",
                "pizza",
                "rower górski",
                "kot",
                "12345",
                "lorem ipsum",
                "!!!abc???",
                "hipopotam",
            ] {
                assert_eq!(found_in(office, typed), Vec::<String>::new(), "{office}: {typed}");
            }
        }
    }
}
