//! How an event becomes bytes and comes back, for ever. Knows no journal.

/// An event that can be stored. Kinds and old shapes never change their meaning; `decode` brings old ones up to date.
pub trait Stored: Sized {
    /// Its name in the journal.
    fn kind(&self) -> &'static str;
    /// Version of the shape that [`Stored::encode`] writes.
    fn schema(&self) -> u16;
    /// As bytes.
    fn encode(&self) -> Vec<u8>;
    /// From bytes of any shape ever written; the error says what was not understood.
    fn decode(kind: &str, schema: u16, data: &[u8]) -> Result<Self, String>;
}
