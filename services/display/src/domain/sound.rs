//! Sound as samples: reading and writing WAV, and loudness. Pure; knows no voice and no file.

/// No sample exceeds this fraction of full scale: about -1.4 dBFS.
const PEAK: f64 = 0.85;
/// Target loudness of speech as far as its peaks allow, as root mean square without silence: -18 dBFS.
const LOUD: f64 = 0.126;
/// Below this fraction of full scale a sample counts as silence.
const SILENT: f64 = 0.01;

/// One channel of 16-bit samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Samples per second.
    pub rate: u32,
    /// The samples.
    pub samples: Vec<i16>,
}

impl Sound {
    /// Reads a WAV file with one channel and 16 bits; `None` for anything else. A program that writes into a pipe
    /// cannot know the length beforehand: the actual data counts, not the length in the header.
    pub fn read(wav: &[u8]) -> Option<Sound> {
        if wav.get(..4)? != b"RIFF" || wav.get(8..12)? != b"WAVE" {
            return None;
        }
        let number = |at: usize| Some(u32::from_le_bytes(wav.get(at..at + 4)?.try_into().ok()?));
        let (mut at, mut rate) = (12, None);
        loop {
            let (kind, length) = (wav.get(at..at + 4)?, number(at + 4)? as usize);
            let body = wav.get(at + 8..)?;
            match kind {
                b"fmt " => {
                    let plain = body.get(..4)? == [1, 0, 1, 0] && body.get(14..16)? == [16, 0];
                    rate = Some(number(at + 12)?).filter(|_| plain);
                }
                b"data" => {
                    let pairs = body.get(..length).unwrap_or(body).chunks_exact(2);
                    let samples = pairs.map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
                    return Some(Sound { rate: rate?, samples });
                }
                _ => {}
            }
            at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
        }
    }

    /// Encodes it as a WAV file.
    pub fn wav(&self) -> Vec<u8> {
        let length = u32::try_from(self.samples.len() * 2).unwrap_or(u32::MAX - 36);
        let mut wav = Vec::with_capacity(44 + self.samples.len() * 2);
        wav.extend_from_slice(b"RIFF");
        wav.extend_from_slice(&(length + 36).to_le_bytes());
        wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
        wav.extend_from_slice(&self.rate.to_le_bytes());
        wav.extend_from_slice(&(self.rate * 2).to_le_bytes());
        wav.extend_from_slice(b"\x02\0\x10\0data");
        wav.extend_from_slice(&length.to_le_bytes());
        wav.extend(self.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        wav
    }

    /// How long it is, in milliseconds.
    pub fn millis(&self) -> u64 {
        self.samples.len() as u64 * 1000 / u64::from(self.rate.max(1))
    }

    /// The highest sample as a fraction of full scale.
    pub fn peak(&self) -> f64 {
        self.samples.iter().map(|sample| part(*sample).abs()).fold(0.0, f64::max)
    }

    /// Root mean square without silence, as a fraction of full scale; 0 if all is silence.
    pub fn loudness(&self) -> f64 {
        let heard = self.samples.iter().map(|sample| part(*sample)).filter(|part| part.abs() >= SILENT);
        let (count, sum) = heard.fold((0u32, 0.0), |(count, sum), part| (count + 1, sum + part * part));
        if count == 0 { 0.0 } else { (sum / f64::from(count)).sqrt() }
    }

    /// Trims the silence around it, levels its loudness, and adds `before` and `after` milliseconds of silence.
    pub fn levelled(&self, before: u32, after: u32) -> Sound {
        let loud = |sample: &i16| part(*sample).abs() >= SILENT;
        let first = self.samples.iter().position(loud).unwrap_or(0);
        let end = self.samples.iter().rposition(loud).map_or(0, |last| last + 1);
        let gain = match self.loudness() {
            level if level > 0.0 => (LOUD / level).min(PEAK / self.peak()),
            _ => 1.0,
        };
        let still = |millis: u32| std::iter::repeat_n(0i16, (self.rate / 1000 * millis) as usize);
        let body = self.samples.get(first..end).unwrap_or_default();
        let body = body.iter().map(|sample| sample_of(part(*sample) * gain));
        Sound { rate: self.rate, samples: still(before).chain(body).chain(still(after)).collect() }
    }
}

fn part(sample: i16) -> f64 {
    f64::from(sample) / 32768.0
}

/// The sample for a fraction of full scale.
pub(super) fn sample_of(part: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "held within the sample's range")]
    let sample = (part * 32768.0).round().clamp(-32768.0, 32767.0) as i16;
    sample
}
