//! A trace's context as data. Knows no span.

use http::{HeaderMap, HeaderName, HeaderValue};
use okienko_kernel::Entropy;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// The header of W3C Trace Context: `00-{trace}-{parent}-{flags}`, all hexadecimal.
pub const HEADER: HeaderName = HeaderName::from_static("traceparent");

/// The trace that work belongs to, and the span in it that caused the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    trace: TraceId,
    span: SpanId,
    flags: TraceFlags,
}

impl Trace {
    /// A new trace.
    pub fn fresh(entropy: &dyn Entropy) -> Trace {
        let mut bytes = [0; 24];
        entropy.fill(&mut bytes);
        Trace::of_bytes(&bytes)
    }

    /// The trace shared by everything with this seed. The seed cannot be recovered from the trace.
    pub fn of_seed(seed: &str) -> Trace {
        let hash = Sha256::new().chain_update("okienko/trace/").chain_update(seed).finalize();
        let mut bytes = [0; 24];
        bytes.copy_from_slice(&hash[..24]);
        Trace::of_bytes(&bytes)
    }

    fn of_bytes(bytes: &[u8; 24]) -> Trace {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        trace.copy_from_slice(&bytes[..16]);
        span.copy_from_slice(&bytes[16..]);
        // All zeros would mean "none".
        trace[0] |= 1;
        span[0] |= 1;
        let (trace, span) = (TraceId::from_bytes(trace), SpanId::from_bytes(span));
        Trace { trace, span, flags: TraceFlags::SAMPLED }
    }

    /// The trace in a request's headers; `None` if there is none or it is malformed.
    pub fn read(headers: &HeaderMap) -> Option<Trace> {
        headers.get(HEADER)?.to_str().ok()?.parse().ok()
    }

    /// Writes it into a request's headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.to_string()) {
            headers.insert(HEADER, value);
        }
    }

    /// The trace id: 32 hexadecimal digits.
    pub fn id(&self) -> String {
        self.trace.to_string()
    }

    /// A trace whose spans nobody takes.
    pub(crate) fn named(trace: TraceId, span: SpanId) -> Trace {
        Trace { trace, span, flags: TraceFlags::NOT_SAMPLED }
    }

    /// The same trace, with `span` as the parent of what follows.
    pub(crate) fn with(self, span: SpanId) -> Trace {
        Trace { span, ..self }
    }

    /// The same piece of work in the trace of its cause. Its own span is not taken, even if the cause's are.
    pub(crate) fn under(self, cause: &Trace) -> Trace {
        Trace { trace: cause.trace, ..self }
    }

    pub(crate) fn of_context(context: &SpanContext) -> Option<Trace> {
        let (trace, span, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
        context.is_valid().then_some(Trace { trace, span, flags })
    }

    pub(crate) fn context(&self) -> SpanContext {
        SpanContext::new(self.trace, self.span, self.flags, true, TraceState::NONE)
    }
}

/// Characters in a trace's text form.
pub(crate) const LENGTH: usize = 55;

impl Trace {
    /// Appends the text form to `words`. Every stored event has one, so it is written digit by digit instead of
    /// formatted.
    pub(crate) fn write_to(&self, words: &mut String) {
        let flags = [(self.flags & TraceFlags::SAMPLED).to_u8()];
        for (part, sign) in
            [(&[0][..], "-"), (&self.trace.to_bytes(), "-"), (&self.span.to_bytes(), "-"), (&flags, "")]
        {
            for byte in part {
                for digit in [byte >> 4, byte & 15] {
                    words.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
                }
            }
            words.push_str(sign);
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = String::with_capacity(LENGTH);
        self.write_to(&mut words);
        f.write_str(&words)
    }
}

/// The text is not a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTrace;

impl FromStr for Trace {
    type Err = NoTrace;

    fn from_str(text: &str) -> Result<Trace, NoTrace> {
        let hex = |part: &str, length| {
            let digits = part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            (part.len() == length && digits).then_some(()).ok_or(NoTrace)
        };
        // Later versions may append parts.
        let mut parts = text.splitn(5, '-');
        let mut next = || parts.next().ok_or(NoTrace);
        let (version, trace, span, flags) = (next()?, next()?, next()?, next()?);
        let more = parts.next().is_some();
        for (part, length) in [(version, 2), (trace, 32), (span, 16), (flags, 2)] {
            hex(part, length)?;
        }
        if text.len() > 64 || version == "ff" || (version == "00" && more) {
            return Err(NoTrace);
        }
        let trace = TraceId::from_hex(trace).map_err(|_| NoTrace)?;
        let span = SpanId::from_hex(span).map_err(|_| NoTrace)?;
        let flags = TraceFlags::new(u8::from_str_radix(flags, 16).map_err(|_| NoTrace)?);
        if trace == TraceId::INVALID || span == SpanId::INVALID {
            return Err(NoTrace);
        }
        Ok(Trace { trace, span, flags })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;

    #[test]
    fn a_trace_is_read_from_a_header_as_it_was_written() {
        let trace = Trace::fresh(&SeededEntropy::new(7));
        let mut headers = HeaderMap::new();
        trace.write(&mut headers);
        assert_eq!(Trace::read(&headers), Some(trace));
        assert_eq!(trace.id().len(), 32);
        // The example from the recommendation.
        let example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(example.parse::<Trace>().map(|trace| trace.to_string()), Ok(example.to_owned()));
    }

    #[test]
    fn headers_that_say_nonsense_say_nothing() {
        let zeros = format!("00-{}-{}-01", "0".repeat(32), "1".repeat(16));
        let upper = format!("00-{}-{}-01", "A".repeat(32), "1".repeat(16));
        let more = format!("00-{}-{}-01-x", "a".repeat(32), "1".repeat(16));
        for text in ["", "x", "00-ab-cd-01", &zeros, &upper, &more, "00---", "ff-0-0-0"] {
            assert_eq!(text.parse::<Trace>(), Err(NoTrace), "{text}");
        }
    }

    #[test]
    fn what_has_a_seed_in_common_has_one_trace() {
        assert_eq!(Trace::of_seed("a"), Trace::of_seed("a"));
        assert_ne!(Trace::of_seed("a").id(), Trace::of_seed("b").id());
    }
}
