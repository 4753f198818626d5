//! Every figure of the gate, with its reason. Soft where many honest people may share an address (a household, a
//! library, a phone company's exit), hard where something belongs to one person (a phone). Knows no request.

use okienko_kernel::Span;
use okienko_limits::Rate;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Listings of days and hours from one network: forty people at a library who turn a page every four seconds. A script
/// that asks every second is let through too; it costs little and learns nothing secret.
pub const LISTINGS_PER_NETWORK: Rate = Rate::new(600, MINUTE);

/// Listings by one account, which is one person who turns a page every half second.
pub const LISTINGS_PER_ACCOUNT: Rate = Rate::new(120, MINUTE);

/// Holds from one network: forty people at a library at once, each with a change of mind; afterwards one in ten
/// seconds.
pub const HOLDS_PER_NETWORK: Rate = Rate::new(60, TEN_MINUTES);
/// Holds by one account: one person, who may look at several hours and come back after a mistake.
pub const HOLDS_PER_ACCOUNT: Rate = Rate::new(20, HOUR);

/// Changed forms of one hold, each of which is a permanent event: a person corrects a handful of mistakes in the ten to
/// twenty minutes that a hold lasts.
pub const FORMS_PER_HOLD: Rate = Rate::new(20, TEN_MINUTES);
/// The same from one network: ten for each hold that it may have.
pub const FORMS_PER_NETWORK: Rate = Rate::new(600, TEN_MINUTES);

/// Unproved holds that one network may have at a time, over all offices, before the next one costs work: a family of
/// five, each of whom chose twice. Forty people at a library exceed it if all of them fill in their forms at the same
/// moment; then the browser of the next one works for a second, and nobody is refused. Each further multiple of this
/// number doubles the work, so that one computer cannot hold a whole day for ten minutes, after which it would have to
/// start again.
pub const UNPROVED_FREE: u32 = 10;

/// Codes requested from one network: the same forty people, half of whom ask twice.
pub const CODES_PER_NETWORK: Rate = Rate::new(60, TEN_MINUTES);
/// Codes of one account.
pub const CODES_PER_ACCOUNT: Rate = Rate::new(20, HOUR);
/// Codes to one phone or mail address, over all holds and all offices. Ten at once serve a family of five with one
/// phone, each with a second try. Each code may be guessed five times, so the daily figure leaves an attacker less than
/// one chance in ten thousand, and nobody's phone rings all night.
pub const CODES_PER_ADDRESS: [(&str, Rate); 3] =
    [("10m", Rate::new(10, TEN_MINUTES)), ("1h", Rate::new(15, HOUR)), ("1d", Rate::new(19, DAY))];

/// New accounts from one network: forty people on one morning, not a list of bought addresses.
pub const ACCOUNTS_PER_NETWORK: Rate = Rate::new(40, HOUR);

/// Challenges for one network: six pages of hours for each of forty people. Each costs the server one key derivation.
pub const CHALLENGES_PER_NETWORK: Rate = Rate::new(240, TEN_MINUTES);
/// Challenges for one account: a page of hours fetches one, and one hold needs one.
pub const CHALLENGES_PER_ACCOUNT: Rate = Rate::new(120, HOUR);
/// Waits instead of a challenge, by one account: as many as its holds.
pub const WAITS_PER_ACCOUNT: Rate = HOLDS_PER_ACCOUNT;
/// Waits instead of a challenge, from one network. Hard, because waiting costs a script nothing, and few browsers have
/// no JavaScript.
pub const WAITS_PER_NETWORK: Rate = Rate::new(12, TEN_MINUTES);

/// An IPv6 site gets at least a /64, often a /56 or a /48: those are limited too, with this multiple of the figure.
pub const WIDER: [(u8, u32); 2] = [(56, 4), (48, 16)];

/// Holds of one network in an hour from which each costs twice as much as before. A household never reaches the first;
/// a full library reaches the second, which is four seconds on a cheap phone while its owner picks an hour.
pub const DEARER_FROM_HELD: [u32; 6] = [30, 60, 90, 120, 180, 240];
/// The same for holds that ended without a reservation: people finish most of what they begin, scripts hoard.
pub const DEARER_FROM_ABANDONED: [u32; 4] = [12, 24, 40, 60];
/// The period over which both are counted.
pub const PRICE_SPAN: Duration = HOUR;
/// The maximum price: two to this power times the minimum. About a minute on a cheap phone.
pub const HIGHEST_LEVEL: u8 = 6;
/// A challenge still counts if the price has risen by this many steps since it was issued: other people at a library
/// must not void the work of a slower one. A challenge hoarded before a spree does not count.
pub const LEVEL_SLACK: u8 = 1;

/// Iterations of one key derivation. Large compared to the overhead of one call in a browser, small for the server:
/// each challenge and each answer costs it one.
pub const COST: u32 = 1_000;
/// The minimum price in key derivations, drawn uniformly: between half a million and a million iterations, about a
/// second on a cheap phone. The narrow range means that nobody has bad luck.
pub const COUNTERS: std::ops::Range<u32> = 500..1_000;
/// How long a challenge is valid: as long as a hold lasts.
pub const CHALLENGE_LIFE_S: i64 = 600;
/// How long a used challenge is remembered together with its request, so that a retry gets the first answer: as long as
/// receipts are kept.
pub const RETRY_LIFE: Duration = DAY;

/// Seconds of waiting instead of a challenge, at the minimum price. Longer than a computer needs for a challenge,
/// because many waits can run at once; doubles with the price.
pub const WAIT_S: i64 = 15;
/// How many times it doubles at most: two minutes.
pub const WAIT_DOUBLINGS: u8 = 3;
/// How long a ticket is valid once its wait is over, in seconds.
pub const WAIT_LIFE_S: i64 = 600;

/// Active holds whose network is remembered, so that an abandoned one can be counted. Beyond this they are not
/// remembered, which only makes them cheaper.
pub const RUNNING_HOLDS: usize = 50_000;
/// A hold whose end was not reported is forgotten after this long: no hold lasts longer than twenty minutes.
pub const RUNNING_FOR: Span = Span::from_mins(30);

/// Lines in the access log for the same refusal of the same network …
pub const LOG_PER_NETWORK: Rate = Rate::new(1, MINUTE);
/// … and of all networks: a flood from everywhere writes at most twenty megabytes a day.
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
