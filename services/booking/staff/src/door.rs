//! Signing in with a password: limited by network and by login within that network, with the same work and the same
//! answer for unknown logins. The owner of a login is never locked out by attempts made elsewhere.

use crate::demo_people::DEMO_PASSWORD;
use crate::domain::{EVERYWHERE, Post, StaffCommand, stream_key};
use crate::enrolment::{claims_of, roles_of};
use crate::roll::StaffRoll;
use okienko_host::On;
use okienko_kernel::{Moment, base32};
use okienko_limits::{Hit, Rate};
use okienko_passwords::Hashed;
use okienko_web::staff::idle::SHIFT;
use okienko_web::staff::sign;
use okienko_web::{ClientAddr, Code, Problem, Role};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Attempts at one login from one network.
const PER_LOGIN: Rate = Rate::new(10, Duration::from_secs(15 * 60));
/// Attempts from one network: a whole office may sign in from one address at half past seven.
const PER_NETWORK: Rate = Rate::new(120, Duration::from_secs(10 * 60));
/// Lines in the access log about a network that is over its limit.
const LOG_FLOOD: Rate = Rate::new(1, Duration::from_secs(60));
/// Longer passwords cannot be anybody's.
const PASSWORD_AT_MOST: usize = 256;
/// Longer logins and office ids cannot be anybody's.
const LOGIN_AT_MOST: usize = 64;

/// A sign-in attempt.
#[derive(Clone, Copy)]
pub struct StaffTry<'a> {
    /// The office's id, `*` for operators.
    pub office: &'a str,
    /// The login.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The counter of today; empty: the usual one.
    pub counter: &'a str,
    /// The client's address.
    pub client: ClientAddr,
}

/// A successful sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The signed token.
    pub token: String,
    /// When it expires; real time.
    pub expires: Moment,
    /// The roles that it grants.
    pub roles: Vec<Role>,
    /// The first page to go to.
    pub goes_to: &'static str,
}

/// What was read with a person's password: their post, and how often they were changed.
type LookedAt = (Post, u32);

impl StaffRoll {
    /// Signs somebody in.
    pub async fn sign_in(&self, who: StaffTry<'_>) -> Result<SignedIn, Problem> {
        let network = self.keyed(&[who.client.network().to_string().as_bytes()]);
        let outcome = self.try_in(who, &network).await;
        let told = outcome.as_ref().err().map_or("ok", |problem| problem.code().as_str());
        let member = self.id_of(who.office, who.login);
        let known = self.offices.get(who.office).is_some() || who.office == EVERYWHERE;
        let by = outcome.as_ref().map_or_else(|_| format!("network:{network}"), |(id, _)| id.clone());
        // Attempts refused without checking the password are a flood: logged once a minute per network.
        let flood = outcome.as_ref().is_err_and(|problem| problem.code() == Code::RateLimited);
        if !flood
            || self.gate.within(&[Hit { key: format!("staff/log/{network}"), rate: LOG_FLOOD }]).await.is_ok()
        {
            self.note(
                if known { who.office } else { EVERYWHERE },
                &by,
                "staff.sign_in",
                On::word(&member),
                told,
            );
        }
        outcome.map(|(_, signed)| signed)
    }

    async fn try_in(&self, who: StaffTry<'_>, network: &str) -> Result<(String, SignedIn), Problem> {
        let login = who.login.trim().to_lowercase();
        let of_login = self.keyed(&[network.as_bytes(), who.office.as_bytes(), login.as_bytes()]);
        let mut hits = self.gate.network_hits(who.client, "staff/network", PER_NETWORK);
        hits.push(Hit { key: format!("staff/login/{of_login}"), rate: PER_LOGIN });
        self.gate.within(&hits).await?;
        if who.password.len() > PASSWORD_AT_MOST
            || login.len() > LOGIN_AT_MOST
            || who.office.len() > LOGIN_AT_MOST
        {
            return Err(refused());
        }
        let id = self.id_of(who.office, &login);
        let found = self.open_member(who.office, &id).await?;
        let (looked_at, hash) = found.unzip();
        let right = self.passwords.check(who.password, hash.flatten()).await;
        let right = right.map_err(|_| Problem::unavailable(2))?;
        // The publicly known demo password is accepted only in a demo, wherever the people came from.
        let is_demo = self.is_demo.load(Ordering::Relaxed);
        let right = right && (is_demo || who.password != DEMO_PASSWORD);
        let Some((post, changes)) = looked_at.filter(|_| right) else { return Err(refused()) };
        let here =
            Post { counter: self.counter_today(who.office, &post, who.counter.trim())?, ..post.clone() };
        let token = format!("{id}-{}", self.service.world.entropy.word(10));
        let real = self.service.world.wall.now();
        let expires = real.plus(SHIFT);
        let (member, changes, issued) = (id.clone(), Some(changes), token.clone());
        let issue = StaffCommand::Issue { member, post, changes, token: issued, expires, real };
        let told = self.ask(who.office, issue, Vec::new(), &id).await?;
        told.map_err(|_| Problem::unavailable(1))?;
        let claims = claims_of(who.office, &here, &token, expires);
        let token_text = sign(&self.service.world.keys, &claims);
        let goes_to = goes_to(&here);
        Ok((token, SignedIn { token: token_text, expires, roles: roles_of(&here), goes_to }))
    }

    /// Post, change count and password hash of somebody who may sign in. The same reads whether or not they exist.
    async fn open_member(
        &self,
        office: &str,
        id: &str,
    ) -> Result<Option<(LookedAt, Option<Hashed>)>, Problem> {
        if self.offices.get(office).is_none() && office != EVERYWHERE {
            return Ok(None);
        }
        let wanted = id.to_owned();
        let look = move |staff: &crate::domain::Staff| {
            let member = staff.member(&wanted).filter(|member| !member.disabled);
            member.map(|member| (member.post.clone(), member.changes))
        };
        let looked_at = self.log.read(office, &stream_key(office), look).await?;
        let profile = self.profiles(office, &[id.to_owned()]).await?.pop();
        Ok(looked_at.map(|it| (it, profile.and_then(|profile| profile.password))))
    }

    /// The counter in the token: the requested one if the location has it, otherwise the usual one.
    fn counter_today(&self, office: &str, post: &Post, wish: &str) -> Result<Option<String>, Problem> {
        if !post.duties.contains(&Role::Clerk) {
            return Ok(post.counter.clone());
        }
        if wish.is_empty() {
            let usual = post.counter.clone();
            return usual.map(Some).ok_or_else(|| Problem::invalid("counter", "sign-in-counter-needed"));
        }
        let known = self.offices.get(office);
        let place = known.as_ref().and_then(|known| {
            known.office.locations.iter().find(|place| Some(&place.id) == post.location.as_ref())
        });
        let there = place.is_some_and(|place| place.counters.iter().any(|counter| counter.number == wish));
        if there {
            return Ok(Some(wish.to_owned()));
        }
        Err(Problem::invalid("counter", "sign-in-counter-unknown"))
    }

    fn keyed(&self, parts: &[&[u8]]) -> String {
        base32::encode(&self.service.world.keys.mac("staff-limit", parts)[..10])
    }
}

fn refused() -> Problem {
    Problem::new(Code::Forbidden).explained("sign-in-refused")
}

/// The first page of somebody who has signed in.
fn goes_to(post: &Post) -> &'static str {
    let order = [
        (Role::Operator, "/ops"),
        (Role::Admin, "/admin"),
        (Role::Clerk, "/desk"),
        (Role::Reception, "/reception"),
        (Role::Supervisor, "/admin"),
        (Role::Auditor, "/admin/access"),
        (Role::Kiosk, "/kiosk"),
    ];
    order.iter().find(|(duty, _)| post.duties.contains(duty)).map_or("/", |(_, page)| page)
}
