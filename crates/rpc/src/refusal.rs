//! How a refusal of the domain travels in a gRPC status, and what the outcome of a call means for the event that caused
//! it. Knows no reason by name.

use okienko_kernel::{Handed, NotTaken};
use okienko_proto::common::Refusal;
use prost::Message;
use tonic::{Code, Status};

/// Encodes a refusal as a status.
pub fn refuse(refusal: &Refusal) -> Status {
    Status::with_details(Code::FailedPrecondition, refusal.code.clone(), refusal.encode_to_vec().into())
}

/// A refusal that is only a code.
pub fn refuse_code(code: &str) -> Status {
    refuse(&Refusal { code: code.to_owned(), ..Refusal::default() })
}

/// Decodes the refusal in a status; `None` means that the call failed.
pub fn refusal(status: &Status) -> Option<Refusal> {
    let is_refusal = status.code() == Code::FailedPrecondition && !status.details().is_empty();
    if is_refusal { Refusal::decode(status.details()).ok() } else { None }
}

/// What a call's outcome means for the event that caused it; `what` names the task for the log. A refusal, such as a
/// day's budget that is used up, is a final answer: a retry would get the same one.
pub fn followed<T>(event: &impl Handed, what: &str, answer: Result<T, Status>) -> Result<(), NotTaken> {
    let Err(status) = answer else { return Ok(()) };
    match (refusal(&status), status.code()) {
        (Some(refusal), _) => {
            tracing::warn!(code = refusal.code, what, "what follows from an event was refused");
            Ok(())
        }
        (None, Code::InvalidArgument | Code::OutOfRange | Code::DataLoss) => {
            Err(NotTaken::never(event, status))
        }
        (None, _) => Err(NotTaken::Later(status.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::EventRef;

    #[test]
    fn after_a_refusal_all_is_done_and_after_a_failure_only_what_no_repeat_mends_is_given_up() {
        let event = EventRef { stream: "day/1".into(), version: 3 };
        let after = |answer: Result<(), Status>| followed(&event, "notice", answer);
        assert_eq!(after(Ok(())), Ok(()));
        assert_eq!(after(Err(refuse_code("budget"))), Ok(()));
        for (status, is_never) in [
            (Status::unavailable("x"), false),
            (Status::deadline_exceeded("x"), false),
            (Status::cancelled("x"), false),
            (Status::unknown("x"), false),
            (Status::internal("x"), false),
            (Status::aborted("x"), false),
            (Status::resource_exhausted("x"), false),
            (Status::failed_precondition("x"), false),
            (Status::unauthenticated("x"), false),
            // From a version that does not know it yet.
            (Status::unimplemented("x"), false),
            (Status::invalid_argument("x"), true),
            (Status::out_of_range("x"), true),
            (Status::data_loss("x"), true),
        ] {
            let told = after(Err(status.clone()));
            assert_eq!(matches!(told, Err(NotTaken::Never(_))), is_never, "{status}");
            assert_eq!(matches!(told, Err(NotTaken::Later(_))), !is_never, "{status}");
        }
    }

    #[test]
    fn a_refusal_travels_whole_and_a_failure_is_none() {
        let told = Refusal { code: "code_wrong".into(), attempts_left: Some(4), ..Refusal::default() };
        assert_eq!(refusal(&refuse(&told)), Some(told));
        assert_eq!(refusal(&Status::unavailable("x")), None);
    }
}
