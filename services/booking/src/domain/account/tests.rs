//! Accounts under any order of commands, and the stories of their links.

use super::*;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{IdKind, Way};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn id(kind: IdKind, seed: u64) -> Id {
    let way = Way { office: 7, place: 0, day: "2026-12-01".parse().unwrap() };
    Id::new(kind, way, &SeededEntropy::new(seed))
}

struct Desk {
    account: Account,
    now: Moment,
    events: Vec<AccountEvent>,
}

impl Desk {
    fn new() -> Desk {
        let account = Account::new(&stream_of(id(IdKind::Account, 1)));
        Desk { account, now: Moment::from_micros(1_796_106_600_000_000), events: Vec::new() }
    }
    fn run(&mut self, command: &Command) -> Result<Vec<AccountEvent>, Refusal> {
        let events = self.account.decide(command, self.now)?;
        events.iter().for_each(|event| self.account.apply(event));
        self.events.extend(events.iter().cloned());
        Ok(events)
    }
    fn register(&mut self) -> u64 {
        let register = Command::Register { address: "a".into(), consents: BTreeMap::new() };
        self.run(&register).unwrap();
        self.account.activation().unwrap().n
    }
    fn alive() -> Desk {
        let mut desk = Desk::new();
        let link = desk.register();
        desk.run(&Command::Activate { link }).unwrap();
        desk
    }
}

#[test]
fn only_the_newest_link_makes_an_account_alive_and_pressing_it_twice_is_one_press() {
    let mut desk = Desk::new();
    let first = desk.register();
    let second = desk.register();
    assert_eq!(desk.run(&Command::Activate { link: first }), Err(Refusal::LinkOver));
    assert_eq!(desk.run(&Command::Activate { link: second }).unwrap().len(), 1);
    assert_eq!(desk.run(&Command::Activate { link: second }), Ok(vec![]));
    assert_eq!(desk.run(&Command::Activate { link: first }), Err(Refusal::LinkOver));
    let again = Command::Register { address: "a".into(), consents: BTreeMap::new() };
    assert_eq!(desk.run(&again), Err(Refusal::Exists));
}

#[test]
fn a_link_ends_at_its_very_moment() {
    let mut desk = Desk::new();
    let link = desk.register();
    let until = desk.account.activation().unwrap().until;
    desk.now = until;
    assert_eq!(desk.run(&Command::Activate { link }), Err(Refusal::LinkOver));
    desk.now = until - Span::from_micros(1);
    assert!(desk.run(&Command::Activate { link }).is_ok());
}

#[test]
fn a_new_password_ends_the_sessions_and_its_link_sets_no_second_one() {
    let mut desk = Desk::alive();
    let before = desk.account.epoch();
    desk.run(&Command::AskReset).unwrap();
    desk.run(&Command::AskAddress { address: "thief".into() }).unwrap();
    let (reset, change) = (desk.account.reset().unwrap().n, desk.account.change().unwrap().n);
    desk.run(&Command::SetPassword { link: reset }).unwrap();
    assert!(desk.account.epoch() > before);
    assert_eq!(desk.run(&Command::SetPassword { link: reset }), Err(Refusal::LinkOver));
    // What a thief asked for before is void too.
    assert_eq!(desk.run(&Command::ChangeAddress { link: change }), Err(Refusal::LinkOver));
}

#[test]
fn an_address_changes_hands_in_one_step_and_the_old_mailbox_opens_nothing() {
    let mut desk = Desk::alive();
    desk.run(&Command::AskReset).unwrap();
    desk.run(&Command::AskAddress { address: "b".into() }).unwrap();
    let (reset, link) = (desk.account.reset().unwrap().n, desk.account.change().unwrap().n);
    let changed = desk.run(&Command::ChangeAddress { link }).unwrap();
    let claims = Account::claim_changes(&changed[0]);
    assert!(
        matches!(&claims[..], [ClaimChange::Take { key: to, .. }, ClaimChange::Release { key: from, .. }]
        if to == "account/7/b" && from == "account/7/a")
    );
    assert_eq!(desk.run(&Command::ChangeAddress { link }), Ok(vec![]));
    assert_eq!(desk.run(&Command::SetPassword { link: reset }), Err(Refusal::LinkOver));
}

#[test]
fn a_deleted_account_keeps_nothing_and_frees_its_address() {
    let mut desk = Desk::alive();
    let visit = id(IdKind::Reservation, 9);
    desk.run(&Command::Book { reservation: visit }).unwrap();
    let deleted = desk.run(&Command::Delete).unwrap();
    assert!(matches!(&Account::claim_changes(&deleted[0])[..], [ClaimChange::Release { .. }]));
    assert_eq!((desk.account.visits(), desk.account.address()), (&[][..], ""));
    assert_eq!(desk.run(&Command::Delete), Err(Refusal::Unknown));
    assert_eq!(desk.run(&Command::Book { reservation: visit }), Ok(vec![]));
}

#[test]
fn a_visit_is_noted_once_and_ended_once() {
    let mut desk = Desk::alive();
    let visit = id(IdKind::Reservation, 9);
    assert_eq!(desk.run(&Command::End { reservation: visit }), Ok(vec![]));
    for (command, events) in
        [(Command::Book { reservation: visit }, 1), (Command::End { reservation: visit }, 1)]
    {
        assert_eq!(desk.run(&command).unwrap().len(), events);
        assert_eq!(desk.run(&command).unwrap().len(), 0);
    }
    assert!(desk.account.visits()[0].ended);
}

/// One step of a random life. Links are guessed among small numbers, so that right and wrong ones meet.
fn step() -> impl Strategy<Value = (Command, i64)> {
    let link = 0u64..8;
    let visit = (1u64..4).prop_map(|seed| id(IdKind::Reservation, seed));
    let address = prop_oneof![Just("a".to_owned()), Just("b".to_owned())];
    let command = prop_oneof![
        address.clone().prop_map(|address| Command::Register { address, consents: BTreeMap::new() }),
        Just(Command::Remind),
        link.clone().prop_map(|link| Command::Activate { link }),
        link.clone().prop_map(|link| Command::Activate { link }),
        Just(Command::AskReset),
        link.clone().prop_map(|link| Command::SetPassword { link }),
        address.prop_map(|address| Command::AskAddress { address }),
        link.prop_map(|link| Command::ChangeAddress { link }),
        Just(Command::SignOut),
        Just(Command::Delete),
        visit.clone().prop_map(|reservation| Command::Book { reservation }),
        visit.prop_map(|reservation| Command::End { reservation }),
        Just(Command::AnswerStranger { letter: "x".into() }),
    ];
    (command, prop_oneof![4 => 0i64..60, 1 => 0i64..90_000])
}

proptest! {
    #[test]
    fn no_order_of_commands_uses_a_link_that_is_not_the_newest_fresh_and_unused(steps in prop::collection::vec(step(), 1..60)) {
        let mut desk = Desk::new();
        // A model of its own: the newest link of each kind, taken away when it was used or made void.
        let (mut activation, mut reset, mut change): (Option<Link>, Option<Link>, Option<Link>) = (None, None, None);
        let mut used = BTreeSet::new();
        let mut alive = false;
        for (command, seconds) in steps {
            desk.now = desk.now + Span::from_secs(seconds);
            let (now, epoch) = (desk.now, desk.account.epoch());
            let fresh = |link: Option<Link>, n: u64| link.is_some_and(|link| link.n == n && now < link.until);
            let decided = desk.run(&command).unwrap_or_default();
            for event in &decided {
                match event {
                    AccountEvent::Registered(it) => { prop_assert!(!alive); activation = Some(it.link); }
                    AccountEvent::Activated(it) => {
                        prop_assert!(fresh(activation, it.link) && used.insert(it.link));
                        (alive, activation) = (true, None);
                    }
                    AccountEvent::ResetAsked(it) => reset = Some(it.link),
                    AccountEvent::PasswordSet(it) => {
                        let Command::SetPassword { link } = &command else { panic!("{command:?}") };
                        prop_assert!(alive && fresh(reset, *link) && used.insert(*link));
                        prop_assert!(it.epoch > epoch, "old sessions die with a new password");
                        (reset, change) = (None, None);
                    }
                    AccountEvent::AddressAsked(it) => change = Some(it.link),
                    AccountEvent::AddressChanged(it) => {
                        prop_assert!(alive && fresh(change, it.link) && used.insert(it.link));
                        (reset, change) = (None, None);
                    }
                    AccountEvent::Deleted(_) => { prop_assert!(alive); alive = false; }
                    AccountEvent::SignedOut(it) => prop_assert!(alive && it.epoch > epoch),
                    AccountEvent::Booked(_) | AccountEvent::VisitEnded(_) | AccountEvent::Reminded(_) => prop_assert!(alive),
                    AccountEvent::StrangerAsked(_) => {}
                }
            }
            prop_assert_eq!(alive, desk.account.status() == Status::Active);
            prop_assert!(desk.account.epoch() >= epoch);
        }
        let mut again = Account::new(&stream_of(id(IdKind::Account, 1)));
        desk.events.iter().for_each(|event| again.apply(event));
        prop_assert_eq!(again, desk.account);
    }
}
