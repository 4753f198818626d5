//! The people of a town, for tests and benchmarks: everybody's own phone, mail and network, spread as a real town's are. Numbers
//! counted up one by one are what a pumping attack looks like, and a program that is guarded against those refuses them.

/// What mobile numbers begin with.
const BEGINNINGS: [u32; 8] = [50, 51, 53, 57, 60, 66, 69, 72];
/// Under each beginning there are so many blocks, each of ten thousand numbers.
const BLOCKS: u32 = 1_000;
const NUMBERS: u32 = 10_000;
/// Networks, and people in each.
const NETWORKS: u32 = 1 << 16;
const IN_A_NETWORK: u32 = 250;

/// How many people there are: above that the first ones come again.
pub const PEOPLE: u32 = NETWORKS * IN_A_NETWORK;

/// The mobile number of person `n`, in E.164: one after another they lie in blocks of their own, until all 8,000 have one.
pub fn phone(n: u32) -> String {
    let n = n % PEOPLE;
    let (beginning, rest) = (n as usize % BEGINNINGS.len(), n / BEGINNINGS.len() as u32);
    let (block, turn) = (rest % BLOCKS, rest / BLOCKS);
    // Neighbours differ in their ends too, as numbers that people were given by chance do.
    let end = (turn + 3_571 * block + 1_237 * beginning as u32) % NUMBERS;
    format!("+48{}{block:03}{end:04}", BEGINNINGS[beginning])
}

/// The mail address of person `n`.
pub fn mail(n: u32) -> String {
    let provider = ["poczta", "skrzynka", "list", "mail"][n as usize % 4];
    format!("osoba{n}@{provider}.example.org")
}

/// The network address of person `n`: one after another they are in networks of their own, until all 65,536 have one.
pub fn network(n: u32) -> String {
    let n = n % PEOPLE;
    // With its bits the other way round a small number says where in the whole range it is.
    let [high, low] = ((n % NETWORKS) as u16).reverse_bits().to_be_bytes();
    format!("10.{high}.{low}.{}", 1 + n / NETWORKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse_email, parse_mobile};
    use std::collections::{BTreeMap, BTreeSet};

    /// As many as crowds of tests and benchmarks have, and many more.
    const CROWDS: [u32; 8] = [50, 200, 600, 2_000, 6_000, 10_000, 20_000, 200_000];
    /// Where they begin to count: not all begin with the first.
    const FIRST: [u32; 4] = [0, 900_000, 1_000_000, PEOPLE - 100];

    fn most_in_one<K: Ord>(keys: impl Iterator<Item = K>) -> usize {
        let mut counted = BTreeMap::<K, usize>::new();
        keys.for_each(|key| *counted.entry(key).or_default() += 1);
        counted.into_values().max().unwrap_or_default()
    }

    #[test]
    fn a_crowd_shares_no_number_and_hardly_a_block() {
        for crowd in CROWDS {
            for first in FIRST {
                let phones: BTreeSet<String> = (first..first + crowd).map(phone).collect();
                assert_eq!(phones.len(), crowd as usize, "{crowd} from {first}");
                let blocks = most_in_one(phones.iter().map(|phone| phone[..8].to_owned()));
                assert!(blocks <= 2 + crowd as usize / 8_000, "{crowd} from {first}: {blocks} in one block");
            }
        }
    }

    #[test]
    fn a_crowd_shares_no_address_and_hardly_a_network() {
        for crowd in CROWDS {
            for first in FIRST {
                let addresses: BTreeSet<String> = (first..first + crowd).map(network).collect();
                assert_eq!(addresses.len(), crowd as usize);
                let of = |address: &String| address.rsplit_once('.').map(|(network, _)| network.to_owned());
                let together = most_in_one(addresses.iter().map(of));
                assert!(
                    together <= 2 + crowd as usize / NETWORKS as usize,
                    "{crowd} from {first}: {together}"
                );
                assert!(addresses.iter().all(|address| address.parse::<std::net::Ipv4Addr>().is_ok()));
            }
        }
    }

    #[test]
    fn everybodys_number_and_mail_can_be_written_to() {
        for n in (0..PEOPLE).step_by(9_973) {
            let number = phone(n);
            assert_eq!(
                parse_mobile(&number, "PL", &[48]).map(|it| it.as_str().to_owned()),
                Ok(number.clone())
            );
            assert!(parse_email(&mail(n)).is_ok());
        }
    }
}
