//! Figures in Prometheus's text format, read back: one line is one sample. Only our own are read. Pure.

/// One line of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<'a> {
    /// The metric's name; of a histogram with `_bucket`, `_sum` or `_count` at its end.
    pub name: &'a str,
    /// Names and values in their order.
    pub labels: Vec<(&'a str, &'a str)>,
    /// The figure.
    pub value: f64,
}

impl<'a> Sample<'a> {
    /// The sample of a line; none where it is a comment. No label of ours has a quotation mark in it.
    pub fn read(line: &'a str) -> Option<Sample<'a>> {
        let (head, value) = line.rsplit_once(' ').filter(|_| !line.starts_with('#'))?;
        let (name, labels) = head.split_once('{').map_or((head, ""), |(name, rest)| (name, rest));
        let pairs = labels.trim_end_matches('}').split("\",").filter_map(|pair| {
            let (name, value) = pair.split_once("=\"")?;
            Some((name.trim_start_matches(','), value.trim_end_matches('"')))
        });
        Some(Sample { name, labels: pairs.collect(), value: value.parse().ok()? })
    }

    /// A label's value; empty where there is no such label.
    pub fn label(&self, name: &str) -> &'a str {
        self.labels.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }
}
