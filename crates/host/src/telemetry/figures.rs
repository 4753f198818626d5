//! Reads metrics back from Prometheus's text format: one line is one sample. Handles our own output only. Pure; knows
//! no metric.

/// One line of metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<'a> {
    /// The metric's name; for a histogram it ends in `_bucket`, `_sum` or `_count`.
    pub name: &'a str,
    /// Label names and values, in order.
    pub labels: Vec<(&'a str, &'a str)>,
    /// The sample's value.
    pub value: f64,
}

impl<'a> Sample<'a> {
    /// Parses a line; `None` for a comment. Our labels never contain a quotation mark.
    pub fn read(line: &'a str) -> Option<Sample<'a>> {
        let (head, value) = line.rsplit_once(' ').filter(|_| !line.starts_with('#'))?;
        let (name, labels) = head.split_once('{').map_or((head, ""), |(name, rest)| (name, rest));
        let pairs = labels.trim_end_matches('}').split("\",").filter_map(|pair| {
            let (name, value) = pair.split_once("=\"")?;
            Some((name.trim_start_matches(','), value.trim_end_matches('"')))
        });
        Some(Sample { name, labels: pairs.collect(), value: value.parse().ok()? })
    }

    /// A label's value; empty if there is no such label.
    pub fn label(&self, name: &str) -> &'a str {
        self.labels.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }
}
