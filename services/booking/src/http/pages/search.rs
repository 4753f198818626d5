//! Finding a service by what people type: without Polish letters' marks, and forgiving about the endings of words.
//! Knows no page.

use crate::domain::office::{Office, Service};

/// The services that `typed` may mean. Those whose name or category fits, names first; only when there are none, those
/// whose other texts do: an identity card is brought to nearly everything.
pub fn find<'a>(office: &Office, services: &[&'a Service], typed: &str, locale: &str) -> Vec<&'a Service> {
    let wanted = words_of(typed);
    if wanted.is_empty() {
        return services.to_vec();
    }
    let name = |service: &Service| words_of(service.name.in_locale(locale));
    let with_category = |service: &Service| {
        let category = office.category(&service.category).map_or("", |c| c.name.in_locale(locale));
        [name(service), words_of(category)].concat()
    };
    let all =
        |service: &Service| [with_category(service), words_of(service.bring.in_locale(locale))].concat();
    let fits = |words: Vec<String>| wanted.iter().all(|typed| words.iter().any(|word| same(typed, word)));
    let (first, rest): (Vec<&Service>, Vec<&Service>) =
        services.iter().copied().partition(|service| fits(name(service)));
    let second = rest.iter().copied().filter(|service| fits(with_category(service)));
    let found: Vec<&Service> = first.into_iter().chain(second).collect();
    if found.is_empty() { rest.into_iter().filter(|service| fits(all(service))).collect() } else { found }
}

/// Words of three letters and more, and numbers; small, without marks.
fn words_of(text: &str) -> Vec<String> {
    let plain: String = text.to_lowercase().chars().map(bare).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_owned).collect()
}

fn bare(c: char) -> char {
    match c {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        other => other,
    }
}

/// Whether both may be forms of one word: "dowodu" and "dowód", "rejestrację" and "rejestracja".
fn same(typed: &str, word: &str) -> bool {
    let shared = typed.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let length = typed.chars().count();
    shared >= length.saturating_sub(2).max(3).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office_file;

    fn found(typed: &str) -> Vec<String> {
        let office = office_file::read(include_str!("../../../../../deploy/offices/torun.toml")).unwrap();
        let services: Vec<&Service> = office.services.iter().collect();
        find(&office, &services, typed, "pl").into_iter().map(|s| s.id.clone()).collect()
    }

    #[test]
    fn endings_marks_and_case_do_not_matter() {
        assert_eq!(found("dowodu"), ["dowod-wniosek", "dowod-odbior", "meldunek"]);
        assert_eq!(found("faktura"), ["zbycie-pojazdu"]);
        assert_eq!(found("REJESTRACJE pojazd")[0], "rejestracja-pojazdu");
        assert_eq!(found("śmieci"), Vec::<String>::new());
        assert_eq!(found("odpady")[0], "oplata-za-odpady");
        assert_eq!(found(" o "), found(""));
    }
}
