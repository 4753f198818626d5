//! Every figure of the gate, with its reason. Soft where an address may be shared by many honest people (a household, a
//! library, a phone company's exit), hard where one thing is one person's (a phone). Knows no request.

use okienko_kernel::Span;
use okienko_limits::Rate;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Questions for days and hours from one network: forty people at a library who turn a page every four seconds. A script
/// that asks every second is let in too; it costs little and learns nothing that is secret.
pub const LISTINGS_PER_NETWORK: Rate = Rate::new(600, MINUTE);

/// The same of one account, which is one person, who turns a page every half second.
pub const LISTINGS_PER_ACCOUNT: Rate = Rate::new(120, MINUTE);

/// Holds from one network: forty people at a library, each with a change of mind, at once; afterwards one in ten seconds.
pub const HOLDS_PER_NETWORK: Rate = Rate::new(60, TEN_MINUTES);
/// Holds of one account: it is one person, who may look at several hours and come back after a mistake.
pub const HOLDS_PER_ACCOUNT: Rate = Rate::new(20, HOUR);

/// Forms of one hold with other answers than before, each of which is an event for good: a person corrects a handful of
/// mistakes in the ten to twenty minutes that a hold lasts.
pub const FORMS_PER_HOLD: Rate = Rate::new(20, TEN_MINUTES);
/// The same from one network: ten for each of the holds that it may have.
pub const FORMS_PER_NETWORK: Rate = Rate::new(600, TEN_MINUTES);

/// Holds that run unproved from one network before the next one costs work, in every office: a family of five, each of whom
/// has chosen twice. Forty people at a library come over it when all of them fill in their forms at the same moment; then
/// the browser of the next one works for a second, nobody is refused. Each time this number is reached once more the work
/// doubles, so that one computer cannot hold a whole day for the ten minutes after which it would have to begin anew.
pub const UNPROVED_FREE: u32 = 10;

/// Codes asked for from one network: the same forty people, half of whom ask twice.
pub const CODES_PER_NETWORK: Rate = Rate::new(60, TEN_MINUTES);
/// Codes of one account.
pub const CODES_PER_ACCOUNT: Rate = Rate::new(20, HOUR);
/// Codes to one phone or mail address, over all holds and all offices. Ten at once serve a family of five with one phone,
/// each with a second try. Each code may be guessed at five times, so that the day's figure leaves a guesser less than one
/// chance in ten thousand, and nobody's phone rings all night.
pub const CODES_PER_ADDRESS: [(&str, Rate); 3] =
    [("10m", Rate::new(10, TEN_MINUTES)), ("1h", Rate::new(15, HOUR)), ("1d", Rate::new(19, DAY))];

/// New accounts from one network: forty people on one morning, not a list of bought addresses.
pub const ACCOUNTS_PER_NETWORK: Rate = Rate::new(40, HOUR);

/// Challenges for one network: six pages of hours for each of forty people. Each costs us one key derivation.
pub const CHALLENGES_PER_NETWORK: Rate = Rate::new(240, TEN_MINUTES);
/// Challenges of one account: a page of hours fetches one, and one hold needs one.
pub const CHALLENGES_PER_ACCOUNT: Rate = Rate::new(120, HOUR);
/// Waiting instead of a challenge, by one account: as many as its holds.
pub const WAITS_PER_ACCOUNT: Rate = HOLDS_PER_ACCOUNT;
/// Waiting instead of a challenge, from one network. Hard, because waiting costs a script nothing but patience, and few
/// browsers are without scripts.
pub const WAITS_PER_NETWORK: Rate = Rate::new(12, TEN_MINUTES);

/// An end site of IPv6 gets at least a /64, often a /56 or a /48: those count too, with so many times the figure.
pub const WIDER: [(u8, u32); 2] = [(56, 4), (48, 16)];

/// Holds of one network in an hour from which on each costs twice as much as before. A household never comes to the
/// first; a full library comes to the second, which is four seconds on a cheap phone while its owner picks an hour.
pub const DEARER_FROM_HELD: [u32; 6] = [30, 60, 90, 120, 180, 240];
/// The same for holds that ended without a reservation: people finish most of what they begin, scripts hoard.
pub const DEARER_FROM_ABANDONED: [u32; 4] = [12, 24, 40, 60];
/// The time over which both are counted.
pub const PRICE_SPAN: Duration = HOUR;
/// The highest price: two to this power times the lowest. About a minute on a cheap phone.
pub const HIGHEST_LEVEL: u8 = 6;
/// A challenge still counts when the price has risen by so many steps since it was given: the others at a library must not
/// void the work of the one who was slower. One that was hoarded before a spree does not.
pub const LEVEL_SLACK: u8 = 1;

/// Iterations of one key derivation. Large beside the overhead of one call in a browser, small for us: each challenge
/// and each answer costs us one.
pub const COST: u32 = 1_000;
/// The lowest price in key derivations, drawn evenly: between half a million and a million iterations, about a second on a
/// cheap phone. Even, so that nobody has bad luck.
pub const COUNTERS: std::ops::Range<u32> = 500..1_000;
/// How long a challenge may be answered: as long as a hold lasts.
pub const CHALLENGE_LIFE_S: i64 = 600;
/// How long a used challenge is known by the request that used it, so that a retry gets the first answer: as long as
/// receipts are kept.
pub const RETRY_LIFE: Duration = DAY;

/// Seconds of waiting instead of a challenge at the lowest price. Longer than a computer needs for a challenge, because
/// one can wait for many at once; they double with the price.
pub const WAIT_S: i64 = 15;
/// How many times they double at most: two minutes.
pub const WAIT_DOUBLINGS: u8 = 3;
/// How long a ticket counts once its wait is over.
pub const WAIT_LIFE_S: i64 = 600;

/// Holds that run and whose network is remembered, so that an abandoned one can be counted. More are not remembered,
/// which only makes them cheaper.
pub const RUNNING_HOLDS: usize = 50_000;
/// One whose end was not heard of is forgotten after this long: no hold lasts longer than twenty minutes.
pub const RUNNING_FOR: Span = Span::from_mins(30);

/// One line in the access log for the same refusal of the same network in this time …
pub const LOG_PER_NETWORK: Rate = Rate::new(1, MINUTE);
/// … and so many of all networks: a flood from everywhere writes at most twenty megabytes a day.
pub const LOG_OF_ALL: Rate = Rate::new(60, MINUTE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_has_less_than_one_chance_in_ten_thousand_a_day() {
        let (_, day) = CODES_PER_ADDRESS[2];
        assert_eq!(day.per, DAY);
        assert!(f64::from(day.count) * 5.0 / 1e6 < 1e-4);
    }

    #[test]
    fn prices_rise_in_order() {
        assert!(DEARER_FROM_HELD.is_sorted() && DEARER_FROM_ABANDONED.is_sorted());
        assert_eq!(usize::from(HIGHEST_LEVEL), DEARER_FROM_HELD.len());
    }
}
