//! Rows that belong to no event, through the same commit as everything else.

use crate::committer::{Journal, Outcome, Submission};
use crate::record::{Append, VaultChange};
use okienko_kernel::{Fault, Moment};
use std::sync::Arc;
use tokio::sync::oneshot;

impl Journal {
    /// Writes sealed rows beside no event, or deletes them: for what is no fact and may be lost or forgotten, such as what
    /// somebody has typed and not sent, or a copy of what another service has. `stream` names whose rows they are; it never
    /// gets an event, so that its version cannot differ.
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
