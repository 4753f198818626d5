//! The state of an office's staff, built from its events. Expired tokens are forgotten.

use super::{Post, StaffEvent};
use okienko_kernel::{Moment, Span};
use std::collections::BTreeMap;

/// An expired token is remembered this much longer, because a clock may be set back a little.
const GRACE: Span = Span::from_hours(24);

/// A person or device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Duties and place.
    pub post: Post,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// How often they were changed: moved, given a new password, disabled or enabled; a device also with each new
    /// token. Each of these commands states the value that its caller read.
    pub changes: u32,
    /// When they were enrolled; real time.
    pub since: Moment,
    /// When a token was last issued to them; real time.
    pub last_sign_in: Option<Moment>,
    /// Issued tokens that were not revoked, by id.
    pub tokens: BTreeMap<String, Live>,
}

/// An issued token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// When it was issued; real time.
    pub at: Moment,
    /// When it expires by itself; real time.
    pub expires: Moment,
}

/// A manually made key that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Duties and place that it allows.
    pub post: Post,
    /// Its first use and its expiry; real time.
    pub live: Live,
}

/// All staff and devices of an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub(super) office: String,
    pub(super) members: BTreeMap<String, Member>,
    pub(super) withdrawn: BTreeMap<String, Moment>,
    pub(super) keys: BTreeMap<String, Key>,
}

impl Staff {
    pub(super) fn of_stream(stream: &str) -> Staff {
        let office = stream.strip_prefix("staff/").unwrap_or(stream).to_owned();
        Staff { office, members: BTreeMap::new(), withdrawn: BTreeMap::new(), keys: BTreeMap::new() }
    }
    /// The person or device with that id.
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.get(id)
    }
    /// All of them by id.
    pub fn members(&self) -> &BTreeMap<String, Member> {
        &self.members
    }
    /// Revoked tokens that have not expired by themselves, with their expiry.
    pub fn withdrawn(&self) -> &BTreeMap<String, Moment> {
        &self.withdrawn
    }
    /// The holder of a token.
    pub fn holder(&self, token: &str) -> Option<(&String, Live)> {
        self.members.iter().find_map(|(id, member)| Some((id, *member.tokens.get(token)?)))
    }

    /// Manually made keys by id, from their first use on.
    pub fn keys(&self) -> &BTreeMap<String, Key> {
        &self.keys
    }
    /// When a token expires that belongs to a member or was made manually.
    pub(super) fn end_of(&self, token: &str) -> Option<Moment> {
        let of_key = || self.keys.get(token).map(|key| key.live);
        self.holder(token).map(|(_, live)| live).or_else(of_key).map(|live| live.expires)
    }

    pub(super) fn take(&mut self, event: &StaffEvent) {
        match event {
            StaffEvent::Enrolled(it) => {
                let member = Member {
                    post: it.post.clone(),
                    disabled: false,
                    changes: 0,
                    since: it.at,
                    last_sign_in: None,
                    tokens: BTreeMap::new(),
                };
                self.members.insert(it.member.clone(), member);
            }
            StaffEvent::Moved(it) => self.change(&it.member, |member| {
                member.post = it.post.clone();
                member.changes += 1;
            }),
            StaffEvent::PasswordSet(it) => self.change(&it.member, |member| member.changes += 1),
            StaffEvent::Disabled(it) => self.change(&it.member, |member| {
                member.disabled = true;
                member.changes += 1;
            }),
            StaffEvent::Enabled(it) => self.change(&it.member, |member| {
                member.disabled = false;
                member.changes += 1;
            }),
            StaffEvent::Issued(it) => {
                self.forget_ended(it.at);
                self.change(&it.member, |member| {
                    member.last_sign_in = Some(it.at);
                    // Only for devices, which have one token: people may sign in at several places at once.
                    member.changes += u32::from(member.post.is_device());
                    member.tokens.insert(it.token.clone(), Live { at: it.at, expires: it.expires });
                });
            }
            StaffEvent::Withdrawn(it) => {
                self.forget_ended(it.at);
                for token in &it.tokens {
                    self.withdrawn.insert(token.clone(), it.until);
                    self.keys.remove(token);
                    self.members.values_mut().for_each(|member| {
                        member.tokens.remove(token);
                    });
                }
            }
            StaffEvent::KeyShown(it) => self.take_key(it),
        }
    }

    fn take_key(&mut self, it: &super::KeyShown) {
        self.forget_ended(it.at);
        let live = Live { at: it.at, expires: it.expires };
        self.keys.insert(it.token.clone(), Key { post: it.post.clone(), live });
    }

    fn change(&mut self, member: &str, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.get_mut(member) {
            change(member);
        }
    }

    fn forget_ended(&mut self, real: Moment) {
        let before = real.minus(GRACE);
        self.withdrawn.retain(|_, until| *until > before);
        self.keys.retain(|_, key| key.live.expires > before);
        for member in self.members.values_mut() {
            member.tokens.retain(|_, token| token.expires > before);
        }
    }
}
