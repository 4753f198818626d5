//! What a request carries through the roles: its deadline and its trace. The deadline lives in the task that serves the
//! request: later work of actors and relays belongs to no request and has none. The trace is the current span. Knows no
//! transport but the name of a header.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;
use tokio::time::Instant;

/// gRPC's header: digits and a unit.
const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
/// A server gives up this much later than its caller, so that it is the caller who reports the timeout.
const LATER: Duration = Duration::from_millis(100);

/// What a request carries.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// After this nobody waits for the answer any more.
    pub deadline: Option<Instant>,
}

tokio::task_local! {
    static CARRIED: Carried;
}

impl Carried {
    /// What the request served by the current task carries; empty outside of one.
    pub fn here() -> Carried {
        CARRIED.try_with(Clone::clone).unwrap_or_default()
    }

    /// Runs `serving` as part of a request that carries this.
    pub async fn within<F: Future>(self, serving: F) -> F::Output {
        CARRIED.scope(self, serving).await
    }

    /// Reads it from a call's headers.
    pub(crate) fn read(headers: &HeaderMap) -> Carried {
        let left = headers.get(TIMEOUT).and_then(|value| timeout(value.to_str().ok()?));
        Carried { deadline: left.map(|left| Instant::now() + left) }
    }

    /// Writes it into a call's headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(Instant::now()) + LATER;
            if let Ok(value) = HeaderValue::from_str(&told(left)) {
                headers.insert(TIMEOUT, value);
            }
        }
        if let Some(trace) = okienko_trace::here() {
            trace.write(headers);
        }
    }
}

/// A duration in `grpc-timeout` format, which allows eight digits at most; our deadlines are seconds away.
fn told(left: Duration) -> String {
    format!("{}u", left.as_micros().min(99_999_999))
}

/// Parses a `grpc-timeout`; `None` if malformed.
fn timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(n * 3600)),
        "M" => Some(Duration::from_secs(n * 60)),
        "S" => Some(Duration::from_secs(n)),
        "m" => Some(Duration::from_millis(n)),
        "u" => Some(Duration::from_micros(n)),
        "n" => Some(Duration::from_nanos(n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_deadline_is_carried_from_call_to_call() {
        let carried = Carried { deadline: Some(Instant::now() + Duration::from_secs(2)) };
        let mut headers = HeaderMap::new();
        carried.write(&mut headers);
        let read = Carried::read(&headers);
        assert!(read.deadline.is_some());
        assert!(read.within(async { Carried::here().deadline }).await.is_some());
        assert!(Carried::here().deadline.is_none());
        assert_eq!(timeout(&told(Duration::from_millis(1500))), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn headers_that_say_nonsense_say_nothing() {
        for text in ["", "S", "5", "-5S", "5s", "123456789S", "5µ"] {
            assert_eq!(timeout(text), None, "{text}");
        }
        assert_eq!(timeout("2H"), Some(Duration::from_secs(7200)));
    }
}
