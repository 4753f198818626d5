//! What a request takes along through the roles: until when an answer is of use, and the id under which logs tell of it.
//! Lives in the task that serves the request; work that actors and relays do later is nobody's request and carries
//! nothing. Knows no transport but the names of two headers.

use http::{HeaderMap, HeaderName, HeaderValue};
use okienko_kernel::Entropy;
use std::time::Duration;
use tokio::time::Instant;

/// Of W3C Trace Context: `00-{trace}-{parent}-{flags}`, all hexadecimal.
const TRACE: HeaderName = HeaderName::from_static("traceparent");
/// Of gRPC: digits and a unit.
const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
/// A server gives up this much later than its caller, so that it is the caller who says that it was too late.
const LATER: Duration = Duration::from_millis(100);

/// What is carried.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// After this nobody waits for the answer any more.
    pub deadline: Option<Instant>,
    /// Under which id logs tell of it.
    pub trace: Option<Trace>,
}

tokio::task_local! {
    static CARRIED: Carried;
}

impl Carried {
    /// What the request takes along that this task serves; nothing when it serves none.
    pub fn here() -> Carried {
        CARRIED.try_with(Clone::clone).unwrap_or_default()
    }

    /// Serves a request that takes this along.
    pub async fn within<F: Future>(self, serving: F) -> F::Output {
        CARRIED.scope(self, serving).await
    }

    /// Reads it from the headers of a call.
    pub(crate) fn read(headers: &HeaderMap) -> Carried {
        let left = headers.get(TIMEOUT).and_then(|value| timeout(value.to_str().ok()?));
        Carried { deadline: left.map(|left| Instant::now() + left), trace: Trace::read(headers) }
    }

    /// Writes it into the headers of a call.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(Instant::now()) + LATER;
            if let Ok(value) = HeaderValue::from_str(&told(left)) {
                headers.insert(TIMEOUT, value);
            }
        }
        if let Some(trace) = &self.trace {
            headers.insert(TRACE, trace.0.clone());
        }
    }
}

/// A length of time as `grpc-timeout`. Eight digits are all that it may have; a deadline of ours is seconds away.
fn told(left: Duration) -> String {
    format!("{}u", left.as_micros().min(99_999_999))
}

/// The length of time in a `grpc-timeout`; none when it cannot be read.
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

/// The trace that a request belongs to, as it came or as it was begun here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace(HeaderValue);

impl Trace {
    /// A new one.
    pub fn fresh(entropy: &dyn Entropy) -> Trace {
        let mut bytes = [0; 24];
        entropy.fill(&mut bytes);
        // All zeros would mean "none".
        bytes[0] |= 1;
        bytes[16] |= 1;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("00-{}-{}-01", &hex[..32], &hex[32..]);
        Trace(HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("")))
    }

    /// That of a request; none when it names none that can be read.
    pub fn read(headers: &HeaderMap) -> Option<Trace> {
        let value = headers.get(TRACE)?;
        let text = value.to_str().ok()?;
        let parts: Vec<&str> = text.split('-').collect();
        let hex = |part: &str, length| {
            part.len() == length
                && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
                && part.bytes().any(|b| b != b'0')
        };
        let [_, trace, parent, _] = parts.get(..4)? else { return None };
        (text.len() <= 64 && hex(trace, 32) && hex(parent, 16)).then(|| Trace(value.clone()))
    }

    /// Its id: 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        self.0.to_str().ok().and_then(|text| text.split('-').nth(1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;

    #[tokio::test]
    async fn a_deadline_and_a_trace_are_carried_from_call_to_call() {
        let trace = Trace::fresh(&SeededEntropy::new(7));
        let deadline = Some(Instant::now() + Duration::from_secs(2));
        let carried = Carried { deadline, trace: Some(trace.clone()) };
        let mut headers = HeaderMap::new();
        carried.write(&mut headers);
        let read = Carried::read(&headers);
        assert!(read.deadline.is_some());
        assert_eq!(read.trace, Some(trace.clone()));
        assert_eq!(trace.id().len(), 32);
        assert_eq!(carried.within(async { Carried::here().trace }).await, Some(trace));
        assert!(Carried::here().trace.is_none());
        assert_eq!(timeout(&told(Duration::from_millis(1500))), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn headers_that_say_nonsense_say_nothing() {
        for text in ["", "S", "5", "-5S", "5s", "123456789S", "5µ"] {
            assert_eq!(timeout(text), None, "{text}");
        }
        assert_eq!(timeout("2H"), Some(Duration::from_secs(7200)));
        let zeros = format!("00-{}-{}-01", "0".repeat(32), "1".repeat(16));
        for text in ["x", "00-ab-cd-01", zeros.as_str(), "00---"] {
            let headers = HeaderMap::from_iter([(TRACE, HeaderValue::from_str(text).unwrap())]);
            assert_eq!(Trace::read(&headers), None, "{text}");
        }
    }
}
