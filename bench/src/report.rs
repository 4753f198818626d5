//! How figures are printed beside those of the same run (the no-op route, the plain server, the disk), and the verdict:
//! a goal that is not met is reported, a count that must be 0 and is not is an error. A goal is a ratio within one run
//! on one machine. Knows no benchmark.

use crate::Size;
use crate::disk::syncs_per_second;
use crate::peers::{self, Peer};
use crate::stats::{Figures, median};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// The report of one run, with its totals.
pub struct Report {
    folder: TempDir,
    /// False in an untimed run, where everybody comes once to see that all answers are right.
    timed: bool,
    syncs: f64,
    goals: u32,
    met: u32,
    checks: u32,
    wrong: u64,
    /// Every figure that may be compared with another run's.
    told: Vec<PrintedFigure>,
}

/// A figure as it was printed.
struct PrintedFigure {
    name: String,
    figure: f64,
    unit: &'static str,
    more: bool,
}

/// What was measured in turns with our own program, on the same machine within the same minutes.
#[derive(Default)]
pub struct Beside<'a> {
    /// Answers per second of the no-op route, with the same number of clients.
    pub nothing: Option<f64>,
    /// The plain server, asked the same questions.
    pub plain: Vec<Figures>,
    /// The best peer, on another machine.
    pub peer: Option<&'a Peer>,
    /// The lowest acceptable figure of ours.
    pub goal: Option<Goal>,
}

/// The lowest acceptable figure, as a ratio.
#[derive(Clone, Copy)]
pub enum Goal {
    /// This percentage of the no-op route's rate.
    OfNothing(f64),
    /// This multiple of the plain server's rate.
    OfPlain(f64),
}

impl Report {
    /// An empty report.
    pub fn new(size: Size) -> anyhow::Result<Report> {
        Ok(Report {
            folder: tempfile::tempdir()?,
            timed: size != Size::Once,
            syncs: f64::NAN,
            goals: 0,
            met: 0,
            checks: 0,
            wrong: 0,
            told: Vec::new(),
        })
    }

    /// A heading, printed while nothing runs: the disk is measured again for the lines below, because other programs
    /// may be using it too.
    pub fn section(&mut self, title: &str) -> anyhow::Result<()> {
        if !self.timed {
            println!("\n{title}");
            return Ok(());
        }
        self.syncs = syncs_per_second(self.folder.path())?;
        println!("\n{title}   (fdatasync of 4 kB: {:.0}/s)", self.syncs);
        Ok(())
    }

    /// Prints a remark, without a goal.
    pub fn note(&self, text: &str) {
        if self.timed {
            println!("      {text}");
        }
    }

    /// The median run with its ratios to the figures beside it, its latencies and the range of all runs.
    pub fn runs(&mut self, name: &str, runs: Vec<Figures>, beside: Beside<'_>) {
        let rates: Vec<f64> = runs.iter().map(Figures::rate).collect();
        let Some(middle) = median(runs, Figures::rate) else { return };
        let plain = median(beside.plain, Figures::rate);
        let rate = middle.rate();
        let of_plain = plain.as_ref().map(|plain| rate / plain.rate());
        let of_nothing = beside.nothing.map(|nothing| 100.0 * rate / nothing);
        let mut line = format!("{:.2} x fdatasync", rate / self.syncs);
        line += &of_nothing.map_or_else(String::new, |percent| format!("   {percent:.0} % of the no-op"));
        line += &of_plain.map_or_else(String::new, |times| format!("   {times:.2} x plain"));
        line += &match (beside.goal, of_nothing, of_plain) {
            (Some(Goal::OfNothing(goal)), Some(percent), _) => self.goal(percent, goal, "% of the no-op"),
            (Some(Goal::OfPlain(goal)), _, Some(times)) => self.goal(times, goal, "x plain"),
            _ => "   no goal".to_owned(),
        };
        self.line(name, rate, "/s", true, &line);
        self.note(&latencies(&middle, &rates));
        if let Some(plain) = plain {
            self.note(&format!("plain server: {:.0}/s   {}", plain.rate(), latencies(&plain, &[])));
        }
        beside.peer.into_iter().for_each(|peer| self.note(&peers::told(peer)));
    }

    /// A rate to compare others with.
    pub fn rate(&mut self, name: &str, rate: Option<f64>) {
        if let Some(rate) = rate {
            self.line(name, rate, "/s", true, &format!("{:.2} x fdatasync", rate / self.syncs));
        }
    }

    /// A figure that is not a rate, beside the peer's.
    pub fn figure(&mut self, name: &str, ours: f64, peer: &Peer) {
        self.line(name, ours, peer.unit, peer.more, "no goal");
        self.note(&peers::told(peer));
    }

    fn line(&mut self, name: &str, figure: f64, unit: &'static str, more: bool, rest: &str) {
        self.told.push(PrintedFigure { name: name.to_owned(), figure, unit, more });
        if self.timed {
            let digits = digits(figure);
            println!("  {name:<44} {figure:>8.digits$} {unit:<5}   {rest}");
        }
    }

    /// Prints a count that must be 0.
    pub fn must_be_zero(&mut self, what: &str, count: u64) {
        self.checks += 1;
        self.wrong += count;
        let verdict = if count == 0 { "" } else { "   WRONG" };
        println!("  must be 0: {what:<50} {count:>6}{verdict}");
    }

    /// The last line; an error when a count was not 0, or when nothing was asked.
    pub fn end(self) -> anyhow::Result<()> {
        if self.timed {
            println!("\ngoals met: {} of {}; wrong answers: {}", self.met, self.goals, self.wrong);
        } else {
            println!("\nwrong answers: {}", self.wrong);
        }
        anyhow::ensure!(self.wrong == 0, "{} answers were wrong that must be right", self.wrong);
        anyhow::ensure!(self.checks > 0, "nothing was asked: is --only the beginning of a name?");
        Ok(())
    }

    fn goal(&mut self, reached: f64, goal: f64, unit: &str) -> String {
        let met = reached >= goal;
        if self.timed {
            self.goals += 1;
            self.met += u32::from(met);
        }
        format!("   goal {goal} {unit} {}", if met { "met" } else { "NOT met" })
    }
}

fn latencies(figures: &Figures, rates: &[f64]) -> String {
    let (p50, p99, most) = (figures.ms(0.5), figures.ms(0.99), figures.ms(1.0));
    let range = rates.iter().fold((f64::MAX, 0.0_f64), |(low, high), r| (low.min(*r), high.max(*r)));
    let runs = match rates.len() {
        0 => String::new(),
        runs => format!("   runs {runs} ({:.0} - {:.0})", range.0, range.1),
    };
    format!("p50 {p50:.2} ms   p99 {p99:.2} ms   max {most:.2} ms{runs}")
}

fn digits(figure: f64) -> usize {
    if figure < 10.0 { 2 } else { 0 }
}

/// One line per figure across all reports, with how many times better than the first the others are.
pub fn side_by_side(reports: &[(String, Report)]) {
    let Some((first, rest)) = reports.split_first().filter(|((_, first), _)| first.timed) else { return };
    let mut head = format!("\n  {:<44} {:>14}", "", first.0);
    rest.iter().for_each(|(name, _)| head += &format!(" {name:>14}        "));
    println!("{head}");
    // A name may occur in several sections: the n-th occurrence matches the n-th of the others.
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
    use std::time::Duration;

    fn run(rate: u64) -> Vec<Figures> {
        vec![
            Figures::new(Duration::from_secs(1), (0..rate).map(|_| (Duration::from_millis(1), true)))
                .unwrap(),
        ]
    }

    fn goals(ours: u64, plain: u64, nothing: f64, goal: Goal, size: Size) -> (u32, u32) {
        let mut report = Report::new(size).unwrap();
        let beside =
            Beside { nothing: Some(nothing), plain: run(plain), goal: Some(goal), ..Beside::default() };
        report.runs("asked", run(ours), beside);
        report.must_be_zero("right", 0);
        let counted = (report.goals, report.met);
        assert!(report.end().is_ok());
        counted
    }

    #[test]
    fn a_goal_is_a_ratio_within_the_run() {
        // A machine half as fast halves all three figures, and the verdicts stay the same.
        for slower in [1, 2, 5] {
            let asked =
                |ours, goal| goals(ours / slower, 100 / slower, 400.0 / slower as f64, goal, Size::Full);
            assert_eq!(asked(200, Goal::OfPlain(2.0)), (1, 1), "{slower}");
            assert_eq!(asked(190, Goal::OfPlain(2.0)), (1, 0), "{slower}");
            assert_eq!(asked(200, Goal::OfNothing(50.0)), (1, 1), "{slower}");
            assert_eq!(asked(190, Goal::OfNothing(50.0)), (1, 0), "{slower}");
        }
        assert_eq!(goals(1, 100, 400.0, Goal::OfPlain(2.0), Size::Once), (0, 0), "nobody looks at a time");
    }

    #[test]
    fn a_missed_goal_is_no_error_and_a_wrong_answer_or_none_is() {
        for size in [Size::Full, Size::Quick, Size::Once] {
            let mut report = Report::new(size).unwrap();
            report.must_be_zero("wrong", 1);
            assert!(report.end().is_err());
            assert!(Report::new(size).unwrap().end().is_err(), "nothing was asked");
        }
    }
}
