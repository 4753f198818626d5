//! How figures are printed beside a peer's and a goal, and what they come to in the end: goals that are not met are
//! told, something that must be 0 and is not is an error. Knows no benchmark.

use crate::disk::syncs_per_second;
use crate::peers::Peer;
use crate::stats::{Figures, median};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// The lines of one run, counted.
pub struct Report {
    folder: TempDir,
    syncs: f64,
    goals: u32,
    met: u32,
    wrong: u64,
    /// Everything that stood beside a peer.
    told: Vec<Told>,
}

/// A figure as it was printed.
struct Told {
    name: String,
    figure: f64,
    unit: &'static str,
    more: bool,
}

impl Report {
    /// An empty one.
    pub fn new() -> anyhow::Result<Report> {
        Ok(Report {
            folder: tempfile::tempdir()?,
            syncs: f64::NAN,
            goals: 0,
            met: 0,
            wrong: 0,
            told: Vec::new(),
        })
    }

    /// A heading, while nothing runs: the disk is measured anew for the lines below, because others may use it too.
    pub fn section(&mut self, title: &str) -> anyhow::Result<()> {
        self.syncs = syncs_per_second(self.folder.path())?;
        println!("\n{title}   (fdatasync of 4 kB: {:.0}/s)", self.syncs);
        Ok(())
    }

    /// Something to know, without a goal.
    pub fn note(&self, text: &str) {
        println!("      {text}");
    }

    /// The run in the middle beside the peer, with its latencies and the range of all runs.
    pub fn runs(&mut self, name: &str, runs: Vec<Figures>, peer: &Peer) {
        let rates: Vec<f64> = runs.iter().map(Figures::rate).collect();
        let Some(middle) = median(runs, Figures::rate) else { return };
        self.beside(name, middle.rate(), peer);
        let (low, high) =
            rates.iter().fold((f64::MAX, 0.0_f64), |(low, high), r| (low.min(*r), high.max(*r)));
        let (p50, p99, most) = (middle.ms(0.5), middle.ms(0.99), middle.ms(1.0));
        self.note(&format!(
            "p50 {p50:.2} ms   p99 {p99:.2} ms   max {most:.2} ms   runs {} ({low:.0} - {high:.0})",
            rates.len()
        ));
    }

    /// A figure beside the peer's.
    pub fn beside(&mut self, name: &str, ours: f64, peer: &Peer) {
        let ratio = if peer.more { ours / peer.figure } else { peer.figure / ours };
        let digits = digits(ours);
        self.told.push(Told { name: name.to_owned(), figure: ours, unit: peer.unit, more: peer.more });
        let theirs = format!("{} {} {}", peer.name, peer.figure, peer.unit);
        let mut line =
            format!("  {name:<44} {ours:>8.digits$} {:<5}   {theirs:<25} {ratio:>7.1} x", peer.unit);
        line += &peer.goal.map_or_else(|| "   no goal".into(), |goal| self.goal(ratio, goal, "x"));
        if peer.more {
            line += &format!("   {:.2} x {:.0} fdatasync/s", ours / self.syncs, self.syncs);
        }
        println!("{line}");
    }

    /// A share of something else measured in this run, in percent, with the least that it should be, if any.
    pub fn share(&mut self, name: &str, percent: f64, goal: Option<f64>) {
        let goal = goal.map_or_else(|| "   no goal".into(), |goal| self.goal(percent, goal, "%"));
        println!("  {name:<44} {percent:>8.0} %{goal}");
    }

    /// A line about correctness.
    pub fn must_be_zero(&mut self, what: &str, count: u64) {
        self.wrong += count;
        let verdict = if count == 0 { "" } else { "   WRONG" };
        println!("  must be 0: {what:<50} {count:>6}{verdict}");
    }

    /// The last line; an error when something was not 0.
    pub fn end(self) -> anyhow::Result<()> {
        println!("\ngoals met: {} of {}; wrong answers: {}", self.met, self.goals, self.wrong);
        anyhow::ensure!(self.wrong == 0, "{} answers were wrong that must be right", self.wrong);
        Ok(())
    }

    fn goal(&mut self, reached: f64, goal: f64, unit: &str) -> String {
        let met = reached >= goal;
        self.goals += 1;
        self.met += u32::from(met);
        format!("   goal {goal:>2.0} {unit} {:<7}", if met { "met" } else { "NOT met" })
    }
}

fn digits(figure: f64) -> usize {
    if figure < 10.0 { 2 } else { 0 }
}

/// The figures of all reports in a line each, with how many times better than the first the others are.
pub fn side_by_side(reports: &[(String, Report)]) {
    let Some((first, rest)) = reports.split_first() else { return };
    let mut head = format!("\n  {:<44} {:>14}", "", first.0);
    rest.iter().for_each(|(name, _)| head += &format!(" {name:>14}        "));
    println!("{head}");
    // A name may stand in several sections: the n-th is the n-th of the others.
    let mut seen = BTreeMap::<&str, usize>::new();
    for told in &first.1.told {
        let nth = seen.entry(&told.name).or_default();
        let mut line = format!("  {:<44}", told.name);
        line += &format!(" {:>11.*} {:<2}", digits(told.figure), told.figure, told.unit);
        for (_, report) in rest {
            let Some(other) = report.told.iter().filter(|other| other.name == told.name).nth(*nth) else {
                continue;
            };
            let ratio = if told.more { other.figure / told.figure } else { told.figure / other.figure };
            line += &format!(" {:>14.*} {ratio:>5.2} x", digits(other.figure), other.figure);
        }
        *nth += 1;
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers;

    #[test]
    fn a_missed_goal_is_no_error_and_a_wrong_answer_is() {
        let mut report = Report::new().unwrap();
        report.beside("too slow", 1.0, &peers::RUSH);
        report.beside("fast", 25.0 * peers::RUSH.figure, &peers::RUSH);
        report.must_be_zero("right", 0);
        assert_eq!((report.goals, report.met), (2, 1));
        assert!(report.end().is_ok());
        let mut report = Report::new().unwrap();
        report.must_be_zero("wrong", 1);
        assert!(report.end().is_err());
    }

    #[test]
    fn of_what_is_better_when_less_the_ratio_is_turned_round() {
        let goal = peers::Peer { goal: Some(2.0), ..peers::SCREEN_P50 };
        let mut report = Report::new().unwrap();
        report.beside("half", goal.figure / 2.0, &goal);
        report.beside("twice", goal.figure * 2.0, &goal);
        assert_eq!((report.goals, report.met), (2, 1));
    }
}
