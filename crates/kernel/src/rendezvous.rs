//! Rendezvous hashing: picks the home of a key from the replicas present, so that all who see the same ones agree
//! without asking, and few keys move when one comes or goes. The constants never change, since replicas of two versions
//! must agree. Knows no network.

/// The name among `present` that is the home of `key`; equal weights go to the lesser name. `None` when nobody is
/// present.
pub fn home_of<'a>(key: &str, present: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let key = digest(key);
    present.into_iter().max_by_key(|name| (weight(key, name), std::cmp::Reverse(*name)))
}

fn weight(key: u64, name: &str) -> u64 {
    mix(key ^ mix(digest(name)))
}

/// FNV-1a over the bytes, then mixed, so that keys that differ in one digit of a date do not land together.
fn digest(text: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
}

/// SplitMix64's finalizer: flipping any input bit flips half of the output bits.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn keys() -> Vec<String> {
        let days =
            |pool| (0..500).map(move |day| format!("day/torun/{pool}/2026-{:02}-{:02}", day / 28, day % 28));
        ["cars", "ids", "papers"].into_iter().flat_map(days).collect()
    }

    #[test]
    fn keys_lie_evenly_on_those_present_whatever_their_order() {
        let names = ["booking-7f9c-x2", "booking-7f9c-x3", "booking-7f9c-x4"];
        let mut loads: BTreeMap<&str, usize> = BTreeMap::new();
        for key in keys() {
            let home = home_of(&key, names).unwrap();
            assert_eq!(home_of(&key, names.into_iter().rev()), Some(home));
            *loads.entry(home).or_default() += 1;
        }
        assert!(loads.len() == 3 && loads.values().all(|load| (425..=575).contains(load)), "{loads:?}");
    }

    #[test]
    fn when_one_leaves_its_keys_move_and_no_others() {
        let (all, left) = (["a", "b", "c", "d"], ["a", "b", "d"]);
        for key in keys() {
            let (before, after) = (home_of(&key, all), home_of(&key, left));
            assert!(before == Some("c") || before == after, "{key} moved from {before:?} to {after:?}");
        }
    }

    #[test]
    fn homes_are_the_same_in_every_version_of_the_program() {
        let names = ["10.0.0.1:7000", "10.0.0.2:7000", "10.0.0.3:7000"];
        let homes: Vec<_> =
            keys().iter().take(6).map(|key| home_of(key, names).unwrap().as_bytes()[7]).collect();
        assert_eq!(String::from_utf8(homes).unwrap(), "211233");
        assert_eq!(home_of("x", []), None);
    }
}
