//! How much room is left where this process writes: counted again and again. Knows no limit.

use metrics::gauge;
use nix::sys::statvfs::statvfs;
use std::path::PathBuf;
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(15);

/// Counts the room in a folder for as long as it is polled.
pub async fn watch(folder: PathBuf) {
    let name = folder.display().to_string();
    loop {
        // A folder that is not there yet has no room to be counted.
        if let Ok(room) = statvfs(&folder) {
            let bytes = |blocks| blocks as f64 * room.fragment_size() as f64;
            gauge!("okienko_disk_free_bytes", "folder" => name.clone()).set(bytes(room.blocks_available()));
            gauge!("okienko_disk_bytes", "folder" => name.clone()).set(bytes(room.blocks()));
        }
        tokio::time::sleep(LOOK).await;
    }
}
