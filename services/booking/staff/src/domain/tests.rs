//! Random histories of an office's staff: whatever the order, a revoked token is never accepted again, and nobody who
//! is disabled has one.

use super::*;
use okienko_kernel::{Machine, Moment, Role, Span};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn post(duty: Role, location: Option<&str>) -> Post {
    Post { duties: BTreeSet::from([duty]), location: location.map(str::to_owned), counter: None }
}

fn send(staff: &mut Staff, command: &StaffCommand) -> Result<StaffReply, StaffRefusal> {
    let events = staff.decide(command, Moment::default())?;
    events.iter().for_each(|event| staff.apply(event));
    Ok(staff.reply(command, &events, Moment::default()))
}

#[derive(Clone, Debug)]
enum Step {
    Enrol(u8, bool),
    Move(u8, u8),
    Password(u8),
    Disable(u8),
    Enable(u8),
    Issue(u8, u8, i64),
    RevokeAll(u8),
    RevokeOne(u8),
    RevokeShown(u8, i64),
    ShowKey(u8, i64),
    Clock(i64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (who, token) = (0u8..4, 0u8..24);
    prop_oneof![
        3 => (who.clone(), any::<bool>()).prop_map(|(who, device)| Step::Enrol(who, device)),
        1 => (who.clone(), 0u8..3).prop_map(|(who, place)| Step::Move(who, place)),
        1 => who.clone().prop_map(Step::Password),
        1 => who.clone().prop_map(Step::Disable),
        2 => who.clone().prop_map(Step::Enable),
        8 => (who.clone(), token.clone(), 1i64..60).prop_map(|(who, t, hours)| Step::Issue(who, t, hours)),
        1 => who.prop_map(Step::RevokeAll),
        2 => token.clone().prop_map(Step::RevokeOne),
        1 => (token.clone(), 1i64..60).prop_map(|(token, hours)| Step::RevokeShown(token, hours)),
        3 => (token, 1i64..60).prop_map(|(token, hours)| Step::ShowKey(token, hours)),
        3 => (-12i64..40).prop_map(Step::Clock),
        1 => Just(Step::Restart),
    ]
}

fn command(step: &Step, staff: &Staff, real: Moment) -> Option<StaffCommand> {
    let who = |n: &u8| format!("member-{n}");
    let token = |n: &u8| format!("token-{n}");
    let later = |hours: &i64| real + Span::from_hours(*hours);
    Some(match step {
        Step::Enrol(n, device) => {
            let post = if *device { post(Role::Kiosk, Some("hall")) } else { post(Role::Clerk, None) };
            StaffCommand::Enrol { member: who(n), post, real }
        }
        Step::Move(n, place) => {
            let post = post(Role::Clerk, [None, Some("hall"), Some("plaza")][usize::from(*place)]);
            StaffCommand::Move { member: who(n), changes: None, post, real }
        }
        Step::Password(n) => StaffCommand::SetPassword { member: who(n), changes: None, real },
        Step::Disable(n) => StaffCommand::Disable { member: who(n), changes: None, real },
        Step::Enable(n) => StaffCommand::Enable { member: who(n), changes: None, real },
        Step::Issue(n, t, hours) => {
            let post = staff.member(&who(n)).map(|member| member.post.clone()).unwrap_or_default();
            let (member, token, expires) = (who(n), token(t), later(hours));
            StaffCommand::Issue { member, post, changes: None, token, expires, real }
        }
        Step::RevokeAll(n) => StaffCommand::Revoke { which: Revoke::AllOf(who(n)), real },
        Step::RevokeOne(t) => StaffCommand::Revoke { which: Revoke::Known(token(t)), real },
        Step::RevokeShown(t, hours) => {
            let which = Revoke::Shown { token: token(t), expires: later(hours) };
            StaffCommand::Revoke { which, real }
        }
        Step::ShowKey(t, hours) => {
            let (token, post) = (token(t), post(Role::Admin, None));
            StaffCommand::ShowKey { token, post, expires: later(hours), real }
        }
        Step::Clock(_) | Step::Restart => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_token_that_was_taken_back_is_never_accepted_again_whatever_the_order(
        steps in prop::collection::vec(step(), 1..120)
    ) {
        let mut staff = Staff::new("staff/torun");
        let mut real = Moment::from_micros(0) + Span::from_hours(1_000);
        let mut highest = real;
        let mut events: Vec<StaffEvent> = Vec::new();
        // An independent model: tokens that were ever issued or revoked, with their latest expiry.
        let mut ends: std::collections::BTreeMap<String, Moment> = Default::default();
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for step in steps {
            match &step {
                // A clock may be set back, by less than a day.
                Step::Clock(hours) => {
                    real = (real + Span::from_hours(*hours)).max(highest.minus(Span::from_hours(12)));
                    highest = highest.max(real);
                }
                Step::Restart => {
                    let mut fresh = Staff::new("staff/torun");
                    events.iter().for_each(|event| fresh.apply(event));
                    prop_assert_eq!(&fresh, &staff);
                }
                _ => {}
            }
            let Some(command) = command(&step, &staff, real) else { continue };
            let Ok(decided) = staff.decide(&command, Moment::default()) else { continue };
            for event in &decided {
                match event {
                    StaffEvent::Issued(it) => {
                        // Ids are random; one that is drawn again after its expiry is another token.
                        gone.remove(&it.token);
                        let disabled = staff.member(&it.member).is_none_or(|member| member.disabled);
                        prop_assert!(!disabled, "a disabled person got a token");
                        ends.insert(it.token.clone(), it.expires);
                    }
                    StaffEvent::Withdrawn(it) => {
                        for token in &it.tokens {
                            let end = ends.entry(token.clone()).or_insert(it.until);
                            prop_assert!(it.until >= *end, "it would be accepted after that");
                            gone.insert(token.clone());
                        }
                    }
                    StaffEvent::KeyShown(it) => {
                        prop_assert!(gone.iter().all(|known| *known != it.token || ends[known] <= real));
                        gone.remove(&it.token);
                        ends.insert(it.token.clone(), it.expires);
                    }
                    _ => {}
                }
                staff.apply(event);
                events.push(event.clone());
            }
            for token in gone.iter().filter(|token| ends[*token] > real) {
                prop_assert!(staff.withdrawn().contains_key(token), "{} is accepted again", token);
                prop_assert!(staff.holder(token).is_none() && !staff.keys().contains_key(token));
            }
            for member in staff.members().values() {
                prop_assert!(!member.disabled || member.tokens.is_empty(), "a disabled person has a token");
                let most = if member.post.is_device() { 1 } else { 10 };
                prop_assert!(member.tokens.len() <= most);
            }
        }
    }
}

#[test]
fn other_duties_or_another_place_take_the_old_tokens_back() {
    let mut staff = Staff::new("staff/torun");
    let (real, member) = (Moment::from_micros(1), "anna".to_owned());
    let clerk = post(Role::Clerk, Some("hall"));
    send(&mut staff, &StaffCommand::Enrol { member: member.clone(), post: clerk.clone(), real }).unwrap();
    let issue = |post: Post, token: &str| StaffCommand::Issue {
        member: "anna".into(),
        post,
        changes: None,
        token: token.into(),
        expires: Moment::from_micros(99),
        real,
    };
    send(&mut staff, &issue(clerk.clone(), "t1")).unwrap();
    let admin = post(Role::Admin, None);
    let told =
        send(&mut staff, &StaffCommand::Move { member, changes: None, post: admin.clone(), real }).unwrap();
    assert_eq!((told.withdrawn, told.until), (vec!["t1".to_owned()], Moment::from_micros(99)));
    assert_eq!(send(&mut staff, &issue(clerk, "t2")), Err(StaffRefusal::Changed));
    assert_eq!(send(&mut staff, &issue(admin.clone(), "t1")), Err(StaffRefusal::Taken));
    assert!(send(&mut staff, &issue(admin, "t2")).is_ok());
}

#[test]
fn duties_fit_people_devices_and_the_office() {
    let two = |a, b| Post { duties: BTreeSet::from([a, b]), ..post(a, Some("hall")) };
    for (post, office, fits) in [
        (post(Role::Clerk, None), "torun", true),
        (two(Role::Clerk, Role::Supervisor), "torun", true),
        (two(Role::Clerk, Role::Kiosk), "torun", false),
        (two(Role::Screen, Role::Kiosk), "torun", false),
        (post(Role::Kiosk, None), "torun", false),
        (post(Role::Operator, None), "torun", false),
        (post(Role::Operator, None), EVERYWHERE, true),
        (post(Role::Admin, None), EVERYWHERE, false),
        (Post { counter: Some("3".into()), ..post(Role::Clerk, None) }, "torun", false),
        (Post::default(), "torun", false),
    ] {
        assert_eq!(post.fits(office), fits, "{post:?} at {office}");
    }
}

#[test]
fn a_key_made_by_hand_stands_in_the_list_from_its_first_use_until_it_is_taken_back() {
    let mut staff = Staff::new("staff/torun");
    let real = Moment::from_micros(1);
    let expires = real + Span::from_hours(24);
    let show = StaffCommand::ShowKey { token: "k1".into(), post: post(Role::Admin, None), expires, real };
    send(&mut staff, &show).unwrap();
    assert_eq!(staff.decide(&show, real), Ok(vec![]), "the second use is nothing new");
    assert_eq!(staff.keys()["k1"].live, Live { at: real, expires });
    let revoke = StaffCommand::Revoke { which: Revoke::Known("k1".into()), real };
    let told = send(&mut staff, &revoke).unwrap();
    assert_eq!((told.withdrawn, told.until), (vec!["k1".to_owned()], expires));
    assert!(staff.keys().is_empty());
    // If presented again, it stays revoked.
    assert_eq!(staff.decide(&show, real), Ok(vec![]));
    assert!(staff.withdrawn().contains_key("k1"));
}

#[test]
fn nothing_is_built_on_somebody_who_was_changed_meanwhile() {
    let real = Moment::from_micros(1);
    let member = || "anna".to_owned();
    let clerk = post(Role::Clerk, Some("hall"));
    let set = |changes| StaffCommand::SetPassword { member: member(), changes, real };
    let disable = |changes| StaffCommand::Disable { member: member(), changes, real };
    let enable = |changes| StaffCommand::Enable { member: member(), changes, real };
    let moved = |changes, post| StaffCommand::Move { member: member(), changes, post, real };
    let to_plaza = |changes| moved(changes, self::post(Role::Clerk, Some("plaza")));
    let to_plaza_and_admin = |changes| moved(changes, self::post(Role::Admin, Some("plaza")));
    let (post, expires) = (clerk.clone(), Moment::from_micros(99));
    let issue = |changes| StaffCommand::Issue {
        member: member(),
        post: post.clone(),
        changes,
        token: "t1".into(),
        expires,
        real,
    };
    // The caller read change count 0; then `between` happened, and now `asked` is requested.
    for (between, asked) in [
        (vec![set(Some(0))], set(Some(0))),
        (vec![set(Some(0))], disable(Some(0))),
        (vec![set(Some(0))], issue(Some(0))),
        (vec![disable(Some(0))], set(Some(0))),
        (vec![disable(Some(0))], enable(Some(0))),
        (vec![disable(Some(0)), enable(Some(1))], issue(Some(0))),
        (vec![disable(Some(0)), set(Some(1)), enable(Some(2))], disable(Some(1))),
        (vec![to_plaza(Some(0))], to_plaza_and_admin(Some(0))),
        (vec![to_plaza(Some(0))], set(Some(0))),
        (vec![set(Some(0))], to_plaza(Some(0))),
    ] {
        let mut staff = Staff::new("staff/torun");
        send(&mut staff, &StaffCommand::Enrol { member: member(), post: clerk.clone(), real }).unwrap();
        for command in &between {
            send(&mut staff, command).unwrap();
        }
        assert_eq!(send(&mut staff, &asked), Err(StaffRefusal::Changed), "{between:?}, then {asked:?}");
    }
}

#[test]
fn a_device_keeps_the_token_that_came_after_the_look_and_people_sign_in_beside_each_other() {
    let real = Moment::from_micros(1);
    for (role, second) in [(Role::Kiosk, Err(StaffRefusal::Changed)), (Role::Clerk, Ok(()))] {
        let mut staff = Staff::new("staff/torun");
        let post = post(role, Some("hall"));
        send(&mut staff, &StaffCommand::Enrol { member: "m".into(), post: post.clone(), real }).unwrap();
        let issue = |token: &str| StaffCommand::Issue {
            member: "m".into(),
            post: post.clone(),
            changes: Some(0),
            token: token.into(),
            expires: Moment::from_micros(99),
            real,
        };
        send(&mut staff, &issue("t1")).unwrap();
        assert_eq!(send(&mut staff, &issue("t2")).map(drop), second, "{role:?}");
        assert!(staff.member("m").unwrap().tokens.contains_key("t1"), "{role:?}");
    }
}
