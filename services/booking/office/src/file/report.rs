//! Collects faults and knows the line of each value. Must not know what an office is.

use super::Fault;
use std::collections::BTreeMap;
use std::ops::Range;

/// The faults of one file.
pub(super) struct Report {
    /// Byte offsets at which lines begin.
    starts: Vec<usize>,
    faults: Vec<Fault>,
    /// The lines of values by path, e.g. `pools[2].prefix`.
    lines: BTreeMap<String, usize>,
}

impl Report {
    pub fn new(text: &str) -> Report {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Report {
            starts: std::iter::once(0).chain(ends).collect(),
            faults: Vec::new(),
            lines: BTreeMap::new(),
        }
    }
    /// Remembers the line of a value.
    pub fn mark(&mut self, path: &str, span: &Range<usize>) {
        let line = self.line(span);
        self.lines.insert(path.to_owned(), line);
    }
    /// Whether the file has a value at that path.
    pub fn has(&self, path: &str) -> bool {
        self.lines.contains_key(path)
    }
    /// Reports a fault at a place in the text.
    pub fn at(&mut self, span: &Range<usize>, what: impl Into<String>, write: impl Into<String>) {
        let line = self.line(span);
        self.faults.push(Fault { line, what: what.into(), write: write.into() });
    }
    /// Reports a fault of the value at that path, or of the nearest enclosing thing that the file has.
    pub fn of(&mut self, path: &str, what: impl Into<String>, write: impl Into<String>) {
        let mut around = path;
        let line = loop {
            match (self.lines.get(around), around.rfind(['.', '['])) {
                (Some(line), _) => break *line,
                (None, Some(end)) => around = &around[..end],
                (None, None) => break 1,
            }
        };
        self.faults.push(Fault { line, what: what.into(), write: write.into() });
    }
    /// What was read, if there are no faults.
    pub fn done<T>(mut self, read: T) -> Result<T, Vec<Fault>> {
        self.faults.sort();
        self.faults.dedup();
        if self.faults.is_empty() { Ok(read) } else { Err(self.faults) }
    }
    fn line(&self, span: &Range<usize>) -> usize {
        self.starts.partition_point(|start| *start <= span.start).max(1)
    }
}
