//! Staff and devices in this process: their machine, their sealed profiles, the revoked tokens. Knows no page and no
//! rule; who may do what is in `enrolment`.

use crate::domain::{
    EVERYWHERE, Revoke, Staff, StaffCommand, StaffEvent, StaffRefusal, StaffReply, stream_key,
};
use okienko_actor::{Order, Registry};
use okienko_gate::Gate;
use okienko_host::{Access, On, Service};
use okienko_journal::{Recorded, VaultChange};
use okienko_kernel::{Fault, Moment, Span, base32};
use okienko_office::Offices;
use okienko_passwords::{Hashed, PasswordCost, Passwords};
use okienko_web::{Claims, Code, Problem, Revocations, SignIn};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How long the profile of somebody who may no longer sign in is kept: as long as the logs with their id.
const KEEP: Span = Span::from_hours(24 * 730);

/// What is sealed beside the events of a person or device.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The login; empty for a device.
    pub login: String,
    /// The name.
    pub name: String,
    /// The hash of their password.
    #[serde(default)]
    pub password: Option<Hashed>,
}

/// All staff and devices of all offices, as this process knows them.
pub struct StaffRoll {
    pub(crate) service: Arc<Service>,
    pub(crate) offices: Arc<Offices>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) log: Registry<Staff>,
    /// On threads of their own: a flood of citizens' sign-ins must not block those of the staff.
    pub(crate) passwords: Passwords,
    /// Whether this is a demo or a drill, where demo people may sign in.
    pub(crate) is_demo: AtomicBool,
    /// Whether people reach the pages over HTTPS.
    pub(crate) is_https: bool,
    known: Arc<Revocations>,
    /// Sign-ins of the pages in this process; they offer all offices.
    told: Mutex<Vec<Arc<SignIn>>>,
}

impl StaffRoll {
    /// Starts with all tokens that were revoked before.
    pub async fn start(
        service: Arc<Service>,
        offices: Arc<Offices>,
        gate: Arc<Gate>,
        cost: PasswordCost,
        is_https: bool,
    ) -> anyhow::Result<Arc<StaffRoll>> {
        let passwords = Passwords::start(&*service.world.tasks, &*service.world.entropy, cost);
        let log = service.registry("staff/").await?;
        let wall = service.world.wall.clone();
        let known = Revocations::new(Arc::new(move || wall.now()));
        let (is_demo, told) = (AtomicBool::new(false), Mutex::default());
        let roll = StaffRoll { service, offices, gate, log, passwords, is_demo, is_https, known, told };
        for stream in roll.service.journal.engine().streams("staff/").await? {
            let office = stream.trim_start_matches("staff/").to_owned();
            let withdrawn = roll.log.read(&office, &stream, |staff| staff.withdrawn().clone()).await?;
            withdrawn.into_iter().for_each(|(token, until)| roll.known.add(&[token], until));
        }
        Ok(Arc::new(roll))
    }

    /// Tells the pages' sign-in the revoked tokens and the offices; lists keys at their first use there.
    pub fn tell(self: &Arc<Self>, sign_in: &Arc<SignIn>) {
        sign_in.heed(&self.known);
        self.told.lock().push(sign_in.clone());
        self.name_offices(sign_in);
        self.list_keys_of(sign_in);
    }

    fn name_offices(&self, sign_in: &SignIn) {
        let offices = self.offices.all();
        let named = offices.iter().map(|known| &known.office);
        let named = named.map(|office| (office.id.clone(), office.name.in_locale("pl").to_owned()));
        sign_in.know_offices(named.collect());
    }
}

impl StaffRoll {
    /// Applies what another replica of booking wrote.
    pub fn heard(&self, events: &[Recorded]) {
        for event in events.iter().filter(|event| event.stream.starts_with("staff/")) {
            if let Some(StaffEvent::Withdrawn(it)) = event.read() {
                self.known.add(&it.tokens, it.until);
            }
        }
        if events.iter().any(|event| event.stream.starts_with("office/")) {
            self.told.lock().iter().for_each(|sign_in| self.name_offices(sign_in));
        }
    }
}

impl StaffRoll {
    /// The id for that login: keyed, so that it reveals nothing, and never assigned to another.
    pub fn id_of(&self, office: &str, login: &str) -> String {
        let login = login.trim().to_lowercase();
        let mac = self.service.world.keys.mac("staff-login", &[office.as_bytes(), login.as_bytes()]);
        base32::encode(&mac[..10])
    }

    /// Sends a command to an office's staff; tokens that it revokes are refused here at once.
    pub(crate) async fn ask(
        &self,
        office: &str,
        command: StaffCommand,
        vault: Vec<VaultChange>,
        cause: &str,
    ) -> Result<Result<StaffReply, StaffRefusal>, Problem> {
        let order = Order::new(command, cause).vault(vault);
        let told = self.log.send(office, &stream_key(office), order).await?;
        if let Ok(reply) = &told {
            self.known.add(&reply.withdrawn, reply.until);
        }
        Ok(told)
    }

    /// Signs out: the token is no longer accepted.
    pub async fn sign_out(&self, claims: &Claims) -> Result<(), Problem> {
        let which = Revoke::Shown { token: claims.id.clone(), expires: claims.expires };
        let command = StaffCommand::Revoke { which, real: self.service.world.wall.now() };
        let told = self.ask(&claims.office, command, Vec::new(), &claims.id).await?;
        self.note(&claims.office, &claims.id, "staff.sign_out", On::nothing(), "ok");
        told.map(drop).map_err(|_| Problem::new(Code::Unknown))
    }

    /// The profiles with these ids, in order; empty where a row is gone.
    pub async fn profiles(&self, office: &str, ids: &[String]) -> Result<Vec<Profile>, Problem> {
        let rows: Vec<String> = ids.iter().map(|id| row(office, id)).collect();
        let opened = self.service.vault().open(&rows).await?;
        Ok(opened.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The change that seals a profile; that of somebody who left expires after a while.
    pub(crate) fn seal_profile(
        &self,
        office: &str,
        id: &str,
        profile: &Profile,
        left: bool,
    ) -> Result<VaultChange, Fault> {
        let until = if left { self.service.now().plus(KEEP) } else { Moment::MAX };
        self.service.vault().seal(row(office, id), profile, until)
    }

    /// Writes a line to the access log.
    pub fn note(&self, office: &str, who: &str, act: &'static str, on: On, outcome: &'static str) {
        let at = self.service.world.wall.now();
        // A caller who may ask about every office may also name one that does not exist.
        let office = if self.offices.get(office).is_some() { office } else { EVERYWHERE };
        let (office, who) = (office.to_owned(), who.to_owned());
        self.service.world.access.note(Access { at, office, who, act, on, outcome });
    }
}

fn row(office: &str, id: &str) -> String {
    format!("staff/{office}/{id}")
}
