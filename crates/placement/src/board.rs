//! A board on NATS where each process of an installation writes, again and again, how it is; what is not written again goes
//! by itself. For whoever operates it: nothing is decided by what stands there. Knows no words on it.

use crate::nats::{bucket, store};
use async_nats::jetstream::Context;
use futures::StreamExt;
use okienko_kernel::Moment;
use std::time::Duration;
use tokio::time::timeout;

/// How long words stand on the board.
const STANDS: Duration = Duration::from_secs(20);
/// How long NATS is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The board of an installation, as one process sees it.
pub struct Board {
    context: Context,
    bucket: String,
    copies: usize,
    me: String,
}

impl Board {
    /// The board; `me` is a name like no other, `installation` and `copies` are as for presence.
    pub fn new(context: Context, installation: &str, copies: usize, me: &str) -> Board {
        Board { context, bucket: bucket(installation, "conditions"), copies, me: me.to_owned() }
    }

    /// Writes over what this process wrote before.
    pub async fn write(&self, words: Vec<u8>) -> Result<(), String> {
        let write = async {
            let board = store(&self.context, &self.bucket, STANDS, self.copies).await?;
            board.put(&self.me, words.into()).await.map_err(|e| e.to_string()).map(drop)
        };
        timeout(PATIENCE, write).await.map_err(|_| "NATS does not answer".to_owned())?
    }

    /// What all others have written, with the moments at which NATS took it by its own clock.
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
