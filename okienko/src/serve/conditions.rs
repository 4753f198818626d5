//! Publishes this process's condition on the installation's board, and reads those of the others. Knows no page.

use crate::ops::{Ops, Others, Said};
use okienko_kernel::Moment;
use okienko_placement::Board;
use std::sync::Arc;
use std::time::Duration;

/// The interval between reports.
const TELL: Duration = Duration::from_secs(5);

/// Reads the reports on the board.
pub struct BoardReader(pub Arc<Board>);

impl Others for BoardReader {
    fn said(&self) -> Said {
        let board = self.0.clone();
        Box::pin(async move {
            let words =
                board.read().await.inspect_err(|error| tracing::warn!(error, "the board is not read"));
            // A process of another version may report something unknown to this one.
            let known = |(words, at): (Vec<u8>, Moment)| Some((serde_json::from_slice(&words).ok()?, at));
            Some(words.ok()?.into_iter().filter_map(known).collect())
        })
    }
}

/// Publishes reports for as long as it is polled.
pub async fn tell(board: Arc<Board>, ops: Arc<Ops>) {
    let mut told = true;
    loop {
        let words = serde_json::to_vec(&ops.here()).unwrap_or_default();
        let before = std::mem::replace(&mut told, board.write(words).await.is_ok());
        if before && !told {
            tracing::warn!("the other processes do not hear how this one is");
        }
        tokio::time::sleep(TELL).await;
    }
}
