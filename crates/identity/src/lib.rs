//! Which member of staff or device is asking: signed tokens that are verified without a database, what they allow and
//! where, and which were revoked. Knows no request, no page and no storage.

mod claims;
mod revocations;
mod token;

pub use claims::{Beyond, Claims};
pub use revocations::Revocations;
pub use token::{TokenFault, sign, verify};
