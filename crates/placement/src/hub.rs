//! Many replicas in one process, present until removed: for tests and the simulator. Knows no time.

use crate::replicas::{Dial, Replicas};
use okienko_kernel::homes::{Answered, Ask, NoAnswer, Peer};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

type Members = Arc<Mutex<BTreeMap<String, (Weak<Replicas>, bool)>>>;

/// Where the replicas in one process find each other.
#[derive(Clone, Default)]
pub struct Hub(Members);

impl Hub {
    /// Adds a replica that all others know from now on.
    pub fn join(&self, name: &str, roles: &[&str]) -> Arc<Replicas> {
        let members = self.0.clone();
        let dial: Dial = Arc::new(move |address| Arc::new(Member(members.clone(), address.to_owned())));
        let replicas = Replicas::new(name, roles, dial);
        roles.iter().for_each(|role| replicas.join(role));
        self.0.lock().insert(name.to_owned(), (Arc::downgrade(&replicas), true));
        self.tell();
        replicas
    }

    /// Makes it unreachable while all others still count on it: the time between a crash and its detection.
    pub fn cut_off(&self, name: &str) {
        if let Some(member) = self.0.lock().get_mut(name) {
            member.1 = false;
        }
    }

    /// Makes all others notice that it is gone. The replica itself does not notice.
    pub fn remove(&self, name: &str) {
        self.0.lock().remove(name);
        self.tell();
    }

    fn tell(&self) {
        let members = self.0.lock();
        let living: Vec<Arc<Replicas>> =
            members.values().filter_map(|(member, _)| member.upgrade()).collect();
        drop(members);
        for replicas in &living {
            for role in replicas.roles() {
                let all = living.iter().filter(|other| other.roles().contains(&role));
                let all = all.map(|other| (other.me().to_owned(), other.me().to_owned())).collect();
                replicas.present(&role, &all);
            }
        }
    }
}

struct Member(Members, String);

impl Peer for Member {
    fn ask(&self, ask: Ask) -> Answered<Result<Vec<u8>, NoAnswer>> {
        let reached =
            self.0.lock().get(&self.1).filter(|member| member.1).and_then(|member| member.0.upgrade());
        Box::pin(async move {
            let replicas = reached.ok_or(NoAnswer::NotDelivered)?;
            replicas.carry_out(ask).await.ok_or(NoAnswer::NotDelivered)
        })
    }
}
