//! An SMS provider and a mail relay to test against: SMSAPI's and Twilio's formats over real HTTP, and enough of SMTP. It keeps what it
//! was given and can be told to be slow, to fail, to lie and to hang up. Knows nothing of who sends.

mod behave;
mod book;
mod http_side;
mod mail_side;
mod reports;
mod sms;
mod twilio;

pub use behave::Mode;
pub use book::{AcceptedMessage, Channel};
pub use reports::Reports;

use behave::Behaviour;
use book::Book;
use parking_lot::Mutex;
use reports::Report;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Reports that may be due at once: a whole proof's messages.
const DUE: usize = 100_000;

/// What time it is, as it is to be noted beside a message.
pub type Now = dyn Fn() -> String + Send + Sync;

/// The provider: one, however often it is cloned.
#[derive(Clone)]
pub struct FakeProvider(Arc<Inner>);

struct Inner {
    token: Option<String>,
    now: Box<Now>,
    book: Mutex<Book>,
    behaviour: Mutex<Behaviour>,
    reports: Mutex<Reports>,
    /// What is to be reported, once somebody serves.
    due: mpsc::Sender<Report>,
    waiting: Mutex<Option<mpsc::Receiver<Report>>>,
}

impl FakeProvider {
    /// A provider with one account by that token; without one, every token is good. `now` says when a message came.
    pub fn new(token: Option<&str>, now: Box<Now>) -> FakeProvider {
        let (due, waiting) = mpsc::channel(DUE);
        let inner = Inner {
            token: token.map(str::to_owned),
            now,
            book: Mutex::default(),
            behaviour: Mutex::default(),
            reports: Mutex::default(),
            due,
            waiting: Mutex::new(Some(waiting)),
        };
        FakeProvider(Arc::new(inner))
    }

    /// What has arrived at a phone or mail address, oldest first. A plus that became a space on its way is forgiven.
    pub fn arrived(&self, to: &str) -> Vec<AcceptedMessage> {
        let book = self.0.book.lock();
        book.all().filter(|sent| sent.arrived && book::same_address(&sent.to, to)).cloned().collect()
    }

    /// Everything that was accepted, oldest first, arrived or lost.
    pub fn accepted(&self) -> Vec<AcceptedMessage> {
        self.0.book.lock().all().cloned().collect()
    }

    /// From now on, or for the next `times` messages, it behaves like that.
    pub fn behave(&self, mode: Mode, times: Option<u32>) {
        self.0.behaviour.lock().set(mode, times);
    }

    /// How often it has hung up on a message that it had taken.
    pub fn hung_up(&self) -> u64 {
        self.0.behaviour.lock().hung_up
    }

    /// From now on it reports like that.
    pub fn reports(&self, how: Reports) {
        *self.0.reports.lock() = how;
    }

    /// Serves SMSAPI's `POST /sms.do`, Twilio's `POST …/Messages.json` and its own `/admin/…`, and reports what becomes of
    /// messages, for as long as it is polled.
    pub async fn serve_http(self, listener: TcpListener) {
        let waiting = self.0.waiting.lock().take();
        let telling = async {
            match waiting {
                Some(due) => reports::tell(self.clone(), due).await,
                None => std::future::pending().await,
            }
        };
        tokio::join!(telling, http_side::serve(self.clone(), listener));
    }

    fn report(&self, report: Report) {
        // Real ones too lose a report now and then.
        if self.0.due.try_send(report).is_err() {
            tracing::warn!("a report is lost: too many are due, or nobody serves any more");
        }
    }

    /// Serves SMTP for as long as it is polled.
    pub async fn serve_mail(self, listener: TcpListener) {
        mail_side::serve(self, listener).await;
    }

    fn now(&self) -> String {
        (self.0.now)()
    }
}
