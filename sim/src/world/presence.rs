//! Which processes of each role are present, as every process sees it: late, and while there are faults sometimes
//! wrong, so that for a while two consider themselves the home of one key, or each considers the other to be. Also the
//! connection from replica to replica, which fails like any other. Knows no role and no order.

use crate::dice::Dice;
use crate::world::executor::{Executor, Group};
use crate::world::weather::Weather;
use okienko_kernel::homes::{Answered, Ask, NoAnswer, Peer};
use okienko_placement::{Dial, Replicas};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Delay in milliseconds until the others see a new process: up to one beat.
const SHOWN: Range<u64> = 0..600;
/// Delay in milliseconds until they notice that one is dead: the time to live of its last beat.
const MISSED: Range<u64> = 1_400..2_600;
/// For how many milliseconds a wrong view lasts.
const WRONG: Range<u64> = 200..20_000;

/// All processes of a run, as they see each other.
pub struct Presence {
    executor: Executor,
    outside: Group,
    weather: Arc<Weather>,
    dice: Dice,
    members: Mutex<BTreeMap<String, Member>>,
}

struct Member {
    group: Group,
    replicas: Arc<Replicas>,
    /// Whether it has announced itself.
    shown: bool,
    /// The processes it considers present, with their roles.
    sees: BTreeMap<String, Vec<String>>,
}

impl Presence {
    /// Nobody is there yet; delayed changes run in the group `outside`.
    pub fn new(executor: Executor, outside: Group, weather: Arc<Weather>, dice: Dice) -> Arc<Presence> {
        Arc::new(Presence { executor, outside, weather, dice, members: Mutex::default() })
    }

    /// Adds a process that sees all who have announced themselves, and is not seen itself yet. Its name must never have
    /// been used before.
    pub fn look(self: &Arc<Self>, name: &str, group: Group, roles: &[&str]) -> Arc<Replicas> {
        let presence = Arc::downgrade(self);
        let dial: Dial =
            Arc::new(move |name| Arc::new(Way { presence: presence.clone(), to: name.to_owned() }));
        let replicas = Replicas::new(name, roles, dial);
        let mut members = self.members.lock();
        let shown = members.iter().filter(|(_, member)| member.shown);
        let sees = shown.map(|(name, member)| (name.clone(), member.replicas.roles())).collect();
        let member = Member { group, replicas: replicas.clone(), shown: false, sees };
        member.tell();
        members.insert(name.to_owned(), member);
        replicas
    }

    /// Announces a process: from now on it is the home of its share, and the others will learn of it.
    pub fn show(self: &Arc<Self>, name: &str) {
        let replicas = {
            let mut members = self.members.lock();
            let Some(member) = members.get_mut(name) else { return };
            member.shown = true;
            member.replicas.clone()
        };
        let roles = replicas.roles();
        roles.iter().for_each(|role| replicas.join(role));
        self.for_each_other(name, &SHOWN, move |name, member| {
            member.sees.insert(name.to_owned(), roles.clone());
        });
    }

    /// Removes dead processes; the others notice later.
    pub fn forget(self: &Arc<Self>, group: Group) {
        let dead: Vec<String> = {
            let mut members = self.members.lock();
            let dead = members.iter().filter(|(_, member)| member.group == group);
            let dead: Vec<String> = dead.map(|(name, _)| name.clone()).collect();
            dead.iter().for_each(|name| drop(members.remove(name)));
            dead
        };
        for name in dead {
            self.for_each_other(&name, &MISSED, |name, member| {
                member.sees.remove(name);
            });
        }
    }

    /// Removes all processes.
    pub fn empty(&self) {
        drop(std::mem::take(&mut *self.members.lock()));
    }

    /// Until the faults stop, now and then gives a process a wrong view for a while: another one is missing from it.
    pub async fn err_now_and_then(self: Arc<Self>) {
        let every = self.weather.now().presence_errs_every;
        if every.is_zero() {
            return;
        }
        loop {
            tokio::time::sleep(self.dice.around(every) + Duration::from_millis(1)).await;
            if self.weather.is_calm() {
                return;
            }
            let names: Vec<String> = self.members.lock().keys().cloned().collect();
            let Some((observer, missed)) = self.dice.pick(&names).zip(self.dice.pick(&names)) else {
                continue;
            };
            self.change(observer, |member| {
                member.sees.remove(missed);
            });
            let (presence, observer, missed) = (self.clone(), observer.clone(), missed.clone());
            self.later(&WRONG, async move {
                let roles = presence.shown(&missed);
                presence.change(&observer, |member| member.sees.extend(roles.map(|roles| (missed, roles))));
            });
        }
    }

    /// The roles of a living process that has announced itself.
    fn shown(&self, name: &str) -> Option<Vec<String>> {
        let members = self.members.lock();
        members.get(name).filter(|member| member.shown).map(|member| member.replicas.roles())
    }

    /// Applies a change to the view of each other process, each after its own delay.
    fn for_each_other(
        self: &Arc<Self>,
        name: &str,
        within: &Range<u64>,
        change: impl Fn(&str, &mut Member) + Clone + Send + 'static,
    ) {
        let others: BTreeSet<String> = self.members.lock().keys().cloned().collect();
        for other in others.into_iter().filter(|other| other != name) {
            let (presence, change, name) = (self.clone(), change.clone(), name.to_owned());
            self.later(within, async move { presence.change(&other, |member| change(&name, member)) });
        }
    }

    fn later(&self, within: &Range<u64>, what: impl Future<Output = ()> + Send + 'static) {
        let pause = self.dice.millis(within.clone());
        let task = async move {
            tokio::time::sleep(pause).await;
            what.await;
        };
        self.executor.spawn(self.outside, Box::pin(task));
    }

    fn change(&self, observer: &str, change: impl FnOnce(&mut Member)) {
        let mut members = self.members.lock();
        if let Some(member) = members.get_mut(observer) {
            change(member);
            member.tell();
        }
    }

    async fn ask(&self, to: &str, ask: Ask) -> Result<Vec<u8>, NoAnswer> {
        let faults = &self.weather.now().grpc;
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_request) {
            // The caller cannot tell a lost request from a lost answer.
            return Err(NoAnswer::Unknown);
        }
        let member = self.members.lock().get(to).map(|member| (member.group, member.replicas.clone()));
        let (group, replicas) = member.ok_or(NoAnswer::NotDelivered)?;
        let carried_out = self.executor.run_in(group, async move { replicas.carry_out(ask).await });
        let answer = carried_out.await.map_err(|_| NoAnswer::Unknown)?.ok_or(NoAnswer::NotDelivered);
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_answer) { Err(NoAnswer::Unknown) } else { answer }
    }
}

impl Member {
    fn tell(&self) {
        for role in self.replicas.roles() {
            let of_role = self.sees.iter().filter(|(_, roles)| roles.contains(&role));
            let present = of_role.map(|(name, _)| (name.clone(), name.clone())).collect();
            self.replicas.present(&role, &present);
        }
    }
}

/// The connection to one replica.
struct Way {
    presence: Weak<Presence>,
    to: String,
}

impl Peer for Way {
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        let (presence, to) = (self.presence.clone(), self.to.clone());
        Box::pin(async move { presence.upgrade().ok_or(NoAnswer::NotDelivered)?.ask(&to, ask).await })
    }
}
