//! How much space is left where this process writes: measured regularly. Knows no limit.

use metrics::gauge;
use nix::sys::statvfs::statvfs;
use std::path::PathBuf;
use std::time::Duration;

/// The interval between measurements.
const LOOK: Duration = Duration::from_secs(15);

/// Records the free space of a folder for as long as it is polled.
pub async fn watch(folder: PathBuf) {
    let name = folder.display().to_string();
    loop {
        // A folder that does not exist yet cannot be measured.
        if let Ok(room) = statvfs(&folder) {
            let bytes = |blocks| blocks as f64 * room.fragment_size() as f64;
            gauge!("okienko_disk_free_bytes", "folder" => name.clone()).set(bytes(room.blocks_available()));
            gauge!("okienko_disk_bytes", "folder" => name.clone()).set(bytes(room.blocks()));
        }
        tokio::time::sleep(LOOK).await;
    }
}
