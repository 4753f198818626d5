//! The published test vectors, and every way in which an answer can be wrong.

use super::*;

const NOW: i64 = 1_800_000_000;

fn secrets() -> Secrets {
    Secrets::new(&[1; 32], &[2; 32])
}

fn given(counter: u32) -> Challenge {
    let data = Data { level: 0, office: "small".into() };
    secrets().challenge((3, counter), ([7; 16], [9; 16]), data, NOW + 600)
}

/// What any client of the standard does.
fn solved(challenge: &Challenge) -> Solution {
    let Parameters { nonce, salt, cost, key_prefix, .. } = &challenge.parameters;
    let (nonce, salt) = (bytes16(nonce).unwrap(), bytes16(salt).unwrap());
    let key = |counter| HEXLOWER.encode(&derive(&nonce, &salt, *cost, counter));
    let counter = (0..).find(|counter| key(*counter).starts_with(key_prefix)).unwrap();
    Solution { counter, derived_key: key(counter) }
}

fn sent(answer: &impl Serialize) -> String {
    BASE64.encode(&serde_json::to_vec(answer).unwrap())
}

fn judged(answer: &Answer) -> Result<(), Wrong> {
    let read = secrets().read(&sent(answer))?;
    secrets().check(&read, ("small", NOW), (3, |_| 100))
}

fn right() -> Answer {
    let challenge = given(40);
    Answer { solution: solved(&challenge), challenge }
}

#[test]
fn keys_are_derived_as_in_the_published_vectors() {
    let nonce = bytes16("39baf91a19d671f8231217f9e28342a6").unwrap();
    let salt = bytes16("5e00d5d152e1a5db7d44fb6404a40a5e").unwrap();
    let key = |cost, counter| HEXLOWER.encode(&derive(&nonce, &salt, cost, counter));
    assert_eq!(key(1, 123), "722ede188d41e7a7c9fd5447dca6cbb84e09c15724dbaadfb5bfb37d2cd4effa");
    assert_eq!(key(2, 123), "cba117f9a790022a55589d5008c9f003e49c011ff7fe34fc838788a1825524f7");
    assert_eq!(key(1000, 352), "00cbaa91ccefaa0bbd461ffa67e8c7d9aeee540ceb6063165959bdbb725297e3");
    assert!(!key(1000, 351).starts_with("00"));
}

#[test]
fn parameters_are_signed_in_their_canonical_form() {
    let challenge = given(1);
    let value = serde_json::to_value(&challenge.parameters).unwrap();
    let sorted: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_value(value).unwrap();
    assert_eq!(canonical(&challenge.parameters), serde_json::to_string(&sorted).unwrap());
    assert!(canonical(&challenge.parameters).contains(r#""data":{"level":0,"office":"small"},"expiresAt":"#));
    // The published vector of the signature, over the same canonical form.
    let text = r#"{"algorithm":"PBKDF2/SHA-256","cost":1000,"keyLength":32,"keyPrefix":"00","nonce":"39baf91a19d671f8231217f9e28342a6","salt":"5e00d5d152e1a5db7d44fb6404a40a5e"}"#;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"signature.secret"), text.as_bytes());
    let vector = "a10045ef3381d5516e0c3fd6bf0b90e02fab68d576ffe9e0e1c2d1cd1e404f2a";
    assert_eq!(HEXLOWER.encode(tag.as_ref()), vector);
}

#[test]
fn the_work_takes_exactly_the_drawn_counter_and_its_answer_is_right() {
    let answer = right();
    assert_eq!(answer.solution.counter, 40);
    assert_eq!(judged(&answer), Ok(()));
    // Clients report how long it took, and some omit the padding.
    let mut value = serde_json::to_value(&answer).unwrap();
    value["solution"]["time"] = 812.5.into();
    let unpadded = sent(&value).trim_end_matches('=').to_owned();
    assert!(secrets().read(&sent(&value)).is_ok() && secrets().read(&unpadded).is_ok());
}

#[test]
fn parameters_of_one_with_the_signature_of_another_are_refused() {
    let mut answer = right();
    answer.challenge.signature = given(41).signature;
    assert_eq!(judged(&answer), Err(Wrong::Signature));
    for change in [
        (|p: &mut Parameters| p.expires_at += 1) as fn(&mut Parameters),
        |p| p.cost = 1,
        |p| p.data.level = 1,
        |p| p.data.office = "other".into(),
        |p| p.key_prefix.truncate(2),
        |p| p.key_signature = "00".into(),
        |p| p.nonce = p.nonce.to_uppercase() + "00",
    ] {
        let mut answer = right();
        change(&mut answer.challenge.parameters);
        assert_eq!(judged(&answer), Err(Wrong::Signature));
    }
}

#[test]
fn what_is_no_answer_is_unreadable() {
    let mut more = serde_json::to_value(right()).unwrap();
    more["challenge"]["parameters"]["memoryCost"] = 1.into();
    let mut less = serde_json::to_value(right()).unwrap();
    less["challenge"].as_object_mut().unwrap().remove("signature");
    for text in ["", "!", "e30=", &sent(&more), &sent(&less), &"A".repeat(LONGEST + 4)] {
        assert_eq!(secrets().read(text).unwrap_err(), Wrong::Unreadable, "{text}");
    }
}

#[test]
fn expired_for_another_office_or_with_an_old_cost_is_refused() {
    let answer = right();
    let check = |office, now, cost| secrets().check(&answer, (office, now), (cost, |_| 100));
    assert_eq!(check("small", NOW + 600, 3), Ok(()));
    assert_eq!(check("small", NOW + 601, 3), Err(Wrong::Expired));
    assert_eq!(check("other", NOW, 3), Err(Wrong::Office));
    assert_eq!(check("small", NOW, 4), Err(Wrong::Parameters));
}

#[test]
fn work_that_was_not_done_is_refused() {
    let good = right();
    let with = |change: &dyn Fn(&mut Solution)| {
        let mut answer = good.clone();
        change(&mut answer.solution);
        judged(&answer)
    };
    let prefix = &good.challenge.parameters.key_prefix;
    assert_eq!(with(&|s| s.counter = 39), Err(Wrong::Solution));
    assert_eq!(with(&|s| s.counter = 100), Err(Wrong::Solution));
    assert_eq!(with(&|s| s.derived_key = s.derived_key.to_uppercase()), Err(Wrong::Solution));
    // The prefix is in the challenge; the rest of the key is not.
    assert_eq!(with(&|s| s.derived_key = format!("{prefix}{}", "0".repeat(32))), Err(Wrong::Solution));
    assert_eq!(with(&|s| s.derived_key = String::new()), Err(Wrong::Solution));
    // A correct key, but for a counter that is not the solution.
    let other = solved(&given(41));
    assert_eq!(with(&|s| *s = other.clone()), Err(Wrong::Solution));
}

#[test]
fn the_secrets_of_another_installation_sign_nothing_here() {
    let theirs = Secrets::new(&[3; 32], &[2; 32]);
    assert_eq!(theirs.read(&sent(&right())).unwrap_err(), Wrong::Signature);
}
