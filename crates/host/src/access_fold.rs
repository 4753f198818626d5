//! Folds repeated lines: within a minute the first few equal lines are written, the rest become one line with a count.
//! Nothing is lost, and nobody can fill the disk by asking. Pure; knows no file.

use crate::access::{Access, AccessLine};
use okienko_kernel::{Moment, Span};
use std::collections::HashMap;

/// The window in which equal lines are counted together.
const WINDOW: Span = Span::from_mins(1);
/// Equal lines per window that are written singly.
const EACH: u64 = 5;
/// Distinct lines counted at once; beyond that, all counts are written early.
const KNOWN: usize = 10_000;
/// The longest name of an office or caller: both are ours, so this is only a second line of defence.
const NAME: usize = 96;

/// What makes lines equal. Refusals are equal whatever they concerned; otherwise every new guess would be a new line.
type Key = (String, String, &'static str, &'static str, String);

struct Same {
    since: Moment,
    seen: u64,
    /// The newest line not yet written, and how many it stands for.
    left: Option<(Access, u64)>,
}

/// The lines of the current minute.
#[derive(Default)]
pub(crate) struct Fold(HashMap<Key, Same>);

impl Fold {
    /// Takes a line; returns what is to be written now.
    pub(crate) fn take(&mut self, line: Access) -> Vec<AccessLine> {
        let mut due = Vec::new();
        let done = line.outcome == "ok";
        let on = if done { line.on.as_str().to_owned() } else { String::new() };
        let key = (line.office.clone(), line.who.clone(), line.act, line.outcome, on);
        if self.0.len() >= KNOWN && !self.0.contains_key(&key) {
            due.extend(self.all());
        }
        let same = self.0.entry(key).or_insert(Same { since: line.at, seen: 0, left: None });
        if over(same.since, line.at) {
            due.extend(same.left.take().map(|(line, times)| written(&line, times)));
            (same.since, same.seen) = (line.at, 0);
        }
        same.seen += 1;
        if same.seen <= EACH {
            due.push(written(&line, 1));
        } else {
            let times = same.left.as_ref().map_or(0, |(_, times)| *times);
            same.left = Some((line, times + 1));
        }
        due
    }

    /// The counts whose minute is over.
    pub(crate) fn due(&mut self, now: Moment) -> Vec<AccessLine> {
        let mut due = Vec::new();
        self.0.retain(|_, same| {
            let is_over = over(same.since, now);
            if is_over {
                due.extend(same.left.take().map(|(line, times)| written(&line, times)));
            }
            !is_over
        });
        due
    }

    /// All remaining counts, at the end.
    pub(crate) fn all(&mut self) -> Vec<AccessLine> {
        let left = self.0.drain().filter_map(|(_, same)| same.left);
        left.map(|(line, times)| written(&line, times)).collect()
    }
}

/// Also true when the clock went back: a count must not wait for the lost hour.
fn over(since: Moment, now: Moment) -> bool {
    now >= since.plus(WINDOW) || now < since
}

fn written(line: &Access, times: u64) -> AccessLine {
    AccessLine {
        at: line.at,
        office: bounded(&line.office),
        who: bounded(&line.who),
        act: line.act.to_owned(),
        on: line.on.as_str().to_owned(),
        outcome: line.outcome.to_owned(),
        times,
    }
}

/// Our own names are plain; any other character is a fault, and is shown as `?`.
fn bounded(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "*-._:/".contains(c) { c } else { '?' };
    name.chars().take(NAME).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::On;

    fn line(second: i64, who: &str, on: &str, outcome: &'static str) -> Access {
        let at = Moment::from_micros(second * 1_000_000);
        Access { at, office: "torun".into(), who: who.into(), act: "access.look", on: On::word(on), outcome }
    }

    fn times(lines: &[AccessLine]) -> Vec<u64> {
        lines.iter().map(|line| line.times).collect()
    }

    #[test]
    fn a_flood_of_one_refusal_is_six_lines_a_minute_and_counts_every_one() {
        let mut fold = Fold::default();
        let mut written = Vec::new();
        for n in 0..60_000 {
            // A new guess each time is still the same refusal.
            written.extend(fold.take(line(n / 1_000, "kiosk1", &format!("id{n}"), "forbidden")));
        }
        assert_eq!(times(&written), [1; 5]);
        assert!(fold.due(Moment::from_micros(59_999_999)).is_empty());
        written.extend(fold.due(Moment::from_micros(60_000_000)));
        assert_eq!(times(&written), [1, 1, 1, 1, 1, 59_995]);
        assert!(fold.due(Moment::from_micros(600_000_000)).is_empty(), "told once");
    }

    #[test]
    fn what_differs_is_written_each() {
        let mut fold = Fold::default();
        for n in 0..50 {
            let on = format!("id{n}");
            assert_eq!(times(&fold.take(line(0, "anna", &on, "ok"))), [1], "done to another");
            assert_eq!(times(&fold.take(line(0, &on, "x", "forbidden"))), [1], "by another");
        }
        assert!(fold.all().is_empty());
    }

    #[test]
    fn what_was_done_again_and_again_is_counted_and_never_lost() {
        let mut fold = Fold::default();
        let mut sum = 0;
        for n in 0..500 {
            sum += times(&fold.take(line(n, "anna", "r1", "ok"))).iter().sum::<u64>();
        }
        // The clock goes back: the earlier count is written, not kept until the hour comes again.
        sum += times(&fold.take(line(3, "anna", "r1", "ok"))).iter().sum::<u64>();
        sum += times(&fold.all()).iter().sum::<u64>();
        assert_eq!(sum, 501);
    }

    #[test]
    fn more_different_lines_than_can_be_kept_lose_nothing() {
        let mut fold = Fold::default();
        let mut sum = 0;
        for n in 0..KNOWN + 500 {
            // More of each than are written singly, so that a count remains when there is no room.
            for _ in 0..8 {
                sum += times(&fold.take(line(0, &format!("w{n}"), "", "forbidden"))).iter().sum::<u64>();
            }
        }
        sum += times(&fold.all()).iter().sum::<u64>();
        assert_eq!(sum, 8 * (KNOWN as u64 + 500));
    }

    #[test]
    fn no_line_is_long_or_breaks_a_row_whatever_stands_in_it() {
        let long = "Z".repeat(60_000);
        for text in [
            "=HYPERLINK(\"http://x\",\"y\")",
            "\"",
            "\n=1+1",
            "a;b",
            "\u{202e}x",
            "+48601234567",
            "2026-12-01\r",
            "'",
            "\t=1",
            "\u{feff}=1",
            "ą",
            long.as_str(),
        ] {
            let mut fold = Fold::default();
            let written = fold.take(line(0, text, text, "invalid"));
            assert_eq!(written[0].on, "", "{text:.40}");
            assert!(written[0].who.len() <= NAME, "{text:.40}");
            assert!(
                !written[0].who.contains(['"', '=', '+', ';', '\n', '\r', '\t', '(']),
                "{}",
                written[0].who
            );
        }
    }
}
