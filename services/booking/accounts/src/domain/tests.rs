//! Accounts under any order of commands, and scenarios of their links.

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
        self.registered_by("owner")
    }
    /// Registers with a vault row of that name; returns the number of the link.
    fn registered_by(&mut self, row: &str) -> u64 {
        self.run(&register("a", row)).unwrap();
        self.newest().n
    }
    fn newest(&self) -> Link {
        self.account.waiting().last().unwrap().link
    }
    fn alive() -> Desk {
        let mut desk = Desk::new();
        let link = desk.register();
        desk.run(&press(link, true)).unwrap();
        desk
    }
}

fn register(address: &str, row: &str) -> Command {
    let consents = [(row.to_owned(), "1".to_owned())].into();
    Command::Register { address: address.into(), consents, row: row.into() }
}

fn press(link: u64, own: bool) -> Command {
    Command::Activate { link, own }
}

#[test]
fn each_link_that_waits_makes_an_account_alive_once_and_pressing_it_twice_is_one_press() {
    for used in 0..3 {
        let mut desk = Desk::new();
        let links = [desk.registered_by("r0"), desk.registered_by("r1"), desk.registered_by("r2")];
        assert_eq!(desk.run(&press(links[used], true)).unwrap().len(), 1);
        assert_eq!(desk.account.consents().keys().collect::<Vec<_>>(), [&format!("r{used}")]);
        for (at, link) in links.into_iter().enumerate() {
            let told = if at == used { Ok(vec![]) } else { Err(Refusal::LinkOver) };
            assert_eq!(desk.run(&press(link, true)), told);
            assert_eq!(desk.run(&press(link, false)), told);
        }
        assert_eq!(desk.run(&register("a", "r3")), Err(Refusal::Exists));
    }
}

#[test]
fn a_password_that_came_with_a_registration_counts_only_where_no_other_was_made() {
    let mut alone = Desk::new();
    let link = alone.registered_by("owner");
    assert!(alone.run(&press(link, false)).is_ok());
    let mut desk = Desk::new();
    let first = desk.registered_by("owner");
    desk.now = desk.now + Span::from_hours(23);
    let second = desk.registered_by("thief");
    for link in [first, second] {
        assert_eq!(desk.run(&press(link, false)), Err(Refusal::PasswordNeeded));
    }
    // The first link has expired, and the other one still does not make the password the owner's.
    desk.now = desk.now + Span::from_hours(2);
    assert_eq!(desk.run(&press(first, true)), Err(Refusal::LinkOver));
    assert_eq!(desk.run(&press(second, false)), Err(Refusal::PasswordNeeded));
    assert!(desk.run(&press(second, true)).is_ok());
}

#[test]
fn a_stranger_who_asks_for_a_new_password_takes_no_link_away() {
    let mut desk = Desk::alive();
    desk.run(&Command::AskReset).unwrap();
    let owners = desk.account.resets()[0].n;
    for _ in 0..5 {
        desk.run(&Command::AskReset).unwrap();
    }
    let others: Vec<u64> = desk.account.resets().iter().map(|link| link.n).collect();
    desk.run(&Command::SetPassword { link: owners }).unwrap();
    for link in others {
        assert_eq!(desk.run(&Command::SetPassword { link }), Err(Refusal::LinkOver), "each is over with it");
    }
}

#[test]
fn links_of_one_kind_are_counted_and_room_comes_back_when_they_end() {
    let mut desk = Desk::new();
    (0..LINKS_AT_MOST).for_each(|_| _ = desk.register());
    assert_eq!(desk.run(&register("a", "one more")), Err(Refusal::TooMany));
    let first = desk.account.waiting()[0].link;
    assert!(desk.run(&press(first.n, true)).is_ok(), "what waited first has lost nothing");
    let mut desk = Desk::new();
    (0..LINKS_AT_MOST).for_each(|_| _ = desk.register());
    desk.now = desk.now + LINK;
    desk.register();
    assert_eq!(desk.account.waiting().len(), 1);
}

#[test]
fn registrations_in_a_journal_of_before_wait_on_and_which_password_is_whose_is_not_guessed() {
    let of_before = |n: u64| {
        let json = format!(
            r#"{{"account":"{}","address":"a","consents":{{}},"link":{{"n":{n},"until":{}}},"at":{}}}"#,
            id(IdKind::Account, 1),
            serde_json::to_string(&(Moment::from_micros(1_796_106_600_000_000) + LINK)).unwrap(),
            serde_json::to_string(&Moment::from_micros(1_796_106_600_000_000)).unwrap(),
        );
        AccountEvent::Registered(serde_json::from_str(&json).unwrap())
    };
    let mut desk = Desk::new();
    desk.account.apply(&of_before(1));
    let mut two = Desk::new();
    [1, 2].into_iter().for_each(|n| two.account.apply(&of_before(n)));
    assert_eq!(desk.account.waiting()[0].row, "");
    assert!(desk.run(&press(1, false)).is_ok());
    assert_eq!(two.run(&press(2, false)), Err(Refusal::PasswordNeeded));
    assert!(two.run(&press(2, true)).is_ok());
}

#[test]
fn a_link_ends_at_its_very_moment() {
    let mut desk = Desk::new();
    let link = desk.register();
    let until = desk.newest().until;
    desk.now = until;
    assert_eq!(desk.run(&press(link, true)), Err(Refusal::LinkOver));
    desk.now = until - Span::from_micros(1);
    assert!(desk.run(&press(link, false)).is_ok());
}

#[test]
fn a_new_password_ends_the_sessions_and_its_link_sets_no_second_one() {
    let mut desk = Desk::alive();
    let before = desk.account.epoch();
    desk.run(&Command::AskReset).unwrap();
    desk.run(&Command::AskAddress { address: "thief".into() }).unwrap();
    let (reset, change) = (desk.account.resets()[0].n, desk.account.change().unwrap().n);
    desk.run(&Command::SetPassword { link: reset }).unwrap();
    assert!(desk.account.epoch() > before);
    assert_eq!(desk.run(&Command::SetPassword { link: reset }), Err(Refusal::LinkOver));
    // A change that a thief requested before is void too.
    assert_eq!(desk.run(&Command::ChangeAddress { link: change }), Err(Refusal::LinkOver));
}

#[test]
fn an_address_changes_hands_in_one_step_and_the_old_mailbox_opens_nothing() {
    let mut desk = Desk::alive();
    desk.run(&Command::AskReset).unwrap();
    desk.run(&Command::AskAddress { address: "b".into() }).unwrap();
    let (reset, link) = (desk.account.resets()[0].n, desk.account.change().unwrap().n);
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

/// One step of a random sequence. Link numbers are small, so that both valid and invalid ones occur.
fn step() -> impl Strategy<Value = (Command, i64)> {
    let link = 0u64..8;
    let visit = (1u64..4).prop_map(|seed| id(IdKind::Reservation, seed));
    let address = prop_oneof![Just("a".to_owned()), Just("b".to_owned())];
    let command = prop_oneof![
        address.clone().prop_map(|address| register(&address, "row")),
        Just(Command::Remind),
        link.clone().prop_map(|link| press(link, true)),
        link.clone().prop_map(|link| press(link, false)),
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
    fn no_order_of_commands_uses_a_link_that_is_not_sent_fresh_and_unused(steps in prop::collection::vec(step(), 1..60)) {
        let mut desk = Desk::new();
        // An independent model: the links of each kind, removed when used or voided.
        let (mut activation, mut reset): (Vec<Link>, Vec<Link>) = (Vec::new(), Vec::new());
        let mut change: Option<Link> = None;
        let mut used = BTreeSet::new();
        let mut alive = false;
        for (command, seconds) in steps {
            desk.now = desk.now + Span::from_secs(seconds);
            let (now, epoch) = (desk.now, desk.account.epoch());
            let fresh = |links: &[Link], n: u64| links.iter().any(|link| link.n == n && now < link.until);
            let decided = desk.run(&command).unwrap_or_default();
            for event in &decided {
                match event {
                    AccountEvent::Registered(it) => { prop_assert!(!alive); activation.push(it.link); }
                    AccountEvent::Activated(it) => {
                        let Command::Activate { own, .. } = &command else { panic!("{command:?}") };
                        prop_assert!(fresh(&activation, it.link) && used.insert(it.link));
                        prop_assert!(*own || activation.len() == 1, "a password that may be anybody's");
                        alive = true;
                        activation.clear();
                    }
                    AccountEvent::ResetAsked(it) => reset.push(it.link),
                    AccountEvent::PasswordSet(it) => {
                        let Command::SetPassword { link } = &command else { panic!("{command:?}") };
                        prop_assert!(alive && fresh(&reset, *link) && used.insert(*link));
                        prop_assert!(it.epoch > epoch, "old sessions die with a new password");
                        reset.clear();
                        change = None;
                    }
                    AccountEvent::AddressAsked(it) => change = Some(it.link),
                    AccountEvent::AddressChanged(it) => {
                        prop_assert!(alive && fresh(change.as_slice(), it.link) && used.insert(it.link));
                        reset.clear();
                        change = None;
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

/// Actions of two people around one address. Only the owner reads its mail; the thief knows nothing but the address.
#[derive(Clone, Copy, Debug)]
enum Around {
    OwnerRegisters,
    ThiefRegisters,
    /// The owner presses a link in the mailbox, whoever caused it, and types a password.
    Press(usize),
    /// The owner's API client uses a link without a password, because one came with the owner's registration.
    PressBare(usize),
    OwnerForgets,
    ThiefForgets,
    /// The owner sets a password by one of the links in the mailbox.
    Set(usize),
    /// Whoever has the password requests a change of address, to their own mailbox.
    Moves,
    Delete,
    Hours(i64),
}

fn around() -> impl Strategy<Value = Around> {
    prop_oneof![
        4 => Just(Around::OwnerRegisters),
        4 => Just(Around::ThiefRegisters),
        3 => (0usize..6).prop_map(Around::Press),
        4 => (0usize..6).prop_map(Around::PressBare),
        1 => Just(Around::OwnerForgets),
        2 => Just(Around::ThiefForgets),
        2 => (0usize..6).prop_map(Around::Set),
        2 => Just(Around::Moves),
        1 => Just(Around::Delete),
        3 => (1i64..30).prop_map(Around::Hours),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Rows carry the name of whoever made the registration, which shows whose password and address an account gets.
    #[test]
    fn no_password_and_no_address_of_a_stranger_ever_become_the_accounts(
        steps in prop::collection::vec(around(), 1..40)
    ) {
        let mut desk = Desk::new();
        let (mut owners, mut password_of): (usize, Option<&str>) = (0, None);
        for step in steps {
            let links: Vec<u64> = desk.account.waiting().iter().map(|it| it.link.n).collect();
            let resets: Vec<u64> = desk.account.resets().iter().map(|it| it.n).collect();
            let whose = |n: u64| desk.account.waiting().iter().find(|it| it.link.n == n).map(|it| it.row.clone());
            let before = desk.account.waiting().to_vec();
            match step {
                Around::OwnerRegisters => {
                    let took = desk.run(&register("mailbox", "owner")).is_ok();
                    owners += usize::from(took);
                }
                Around::ThiefRegisters => {
                    _ = desk.run(&register("mailbox", "thief"));
                    let kept = before.iter().filter(|it| desk.now < it.link.until);
                    for waited in kept {
                        prop_assert!(desk.account.waiting().contains(waited), "it took something away");
                    }
                }
                Around::Press(at) if !links.is_empty() => {
                    let link = links[at % links.len()];
                    if desk.run(&press(link, true)).is_ok_and(|events| !events.is_empty()) {
                        password_of = Some("owner");
                    }
                }
                // Only somebody who has registered has an API client that uses links.
                Around::PressBare(at) if owners > 0 && !links.is_empty() => {
                    let link = links[at % links.len()];
                    let row = whose(link);
                    if desk.run(&press(link, false)).is_ok_and(|events| !events.is_empty()) {
                        password_of = if row.as_deref() == Some("owner") { Some("owner") } else { Some("thief") };
                    }
                }
                Around::OwnerForgets | Around::ThiefForgets => _ = desk.run(&Command::AskReset),
                Around::Set(at) if !resets.is_empty() => {
                    let link = resets[at % resets.len()];
                    if desk.run(&Command::SetPassword { link }).is_ok() {
                        password_of = Some("owner");
                    }
                }
                Around::Moves if password_of == Some("thief") => {
                    desk.run(&Command::AskAddress { address: "thiefs".into() }).unwrap();
                    let link = desk.account.change().unwrap().n;
                    desk.run(&Command::ChangeAddress { link }).unwrap();
                }
                Around::Delete if password_of.is_some() => {
                    _ = desk.run(&Command::Delete);
                    password_of = None;
                }
                Around::Hours(hours) => desk.now = desk.now + Span::from_hours(hours),
                _ => {}
            }
            prop_assert!(password_of != Some("thief"), "after {step:?}");
            let active = desk.account.status() == Status::Active;
            prop_assert!(!active || desk.account.address() == "mailbox");
        }
    }
}
