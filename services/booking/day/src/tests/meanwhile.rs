//! Requests that hung: the data they were based on have been replaced by the time they go on.

use super::*;

#[test]
fn nothing_is_decided_on_answers_or_a_code_that_were_replaced_meanwhile() {
    let now = at("07:00:00");
    let expires_at = at("07:05:00");
    let form = |hold, subject, sealed| Command::SaveForm { hold, subject, sealed };
    let code = |hold, verification: &str, expires_at, sealed| Command::CodeSent {
        hold,
        verification: verification.to_owned(),
        expires_at,
        channel: Proof::Sms,
        claims: vec!["person".to_owned()],
        sealed,
    };
    // A form and a code were sealed: the count is two. For each count that a request may have seen, what comes of it.
    for sealed in [None, Some(0), Some(1), Some(2), Some(3)] {
        let as_seen = sealed.is_none_or(|seen| seen == 2);
        let start = || {
            let mut desk = Desk::new();
            let hold = desk.hold("08:00", now).unwrap();
            desk.form(hold, now).unwrap();
            desk.code(hold, "v", expires_at, now).unwrap();
            (desk, hold)
        };
        let told = |command: &dyn Fn(&Desk, Id) -> Command| {
            let (mut desk, hold) = start();
            let command = command(&desk, hold);
            desk.run(&command, now).map(|(events, _)| events.len())
        };
        let counted = if as_seen { Ok(1) } else { Err(Refusal::FormChanged) };
        assert_eq!(told(&|desk, hold| form(hold, desk.id(IdKind::Subject), sealed)), counted, "{sealed:?}");
        assert_eq!(told(&|_, hold| code(hold, "w", expires_at, sealed)), counted, "{sealed:?}");
        // The same code with a later expiry, as after a resend: the sealed data have it.
        assert_eq!(told(&|_, hold| code(hold, "v", at("07:06:00"), sealed)), counted, "{sealed:?}");
        assert_eq!(told(&|_, hold| code(hold, "v", expires_at, sealed)), Ok(0), "a retry: {sealed:?}");
        let confirm = |desk: &Desk, hold| Confirm { sealed, ..desk.confirm_with(hold, Some("v")) };
        assert_eq!(told(&|desk, hold| Command::Confirm(confirm(desk, hold))), counted, "{sealed:?}");
    }
}
