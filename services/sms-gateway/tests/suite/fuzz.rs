//! External input, random and mutated from valid input: no parser panics, and none accepts what a second, simpler
//! reading refuses. Few inputs in everyday runs; `cargo xtask prove fuzz` draws ten million for each.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a proof is told its size and prints its figures"
)]

use data_encoding::BASE64;
use okienko_address::{DEFAULT_DIAL_CODES, parse_mobile};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Entropy, Id, IdKind, Way};
use okienko_sms_gateway::callbacks::{form, smsapi, twilio};
use okienko_sms_gateway::gsm7::{Alphabet, count, transliterate};
use ring::hmac;

/// The random source of one test; prints its seed.
struct Draw(SeededEntropy);

impl Draw {
    fn of(what: &str) -> Draw {
        let given = std::env::var("OKIENKO_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed =
            given.unwrap_or_else(|| std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), what));
        println!("{what}: OKIENKO_FUZZ_SEED={seed}");
        Draw(SeededEntropy::new(seed))
    }
    fn below(&self, end: usize) -> usize {
        (self.0.number() % end.max(1) as u64) as usize
    }
    fn one_of<T: Copy>(&self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
    /// A text of up to `most` pieces.
    fn text(&self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.one_of(pieces)).collect()
    }
    /// The text with characters changed, dropped, doubled or inserted.
    fn bent(&self, text: &str) -> String {
        let mut signs: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(signs.len().max(1));
            let sign =
                self.one_of(&['+', '0', '9', ' ', '%', '&', '=', ',', 'a', 'ż', '\0', '😀', '-', '/', ':']);
            match self.below(4) {
                0 if at < signs.len() => signs[at] = sign,
                1 if at < signs.len() => drop(signs.remove(at)),
                2 if at < signs.len() => signs.insert(at, signs[at]),
                _ => signs.insert(at.min(signs.len()), sign),
            }
        }
        signs.into_iter().collect()
    }
}

fn inputs() -> u64 {
    std::env::var("OKIENKO_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

fn done(what: &str, inputs: u64, accepted: u64) {
    assert!(accepted > 0 && accepted < inputs, "{what}: {accepted} accepted, so one side was never seen");
    println!("{what}: {inputs} inputs, {accepted} accepted, no panic, none accepted wrongly");
}

#[test]
fn reports_of_smsapi_name_nothing_that_was_not_sent_and_end_nothing_that_goes_on() {
    let draw = Draw::of("reports of SMSAPI");
    let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
    let ids: Vec<String> =
        (0..8).map(|n| Id::new(IdKind::Message, way, &SeededEntropy::new(n)).to_string()).collect();
    let statuses =
        ["401", "402", "403", "404", "405", "406", "407", "408", "409", "410", "411", "412", "", "x", "4040"];
    let (mut accepted, all) = (0, inputs());
    for _ in 0..all {
        let list = |draw: &Draw, one: &dyn Fn() -> String| {
            (0..1 + draw.below(4))
                .map(|_| one())
                .collect::<Vec<_>>()
                .join(draw.one_of(&[",", ",", ",", "%2C"]))
        };
        let own = || ids[draw.below(ids.len())].clone();
        let query = format!(
            "MsgId={}&status={}&idx={}",
            list(&draw, &|| draw.text(&["A", "0", "F"], 3)),
            list(&draw, &|| draw.one_of(&statuses).to_owned()),
            list(&draw, &own)
        );
        let query = if draw.below(3) == 0 { draw.bent(&query) } else { query };
        let Some(fields) = form::fields(&query) else { continue };
        let Some(reports) = smsapi::read(&fields) else { continue };
        accepted += u64::from(!reports.is_empty());
        let sent = |name: &str| form::field(&fields, name).unwrap_or_default().to_owned();
        let ends = sent("status")
            .split(',')
            .filter(|it| ["402", "404", "405", "406", "407", "412"].contains(&it.trim()))
            .count();
        assert!(reports.len() <= ends, "{query}");
        let named = sent("idx");
        let is_named =
            |id: &Id| named.split(',').any(|it| Id::parse(IdKind::Message, it.trim()).as_ref() == Ok(id));
        assert!(reports.iter().all(|(id, _)| is_named(id)), "{query}");
    }
    done("reports of SMSAPI", all, accepted);
}

#[test]
fn nothing_is_taken_for_signed_by_twilio_but_what_is() {
    let draw = Draw::of("signatures of Twilio");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"token");
    let sign = |text: &str| BASE64.encode(hmac::sign(&key, text.as_bytes()).as_ref());
    let (mut accepted, all) = (0, inputs());
    for _ in 0..all {
        let host = draw.one_of(&[
            "https://a.pl",
            "https://a.pl:443",
            "http://a.pl",
            "http://a.pl:80",
            "http://a.pl:8080",
            "https://[::1]",
        ]);
        let url = format!("{host}/callbacks/sms/twilio/torun?message={}", draw.text(&["0", "r", "k"], 6));
        let pairs: Vec<String> = (0..draw.below(6))
            .map(|_| {
                format!(
                    "{}={}",
                    draw.one_of(&["To", "MessageStatus", "Sid", "a"]),
                    draw.text(&["x", "1", "%20", "ż", "+"], 3)
                )
            })
            .collect();
        let Some(fields) = form::fields(&pairs.join("&")) else { continue };
        // The same computed by hand: all pairs sorted, each once.
        let plain = |fields: &[(String, String)]| {
            let each: std::collections::BTreeSet<&(String, String)> = fields.iter().collect();
            each.into_iter().fold(String::new(), |text, (name, value)| text + name + value)
        };
        let signature = sign(&format!("{url}{}", plain(&fields)));
        assert!(twilio::is_signed("token", &url, &fields, &signature), "{url} {fields:?}");
        let (told_url, told_pairs, told) = match draw.below(4) {
            0 => (draw.bent(&url), pairs.join("&"), signature.clone()),
            1 => (url.clone(), draw.bent(&pairs.join("&")), signature.clone()),
            2 => (url.clone(), pairs.join("&"), draw.bent(&signature)),
            _ => (url.clone(), pairs.join("&"), signature.clone()),
        };
        let Some(told_fields) = form::fields(&told_pairs) else { continue };
        let with_port = |url: &str| {
            let (scheme, rest) = url.split_once("://").unwrap_or_default();
            let usual = if scheme == "https" { ":443" } else { ":80" };
            let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            let has = host.rsplit(']').next().is_some_and(|tail| tail.contains(':'));
            format!("{scheme}://{host}{}{path}", if has { "" } else { usual })
        };
        let is_same = with_port(&told_url) + &plain(&told_fields) == with_port(&url) + &plain(&fields)
            && told == signature;
        let taken = twilio::is_signed("token", &told_url, &told_fields, &told);
        accepted += u64::from(taken);
        assert!(!taken || is_same, "{told_url} {told_fields:?} {told} for {url} {fields:?} {signature}");
    }
    done("signatures of Twilio", all, accepted);
}

/// GSM-7's characters without an escape, and with one, from the standard's tables.
const PLAIN: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const ESCAPED: &str = "\u{c}^{}\\[~]|€";

#[test]
fn parts_are_counted_as_if_each_text_were_cut_by_hand() {
    let draw = Draw::of("parts");
    let pieces = [
        "a",
        "Kod 482913 ",
        "€",
        "[",
        "ą",
        "ó",
        "😀",
        "\n",
        "Ç",
        "ç",
        "ł",
        "\u{301}",
        "x",
        "0123456789",
        "Ж",
    ];
    let (mut accepted, all) = (0, inputs());
    for _ in 0..all {
        let plain = draw.below(2) == 0;
        let most = 1 + draw.below(60);
        let text = draw.text(if plain { &pieces[..4] } else { &pieces }, most);
        let text = if draw.below(4) == 0 { draw.bent(&text) } else { text };
        let size = count(&text);
        let in_gsm7 = text.chars().all(|c| PLAIN.contains(c) || ESCAPED.contains(c));
        assert_eq!(size.alphabet == Alphabet::Gsm7, in_gsm7, "{text:?}");
        // Written out unit by unit; a pair is marked so that it can be kept together.
        let mut units: Vec<bool> = Vec::new();
        for c in text.chars() {
            let pair = if in_gsm7 { ESCAPED.contains(c) } else { c.len_utf16() == 2 };
            if pair {
                units.push(true);
            }
            units.push(false);
        }
        let (single, each) = if in_gsm7 { (160, 153) } else { (70, 67) };
        let mut parts = 1;
        if units.len() > single {
            let mut from = 0;
            parts = 0;
            while from < units.len() {
                let mut to = (from + each).min(units.len());
                // Not between the two units of a pair.
                if to < units.len() && units[to - 1] {
                    to -= 1;
                }
                (from, parts) = (to, parts + 1);
            }
        }
        assert_eq!((size.units, size.parts), (units.len(), parts), "{text:?}");
        accepted += u64::from(in_gsm7);
        let cheap = count(&transliterate(&text));
        assert!(
            cheap.alphabet == Alphabet::Ucs2
                || transliterate(&text).chars().all(|c| PLAIN.contains(c) || ESCAPED.contains(c))
        );
    }
    done("parts", all, accepted);
}

#[test]
fn a_phone_that_is_accepted_is_one_number_of_a_country_that_is_served() {
    let draw = Draw::of("phones");
    let pieces = [
        "+48", "0048", "601", "234", "567", " ", "-", "(", ")", "+380", "67", "1", "9", "0", "800", "70",
        "+44", "+1", "ż", "٣", "ext", ";", "/", "00", "690", "39",
    ];
    let (mut accepted, all) = (0, inputs());
    for n in 0..all {
        let text = match n % 3 {
            0 => draw.text(&pieces, 9),
            1 => draw.bent("+48 601 234 567"),
            _ => format!(
                "{}{:09}",
                draw.one_of(&["", "+48", "0048", "+380", "48"]),
                draw.0.number() % 1_000_000_000
            ),
        };
        let Ok(phone) = parse_mobile(&text, "PL", DEFAULT_DIAL_CODES) else { continue };
        accepted += 1;
        let e164 = phone.as_str();
        let digits = e164.strip_prefix('+').unwrap_or_default();
        assert!(
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()),
            "{text:?}: {e164}"
        );
        assert!(
            DEFAULT_DIAL_CODES.iter().any(|code| digits.starts_with(&code.to_string())),
            "{text:?}: {e164}"
        );
        // It contains only digits that were typed, in whichever script, and parsing it again gives the same.
        let typed: String = okienko_typed::code(&text).chars().filter(char::is_ascii_digit).collect();
        assert!(typed.ends_with(&digits[digits.len() - 8..]), "{text:?}: {e164}");
        let again = parse_mobile(e164, "PL", DEFAULT_DIAL_CODES);
        assert_eq!(again.map(|again| again.as_str().to_owned()).ok().as_deref(), Some(e164), "{text:?}");
    }
    done("phones", all, accepted);
}
