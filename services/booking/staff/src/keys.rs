//! Keys made manually with the installation's secret (`okienko token`): listed from their first use on, so that an
//! admin sees who else has access and can revoke each. Knows no page.

use crate::domain::{EVERYWHERE, Key, Member, Post, Revoke, Staff, StaffCommand, StaffRefusal, stream_key};
use crate::enrolment::{StaffView, within};
use crate::roll::StaffRoll;
use okienko_web::staff::by_hand::{Lister, Nearness};
use okienko_web::{Claims, Code, Problem, SignIn};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

/// Shown for keys where people have their name.
pub const MADE_BY: &str = "okienko token";

impl StaffRoll {
    /// Lists keys at their first use on pages with this sign-in.
    pub(crate) fn list_keys_of(self: &Arc<Self>, sign_in: &SignIn) {
        let roll: Weak<StaffRoll> = Arc::downgrade(self);
        let lister: Lister = Arc::new(move |claims| {
            let roll = roll.clone();
            Box::pin(async move {
                let Some(roll) = roll.upgrade() else { return false };
                roll.key_shown(&claims).await.is_ok()
            })
        });
        sign_in.list_with(Nearness::Here, lister);
    }

    /// Adds a key to the list of its office; a repeat changes nothing.
    pub async fn key_shown(&self, claims: &Claims) -> Result<(), Problem> {
        let office = claims.office.as_str();
        if office != EVERYWHERE && self.offices.get(office).is_none() {
            // A key for an office that is not here grants nothing.
            return Ok(());
        }
        let duties = claims.roles.iter().copied().collect();
        let (location, counter) = (claims.location.clone(), claims.counter.clone());
        let post = Post { duties, location, counter };
        let real = self.service.world.wall.now();
        let (token, expires) = (claims.id.clone(), claims.expires);
        let show = StaffCommand::ShowKey { token, post, expires, real };
        match self.ask(office, show, Vec::new(), &claims.id).await? {
            Ok(_) => Ok(()),
            Err(StaffRefusal::Full) => {
                tracing::error!(office, "there are more keys made by hand than can be listed");
                Err(Problem::new(Code::LimitReached))
            }
            Err(_) => Err(Problem::new(Code::Unknown)),
        }
    }

    /// An office's unexpired keys, newest first, as an admin sees them.
    pub(crate) async fn key_views(&self, by: &Claims, office: &str) -> Result<Vec<StaffView>, Problem> {
        let now = self.service.world.wall.now();
        let ours = self.keys(office).await?.into_iter();
        let ours = ours.filter(|(_, key)| key.live.expires > now && within(by, &key.post).is_ok());
        let mut views: Vec<StaffView> = ours.map(|(id, key)| view(id, key)).collect();
        views.sort_by_key(|view| std::cmp::Reverse(view.member.since));
        Ok(views)
    }

    /// Revokes a key.
    pub(crate) async fn revoke_key(
        &self,
        by: &Claims,
        office: &str,
        id: &str,
    ) -> Result<Option<usize>, Problem> {
        let Some(key) = self.keys(office).await?.remove(id) else { return Ok(None) };
        self.noted(by, office, "staff.revoke", id, within(by, &key.post))?;
        let which = Revoke::Known(id.to_owned());
        let command = StaffCommand::Revoke { which, real: self.service.world.wall.now() };
        let told = self.ask(office, command, Vec::new(), &by.id).await?;
        told.map(|reply| Some(reply.withdrawn.len())).map_err(|_| Problem::new(Code::Unknown))
    }

    async fn keys(&self, office: &str) -> Result<BTreeMap<String, Key>, Problem> {
        let all = |staff: &Staff| staff.keys().clone();
        Ok(self.log.read(office, &stream_key(office), all).await?)
    }
}

fn view(id: String, key: Key) -> StaffView {
    let tokens = BTreeMap::from([(id.clone(), key.live)]);
    let (since, last_sign_in) = (key.live.at, Some(key.live.at));
    let member = Member { post: key.post, disabled: false, changes: 0, since, last_sign_in, tokens };
    StaffView { id, name: MADE_BY.to_owned(), login: String::new(), member, by_hand: true }
}
