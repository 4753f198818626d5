//! The physical limit: how often the disk makes a small overwrite durable. Knows no benchmark.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use tokio::time::Instant;

const BLOCK: usize = 4096;
const TIMES: u32 = 3_000;

/// `fdatasync` calls per second, each after a 4 kB overwrite.
pub fn syncs_per_second(folder: &Path) -> anyhow::Result<f64> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(folder.join("sync"))?;
    let block = [7u8; BLOCK];
    file.write_all(&block)?;
    file.sync_all()?;
    let start = Instant::now();
    for _ in 0..TIMES {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&block)?;
        file.sync_data()?;
    }
    Ok(f64::from(TIMES) / start.elapsed().as_secs_f64())
}
