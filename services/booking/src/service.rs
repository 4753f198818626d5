//! The service in its World: journals, actors, offices, its place on the bus. What citizens ask is in `citizen`.

use crate::account_visits::{AccountEvents, DaysOfAccounts};
use crate::citizen::FreePlaces;
use crate::consumer::Halls;
use crate::notices::Notices;
use crate::unproved::Ends;
use crate::visits::{self, Counters};
use crate::{heard, publish};
use okienko_accounts::Accounts;
use okienko_actor::{Order, Registry};
use okienko_backoffice::{BackOffice, Letters};
use okienko_bus::{From, PublicEvent, Publisher};
use okienko_day::Day as DayMachine;
use okienko_gate::Gate;
use okienko_host::{Service, World};
use okienko_journal::Recorded;
use okienko_kernel::{Fault, again};
use okienko_office::log::{OfficeCommand, OfficeEvent, OfficeLog};
use okienko_office::{Office, Offices};
use okienko_passwords::PasswordCost;
use okienko_proto::sms::sms_gateway_client::SmsGatewayClient;
use okienko_rpc::Link;
use okienko_staff::{StaffRoll, domain::StaffEvent};
use okienko_territory::Territory;
use okienko_web::{Surface, Texts, messages_for_staff, messages_for_visitors};
use std::sync::Arc;

/// The name of this service in journals, on the bus and in logs.
pub const NAME: &str = "booking";

/// What an installation configures.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base URL of the public pages, without a trailing slash; used in texts.
    pub base_url: String,
    /// Tells the country of an address.
    pub territory: Arc<dyn Territory>,
    /// The cost of hashing a citizen's password.
    pub passwords: PasswordCost,
}

/// Booking, ready to serve.
pub struct Booking {
    pub(crate) service: Arc<Service>,
    pub(crate) days: Registry<DayMachine>,
    pub(crate) offices: Arc<Offices>,
    pub(crate) sms: SmsGatewayClient<Link>,
    pub(crate) settings: Settings,
    pub(crate) counters: Counters,
    pub(crate) places: Arc<FreePlaces>,
    pub(crate) backoffice: Arc<BackOffice>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) staff: Arc<StaffRoll>,
    log: Registry<OfficeLog>,
}

/// The texts of this service's pages.
pub fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(
        messages_for_visitors![
            "../messages",
            "../messages/visit",
            "../messages/form",
            "../messages/guide",
            "../messages/gate",
            "../accounts/messages"
        ],
        messages_for_staff!["../backoffice/messages", "../staff/messages"],
    ))
}

impl Booking {
    /// Opens the journal, imports the offices, publishes events, starts the notices to citizens.
    pub async fn start(
        world: &World,
        sms: Link,
        offices: Vec<Office>,
        settings: Settings,
    ) -> anyhow::Result<Arc<Booking>> {
        let service = Arc::new(world.service(NAME).await?);
        world.bus.offer(NAME, service.journal.clone(), Arc::new(Facts));
        let (days, log) = (service.registry("day/").await?, service.registry("office/").await?);
        let counters = Counters::new(service.registry("visits/").await?);
        let (sms, offices_here) = (SmsGatewayClient::new(sms), Arc::<Offices>::default());
        let gate = Arc::new(Gate::new(&service, settings.territory.clone()));
        let around = okienko_accounts::Around {
            service: service.clone(),
            offices: offices_here.clone(),
            gate: gate.clone(),
            visits: Arc::new(DaysOfAccounts { service: service.clone(), days: days.clone() }),
            sms: sms.clone(),
            base_url: settings.base_url.clone(),
        };
        let accounts = Accounts::start(around, settings.passwords).await?;
        let (cost, is_https) = (settings.passwords, settings.base_url.starts_with("https:"));
        let staff =
            StaffRoll::start(service.clone(), offices_here.clone(), gate.clone(), cost, is_https).await?;
        let places = Arc::new(FreePlaces { service: service.clone(), days: days.clone() });
        let around = okienko_backoffice::Around {
            service: service.clone(),
            offices: offices_here.clone(),
            gate: gate.clone(),
            staff: staff.clone(),
            days: days.clone(),
            places: places.clone(),
            sms: sms.clone(),
            base_url: settings.base_url.clone(),
        };
        let backoffice = BackOffice::start(around).await?;
        let booking = Arc::new(Booking {
            service,
            days,
            offices: offices_here,
            sms,
            settings,
            counters,
            places,
            backoffice,
            accounts,
            staff,
            gate,
            log,
        });
        booking.follow();
        for office in offices {
            booking.import(Arc::new(office)).await?;
        }
        let stored = booking.service.journal.engine().streams("office/").await?;
        for stream in stored {
            let id = stream.trim_start_matches("office/").to_owned();
            if booking.offices.get(&id).is_none() {
                let current = booking.log.read(&id, &stream, |log| log.current().cloned()).await?;
                current.into_iter().for_each(|new| booking.offices.put(new.version, new.office));
            }
        }
        let notices = Arc::new(Notices(booking.clone()));
        booking.service.relay("notices", notices).await?;
        if booking.service.journal.is_shared() {
            booking.service.listen("gate", Arc::new(Ends(booking.gate.clone())));
        }
        let counted = Arc::downgrade(&booking);
        world.tasks.keep("visits", again(move || visits::add_up_forever(counted.clone())));
        booking.service.relay("letters", Arc::new(Letters(booking.backoffice.clone()))).await?;
        booking.service.relay("accounts", Arc::new(AccountEvents(booking.clone()))).await?;
        Ok(booking)
    }

    /// Its citizens' accounts.
    pub fn accounts(&self) -> &Arc<Accounts> {
        &self.accounts
    }

    /// How many events the journal has; for tests that compare the amount of work.
    pub fn positions(&self) -> u64 {
        *self.service.journal.head().borrow()
    }

    /// Its staff and devices.
    pub fn staff(&self) -> &Arc<StaffRoll> {
        &self.staff
    }

    /// Offices that take bookings only from their country, but whose rule is not enforced because there is no database
    /// of countries.
    pub fn open_territories(&self) -> Vec<String> {
        if self.settings.territory.has_database() {
            return Vec::new();
        }
        let bound = self.offices.all().into_iter().filter(|known| !known.office.territory.is_empty());
        bound.map(|known| known.office.id.clone()).collect()
    }

    /// Whether people reach the pages over HTTPS.
    pub(crate) fn is_https(&self) -> bool {
        self.settings.base_url.starts_with("https:")
    }

    /// Applies offices imported and tokens revoked by other replicas.
    fn follow(self: &Arc<Self>) {
        let booking = Arc::downgrade(self);
        self.service.followers.follow(move |events| {
            let Some(booking) = booking.upgrade() else { return };
            for event in events.iter().filter(|event| event.stream.starts_with("office/")) {
                if let Some(OfficeEvent::OfficeImported(new)) = event.read() {
                    booking.offices.put(new.version, new.office);
                }
            }
            booking.staff.heard(events);
        });
    }

    /// Subscribes to the halls. Called after all services have started.
    pub async fn listen(self: &Arc<Self>) -> anyhow::Result<()> {
        let halls = Arc::new(Halls(self.clone()));
        self.service.world.bus.consume(NAME, "queue", From::Start, halls).await?;
        Ok(())
    }

    /// Its routes, with the layers of `surface`.
    pub fn router(self: &Arc<Self>, surface: &Surface) -> axum::Router {
        if let Some(sign_in) = surface.staff() {
            self.staff.tell(sign_in);
        }
        let staff = okienko_staff::routes().with_state(self.staff.clone());
        let accounts = okienko_accounts::routes().with_state(self.accounts.clone());
        let backoffice = okienko_backoffice::routes().with_state(self.backoffice.clone());
        let own = crate::http::routes().with_state(self.clone());
        surface.dress(own.merge(accounts).merge(backoffice).merge(staff))
    }

    /// Imports a version of an office; identical data make no new version.
    pub async fn import(&self, office: Arc<Office>) -> anyhow::Result<()> {
        let import = async || {
            let order = Order::new(OfficeCommand::Import { office: office.clone() }, "import");
            self.log.send(&office.id, &okienko_office::log::stream_key(&office.id), order).await
        };
        let mut version = import().await;
        if let Err(Fault::Unknown) = version {
            // A replica ended in the middle of it: the retry gives the same version, and takes another route.
            version = import().await;
        }
        let version = version?;
        let version = version.map_err(|refusal| anyhow::anyhow!("office {}: {refusal}", office.id))?;
        self.offices.put(version, office);
        Ok(())
    }
}

/// Booking's public events.
struct Facts;

impl Publisher for Facts {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        let told = if event.stream.starts_with("day/") {
            heard::of_day(event).and_then(|event| publish::day_event(&event))
        } else if event.stream.starts_with("staff/") {
            event.read::<StaffEvent>().and_then(|event| publish::staff_event(&event))
        } else if event.stream.starts_with("office/") {
            event.read::<OfficeEvent>().and_then(|event| publish::office_event(&event))
        } else {
            // Accounts, questions and counters concern no other service.
            None
        };
        let public = told.map(|told| PublicEvent {
            subject: told.subject,
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: told.event.encode().into(),
        });
        public.into_iter().collect()
    }
}
