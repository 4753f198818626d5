//! How a refusal of the domain travels in a gRPC status. Knows no reason by name.

use okienko_proto::common::Refusal;
use prost::Message;
use tonic::{Code, Status};

/// A refusal of the domain as a status.
pub fn refuse(refusal: &Refusal) -> Status {
    Status::with_details(Code::FailedPrecondition, refusal.code.clone(), refusal.encode_to_vec().into())
}

/// A refusal by its code alone.
pub fn refuse_code(code: &str) -> Status {
    refuse(&Refusal { code: code.to_owned(), ..Refusal::default() })
}

/// The refusal in a status, if it is one; otherwise the call failed.
pub fn refusal(status: &Status) -> Option<Refusal> {
    let is_refusal = status.code() == Code::FailedPrecondition && !status.details().is_empty();
    if is_refusal { Refusal::decode(status.details()).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_travels_whole_and_a_failure_is_none() {
        let told = Refusal { code: "code_wrong".into(), attempts_left: Some(4), ..Refusal::default() };
        assert_eq!(refusal(&refuse(&told)), Some(told));
        assert_eq!(refusal(&Status::unavailable("x")), None);
    }
}
