//! Who of the staff, or which device, is asking: signed tokens that are checked without a database, what they allow and
//! where, and which were taken back. Knows no request, no page and no storage.

mod claims;
mod revocations;
mod token;

pub use claims::{Beyond, Claims};
pub use revocations::Revocations;
pub use token::{TokenFault, sign, verify};
