//! Who is found and who is not, as tables; and that one more booking never lowers another's score.

use super::*;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, IdKind, Way};
use proptest::prelude::*;

fn id(seed: u64) -> Id {
    let way = Way { office: 3, place: 1, day: Day::from_number(20_000) };
    Id::new(IdKind::Hold, way, &SeededEntropy::new(seed))
}

fn minute(minute: i64) -> Moment {
    Moment::from_micros(1_796_100_000_000_000) + Span::from_mins(minute)
}

/// A booking from a network, with a phone and a name, whose form took a minute and a half.
fn person(n: u64, network: &str, phone: &str, name: &str) -> Fact {
    let some = |text: &str| Some(text.to_owned());
    let trace = Trace {
        network: some(network),
        phone: some(phone),
        name: some(name),
        document: Some(format!("document of {name}")),
        form: Some(format!("form of {name}")),
        form_s: Some(90),
        ..Trace::default()
    };
    let at = minute(i64::try_from(n).unwrap());
    Fact { hold: id(n), at, stage: Stage::Confirmed, since_release: Span::from_hours(5), trace }
}

fn worst(facts: &[Fact]) -> u32 {
    judge(facts).into_iter().map(|verdict| verdict.score).max().unwrap_or_default()
}

#[test]
fn a_household_of_four_with_two_phones_at_one_address_is_left_alone() {
    let family = [("a", "one"), ("b", "one"), ("c", "one"), ("d", "two")].into_iter().zip(0..).map(
        |((name, phone), n)| {
            let mut fact = person(n, "home", phone, name);
            fact.trace.account = Some("family".into());
            // The browser fills in the answers.
            fact.trace.form_s = Some(2);
            fact
        },
    );
    let facts: Vec<Fact> = family.collect();
    assert!(worst(&facts) < THRESHOLD, "{:?}", judge(&facts));
}

#[test]
fn one_mailbox_under_many_addresses_is_found_and_a_couple_with_two_is_left_alone() {
    let of = |count: u64| -> Vec<Fact> {
        let one = |n| {
            let mut fact = person(n, &format!("network {n}"), &format!("address {n}"), "Jan Kowalski");
            fact.trace.document = Some(format!("document {n}"));
            fact.trace.form = Some(format!("form {n}"));
            fact.trace.mailbox = Some("jan@".into());
            fact.trace.address = Some(format!("jan+{n}@"));
            fact
        };
        (0..count).map(one).collect()
    };
    assert!(worst(&of(2)) < THRESHOLD);
    assert!(worst(&of(4)) >= THRESHOLD, "{:?}", judge(&of(4)));
    assert!(judge(&of(4))[0].reasons.contains(&Reason::MailAliases { count: 4 }));
}

#[test]
fn a_library_with_forty_visitors_at_one_address_is_left_alone() {
    let mut facts: Vec<Fact> =
        (0..40).map(|n| person(n, "library", &format!("phone {n}"), &format!("name {n}"))).collect();
    // Every second person tries twice.
    facts.extend((0..20).map(|n| Fact {
        stage: Stage::Abandoned,
        ..person(n, "library", &format!("phone {n}"), &format!("name {n}"))
    }));
    assert!(worst(&facts) < THRESHOLD, "{:?}", judge(&facts)[0]);
}

#[test]
fn a_reseller_is_found_by_every_pattern_that_resellers_have() {
    let names: Vec<Fact> =
        (0..12).map(|n| person(n, &format!("net {n}"), "one phone", &format!("name {n}"))).collect();
    let phones = (0..5).map(|n| {
        let mut fact = person(n, &format!("net {n}"), &format!("phone {n}"), "one");
        fact.trace.form = None;
        fact
    });
    let machine = (0..12).map(|n| {
        let mut fact = person(n, "one net", &format!("phone {n}"), &format!("name {n}"));
        fact.trace.form_s = Some(0);
        fact.since_release = Span::from_millis(400);
        fact
    });
    let account = (0..9).map(|n| {
        let mut fact = person(n, &format!("net {n}"), &format!("phone {n}"), &format!("name {n}"));
        fact.trace.account = Some("one".into());
        fact
    });
    let holder = (0..60).map(|n| Fact {
        stage: Stage::Abandoned,
        trace: Trace { network: Some("one".into()), ..Trace::default() },
        ..person(n, "one", "", "")
    });
    let copied = (0..8).map(|n| {
        let mut fact = person(n, "one net", &format!("phone {n}"), &format!("name {n}"));
        fact.trace.form = Some("the same".into());
        fact
    });
    for (what, facts) in [
        ("names on a phone", names),
        ("phones of a document", phones.collect()),
        ("a machine", machine.collect()),
        ("names on an account", account.collect()),
        ("holds", holder.collect()),
        ("copied forms", copied.collect()),
    ] {
        assert!(worst(&facts) >= THRESHOLD, "{what}: {:?}", judge(&facts)[0]);
    }
}

#[test]
fn reasons_count_within_an_hour_and_say_the_minutes() {
    let mut facts: Vec<Fact> =
        (0..7).map(|n| person(n * 3, "net", &format!("p{n}"), &format!("n{n}"))).collect();
    let verdict = judge(&facts).swap_remove(3);
    assert_eq!(verdict.reasons, [Reason::NetworkBurst { count: 7, minutes: 18 }]);
    // Bookings of the next day do not count together with these.
    facts.iter_mut().skip(3).for_each(|fact| fact.at = fact.at + Span::from_hours(24));
    assert!(judge(&facts).iter().all(|verdict| verdict.score == 0));
    for (table, count, expected) in [(NETWORK, 5, 0), (NETWORK, 6, 10), (NETWORK, 400, 20), (PHONES, 3, 30)] {
        assert_eq!(points(table, count), expected);
    }
}

#[test]
fn the_first_second_and_the_fast_form_end_where_they_say() {
    for (since, seconds, score) in [
        (Span::from_millis(999), 2, AT_RELEASE + FAST_FORM),
        (Span::from_secs(1), 2, FAST_FORM),
        (Span::from_millis(-1), 3, 0),
        (Span::ZERO, 3, AT_RELEASE),
    ] {
        let mut fact = person(1, "n", "p", "x");
        (fact.since_release, fact.trace.form_s) = (since, Some(seconds));
        assert_eq!(worst(&[fact]), score, "{since:?} {seconds}");
    }
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let word = || proptest::option::of((0u8..4).prop_map(|n| n.to_string()));
    let words = (word(), word(), word(), word(), word(), word());
    (words, any::<u64>(), 0i64..180, 0u8..3, proptest::option::of(0u32..6)).prop_map(
        |((network, account, phone, document, name, form), seed, at, stage, form_s)| Fact {
            hold: id(seed),
            at: minute(at),
            stage: [Stage::Held, Stage::Abandoned, Stage::Confirmed][usize::from(stage)],
            since_release: Span::from_millis(at * 100),
            trace: Trace { network, account, phone, document, name, form, form_s, ..Trace::default() },
        },
    )
}

proptest! {
    #[test]
    fn one_more_booking_never_lowers_the_score_of_another(
        mut facts in proptest::collection::vec(any_fact(), 0..40), more in any_fact()
    ) {
        let before = judge(&facts);
        facts.push(more);
        let after = judge(&facts);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after.score >= before.score, "{before:?} {after:?}");
            prop_assert!(after.score <= MAX_SCORE);
        }
    }
}
