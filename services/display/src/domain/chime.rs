//! The two tones before a call, synthesised here so that no recording is needed. Pure.

use super::sound::{Sound, sample_of};
use std::f64::consts::TAU;

/// Samples per second.
const RATE: u32 = 22_050;
/// Both tones in hertz, the higher one first: a falling third, heard over voices and not shrill.
const TONES: [f64; 2] = [659.255, 523.251];
/// When the second tone begins, and the length of the whole, in seconds.
const SECOND_AT: f64 = 0.36;
const LENGTH: f64 = 1.35;
/// How long a tone takes to rise, and to decay by a factor of e, in seconds: without either it would click.
const SWELL: f64 = 0.012;
const FALL: f64 = 0.28;
/// How long the end of the chime is faded out, in seconds.
const FADE: f64 = 0.1;
/// The peak level of one tone, as a fraction of full scale: both together stay well below 1.
const LEVEL: f64 = 0.34;

/// The chime.
pub fn chime() -> Sound {
    let samples = (0..).map(|n| f64::from(n) / f64::from(RATE)).take_while(|at| *at < LENGTH);
    let fade = |at: f64| ((LENGTH - at) / FADE).min(1.0);
    let both = |at: f64| tone(TONES[0], at) + tone(TONES[1], at - SECOND_AT);
    Sound { rate: RATE, samples: samples.map(|at| sample_of(both(at) * fade(at))).collect() }
}

/// One tone with a soft octave above it, `at` seconds after its start.
fn tone(pitch: f64, at: f64) -> f64 {
    if at < 0.0 {
        return 0.0;
    }
    let envelope = (at / SWELL).min(1.0) * (-at / FALL).exp();
    let wave = (TAU * pitch * at).sin() + 0.25 * (2.0 * TAU * pitch * at).sin();
    LEVEL * envelope * wave
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chime_is_short_loud_enough_and_never_clipped() {
        let chime = chime();
        assert!((1_000..1_600).contains(&chime.millis()), "{} ms", chime.millis());
        assert!((0.2..0.7).contains(&chime.peak()), "peak {}", chime.peak());
        assert!((0.05..0.3).contains(&chime.loudness()), "loudness {}", chime.loudness());
        let last = chime.samples.iter().rev().take(20);
        assert!(last.copied().all(|sample| sample.abs() < 60), "it ends without a click");
        assert_eq!(Sound::read(&chime.wav()), Some(chime));
    }

    /// The strength of a pitch in an interval of seconds.
    fn strength(sound: &Sound, pitch: f64, from: f64, to: f64) -> f64 {
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (n, sample) in sound.samples.iter().enumerate() {
            let at = n as f64 / f64::from(sound.rate);
            if (from..to).contains(&at) {
                sine += f64::from(*sample) * (TAU * pitch * at).sin();
                cosine += f64::from(*sample) * (TAU * pitch * at).cos();
            }
        }
        sine.hypot(cosine)
    }

    #[test]
    fn it_has_two_tones_the_higher_one_first() {
        let chime = chime();
        let [high, low] = TONES;
        assert!(strength(&chime, high, 0.0, 0.3) > 10.0 * strength(&chime, low, 0.0, 0.3));
        assert!(strength(&chime, low, 0.8, 1.2) > 3.0 * strength(&chime, high, 0.8, 1.2));
    }
}
