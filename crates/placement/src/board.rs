//! A board on NATS where each process of an installation periodically posts its condition; posts that are not renewed
//! expire. For operators only: nothing is decided by what stands there. Knows no meaning of the posts.

use crate::nats::{bucket, store};
use async_nats::jetstream::Context;
use futures::StreamExt;
use okienko_kernel::Moment;
use std::time::Duration;
use tokio::time::timeout;

/// How long a post stays on the board.
const STANDS: Duration = Duration::from_secs(20);
/// The timeout for NATS.
const PATIENCE: Duration = Duration::from_secs(2);

/// The board of an installation, as one process sees it.
pub struct Board {
    context: Context,
    bucket: String,
    copies: usize,
    me: String,
}

impl Board {
    /// The board; `me` is a unique name, `installation` and `copies` are as for [`Presence`](crate::Presence).
    pub fn new(context: Context, installation: &str, copies: usize, me: &str) -> Board {
        Board { context, bucket: bucket(installation, "conditions"), copies, me: me.to_owned() }
    }

    /// Replaces what this process posted before.
    pub async fn write(&self, words: Vec<u8>) -> Result<(), String> {
        let write = async {
            let board = store(&self.context, &self.bucket, STANDS, self.copies).await?;
            board.put(&self.me, words.into()).await.map_err(|e| e.to_string()).map(drop)
        };
        timeout(PATIENCE, write).await.map_err(|_| "NATS does not answer".to_owned())?
    }

    /// The posts of all other processes, with the moments at which NATS received them by its own clock.
    pub async fn read(&self) -> Result<Vec<(Vec<u8>, Moment)>, String> {
        let read = async {
            let board = store(&self.context, &self.bucket, STANDS, self.copies).await?;
            let names = board.keys().await.map_err(|e| e.to_string())?;
            let names: Vec<String> = names.filter_map(async |name| name.ok()).collect().await;
            let mut all = Vec::new();
            for name in names.iter().filter(|name| **name != self.me) {
                if let Some(entry) = board.entry(name).await.map_err(|e| e.to_string())? {
                    let micros = entry.created.unix_timestamp_nanos() / 1_000;
                    let at = Moment::from_micros(i64::try_from(micros).unwrap_or(i64::MAX));
                    all.push((entry.value.to_vec(), at));
                }
            }
            Ok(all)
        };
        timeout(PATIENCE, read).await.map_err(|_| "NATS does not answer".to_owned())?
    }
}
