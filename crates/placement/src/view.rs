//! Who is present, judged by the beats heard. Pure: moments are passed in. An unreachable store proves nobody's death,
//! so the last view then stands. Knows no store.

use std::collections::BTreeMap;
use std::time::Duration;

/// The replicas of one role, as one of them sees them. Moments are offsets from any fixed start, never going back.
pub(crate) struct View {
    me: String,
    ttl: Duration,
    /// By name: the address, and when the last beat was heard.
    beats: BTreeMap<String, (String, Duration)>,
    /// When this replica's own last beat came back, which proves that the store accepts and delivers.
    echo: Option<Duration>,
    /// Since when its beats have come back without a gap.
    well_since: Duration,
}

impl View {
    /// The view of `me`, to whom a replica without a beat for `ttl` is gone.
    pub(crate) fn new(me: &str, ttl: Duration) -> View {
        View { me: me.to_owned(), ttl, beats: BTreeMap::new(), echo: None, well_since: Duration::ZERO }
    }

    /// Records a beat of this replica or another.
    pub(crate) fn heard(&mut self, name: &str, address: &str, now: Duration) {
        if name == self.me {
            if !self.is_well(now) {
                self.well_since = now;
            }
            self.echo = Some(now);
        } else {
            self.beats.insert(name.to_owned(), (address.to_owned(), now));
        }
    }

    /// Records that a replica has left.
    pub(crate) fn gone(&mut self, name: &str) {
        self.beats.remove(name);
    }

    /// Whether the store accepts and delivers this replica's beats.
    pub(crate) fn is_well(&self, now: Duration) -> bool {
        self.echo.is_some_and(|echo| now.saturating_sub(echo) < self.ttl)
    }

    /// All others that are present, with their addresses. A silent one counts as gone only if the store has been
    /// healthy for long enough that a beat would have come through.
    pub(crate) fn present(&mut self, now: Duration) -> BTreeMap<String, String> {
        let ttl = self.ttl;
        if self.is_well(now) && now.saturating_sub(self.well_since) >= ttl {
            self.beats.retain(|_, (_, heard)| now.saturating_sub(*heard) < ttl);
        }
        self.beats.iter().map(|(name, (address, _))| (name.clone(), address.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Duration = Duration::from_secs(2);

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn names(view: &mut View, now: u64) -> Vec<String> {
        view.present(at(now)).into_keys().collect()
    }

    #[test]
    fn whoever_is_silent_for_the_time_to_live_is_gone_and_comes_back_with_a_beat() {
        let mut view = View::new("me", TTL);
        for beat in 0..6 {
            view.heard("me", "1", at(beat * 600));
            view.heard("a", "2", at(beat * 600));
            if beat < 2 {
                view.heard("b", "3", at(beat * 600));
            }
        }
        assert_eq!(names(&mut view, 2599), ["a", "b"]);
        assert_eq!(names(&mut view, 2600), ["a"]);
        view.heard("b", "4", at(3100));
        assert_eq!(view.present(at(3100)).get("b").map(|a| &**a), Some("4"));
        view.gone("a");
        assert_eq!(names(&mut view, 3100), ["b"]);
    }

    #[test]
    fn while_the_store_is_away_the_last_view_stands_and_afterwards_all_have_time_to_beat_again() {
        let mut view = View::new("me", TTL);
        for beat in 0..5 {
            view.heard("me", "1", at(beat * 600));
            view.heard("a", "2", at(beat * 600));
        }
        assert_eq!(names(&mut view, 90_000), ["a"], "nobody beats, not even this one");
        view.heard("me", "1", at(90_000));
        assert_eq!(names(&mut view, 90_000), ["a"]);
        view.heard("me", "1", at(91_000));
        assert_eq!(names(&mut view, 91_900), ["a"]);
        assert!(
            names(&mut view, 92_000).is_empty(),
            "the store is back for long enough, and there was no beat"
        );
    }
}
