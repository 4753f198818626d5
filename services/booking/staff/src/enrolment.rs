//! What admins do with their office's staff, as functions shared by JSON and pages. Checks who asks: an admin of the
//! office (or of one of its locations), an operator everywhere; a supervisor may only look. Each call is logged in the
//! access log.

use crate::domain::{EVERYWHERE, Member, Post, Revoke, Staff, StaffCommand, StaffRefusal, stream_key};
use crate::roll::Profile;
use crate::roll::StaffRoll;
use okienko_host::On;
use okienko_kernel::{Moment, Span};
use okienko_passwords::Hashed;
use okienko_web::staff::sign;
use okienko_web::{Claims, Code, Problem, Role};
use std::collections::BTreeMap;

/// How long a device's token is valid.
const DEVICE: Span = Span::from_hours(24 * 400);
/// Maximum length of the name of a person or device.
const NAME_AT_MOST: usize = 100;

/// A person or device as an admin sees it.
#[derive(Clone, Debug)]
pub struct StaffView {
    /// The id, which is permanent.
    pub id: String,
    /// The name.
    pub name: String,
    /// The login; empty for a device.
    pub login: String,
    /// Duties, place, tokens.
    pub member: Member,
    /// Whether it is not a person or device but a manually made key.
    pub by_hand: bool,
}

/// A token, named by its id.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// The token itself, shown only once.
    pub token: String,
    /// When it expires; real time.
    pub expires: Moment,
}

/// A new person or device.
#[derive(Clone, Debug, Default)]
pub struct StaffForm {
    /// Their login; not for a device.
    pub login: String,
    /// The name.
    pub name: String,
    /// Duties and place.
    pub post: Post,
}

/// What is shown only once, after enrolling.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The id, which is permanent.
    pub id: String,
    /// A person's first password.
    pub password: Option<String>,
    /// A device's token.
    pub token: Option<TokenView>,
}

/// Whether somebody may view an office's staff or, with `change`, change it.
pub fn may(claims: &Claims, office: &str, change: bool) -> Result<(), Problem> {
    claims.at_office(office)?;
    let looks = [Role::Admin, Role::Operator, Role::Supervisor];
    Ok(claims.require(if change { &looks[..2] } else { &looks })?)
}

/// The roles that a token of this post has.
pub(crate) fn roles_of(post: &Post) -> Vec<Role> {
    post.duties.iter().copied().collect()
}

/// The claims of a token for this post.
pub(crate) fn claims_of(office: &str, post: &Post, token: &str, expires: Moment) -> Claims {
    Claims {
        id: token.to_owned(),
        office: office.to_owned(),
        roles: roles_of(post),
        location: post.location.clone(),
        counter: post.counter.clone(),
        expires,
    }
}

impl StaffRoll {
    /// All staff and devices of an office by name; only those of one location for callers restricted to it.
    pub async fn list(&self, by: &Claims, office: &str) -> Result<Vec<StaffView>, Problem> {
        self.noted(by, office, "staff.list", "", may(by, office, false))?;
        self.office_exists(office)?;
        let all: BTreeMap<String, Member> = self.members(office).await?;
        let ours = all.into_iter().filter(|(_, member)| within(by, &member.post).is_ok());
        let (ids, members): (Vec<String>, Vec<Member>) = ours.unzip();
        let profiles = self.profiles(office, &ids).await?;
        let view = |((id, member), profile): ((String, Member), Profile)| StaffView {
            id,
            name: profile.name,
            login: profile.login,
            member,
            by_hand: false,
        };
        let mut views: Vec<_> = ids.into_iter().zip(members).zip(profiles).map(view).collect();
        views.sort_by(|a, b| (a.member.post.is_device(), &a.name).cmp(&(b.member.post.is_device(), &b.name)));
        views.extend(self.key_views(by, office).await?);
        Ok(views)
    }

    /// Adds a person or device, with a first password or token.
    pub async fn enrol(&self, by: &Claims, office: &str, form: StaffForm) -> Result<Opened, Problem> {
        let may = may(by, office, true).and_then(|()| within(by, &form.post));
        self.noted(by, office, "staff.enrol", "", may)?;
        self.checked(office, &form)?;
        let device = form.post.is_device();
        let id = if device { self.service.world.entropy.word(10) } else { self.id_of(office, &form.login) };
        let password = (!device).then(|| self.fresh_password());
        let hashed = self.hashed(password.as_deref()).await?;
        self.enrol_as(&by.id, office, &id, &form, hashed).await?;
        let token = match device {
            true => Some(self.pair(&by.id, office, &id, (form.post, Some(0)), None).await?),
            false => None,
        };
        self.note(office, &by.id, "staff.enrolled", On::word(&id), "ok");
        Ok(Opened { id, password, token })
    }

    /// Enrols without checking permissions; for callers that have checked them, and for seeds.
    pub(crate) async fn enrol_as(
        &self,
        cause: &str,
        office: &str,
        id: &str,
        form: &StaffForm,
        password: Option<Hashed>,
    ) -> Result<(), Problem> {
        let (login, name) = (form.login.trim().to_lowercase(), form.name.trim().to_owned());
        let vault = vec![self.seal_profile(office, id, &Profile { login, name, password }, false)?];
        let real = self.service.world.wall.now();
        let command = StaffCommand::Enrol { member: id.to_owned(), post: form.post.clone(), real };
        self.ask(office, command, vault, cause).await?.map(drop).map_err(said)
    }

    /// Issues a token to a device, or to somebody with a given token id, as they were read; a device's earlier token is
    /// revoked.
    pub(crate) async fn pair(
        &self,
        cause: &str,
        office: &str,
        id: &str,
        (post, changes): (Post, Option<u32>),
        named: Option<String>,
    ) -> Result<TokenView, Problem> {
        let token = named.unwrap_or_else(|| format!("{id}-{}", self.service.world.entropy.word(10)));
        let real = self.service.world.wall.now();
        let expires = real.plus(DEVICE);
        let claims = claims_of(office, &post, &token, expires);
        let issue = StaffCommand::Issue { member: id.to_owned(), post, changes, token, expires, real };
        self.ask(office, issue, Vec::new(), cause).await?.map_err(said)?;
        Ok(TokenView { token: sign(&self.service.world.keys, &claims), expires })
    }

    /// Issues a new token to a device; shown only once.
    pub async fn new_token(&self, by: &Claims, office: &str, id: &str) -> Result<TokenView, Problem> {
        let member = self.touched(by, office, "staff.token", id).await?;
        if !member.post.is_device() {
            return Err(Problem::new(Code::Conflict).explained("staff-no-device"));
        }
        self.pair(&by.id, office, id, (member.post, Some(member.changes)), None).await
    }

    /// Sets a new password for a person; shown only once. All their tokens are revoked.
    pub async fn new_password(&self, by: &Claims, office: &str, id: &str) -> Result<String, Problem> {
        let member = self.touched(by, office, "staff.password", id).await?;
        if member.post.is_device() {
            return Err(Problem::new(Code::Conflict).explained("staff-no-person"));
        }
        let password = self.fresh_password();
        let profile =
            Profile { password: self.hashed(Some(&password)).await?, ..self.profile(office, id).await? };
        let vault = vec![self.seal_profile(office, id, &profile, member.disabled)?];
        let changes = Some(member.changes);
        let set = |member, real| StaffCommand::SetPassword { member, changes, real };
        self.tell_member(by, office, id, set, vault).await?;
        Ok(password)
    }

    /// Changes duties or location.
    pub async fn move_to(&self, by: &Claims, office: &str, id: &str, post: Post) -> Result<(), Problem> {
        let changes = Some(self.touched(by, office, "staff.move", id).await?.changes);
        within(by, &post)?;
        self.placed(office, &post)?;
        let moved = |member, real| StaffCommand::Move { member, changes, post, real };
        self.tell_member(by, office, id, moved, Vec::new()).await.map(drop)
    }

    /// Blocks sign-in for them, or allows it again.
    pub async fn disable(&self, by: &Claims, office: &str, id: &str, disable: bool) -> Result<(), Problem> {
        let act = if disable { "staff.disable" } else { "staff.enable" };
        let changes = Some(self.touched(by, office, act, id).await?.changes);
        let vault = vec![self.seal_profile(office, id, &self.profile(office, id).await?, disable)?];
        let command = move |member, real| match disable {
            true => StaffCommand::Disable { member, changes, real },
            false => StaffCommand::Enable { member, changes, real },
        };
        self.tell_member(by, office, id, command, vault).await.map(drop)
    }

    /// Revokes one or all tokens of a person or device, or a manually made key by its id; returns how many.
    pub async fn revoke(
        &self,
        by: &Claims,
        office: &str,
        id: &str,
        token: Option<String>,
    ) -> Result<usize, Problem> {
        self.noted(by, office, "staff.revoke", id, may(by, office, true))?;
        self.office_exists(office)?;
        if let Some(revoked) = self.revoke_key(by, office, id).await? {
            return Ok(revoked);
        }
        let member = self.members(office).await?.remove(id).ok_or(Code::Unknown)?;
        self.noted(by, office, "staff.revoke", id, within(by, &member.post))?;
        if token.as_ref().is_some_and(|token| !member.tokens.contains_key(token)) {
            return Err(Problem::new(Code::Unknown));
        }
        let command = |member, real| {
            let which = token.map_or(Revoke::AllOf(member), Revoke::Known);
            StaffCommand::Revoke { which, real }
        };
        self.tell_member(by, office, id, command, Vec::new()).await
    }

    async fn tell_member(
        &self,
        by: &Claims,
        office: &str,
        id: &str,
        command: impl FnOnce(String, Moment) -> StaffCommand,
        vault: Vec<okienko_journal::VaultChange>,
    ) -> Result<usize, Problem> {
        let command = command(id.to_owned(), self.service.world.wall.now());
        let told = self.ask(office, command, vault, &by.id).await?;
        told.map(|reply| reply.withdrawn.len()).map_err(said)
    }

    /// The person or device, if the caller may change it; logged either way.
    async fn touched(
        &self,
        by: &Claims,
        office: &str,
        act: &'static str,
        id: &str,
    ) -> Result<Member, Problem> {
        self.noted(by, office, act, id, may(by, office, true))?;
        self.office_exists(office)?;
        let member = self.members(office).await?.remove(id).ok_or(Code::Unknown)?;
        self.noted(by, office, act, id, within(by, &member.post))?;
        Ok(member)
    }

    /// The people and devices of an office, by id.
    pub async fn members(&self, office: &str) -> Result<BTreeMap<String, Member>, Problem> {
        let all = |staff: &Staff| staff.members().clone();
        Ok(self.log.read(office, &stream_key(office), all).await?)
    }

    fn office_exists(&self, office: &str) -> Result<(), Problem> {
        let known = office == EVERYWHERE || self.offices.get(office).is_some();
        if known { Ok(()) } else { Err(Problem::new(Code::Unknown)) }
    }

    pub(crate) fn noted(
        &self,
        by: &Claims,
        office: &str,
        act: &'static str,
        on: &str,
        may: Result<(), Problem>,
    ) -> Result<(), Problem> {
        // An attempt by somebody of another office is logged at their own office.
        let told = if by.at_office(office).is_ok() { office } else { &by.office };
        match &may {
            Ok(()) => self.note(told, &by.id, act, On::word(on), "ok"),
            Err(problem) => self.note(told, &by.id, act, On::word(on), problem.code().as_str()),
        }
        may
    }

    fn checked(&self, office: &str, form: &StaffForm) -> Result<(), Problem> {
        self.office_exists(office)?;
        let name = form.name.trim();
        if name.is_empty() || name.chars().count() > NAME_AT_MOST || name.chars().any(char::is_control) {
            return Err(Problem::invalid("name", "staff-name-wrong"));
        }
        let login = form.login.trim().to_lowercase();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        let good = (3..=64).contains(&login.len()) && login.bytes().all(plain);
        if !form.post.is_device() && !good {
            return Err(Problem::invalid("login", "staff-login-wrong"));
        }
        self.placed(office, &form.post)
    }

    /// Checks that the office has that location and counter, and that the duties have what they need.
    fn placed(&self, office: &str, post: &Post) -> Result<(), Problem> {
        if !post.fits(office) {
            return Err(Problem::invalid("roles", "staff-roles-wrong"));
        }
        let needs = [Role::Clerk, Role::Reception].iter().any(|duty| post.duties.contains(duty));
        let Some(wanted) = &post.location else {
            return if needs { Err(Problem::invalid("location", "staff-location-needed")) } else { Ok(()) };
        };
        let known = self.offices.get(office).ok_or(Code::Unknown)?;
        let place = known.office.locations.iter().find(|place| place.id == *wanted);
        let place = place.ok_or_else(|| Problem::invalid("location", "staff-location-needed"))?;
        let has = |number: &String| place.counters.iter().any(|counter| counter.number == *number);
        if post.counter.as_ref().is_some_and(|number| !has(number)) {
            return Err(Problem::invalid("counter", "sign-in-counter-unknown"));
        }
        Ok(())
    }

    async fn profile(&self, office: &str, id: &str) -> Result<Profile, Problem> {
        Ok(self.profiles(office, &[id.to_owned()]).await?.pop().unwrap_or_default())
    }

    async fn hashed(&self, password: Option<&str>) -> Result<Option<Hashed>, Problem> {
        let Some(password) = password else { return Ok(None) };
        let hash = self.passwords.hash(password, &*self.service.world.entropy).await;
        hash.map(Some).map_err(|_| Problem::unavailable(2))
    }

    /// Twenty characters in groups of five, to be read out or copied.
    fn fresh_password(&self) -> String {
        let word = self.service.world.entropy.word(13);
        let parts = [word.get(0..5), word.get(5..10), word.get(10..15), word.get(15..20)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("-")
    }
}

/// Checks that somebody restricted to one location may change this post.
pub(crate) fn within(by: &Claims, post: &Post) -> Result<(), Problem> {
    let ours = by.location.is_none() || by.location == post.location;
    if ours { Ok(()) } else { Err(Problem::new(Code::Forbidden)) }
}

fn said(refusal: StaffRefusal) -> Problem {
    match refusal {
        StaffRefusal::Unknown => Problem::new(Code::Unknown),
        StaffRefusal::Taken => Problem::invalid("login", "staff-login-taken"),
        StaffRefusal::Disabled => Problem::new(Code::Conflict).explained("staff-disabled"),
        StaffRefusal::Misfit => Problem::invalid("roles", "staff-roles-wrong"),
        StaffRefusal::Changed => Problem::unavailable(1),
        StaffRefusal::Full => Problem::new(Code::LimitReached),
    }
}
