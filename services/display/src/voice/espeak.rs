//! Speech synthesis: espeak-ng as a separate process for each text. The text is passed on standard input, never on a
//! command line; time and output are bounded. Knows nothing of calls.

use crate::domain::sound::Sound;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// The program's name.
const PROGRAM: &str = "espeak-ng";
/// Words per minute: slower than its default of 175, because a hall echoes.
const SPEED: &str = "145";
/// Pause between words, in units of 10 ms: keeps numbers apart.
const GAP: &str = "3";
/// A sentence takes some hundredths of a second; one that takes this long is stuck.
const TIME: Duration = Duration::from_secs(5);
/// Bytes of half a minute of speech; no announcement is longer.
const OUTPUT: u64 = 30 * 44_100;

/// Why there is no speech.
#[derive(Debug, thiserror::Error)]
pub enum SpeechFault {
    /// The program cannot be started or its pipes broke.
    #[error("espeak-ng: {0}")]
    Io(#[from] std::io::Error),
    /// It took too long.
    #[error("espeak-ng did not end in time")]
    Late,
    /// It ended with an error, said nothing, or said too much.
    #[error("espeak-ng gave no usable sound")]
    Unusable,
}

/// The espeak-ng found on this machine.
#[derive(Clone, Debug)]
pub struct Espeak {
    program: PathBuf,
}

impl Espeak {
    /// Searches the folders of `path`, in the format of the variable PATH.
    pub fn find(path: &OsStr) -> Option<Espeak> {
        let programs = std::env::split_paths(path).map(|folder| folder.join(PROGRAM));
        programs.filter(|program| program.is_file()).map(|program| Espeak { program }).next()
    }

    /// Speaks a text in a language (`pl`, `en`).
    pub async fn speak(&self, language: &str, text: &str) -> Result<Sound, SpeechFault> {
        tokio::time::timeout(TIME, self.run(language, text)).await.map_err(|_| SpeechFault::Late)?
    }

    async fn run(&self, language: &str, text: &str) -> Result<Sound, SpeechFault> {
        let mut child = Command::new(&self.program)
            .args(["-v", language, "-s", SPEED, "-g", GAP, "--stdin", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Err(SpeechFault::Unusable) };
        // A sentence fits into the pipe as a whole: no deadlock here.
        stdin.write_all(text.as_bytes()).await?;
        stdin.shutdown().await?;
        drop(stdin);
        let mut wav = Vec::new();
        stdout.take(OUTPUT + 1).read_to_end(&mut wav).await?;
        if wav.len() as u64 > OUTPUT || !child.wait().await?.success() {
            return Err(SpeechFault::Unusable);
        }
        Sound::read(&wav).filter(|sound| sound.peak() > 0.0).ok_or(SpeechFault::Unusable)
    }
}
