//! The voice of the halls: the text of each call in words, its sound on demand, and a chime before it. Only texts of
//! calls can be heard: a sound's address is derived from its text, and an address that no call has had is unknown.
//! Knows no hall.

mod espeak;

pub use espeak::Espeak;

use crate::domain::chime::chime;
use crate::domain::spoken::Vocabulary;
use bytes::Bytes;
use espeak::SpeechFault;
use okienko_kernel::{Keys, base32};
use okienko_web::{Locale, Texts};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Part of every address: change it with the way of rendering, because clients cache the old sounds forever.
const RENDERING: &[u8] = b"1";
/// How many texts can still be requested: several busy halls' days.
const TEXTS: usize = 8192;
/// How many bytes of rendered sounds are kept: some sixty announcements.
const KEPT: usize = 12 * 1024 * 1024;
/// How many speech processes may run at once.
const AT_ONCE: usize = 2;
/// How long a listener waits for its turn; then it does without the voice.
const TURN: Duration = Duration::from_secs(8);
/// Silence around the words, in milliseconds.
const BEFORE: u32 = 150;
const AFTER: u32 = 400;
/// Longer numbers are not ours.
const LABEL: usize = 24;

/// The kind of announcements in a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VoiceMode {
    /// A chime, then the words.
    Spoken,
    /// The chime alone: the speech program is not installed.
    Chime,
    /// Nothing, as the office wishes.
    None,
}

/// An announcement: its text, and where its sound is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The text for reading.
    pub text: String,
    /// The address of its sound; `None` if there is only the chime.
    pub audio: Option<String>,
}

/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
pub enum NoSound {
    /// No call has had this address.
    #[error("no call has this sound")]
    Unknown,
    /// The speech program failed.
    #[error(transparent)]
    Fault(#[from] SpeechFault),
    /// Too many sounds are being rendered at once.
    #[error("too many sounds are being made")]
    Busy,
}

/// Renders and keeps announcements.
pub struct Voice {
    program: Option<Espeak>,
    texts: Arc<Texts>,
    words: BTreeMap<Locale, Vocabulary>,
    keys: Keys,
    known: Mutex<SoundCache>,
    turns: Semaphore,
    chime: Bytes,
}

#[derive(Default)]
struct SoundCache {
    /// Address to language and text; `order` has the oldest first.
    texts: BTreeMap<String, (Locale, String)>,
    order: VecDeque<String>,
    sounds: BTreeMap<String, Bytes>,
    sounds_order: VecDeque<String>,
    bytes: usize,
}

impl Voice {
    /// With the speech program if there is one; otherwise logs a warning once.
    pub fn new(program: Option<Espeak>, texts: Arc<Texts>, keys: Keys) -> Voice {
        if program.is_none() {
            tracing::warn!("espeak-ng is not installed: calls are announced by a chime alone");
        }
        let vocabulary = |locale| {
            let list = |name: &str| texts.t(locale, &format!("spoken-{name}"));
            let read = Vocabulary::read(
                &list("small"),
                &list("tens"),
                &list("hundreds"),
                &list("thousand"),
                &list("letters"),
            );
            read.map_err(|error| tracing::error!(%error, locale = locale.tag(), "nothing can be spoken")).ok()
        };
        let words =
            Locale::STAFF.into_iter().filter_map(|locale| Some((locale, vocabulary(locale)?))).collect();
        let chime = chime().wav().into();
        let known = Mutex::default();
        Voice { program, texts, words, keys, known, turns: Semaphore::new(AT_ONCE), chime }
    }

    /// The announcements of a hall that has a voice.
    pub fn heard(&self) -> VoiceMode {
        if self.program.is_some() { VoiceMode::Spoken } else { VoiceMode::Chime }
    }

    /// The sound before each announcement.
    pub fn chime(&self) -> Bytes {
        self.chime.clone()
    }

    /// The spoken text: every number in words.
    pub fn words(&self, locale: Locale, number: &str, counter: &str) -> Option<String> {
        let words = self.words.get(&locale)?;
        let label = |label: &str| words.label(&label.chars().take(LABEL).collect::<String>());
        let values = [("ticket", label(number).into()), ("counter", label(counter).into())];
        Some(self.texts.ta(locale, "announce-spoken", &values))
    }

    /// The announcement of a call; from now on its sound can be fetched.
    pub fn announce(&self, locale: Locale, number: &str, counter: &str) -> Announced {
        let values = [("ticket", number.into()), ("counter", counter.into())];
        let text = self.texts.ta(locale, "announce-text", &values);
        let spoken = self.program.as_ref().and_then(|_| self.words(locale, number, counter));
        Announced { text, audio: spoken.map(|spoken| format!("/audio/{}.wav", self.keep(locale, spoken))) }
    }

    fn keep(&self, locale: Locale, spoken: String) -> String {
        let mac = self.keys.mac("audio", &[RENDERING, locale.tag().as_bytes(), spoken.as_bytes()]);
        let name = base32::encode(&mac[..16]);
        let mut known = self.known.lock();
        if !known.texts.contains_key(&name) {
            known.texts.insert(name.clone(), (locale, spoken));
            known.order.push_back(name.clone());
            if known.order.len() > TEXTS
                && let Some(oldest) = known.order.pop_front()
            {
                known.texts.remove(&oldest);
            }
        }
        name
    }

    /// The sound with this name, as a WAV file.
    pub async fn sound(&self, name: &str) -> Result<Bytes, NoSound> {
        if let Some(kept) = self.kept(name) {
            return Ok(kept);
        }
        let text = self.known.lock().texts.get(name).cloned();
        let (Some((locale, text)), Some(program)) = (text, &self.program) else {
            return Err(NoSound::Unknown);
        };
        let turn = tokio::time::timeout(TURN, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(NoSound::Busy) };
        // All screens of a hall ask at the same moment: the first may have rendered it meanwhile.
        if let Some(kept) = self.kept(name) {
            return Ok(kept);
        }
        let sound = program.speak(locale.tag(), &text).await?;
        let wav: Bytes = sound.levelled(BEFORE, AFTER).wav().into();
        self.known.lock().store(name, wav.clone());
        Ok(wav)
    }

    fn kept(&self, name: &str) -> Option<Bytes> {
        self.known.lock().sounds.get(name).cloned()
    }
}

impl SoundCache {
    fn store(&mut self, name: &str, wav: Bytes) {
        let size = wav.len();
        if self.sounds.insert(name.to_owned(), wav).is_some() {
            return;
        }
        self.sounds_order.push_back(name.to_owned());
        self.bytes += size;
        while self.bytes > KEPT
            && let Some(oldest) = self.sounds_order.pop_front()
        {
            self.bytes -= self.sounds.remove(&oldest).map_or(0, |wav| wav.len());
        }
    }
}
