//! Rows that belong to no event, through the same commit as everything else. Knows no content.

use crate::committer::{Journal, Outcome, Submission};
use crate::record::{Append, VaultChange};
use okienko_kernel::{Fault, Moment};
use std::sync::Arc;
use tokio::sync::oneshot;

impl Journal {
    /// Writes or deletes sealed rows that belong to no event: for what is no fact and may be lost or forgotten, such as
    /// a form typed but not submitted, or a copy of another service's data. `stream` names their owner; it never gets
    /// an event, so its version cannot conflict.
    pub async fn keep_rows(
        &self,
        (office, stream): (&str, &str),
        rows: Vec<VaultChange>,
        at: Moment,
    ) -> Result<(), Fault> {
        let append = Append {
            office: office.into(),
            stream: stream.into(),
            expected: 0,
            at,
            events: Vec::new(),
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: rows,
            wake: None,
        };
        let (tell, told) = oneshot::channel();
        let done = Box::new(move |outcome| _ = tell.send(outcome));
        self.submit(Submission { append, poison: Arc::default(), done }).await;
        match told.await {
            Ok(Outcome::Committed) => Ok(()),
            Ok(Outcome::NotCommitted) => Err(Fault::NotDone("the rows were not written".into())),
            _ => Err(Fault::Unknown),
        }
    }
}
