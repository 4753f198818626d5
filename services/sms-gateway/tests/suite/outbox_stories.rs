//! The rules of the outbox one by one, each as a short story with exact figures.

use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Machine, Moment, Span, Way};
use okienko_sms_gateway::domain::*;

pub const NOON: Moment = Moment::from_micros(1_796_122_800_000_000);

fn id(kind: IdKind, seed: u64) -> Id {
    let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
    Id::new(kind, way, &SeededEntropy::new(seed))
}
fn message(seed: u64) -> Id {
    id(IdKind::Message, seed)
}

struct Story {
    outbox: Outbox,
    now: Moment,
    next: u64,
}

impl Story {
    fn new() -> Story {
        Story { outbox: Outbox::new("outbox/torun/2026-12-01"), now: NOON, next: 0 }
    }
    fn after(&mut self, seconds: i64) -> &mut Story {
        self.now = self.now + Span::from_secs(seconds);
        self
    }
    fn ask(&mut self, command: Command) -> Result<(Reply, usize), Refusal> {
        let events = self.outbox.decide(&command, self.now)?;
        events.iter().for_each(|event| self.outbox.apply(event));
        assert_eq!(self.outbox.invariant_check(), Ok(()));
        Ok((self.outbox.reply(&command, &events, self.now), events.len()))
    }
    fn start_with(&mut self, change: impl FnOnce(&mut StartVerification)) -> Result<Started, Refusal> {
        self.next += 1;
        let mut start = StartVerification {
            subject: "hold".into(),
            verification: id(IdKind::Verification, self.next),
            message: message(self.next),
            address_hash: "one".into(),
            ranges: Vec::new(),
            channel: Channel::Sms,
            locale: "pl".into(),
            not_after: NOON + Span::from_mins(20),
            budget: 1000,
            parts: 1,
            request_key: None,
        };
        change(&mut start);
        match self.ask(Command::StartVerification(start))? {
            (Reply::Started { verification, message, expires_at, resend_after }, _) => {
                let code = self.outbox.code_of(message).map_or(0, |code| code.no);
                Ok(Started { verification, message, expires_at, resend_after, code })
            }
            (other, _) => panic!("{other:?}"),
        }
    }
    fn start(&mut self) -> Result<Started, Refusal> {
        self.start_with(|_| {})
    }
    fn check(&mut self, verification: Id, right_for: &[u32]) -> Result<Reply, Refusal> {
        let right_for = right_for.to_vec();
        self.ask(Command::CheckCode(CheckCode { verification, subject: "hold".into(), right_for }))?
            .0
            .into_result()
    }
    fn send(&mut self, key: &str, budget: u32, parts: u32) -> Result<Id, Refusal> {
        self.next += 1;
        let send = Send {
            message: message(self.next),
            request_key: key.into(),
            channel: Channel::Sms,
            template: "sms-confirmed".into(),
            budget,
            parts,
            not_before: None,
            not_after: None,
        };
        match self.ask(Command::Send(send))?.0 {
            Reply::Queued { message } => Ok(message),
            other => panic!("{other:?}"),
        }
    }
    fn attempt(&mut self, message: Id) -> Result<Reply, Refusal> {
        Ok(self.ask(Command::Attempt { message })?.0)
    }
    fn not_sent(&mut self, message: Id, attempt: u32, class: NotSentClass) {
        let reason = Reason::new("no_route");
        self.ask(Command::NotSent { message, attempt, class, reason, held_by: None }).unwrap();
    }
    fn sent(&mut self, message: Id) -> usize {
        let sent = Command::Sent { message, provider: "p".into(), provider_id: format!("p{message}") };
        self.ask(sent).unwrap().1
    }
    fn report(&mut self, of: ReportOf, status: Final) -> Result<usize, Refusal> {
        Ok(self.ask(Command::Report { of, status })?.1)
    }
    fn wake(&mut self) -> Vec<Event> {
        let events = self.outbox.on_wake(self.now);
        events.iter().for_each(|event| self.outbox.apply(event));
        events
    }
}

#[derive(Debug, PartialEq)]
struct Started {
    verification: Id,
    message: Id,
    expires_at: Moment,
    resend_after: Moment,
    code: u32,
}

fn wait(seconds: i64) -> Refusal {
    Refusal::RateLimited { retry_after: Span::from_secs(seconds) }
}

#[test]
fn a_resend_carries_the_same_code_after_pauses_of_30_60_and_120_seconds() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    assert_eq!(first.expires_at, NOON + Span::from_mins(10));
    assert_eq!(first.resend_after, NOON + Span::from_secs(30));
    assert_eq!(story.after(29).start(), Err(wait(1)));
    for (pause, next) in [(1, 60), (60, 120), (120, 240)] {
        let again = story.after(pause).start().unwrap();
        assert_eq!(
            (again.verification, again.code, again.expires_at),
            (first.verification, 1, first.expires_at)
        );
        assert_ne!(again.message, first.message);
        assert_eq!(again.resend_after, story.now + Span::from_secs(next));
    }
}

#[test]
fn no_more_than_five_codes_are_sent_to_one_address_for_one_hold() {
    let mut story = Story::new();
    let late = |start: &mut StartVerification| start.not_after = NOON + Span::from_hours(9);
    for _ in 0..5 {
        story.start_with(late).unwrap();
        story.after(1000);
    }
    assert_eq!(story.after(9999).start_with(late), Err(Refusal::LimitReached(Limit::Sends)));
}

#[test]
fn an_expired_code_is_void_and_the_next_start_makes_another_one_under_the_same_verification() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    story.after(600);
    assert_eq!(story.check(first.verification, &[1]), Err(Refusal::CodeExpired));
    let second = story.start().unwrap();
    assert_eq!((second.verification, second.code), (first.verification, 2));
    assert_eq!(second.expires_at, NOON + Span::from_mins(20));
    assert_eq!(story.check(first.verification, &[1]), Err(Refusal::CodeWrong { attempts_left: 4 }));
    assert!(matches!(story.check(first.verification, &[2]), Ok(Reply::Proved { .. })));
}

#[test]
fn no_code_outlives_the_hold_and_none_is_sent_after_it() {
    let mut story = Story::new();
    let end = NOON + Span::from_mins(3);
    let first = story.start_with(|start| start.not_after = end).unwrap();
    assert_eq!(first.expires_at, end);
    story.after(180);
    assert_eq!(story.check(first.verification, &[1]), Err(Refusal::CodeExpired));
    assert_eq!(story.start_with(|start| start.not_after = end), Err(Refusal::HoldExpired));
}

#[test]
fn another_address_voids_the_old_code_at_once_and_going_back_does_not_reset_the_pause() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    let second = story.start_with(|start| start.address_hash = "two".into()).unwrap();
    assert_ne!(first.verification, second.verification);
    assert_eq!(story.check(first.verification, &[1]), Err(Refusal::CodeExpired));
    assert_eq!(story.start(), Err(wait(30)));
    let third = story.after(30).start().unwrap();
    assert!(third.verification != first.verification && third.verification != second.verification);
    let proved = story.check(third.verification, &[1]);
    assert_eq!(proved, Ok(Reply::Proved { address_hash: "one".into() }));
}

#[test]
fn five_addresses_in_turn_are_all_that_one_hold_gets() {
    let mut story = Story::new();
    for n in 0..5 {
        story.start_with(|start| start.address_hash = format!("{n}")).unwrap();
    }
    let sixth = story.start_with(|start| start.address_hash = "6".into());
    assert_eq!(sixth, Err(Refusal::LimitReached(Limit::Addresses)));
}

#[test]
fn five_wrong_tries_void_a_code_and_each_says_how_many_are_left() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    for attempts_left in [4, 3, 2, 1, 0] {
        assert_eq!(story.check(first.verification, &[]), Err(Refusal::CodeWrong { attempts_left }));
    }
    assert_eq!(story.check(first.verification, &[1]), Err(Refusal::CodeExpired));
    assert_eq!(story.after(30).start().unwrap().code, 2);
    assert!(story.check(first.verification, &[2]).is_ok());
}

#[test]
fn a_proved_code_stays_proved_and_a_start_after_it_sends_nothing() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    let proved = story.check(first.verification, &[1]);
    assert_eq!(proved, Ok(Reply::Proved { address_hash: "one".into() }));
    story.after(900);
    assert_eq!(story.check(first.verification, &[1]), proved, "a retry, after the code's end");
    assert_eq!(story.check(first.verification, &[]), Err(Refusal::CodeWrong { attempts_left: 5 }));
    let used = story.outbox.used();
    assert_eq!(story.start().unwrap().message, first.message);
    assert_eq!(story.outbox.used(), used);
}

#[test]
fn another_subject_or_verification_is_unknown() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    let stranger =
        CheckCode { verification: first.verification, subject: "other".into(), right_for: vec![1] };
    assert_eq!(story.ask(Command::CheckCode(stranger)), Err(Refusal::Unknown));
    assert_eq!(story.check(id(IdKind::Verification, 99), &[1]), Err(Refusal::Unknown));
}

#[test]
fn a_start_repeated_under_its_key_gets_the_first_answer_within_the_pause() {
    let mut story = Story::new();
    let keyed = |start: &mut StartVerification| start.request_key = Some("k".into());
    let first = story.start_with(keyed).unwrap();
    assert_eq!(story.after(5).start_with(keyed), Ok(first));
    let other = story.start_with(|start| {
        keyed(start);
        start.address_hash = "two".into();
    });
    assert_eq!(other, Err(Refusal::KeyReused));
}

#[test]
fn the_budget_ends_codes_first_and_then_all_sms_but_never_mails() {
    let mut story = Story::new();
    let start = |story: &mut Story, n: u32| {
        story.start_with(|start| {
            (start.subject, start.budget) = (format!("hold/{n}"), 10);
        })
    };
    let spent = Refusal::LimitReached(Limit::Budget);
    for n in 0..8 {
        start(&mut story, n).unwrap();
    }
    assert_eq!(start(&mut story, 8), Err(spent.clone()));
    story.send("a", 10, 2).unwrap();
    assert_eq!(story.send("b", 10, 1), Err(spent.clone()));
    assert_eq!(spent.code(), "limit_reached");
    let mail = story.start_with(|start| {
        (start.subject, start.budget, start.channel) = ("mail".into(), 10, Channel::Email);
    });
    assert!(mail.is_ok());
    assert_eq!(story.outbox.used(), 10);
}

#[test]
fn one_key_is_one_message_and_templates_of_codes_are_not_for_everybody() {
    let mut story = Story::new();
    let first = story.send("k", 100, 1).unwrap();
    assert_eq!(story.send("k", 100, 1), Ok(first));
    let other = |template: &str| {
        Command::Send(Send {
            message: message(50),
            request_key: "k".into(),
            channel: Channel::Sms,
            template: template.into(),
            budget: 100,
            parts: 1,
            not_before: None,
            not_after: None,
        })
    };
    assert_eq!(story.ask(other("sms-cancelled")), Err(Refusal::KeyReused));
    assert_eq!(story.ask(other(Outbox::CODE_SMS)), Err(Refusal::TemplateOfCodes));
}

#[test]
fn failed_attempts_are_repeated_after_5_30_120_and_600_seconds_and_then_the_message_has_failed() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    for (attempt, pause) in [(1, 5), (2, 30), (3, 120), (4, 600)] {
        assert_eq!(story.attempt(sms), Ok(Reply::Attempted { attempt }));
        story.not_sent(sms, attempt, NotSentClass::Again);
        assert_eq!(story.outbox.wake(), Some(story.now + Span::from_secs(pause)));
        let early = Refusal::AttemptNotDue { retry_after: Span::from_secs(pause) };
        assert_eq!(story.attempt(sms), Err(early));
        assert_eq!(story.after(pause).wake(), [Event::RetryDue { message: sms, at: story.now }]);
        assert_eq!(story.outbox.wake(), None);
    }
    story.attempt(sms).unwrap();
    story.not_sent(sms, 5, NotSentClass::Again);
    assert_eq!(story.outbox.status(sms), Some(Status::Failed));
    assert_eq!(story.attempt(sms), Err(Refusal::AlreadyDone));
}

#[test]
fn an_attempt_without_an_answer_blocks_others_for_60_seconds_and_is_then_repeated() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    story.attempt(sms).unwrap();
    let busy = Refusal::AttemptNotDue { retry_after: Span::from_secs(1) };
    assert_eq!(story.after(59).attempt(sms), Err(busy));
    assert_eq!(story.after(1).wake(), [Event::RetryDue { message: sms, at: story.now }]);
    assert_eq!(story.attempt(sms), Ok(Reply::Attempted { attempt: 2 }));
    story.not_sent(sms, 1, NotSentClass::Never);
    assert!(
        matches!(story.outbox.status(sms), Some(Status::Attempting { .. })),
        "a late answer to the first"
    );
    assert_eq!(story.sent(sms), 1);
    assert_eq!(story.sent(sms), 0);
}

#[test]
fn a_message_whose_five_attempts_nobody_answered_has_failed() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    for attempt in 1..=5 {
        assert_eq!(story.attempt(sms), Ok(Reply::Attempted { attempt }));
        let events = story.after(60).wake();
        assert_eq!(matches!(events[..], [Event::Failed { .. }]), attempt == 5, "{events:?}");
    }
    assert_eq!((story.outbox.status(sms), story.outbox.wake()), (Some(Status::Failed), None));
}

#[test]
fn what_can_never_be_sent_fails_at_once() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    story.attempt(sms).unwrap();
    story.not_sent(sms, 1, NotSentClass::Never);
    assert_eq!((story.outbox.status(sms), story.outbox.wake()), (Some(Status::Failed), None));
}

#[test]
fn a_code_that_is_void_by_now_is_not_sent() {
    let mut story = Story::new();
    let first = story.start().unwrap();
    let second = story.after(30).start().unwrap();
    story.attempt(second.message).unwrap();
    story.not_sent(second.message, 1, NotSentClass::Again);
    story.start_with(|start| start.address_hash = "two".into()).unwrap();
    assert_eq!(story.attempt(first.message), Ok(Reply::Dropped));
    assert_eq!(story.outbox.status(first.message), Some(Status::Failed));
    let reason = Reason::new("code_void");
    story.after(5);
    assert_eq!(story.wake(), [Event::Failed { message: second.message, reason, at: story.now }]);
}

#[test]
fn what_has_to_wait_is_attempted_then_and_what_is_of_no_use_any_more_never() {
    let mut story = Story::new();
    let (morning, noon) = (story.now + Span::from_hours(8), story.now + Span::from_hours(13));
    let reminder = |story: &mut Story, n: u64| {
        let send = Send {
            message: message(900 + n),
            request_key: format!("reminder/{n}"),
            channel: Channel::Sms,
            template: "sms-reminder".into(),
            budget: 100,
            parts: 2,
            not_before: Some(morning),
            not_after: Some(noon),
        };
        match story.ask(Command::Send(send)).unwrap().0 {
            Reply::Queued { message } => message,
            other => panic!("{other:?}"),
        }
    };
    let (first, second) = (reminder(&mut story, 1), reminder(&mut story, 2));
    assert_eq!((story.outbox.used(), story.outbox.wake()), (4, Some(morning)));
    let retry_after = Span::from_hours(8);
    assert_eq!(story.attempt(first), Err(Refusal::AttemptNotDue { retry_after }));
    story.after(8 * 3600);
    let mut due = [first, second];
    due.sort();
    assert_eq!(story.wake(), due.map(|message| Event::RetryDue { message, at: story.now }));
    assert_eq!(story.attempt(first), Ok(Reply::Attempted { attempt: 1 }));
    story.sent(first);
    // One requested during the day is sent at once.
    let third = reminder(&mut story, 3);
    assert_eq!(story.attempt(third), Ok(Reply::Attempted { attempt: 1 }));
    story.after(5 * 3600);
    assert_eq!(story.attempt(second), Ok(Reply::Dropped));
    assert_eq!(story.outbox.status(second), Some(Status::Failed));
    assert_eq!(story.outbox.status(first), Some(Status::Sent));
}

#[test]
fn reports_move_the_status_forward_once_and_a_final_one_stays() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    let by_id = || ReportOf::Message(sms);
    let by_provider = ReportOf::Provider { provider: "p".into(), provider_id: format!("p{sms}") };
    assert_eq!(story.report(by_id(), Final::Delivered), Err(Refusal::NotAttempted), "nobody has sent it");
    story.attempt(sms).unwrap();
    assert_eq!(story.report(by_provider.clone(), Final::Delivered), Err(Refusal::Unknown));
    story.sent(sms);
    assert_eq!(story.report(by_provider.clone(), Final::Delivered), Ok(1));
    assert_eq!(story.report(by_provider, Final::Delivered), Ok(0));
    assert_eq!(story.report(by_id(), Final::Undelivered), Ok(0));
    assert_eq!(story.sent(sms), 0);
    assert_eq!(story.outbox.status(sms), Some(Status::Delivered));
}

#[test]
fn a_report_may_be_faster_than_the_answer_it_is_about() {
    let mut story = Story::new();
    let sms = story.send("k", 100, 1).unwrap();
    story.attempt(sms).unwrap();
    assert_eq!(story.report(ReportOf::Message(sms), Final::Delivered), Ok(1));
    assert_eq!(story.sent(sms), 0);
    assert_eq!((story.outbox.status(sms), story.outbox.wake()), (Some(Status::Delivered), None));
}

#[test]
fn a_provider_that_gives_one_id_twice_moves_no_report_to_another_message() {
    let mut story = Story::new();
    let (one, two) = (story.send("1", 100, 1).unwrap(), story.send("2", 100, 1).unwrap());
    for message in [one, two] {
        story.attempt(message).unwrap();
        story.ask(Command::Sent { message, provider: "p".into(), provider_id: "same".into() }).unwrap();
    }
    let of = ReportOf::Provider { provider: "p".into(), provider_id: "same".into() };
    story.report(of, Final::Delivered).unwrap();
    assert_eq!(story.outbox.status(one), Some(Status::Delivered));
    assert_eq!(story.outbox.status(two), Some(Status::Sent));
}

#[test]
fn a_day_of_fifty_thousand_messages_with_retries_is_worked_off() {
    let mut outbox = Outbox::new("outbox/torun/2026-12-01");
    let mut now = NOON;
    let run = |outbox: &mut Outbox, command: Command, now: Moment| {
        let events = outbox.decide(&command, now).unwrap();
        events.iter().for_each(|event| outbox.apply(event));
    };
    for n in 0..50_000 {
        now = now + Span::from_millis(1);
        let send = Send {
            message: message(n),
            request_key: n.to_string(),
            channel: Channel::Sms,
            template: "sms-confirmed".into(),
            budget: 60_000,
            parts: 1,
            not_before: None,
            not_after: None,
        };
        run(&mut outbox, Command::Send(send), now);
        run(&mut outbox, Command::Attempt { message: message(n) }, now);
        if n % 2 == 0 {
            let (class, reason) = (NotSentClass::Again, Reason::new("x"));
            run(
                &mut outbox,
                Command::NotSent { message: message(n), attempt: 1, class, reason, held_by: None },
                now,
            );
        }
        if outbox.wake().is_some_and(|at| at <= now) {
            for event in outbox.on_wake(now) {
                outbox.apply(&event);
            }
        }
    }
    assert_eq!(outbox.used(), 50_000);
    assert_eq!(outbox.invariant_check(), Ok(()));
}
