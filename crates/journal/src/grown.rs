//! How much single streams grow: endless writes fill one stream, which then takes everybody long to load, while totals
//! over all streams look like a busy morning. Pure; knows no event.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The window over which a stream's events are summed.
const SPAN: Duration = Duration::from_secs(600);
/// Streams counted at once. Beyond that, those with fewer than [`HARDLY`] events are forgotten: they are not what is
/// looked for.
const STREAMS: usize = 20_000;
const HARDLY: u64 = 50;

/// The recent growth of a service's streams.
pub(crate) struct Grown {
    since: Instant,
    of: HashMap<Arc<str>, u64>,
    /// Per kind, the most events of any one stream: in this window and in the one before.
    most: HashMap<Box<str>, (u64, u64)>,
}

impl Grown {
    pub(crate) fn new(now: Instant) -> Grown {
        Grown { since: now, of: HashMap::new(), most: HashMap::new() }
    }

    /// Counts events of a stream; `told` gets the kinds whose figure has changed.
    pub(crate) fn by(
        &mut self,
        stream: &Arc<str>,
        events: u64,
        now: Instant,
        mut told: impl FnMut(&str, u64),
    ) {
        if now.duration_since(self.since) >= SPAN {
            let is_next = now.duration_since(self.since) < 2 * SPAN;
            self.of.clear();
            for (kind, (most, before)) in &mut self.most {
                (*most, *before) = (0, if is_next { *most } else { 0 });
                told(kind, *before);
            }
            self.since = now;
        }
        if self.of.len() >= STREAMS && !self.of.contains_key(stream) {
            self.of.retain(|_, events| *events >= HARDLY);
        }
        let sum = self.of.entry(Arc::clone(stream)).or_default();
        *sum += events;
        let kind = stream.split('/').next().unwrap_or_default();
        match self.most.get_mut(kind) {
            Some((most, before)) if *sum > *most => {
                *most = *sum;
                if *sum > *before {
                    told(kind, *sum);
                }
            }
            Some(_) => {}
            None => {
                self.most.insert(kind.into(), (*sum, 0));
                told(kind, *sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stream_that_grows_is_seen_among_many_that_do_not_and_forgotten_when_it_stops() {
        let start = Instant::now();
        let mut grown = Grown::new(start);
        let mut seen: HashMap<String, u64> = HashMap::new();
        let mut by = |stream: &str, events, second| {
            let now = start + Duration::from_secs(second);
            grown.by(&stream.into(), events, now, |kind, most| _ = seen.insert(kind.to_owned(), most));
            (seen.get("day").copied(), seen.get("hall").copied())
        };
        for n in 0..50_000 {
            by(&format!("day/1/{n}"), 1, 1);
        }
        assert_eq!(by("hall/torun/glowny/2026-12-01", 3, 2), (Some(1), Some(3)));
        for _ in 0..93_924 {
            by("day/1/7", 1, 45);
        }
        assert_eq!(by("hall/torun/glowny/2026-12-01", 1, 46), (Some(93_924), Some(4)));
        // Reported for ten more minutes, then no longer; also when nothing was written for long.
        assert_eq!(by("day/1/8", 2, 700), (Some(93_924), Some(4)));
        assert_eq!(by("day/1/8", 2, 1_310), (Some(2), Some(0)));
        assert_eq!(by("day/1/8", 1, 9_000), (Some(1), Some(0)));
    }
}
