//! Events of an office's staff for tests of other crates. Must not be used outside tests.

use crate::domain::{Enrolled, Issued, KeyShown, Moved, Noted, Post, StaffEvent, Withdrawn};
use okienko_kernel::{Moment, Role, Span};
use std::collections::BTreeSet;

/// One event of each kind of an office's staff.
pub fn staff_events() -> Vec<StaffEvent> {
    let (member, at) = ("8f3k2m9x4q7t1v5w".to_owned(), Moment::from_micros(1_796_104_800_000_000));
    let token = format!("{member}-0123456789abcdef");
    let expires = at + Span::from_hours(12);
    let duties = BTreeSet::from([Role::Clerk, Role::Supervisor]);
    let post = Post { duties, location: Some("main".into()), counter: Some("3".into()) };
    let noted = || Noted { member: member.clone(), at };
    let tokens = vec![token.clone()];
    vec![
        StaffEvent::Enrolled(Enrolled { member: member.clone(), post: post.clone(), at }),
        StaffEvent::Moved(Moved { member: member.clone(), post: post.clone(), at }),
        StaffEvent::PasswordSet(noted()),
        StaffEvent::Disabled(noted()),
        StaffEvent::Enabled(noted()),
        StaffEvent::Issued(Issued { member, token, expires, at }),
        StaffEvent::Withdrawn(Withdrawn { office: "small".into(), tokens, until: expires, at }),
        StaffEvent::KeyShown(KeyShown { token: "0123456789abcdef".into(), post, expires, at }),
    ]
}
