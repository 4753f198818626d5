//! Personal data beside a service's journal, row by row: sealed, of one type, with an expiry. Knows no row's content.

use okienko_journal::{Cipher, Journal, VaultChange};
use okienko_kernel::{Entropy, Fault, Id, Moment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;

/// Rows requested from the journal at once.
const AT_ONCE: usize = 400;

/// The rows of one type.
pub struct Vault<T> {
    cipher: Arc<Cipher>,
    journal: Arc<Journal>,
    entropy: Arc<dyn Entropy>,
    rows: PhantomData<fn(T) -> T>,
}

impl<T> Clone for Vault<T> {
    fn clone(&self) -> Self {
        let (cipher, journal, entropy) = (self.cipher.clone(), self.journal.clone(), self.entropy.clone());
        Vault { cipher, journal, entropy, rows: PhantomData }
    }
}

impl<T: Serialize + DeserializeOwned> Vault<T> {
    pub(crate) fn new(cipher: Arc<Cipher>, journal: Arc<Journal>, entropy: Arc<dyn Entropy>) -> Vault<T> {
        Vault { cipher, journal, entropy, rows: PhantomData }
    }

    /// The change that writes a row, for the append it belongs to; the row is purged after `until`. A row that cannot
    /// be encoded as JSON or encrypted is an error: the append must not go on without it.
    pub fn seal(&self, row: impl Into<String>, content: &T, until: Moment) -> Result<VaultChange, Fault> {
        let id = row.into();
        let plain = serde_json::to_vec(content)
            .map_err(|_| Fault::NotDone(format!("a row of {} has no JSON", type_name::<T>())))?;
        let sealed = self.cipher.seal(&id, &plain, &*self.entropy)?;
        Ok(VaultChange::Put { id, sealed, until })
    }

    /// The rows with these ids, in order; `None` for one that is gone. One that exists but cannot be read is `None`
    /// too, and is reported to the operators.
    pub async fn open(&self, rows: &[String]) -> Result<Vec<Option<T>>, Fault> {
        let mut opened = Vec::with_capacity(rows.len());
        for rows in rows.chunks(AT_ONCE) {
            let sealed = self.journal.engine().vault(rows).await;
            let sealed = sealed.map_err(|error| Fault::NotDone(error.to_string()))?;
            opened.extend(rows.iter().zip(sealed).map(|(id, sealed)| self.read(id, &sealed?)));
        }
        Ok(opened)
    }

    /// One row.
    pub async fn open_one(&self, row: impl Into<String>) -> Result<Option<T>, Fault> {
        Ok(self.open(&[row.into()]).await?.pop().flatten())
    }

    /// The row of an id, if there is an id.
    pub async fn open_of(&self, id: Option<Id>) -> Result<Option<T>, Fault> {
        match id {
            Some(id) => self.open_one(id.to_string()).await,
            None => Ok(None),
        }
    }

    fn read(&self, id: &str, sealed: &[u8]) -> Option<T> {
        let plain = self.cipher.open(id, sealed);
        let read = plain.as_deref().and_then(|plain| serde_json::from_slice(plain).ok());
        if read.is_none() {
            let why = if plain.is_some() { "it is of another shape" } else { "it does not open" };
            tracing::error!(row = type_name::<T>(), error = why, "a sealed row cannot be read");
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TokioTasks;
    use okienko_journal::MemoryEngine;
    use okienko_kernel::Keys;
    use okienko_kernel::world::SeededEntropy;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Person {
        name: String,
    }

    async fn journal() -> Arc<Journal> {
        Journal::start("test", MemoryEngine::shared(), &TokioTasks::here()).await.unwrap()
    }

    fn vault<T: Serialize + DeserializeOwned>(journal: &Arc<Journal>) -> Vault<T> {
        let cipher = Arc::new(Cipher::new(&Keys::from_secret(b"s"), "test"));
        Vault::new(cipher, journal.clone(), Arc::new(SeededEntropy::new(1)))
    }

    #[tokio::test]
    async fn rows_come_back_in_the_order_that_was_asked_for_and_one_that_is_gone_or_of_another_shape_is_none()
    {
        let journal = journal().await;
        let people = vault::<Person>(&journal);
        let named = |name: &str| Person { name: name.to_owned() };
        let mut rows: Vec<_> =
            ["a", "b"].map(|name| people.seal(name, &named(name), Moment::MAX).unwrap()).into();
        rows.push(vault::<u8>(&journal).seal("number", &7, Moment::MAX).unwrap());
        journal.keep_rows(("o", "rows/o"), rows, Moment::default()).await.unwrap();
        let asked = ["b", "gone", "number", "a"].map(str::to_owned);
        let found = people.open(&asked).await.unwrap();
        assert_eq!(found, [Some(named("b")), None, None, Some(named("a"))]);
        let gone = vec![VaultChange::Delete { id: "a".into() }];
        journal.keep_rows(("o", "rows/o"), gone, Moment::default()).await.unwrap();
        assert_eq!(people.open_one("a").await, Ok(None));
    }

    /// JSON keys can only be text.
    #[tokio::test]
    async fn what_has_no_json_is_an_error_and_no_row() {
        let odd = vault::<BTreeMap<(u8, u8), u8>>(&journal().await);
        let refused = odd.seal("a", &BTreeMap::from([((1, 2), 3)]), Moment::MAX);
        assert!(matches!(refused, Err(Fault::NotDone(_))), "{refused:?}");
    }
}
