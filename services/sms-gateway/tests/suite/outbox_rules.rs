//! The outbox under any sequence of commands, retries, wakes and clock jumps: what must always hold.

use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Machine, Moment, Span, Stored, Way};
use okienko_sms_gateway::domain::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Few enough ids that collisions happen.
fn id(kind: IdKind, seed: u16) -> Id {
    let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
    Id::new(kind, way, &SeededEntropy::new(u64::from(seed)))
}

/// Steps refer to existing things by recency, so that most of them hit something.
#[derive(Clone, Debug)]
enum Step {
    Start {
        subject: u8,
        address: u8,
        seeds: (u16, u16),
        channel: Channel,
        cost: Cost,
        key: Option<u8>,
        lasts: i64,
    },
    /// `right`: 0 is a wrong code, 1 the current one, others the code of another number.
    Check {
        pick: usize,
        stranger: bool,
        right: u8,
    },
    Send {
        seed: u16,
        key: u8,
        channel: Channel,
        cost: Cost,
    },
    Attempt {
        pick: usize,
    },
    Sent {
        pick: usize,
        provider_id: u8,
    },
    NotSent {
        pick: usize,
        late: bool,
        again: bool,
    },
    Report {
        pick: usize,
        by_provider: Option<u8>,
        arrived: bool,
    },
    /// The last command again, as in a retry.
    Again,
    /// The clock jumps by this many seconds; due timers only run on a wake.
    Jump(i64),
    Wake,
}

#[derive(Clone, Copy, Debug)]
struct Cost {
    parts: u32,
    budget: u32,
}

fn channel() -> impl Strategy<Value = Channel> {
    prop_oneof![4 => Just(Channel::Sms), 1 => Just(Channel::Email)]
}
fn cost(budget: u32) -> impl Strategy<Value = Cost> {
    let budget = prop_oneof![4 => Just(budget), 1 => 0..=budget];
    (1u32..3, budget).prop_map(|(parts, budget)| Cost { parts, budget })
}

fn step(budget: u32) -> impl Strategy<Value = Step> {
    let key = || proptest::option::weighted(0.3, 0u8..30);
    // Usually the newest.
    let pick = || prop_oneof![4 => 0usize..2, 1 => 0usize..20];
    let address = prop_oneof![6 => Just(0u8), 1 => 1u8..8];
    let lasts = prop_oneof![1 => -5i64..200, 4 => Just(1200i64)];
    let start = (0u8..3, address, (0u16..900, 0u16..900), channel(), cost(budget), key(), lasts);
    let start = start.prop_map(|(subject, address, seeds, channel, cost, key, lasts)| Step::Start {
        subject,
        address,
        seeds,
        channel,
        cost,
        key,
        lasts,
    });
    let check = (pick(), prop::bool::weighted(0.1), prop_oneof![6 => Just(0u8), 2 => Just(1), 1 => 2u8..6]);
    let send = (0u16..900, 0u8..30, channel(), cost(budget));
    let jump = prop_oneof![6 => 0i64..20, 3 => 20i64..150, 1 => 150i64..900, 1 => -60i64..0];
    prop_oneof![
        5 => start,
        6 => check.prop_map(|(pick, stranger, right)| Step::Check { pick, stranger, right }),
        3 => send.prop_map(|(seed, key, channel, cost)| Step::Send { seed, key, channel, cost }),
        5 => pick().prop_map(|pick| Step::Attempt { pick }),
        1 => (pick(), 0u8..12).prop_map(|(pick, provider_id)| Step::Sent { pick, provider_id }),
        4 => (pick(), prop::bool::weighted(0.2), prop::bool::weighted(0.8))
            .prop_map(|(pick, late, again)| Step::NotSent { pick, late, again }),
        1 => (pick(), proptest::option::of(0u8..12), any::<bool>())
            .prop_map(|(pick, by_provider, arrived)| Step::Report { pick, by_provider, arrived }),
        3 => Just(Step::Again),
        5 => jump.prop_map(Step::Jump),
        3 => Just(Step::Wake),
    ]
}

fn steps(budget: u32) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(budget), 1..250)
}

fn pick(ids: &[Id], pick: usize, none: IdKind) -> Id {
    ids.iter().rev().nth(pick % ids.len().max(1)).copied().unwrap_or_else(|| id(none, 999))
}

/// The command of a step, given what the observer has seen so far.
fn command(step: &Step, seen: &Onlooker, now: Moment) -> Option<Command> {
    let message = |at| pick(&seen.messages, at, IdKind::Message);
    Some(match *step {
        Step::Start { subject, address, seeds, channel, cost, key, lasts } => {
            Command::StartVerification(StartVerification {
                subject: format!("hold/{subject}"),
                verification: id(IdKind::Verification, seeds.0),
                message: id(IdKind::Message, seeds.1),
                address_hash: format!("hash/{address}"),
                ranges: Vec::new(),
                channel,
                locale: "pl".into(),
                not_after: now + Span::from_secs(lasts),
                budget: cost.budget,
                parts: cost.parts,
                request_key: key.map(|n| format!("key/{n}")),
            })
        }
        Step::Check { pick: at, stranger, right } => {
            let verification = pick(&seen.verifications, at, IdKind::Verification);
            let (no, ..) = seen.codes.get(&verification).copied().unwrap_or_default();
            let subject = seen.subjects.get(&verification).cloned().unwrap_or_default();
            let subject = if stranger { "hold/9".to_owned() } else { subject };
            let right_for = match right {
                0 => vec![],
                1 => vec![no],
                other => vec![u32::from(other)],
            };
            Command::CheckCode(CheckCode { verification, subject, right_for })
        }
        Step::Send { seed, key, channel, cost } => Command::Send(Send {
            message: id(IdKind::Message, seed),
            request_key: format!("key/{key}"),
            channel,
            template: "sms-confirmed".into(),
            budget: cost.budget,
            parts: cost.parts,
            not_before: (seed % 3 == 0).then(|| now + Span::from_secs(i64::from(seed) % 90)),
            not_after: (seed % 5 == 0).then(|| now + Span::from_secs(i64::from(seed) % 300)),
        }),
        Step::Attempt { pick } => Command::Attempt { message: message(pick) },
        Step::Sent { pick, provider_id } => Command::Sent {
            message: message(pick),
            provider: "p".into(),
            provider_id: provider_id.to_string(),
        },
        Step::NotSent { pick, late, again } => {
            let message = message(pick);
            let attempt = seen.tried.get(&message).map_or(1, |(n, ..)| n.saturating_sub(u32::from(late)));
            let class = if again { NotSentClass::Again } else { NotSentClass::Never };
            Command::NotSent { message, attempt, class, reason: Reason::new("no_route"), held_by: None }
        }
        Step::Report { pick, by_provider, arrived } => Command::Report {
            of: match by_provider {
                None => ReportOf::Message(message(pick)),
                Some(n) => ReportOf::Provider { provider: "p".into(), provider_id: n.to_string() },
            },
            status: if arrived { Final::Delivered } else { Final::Undelivered },
        },
        Step::Again | Step::Jump(_) | Step::Wake => return None,
    })
}

/// What can be concluded from events alone; deliberately written independently of the machine.
#[derive(Default)]
struct Onlooker {
    messages: Vec<Id>,
    verifications: Vec<Id>,
    subjects: BTreeMap<Id, String>,
    parts: u64,
    keys: BTreeSet<String>,
    statuses: BTreeMap<Id, u8>,
    /// Verification → number of the current code, its expiry, wrong guesses, void for good, proved.
    codes: BTreeMap<Id, (u32, Moment, u32, bool, bool)>,
    sends: BTreeMap<Id, u32>,
    /// Message → number of its last attempt, its moment, whether it is still in progress.
    tried: BTreeMap<Id, (u32, Moment, bool)>,
    /// Message → from when it may be attempted (none once it was due), and from when no longer.
    windows: BTreeMap<Id, (Option<Moment>, Option<Moment>)>,
}

impl Onlooker {
    fn sees(&mut self, command: Option<&Command>, event: &Event, now: Moment) -> Result<(), TestCaseError> {
        match event {
            Event::MessageQueued {
                message,
                request_key,
                parts,
                budget,
                channel,
                code,
                not_before,
                not_after,
                ..
            } => {
                self.windows.insert(*message, (*not_before, *not_after));
                prop_assert_eq!(*parts > 0, *channel == Channel::Sms);
                self.messages.push(*message);
                self.parts += u64::from(*parts);
                prop_assert!(*parts == 0 || self.parts <= u64::from(*budget), "more SMS than the budget");
                prop_assert!(self.statuses.insert(*message, 0).is_none(), "one id, two messages");
                if let Some(key) = request_key {
                    prop_assert!(self.keys.insert(key.clone()), "two messages for {}", key);
                }
                if let Some(code) = code {
                    let (no, end, wrong, void, proved) = self.codes[&code.verification];
                    prop_assert!(
                        code.no == no && now < end && wrong < 5 && !void && !proved,
                        "a void code is sent"
                    );
                    let sends = self.sends.entry(code.verification).or_default();
                    *sends += 1;
                    prop_assert!(*sends <= 5);
                }
            }
            Event::VerificationStarted { verification, subject, replaces, expires_at, .. } => {
                self.verifications.push(*verification);
                self.subjects.insert(*verification, subject.clone());
                let Some(Command::StartVerification(start)) = command else { panic!("made by no start") };
                prop_assert!(
                    *expires_at > now && *expires_at <= start.not_after.min(now + Span::from_mins(10))
                );
                if let Some(old) = replaces.and_then(|old| self.codes.get_mut(&old)) {
                    old.3 = true;
                }
                let fresh = (1, *expires_at, 0, false, false);
                prop_assert!(self.codes.insert(*verification, fresh).is_none(), "one id, two verifications");
            }
            Event::CodeRenewed { verification, no, expires_at, .. } => {
                let Some(Command::StartVerification(start)) = command else { panic!("made by no start") };
                prop_assert!(
                    *expires_at > now && *expires_at <= start.not_after.min(now + Span::from_mins(10))
                );
                let code = self.codes.get_mut(verification).unwrap();
                prop_assert!(
                    (code.1 <= now || code.2 == 5) && !code.3 && !code.4,
                    "a good code is thrown away"
                );
                prop_assert_eq!(*no, code.0 + 1);
                *code = (*no, *expires_at, 0, false, false);
            }
            Event::CodeProved { verification, .. } => {
                let Some(Command::CheckCode(check)) = command else { panic!("proved by no check") };
                let code = self.codes.get_mut(verification).unwrap();
                prop_assert!(check.verification == *verification && check.right_for.contains(&code.0));
                prop_assert_eq!(&self.subjects[verification], &check.subject, "a stranger's proof");
                prop_assert!(now < code.1 && code.2 < 5 && !code.3 && !code.4, "proved by a void code");
                code.4 = true;
            }
            Event::CodeFailed { verification, .. } => {
                let code = self.codes.get_mut(verification).unwrap();
                let Some(Command::CheckCode(check)) = command else { panic!("failed by no check") };
                prop_assert!(!check.right_for.contains(&code.0), "a right code is called wrong");
                code.2 += 1;
                prop_assert!(code.2 <= 5 && now < code.1 && !code.3 && !code.4, "a try used up for nothing");
            }
            _ => self.sees_delivery(event, now)?,
        }
        Ok(())
    }

    fn sees_delivery(&mut self, event: &Event, now: Moment) -> Result<(), TestCaseError> {
        let (message, rank) = match event {
            Event::Attempted { message, attempt, .. } => {
                let (last, at, open) = self.tried.get(message).copied().unwrap_or_default();
                prop_assert!(*attempt == last + 1 && *attempt <= 5, "attempt {} after {}", attempt, last);
                prop_assert!(!open || now >= at + Span::from_secs(60), "two attempts at once");
                let (from, until) = self.windows.get(message).copied().unwrap_or_default();
                prop_assert!(from.is_none_or(|from| from <= now), "before its time");
                prop_assert!(until.is_none_or(|until| now < until), "of no use any more");
                self.windows.insert(*message, (None, until));
                self.tried.insert(*message, (*attempt, now, true));
                (message, 1)
            }
            Event::AttemptFailed { message, attempt, retry_at, .. } => {
                let (last, _, open) = self.tried.get_mut(message).unwrap();
                prop_assert!(*last == *attempt && *open && *retry_at > now);
                *open = false;
                (message, 1)
            }
            Event::RetryDue { message, .. } => {
                let from = self.windows.get_mut(message).and_then(|window| window.0.take());
                prop_assert!(from.is_none_or(|from| from <= now), "due before its time");
                prop_assert!(from.is_some() || self.tried.contains_key(message), "due without a reason");
                let Some((_, at, open)) = self.tried.get_mut(message) else {
                    return self.steps(*message, 1, event);
                };
                prop_assert!(!*open || now >= *at + Span::from_secs(60), "an attempt under way is given up");
                *open = false;
                (message, 1)
            }
            Event::Sent { message, .. } => (message, 2),
            Event::Delivered { message, .. } => (message, 3),
            Event::Undelivered { message, .. } => (message, 3),
            Event::Failed { message, .. } => (message, 3),
            _ => unreachable!(),
        };
        if rank == 2 || matches!(event, Event::Delivered { .. } | Event::Undelivered { .. }) {
            prop_assert!(self.tried.contains_key(message), "an outcome without an attempt");
        }
        self.steps(*message, rank, event)
    }

    fn steps(&mut self, message: Id, rank: u8, event: &Event) -> Result<(), TestCaseError> {
        let before = self.statuses.insert(message, rank);
        prop_assert!(
            before.is_some_and(|before| before < 3 && before <= rank),
            "the status went back: {:?}",
            event
        );
        Ok(())
    }
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut outbox = Outbox::new("outbox/torun/2026-12-01");
    let mut log = Vec::new();
    let mut onlooker = Onlooker::default();
    let mut now = Moment::from_micros(0);
    let mut last: Option<(Command, Result<Reply, Refusal>)> = None;
    for step in steps {
        let (command, events) = match step {
            Step::Jump(seconds) => {
                now = now + Span::from_secs(*seconds);
                continue;
            }
            Step::Wake => {
                let events = outbox.on_wake(now);
                let due = outbox.wake().is_some_and(|at| at <= now);
                prop_assert_eq!(due, !events.is_empty());
                (None, Ok(events))
            }
            Step::Again => match &last {
                Some((command, _)) => (Some(command.clone()), outbox.decide(command, now)),
                None => continue,
            },
            step => {
                let Some(command) = command(step, &onlooker, now) else { continue };
                let events = outbox.decide(&command, now);
                (Some(command), events)
            }
        };
        for event in events.iter().flatten() {
            onlooker.sees(command.as_ref(), event, now)?;
            outbox.apply(event);
            log.push(event.clone());
            prop_assert_eq!(outbox.invariant_check(), Ok(()), "after {:?}", event);
        }
        match (step, command) {
            (Step::Wake, _) => {
                prop_assert!(outbox.wake().is_none_or(|at| at > now), "the next wake is not later")
            }
            (step, Some(command)) => {
                let answer = events.clone().map(|events| outbox.reply(&command, &events, now));
                if matches!(step, Step::Again) {
                    retry_is_the_same(&onlooker, last.as_ref(), &command, &answer, &events)?;
                }
                last = Some((command, answer));
            }
            (_, None) => {}
        }
    }
    let mut replayed = Outbox::new("outbox/torun/2026-12-01");
    for event in &log {
        let stored = Event::decode(event.kind(), event.schema(), &event.encode().unwrap());
        prop_assert_eq!(stored.as_ref(), Ok(event));
        replayed.apply(&stored.unwrap());
    }
    prop_assert_eq!(replayed, outbox, "state is what events make of it");
    Ok(())
}

/// A repeated start, send, right code, outcome or report gets the first reply and creates no event.
fn retry_is_the_same(
    seen: &Onlooker,
    last: Option<&(Command, Result<Reply, Refusal>)>,
    command: &Command,
    answer: &Result<Reply, Refusal>,
    events: &Result<Vec<Event>, Refusal>,
) -> Result<(), TestCaseError> {
    let Some((_, Ok(first))) = last else { return Ok(()) };
    let repeatable = match (command, first) {
        (Command::CheckCode(_), Reply::Proved { .. }) => true,
        // A start that found everything proved and left no trace is decided anew.
        (Command::StartVerification(start), _) => {
            let known = start.request_key.as_ref().is_some_and(|key| seen.keys.contains(key));
            known || seen.statuses.contains_key(&start.message)
        }
        (Command::Send(_) | Command::Sent { .. } | Command::NotSent { .. } | Command::Report { .. }, _) => {
            true
        }
        _ => false,
    };
    if repeatable {
        prop_assert_eq!(answer, &Ok(first.clone()), "{:?}", command);
        prop_assert_eq!(events, &Ok(Vec::new()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_breaks_a_rule_with_a_wide_budget(steps in steps(1000)) {
        run(&steps)?;
    }

    #[test]
    fn no_sequence_breaks_a_rule_with_a_tight_budget(steps in steps(12)) {
        run(&steps)?;
    }
}
