//! The figures of two versions beside each other: read from a benchmark's output, as medians over rounds, with the
//! ratios of the two runs of each round. Pure; knows no benchmark.

use std::collections::BTreeMap;

/// A line that is worse by more than this share is listed.
const TOLERANCE: f64 = 0.05;

/// A figure that a benchmark printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The heading above it.
    pub section: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub figure: f64,
    /// Its unit.
    pub unit: String,
}

/// All figures of a run in their order: lines below a heading, indented by two, in columns of a name and of a number
/// with its unit. Ratios (`x`, `%`) and counts that must be 0 are not figures.
pub fn read(lines: &[String]) -> Vec<Figure> {
    let (mut section, mut figures) = (String::new(), Vec::new());
    for line in lines {
        if !line.starts_with(' ') && !line.is_empty() {
            // The remark after a heading is a measurement of that run, not part of the name.
            section = line.split("   (").next().unwrap_or_default().trim().to_owned();
        } else if let Some(line) = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) {
            let mut columns = line.split("  ").map(str::trim).filter(|column| !column.is_empty());
            let (Some(name), Some(column)) = (columns.next(), columns.next()) else { continue };
            if name.starts_with("must be 0") {
                continue;
            }
            let end = column.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(column.len());
            let (number, unit) = column.split_at(end);
            let unit = unit.trim();
            if let Ok(figure) = number.parse()
                && !["", "x", "%"].contains(&unit)
            {
                let (section, name, unit) = (section.clone(), name.to_owned(), unit.to_owned());
                figures.push(Figure { section, name, figure, unit });
            }
        }
    }
    figures
}

/// Per line of this version's output: the medians of both versions over all rounds, and the median, the lowest and the
/// highest of the rounds' ratios, since a shared machine differs more between rounds than within one. Above 1 this
/// version is better.
pub fn side_by_side(from: &str, old: &[Vec<Figure>], new: &[Vec<Figure>]) -> Vec<String> {
    let (old_figures, new_figures) = (gathered(old), gathered(new));
    let mut lines = vec![format!(
        "medians of {} rounds in turns, and of their ratios (least to greatest); above 1 this version is better",
        new.len()
    )];
    let (mut section, mut worse, mut lacking) = ("", Vec::new(), 0);
    for figure in new.first().into_iter().flatten() {
        if section != figure.section {
            section = &figure.section;
            lines.push(String::new());
            lines.push(section.to_owned());
            lines.push(format!("  {:<44} {:>15} {:>15} {:>9}", "", from, "this", "ratio"));
        }
        let (key, unit) = (key(figure), &figure.unit);
        let these = &new_figures[&key];
        let this = median(these);
        let Some(befores) = old_figures.get(&key) else {
            lacking += 1;
            lines.push(format!("  {:<44} {:>15} {:>15}", figure.name, "-", shown(this, unit)));
            continue;
        };
        // For time and memory, less is better.
        let is_rate = unit == "/s";
        let of = |(this, before): (&f64, &f64)| if is_rate { this / before } else { before / this };
        let ratios: Vec<f64> = these.iter().zip(befores).map(of).collect();
        let ratio = median(&ratios);
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = ratios.iter().copied().fold(0.0, f64::max);
        let mark = if ratio < 1.0 - TOLERANCE { "   worse" } else { "" };
        if !mark.is_empty() {
            worse.push(figure.name.clone());
        }
        let (before, this) = (shown(median(befores), unit), shown(this, unit));
        let ratio = format!("{ratio:>7.2} x   ({least:.2} to {greatest:.2})");
        lines.push(format!("  {:<44} {before:>15} {this:>15} {ratio}{mark}", figure.name));
    }
    lines.push(String::new());
    lines.push(format!("lines that are worse by more than {:.0} %: {}", 100.0 * TOLERANCE, worse.len()));
    lines.extend(worse.iter().map(|name| format!("  {name}")));
    if lacking > 0 {
        lines.push(format!("lines that {from} does not have: {lacking}"));
    }
    lines
}

type Key<'a> = (&'a str, &'a str);

fn key(figure: &Figure) -> Key<'_> {
    (&figure.section, &figure.name)
}

fn gathered(rounds: &[Vec<Figure>]) -> BTreeMap<Key<'_>, Vec<f64>> {
    let mut all = BTreeMap::<_, Vec<f64>>::new();
    for figure in rounds.iter().flatten() {
        all.entry(key(figure)).or_default().push(figure.figure);
    }
    all
}

/// With an even number of figures, the mean of the middle two.
fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.get((sorted.len().saturating_sub(1)) / 2), sorted.get(sorted.len() / 2));
    low.zip(high).map_or(f64::NAN, |(low, high)| (low + high) / 2.0)
}

fn shown(figure: f64, unit: &str) -> String {
    let digits = if figure < 10.0 { 2 } else { 0 };
    format!("{figure:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "
One hour with 500 places; 10000 at once over 200 connections (HTTP/2)   (fdatasync of 4 kB: 9950/s)
  no-op route                                     69011 /s      6.94 x fdatasync
  holds                                           36006 /s      3.62 x fdatasync   52 % of the no-op   goal 50 % of the no-op met
      p50 220.03 ms   p99 277.50 ms   max 300.00 ms   runs 5 (1 - 2)
      the best peer, on its machine: FQM 37/s, 0.004 x its 9600 fdatasync/s
  must be 0: answers other than as many places as there are          0

500 days, 200 clients
  group commit                           12679/s   p50    14.04 ms   p99    31.82 ms   accepted 10000 of 10000
  ratio to fdatasync                           1.3 x
  idle memory after 5 s, PSS                         43.5 MB   no goal

goals met: 2 of 2; wrong answers: 0";

    fn printed() -> Vec<String> {
        PRINTED.lines().map(str::to_owned).collect()
    }

    #[test]
    fn figures_are_read_as_benchmarks_print_them_and_ratios_are_none() {
        let read: Vec<_> = read(&printed()).into_iter().map(|it| (it.name, it.figure, it.unit)).collect();
        let wanted = [
            ("no-op route", 69_011.0, "/s"),
            ("holds", 36_006.0, "/s"),
            ("group commit", 12_679.0, "/s"),
            ("idle memory after 5 s, PSS", 43.5, "MB"),
        ];
        assert_eq!(read, wanted.map(|(name, figure, unit)| (name.to_owned(), figure, unit.to_owned())));
    }

    #[test]
    fn a_heading_is_the_same_whatever_was_measured_for_it() {
        let of =
            |syncs: &str| read(&printed().iter().map(|line| line.replace("9950", syncs)).collect::<Vec<_>>());
        assert_eq!(of("9950")[1].section, of("17")[1].section);
        assert!(of("17")[1].section.ends_with("(HTTP/2)"));
    }

    #[test]
    fn what_is_worse_by_more_than_a_twentieth_is_named_whichever_way_is_better() {
        let with = |name: &str, figure: f64, unit: &str| {
            vec![Figure { section: "a".into(), name: name.into(), figure, unit: unit.into() }]
        };
        for (unit, old, new, is_worse) in [
            ("/s", 100.0, 96.0, false),
            ("/s", 100.0, 94.0, true),
            ("/s", 100.0, 200.0, false),
            ("ms", 100.0, 104.0, false),
            ("ms", 100.0, 106.0, true),
            ("MB", 59.0, 44.0, false),
            ("cores", 0.1, 0.2, true),
        ] {
            let page = side_by_side("old", &[with("it", old, unit)], &[with("it", new, unit)]).join("\n");
            assert_eq!(page.contains("5 %: 1"), is_worse, "{unit} {old} {new}: {page}");
        }
        let page = side_by_side("old", &[with("other", 1.0, "/s")], &[with("it", 1.0, "/s")]).join("\n");
        assert!(page.contains("old does not have: 1"), "{page}");
    }

    #[test]
    fn rounds_that_differ_from_each_other_are_compared_each_in_itself() {
        let round =
            |figure| vec![Figure { section: "a".into(), name: "it".into(), figure, unit: "/s".into() }];
        let page = side_by_side(
            "old",
            &[round(100.0), round(50.0), round(25.0)],
            &[round(99.0), round(51.0), round(25.0)],
        );
        assert!(page.iter().any(|line| line.contains("1.00 x   (0.99 to 1.02)")), "{page:?}");
    }

    #[test]
    fn one_disturbed_round_of_three_does_not_count() {
        let round =
            |figure| vec![Figure { section: "a".into(), name: "it".into(), figure, unit: "/s".into() }];
        let page = side_by_side(
            "old",
            &[round(100.0), round(101.0), round(9.0)],
            &[round(7.0), round(102.0), round(99.0)],
        );
        assert!(page.iter().any(|line| line.contains("1.01 x   (0.07 to 11.00)")), "{page:?}");
    }
}
