//! The demo's domain time in the data folder: a restart takes the later of stored and given.

#[cfg(feature = "demo")]
use okienko_kernel::Moment;
use std::path::{Path, PathBuf};

/// The file that stores it.
pub struct ClockFile(PathBuf);

impl ClockFile {
    /// The file in that data folder.
    pub fn of(data: &Path) -> ClockFile {
        ClockFile(data.join("clock"))
    }
    /// Whether it exists.
    pub fn is_there(&self) -> bool {
        self.0.exists()
    }
}

#[cfg(feature = "demo")]
impl ClockFile {
    /// The stored moment, if there is one.
    pub fn read(&self) -> Option<Moment> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        text.trim().parse().ok().map(Moment::from_micros)
    }
    /// Stores a moment: written to a new file and renamed, so that a crash leaves the old one.
    pub fn write(&self, now: Moment) -> std::io::Result<()> {
        let fresh = self.0.with_extension("new");
        std::fs::write(&fresh, now.micros().to_string())?;
        std::fs::rename(&fresh, &self.0)
    }
}
