//! One hall, kept in step with queue by its own task: while queue is slow to answer for this hall, no other one waits.
//! Knows neither the bus nor any other hall.

use crate::convert::change;
use crate::domain::{Applied, Board, Number};
use crate::halls::{Announce, Hall};
use crate::offices::{Offices, Place};
use okienko_kernel::{Moment, Tasks, again};
use okienko_proto::queue::hall_event::Change as Public;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_proto::queue::{HallEvent, HallEventsRequest};
use okienko_rpc::Link;
use okienko_trace::{Instrument, Work};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::{Duration, Instant, sleep_until, timeout};
use tonic::Status;

/// How many events may wait for the hall's task; beyond this they are dropped, and queue is asked for them later.
const WAITING: usize = 4096;
/// How long a caller waits for the hall to be up to date.
const PATIENCE: Duration = Duration::from_secs(10);
/// The delay before queue is asked again after a failure.
const AGAIN: Duration = Duration::from_millis(500);

/// Where the result of asking queue goes.
type Filled = oneshot::Sender<Result<(), Status>>;

enum Order {
    /// An event that could not be applied at once.
    Take(Box<HallEvent>, Work),
    /// Ask queue, unless that was already done once.
    First(Filled),
    /// Ask queue again.
    Anew(Filled),
}

/// What halls need from their surroundings.
#[derive(Clone)]
pub struct Around {
    /// The client of queue.
    pub queue: QueueClient<Link>,
    /// The known offices.
    pub offices: Arc<Offices>,
    /// How calls are announced.
    pub announce: Announce,
    /// Orders that all halls together have not yet carried out.
    pub waiting: Arc<AtomicUsize>,
}

/// One hall with its task.
pub struct Fed {
    hall: Arc<Hall>,
    around: Around,
    orders: mpsc::Sender<(Order, Waits)>,
    /// The receiving end: only for the task, and for its successor if the task is lost.
    taken: Mutex<mpsc::Receiver<(Order, Waits)>>,
    /// Whether queue has been asked once.
    is_filled: AtomicBool,
    /// Orders that this hall has not yet carried out.
    waiting: Arc<AtomicUsize>,
    /// Events were dropped for lack of room, or were lost with the task: queue still has them.
    has_missed: AtomicBool,
}

/// One pending order: counted while this value lives, so that a lost order does not stay counted.
struct Waits([Arc<AtomicUsize>; 2]);

impl Drop for Waits {
    fn drop(&mut self) {
        for count in &self.0 {
            count.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// An event that the hall could not apply, and when queue is asked again for what precedes it.
type Behind = Option<(HallEvent, Instant, Waits)>;

impl Fed {
    /// A hall for which queue has not been asked yet.
    pub fn start(place: Arc<Place>, around: Around, tasks: &dyn Tasks) -> Arc<Fed> {
        let (orders, taken) = mpsc::channel(WAITING);
        let fed = Arc::new(Fed {
            hall: Arc::new(Hall::new(place, around.announce.clone())),
            around,
            orders,
            taken: Mutex::new(taken),
            is_filled: AtomicBool::new(false),
            waiting: Arc::default(),
            has_missed: AtomicBool::new(false),
        });
        let (worked, mut is_first) = (fed.clone(), true);
        let begin = move || {
            // What the lost task had in hand is unknown here.
            if !std::mem::take(&mut is_first) {
                worked.has_missed.store(true, Ordering::Release);
            }
            worked.clone().work()
        };
        tasks.keep("hall", again(begin));
        fed
    }

    /// The hall, once its current day has been loaded; an error if queue does not answer.
    pub async fn hall(&self) -> Result<Arc<Hall>, Status> {
        if !self.is_filled.load(Ordering::Acquire) {
            self.ask(Order::First).await?;
        }
        Ok(self.hall.clone())
    }

    /// Asks queue for everything that the hall lacks.
    pub async fn catch_up(&self) -> Result<(), Status> {
        self.ask(Order::Anew).await
    }

    async fn ask(&self, order: impl FnOnce(Filled) -> Order) -> Result<(), Status> {
        let away = || Status::unavailable("the hall's task does not answer");
        let (tell, told) = oneshot::channel();
        let asked = async {
            let room = self.orders.reserve().await.map_err(|_| away())?;
            room.send((order(tell), self.one_more()));
            told.await.map_err(|_| away())?
        };
        timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(away()))
    }

    /// Applies an event: at once if possible, or later if queue must be asked first. Never waits.
    pub fn take(&self, event: HallEvent, work: Work) {
        let opens = matches!(event.change, Some(Public::DayOpened(_)));
        let is_next = self.is_filled.load(Ordering::Acquire) && self.waiting.load(Ordering::Acquire) == 0;
        if is_next && !opens {
            match work.in_scope(|| apply(&self.hall, event.clone())) {
                Applied::New | Applied::Seen => return,
                Applied::Gap | Applied::NewLife => {}
            }
        }
        if self.orders.try_send((Order::Take(Box::new(event), work), self.one_more())).is_err() {
            self.has_missed.store(true, Ordering::Release);
        }
    }

    fn one_more(&self) -> Waits {
        let counts = [self.waiting.clone(), self.around.waiting.clone()];
        for count in &counts {
            count.fetch_add(1, Ordering::AcqRel);
        }
        Waits(counts)
    }

    async fn work(self: Arc<Fed>) {
        let mut orders = self.taken.lock().await;
        let mut behind: Behind = None;
        loop {
            let missed = || self.has_missed.load(Ordering::Acquire).then(|| Instant::now() + AGAIN);
            let again = behind.as_ref().map(|(_, at, _)| *at).or_else(missed);
            tokio::select! {
                biased;
                order = orders.recv() => {
                    let Some((order, _waits)) = order else { return };
                    self.carry_out(order, &mut behind).await;
                }
                () = sleep_until(again.unwrap_or_else(Instant::now)), if again.is_some() => {
                    if let Some((event, _, waits)) = behind.take() {
                        drop(waits);
                        self.take_now(event, &mut behind).await;
                    }
                }
            }
            // Once for everything that was dropped, not once per pending order.
            let is_due = orders.is_empty() && self.has_missed.swap(false, Ordering::AcqRel);
            if is_due && self.fill(None).await.is_err() {
                self.has_missed.store(true, Ordering::Release);
            }
        }
    }

    async fn carry_out(&self, order: Order, behind: &mut Behind) {
        match order {
            // A hall that nobody has asked for is loaded when somebody does.
            Order::Take(..) if !self.is_filled.load(Ordering::Acquire) => {}
            Order::Take(event, work) => self.take_now(*event, behind).instrument(work).await,
            Order::First(tell) if self.is_filled.load(Ordering::Acquire) => drop(tell.send(Ok(()))),
            Order::First(tell) | Order::Anew(tell) => {
                let filled = self.fill(None).await.map(drop);
                self.is_filled.fetch_or(filled.is_ok(), Ordering::AcqRel);
                // The caller may have gone away.
                let _ = tell.send(filled);
            }
        }
    }

    /// Applies an event and asks queue for what is missing before it; if that fails, it is retried later.
    async fn take_now(&self, event: HallEvent, behind: &mut Behind) {
        if matches!(event.change, Some(Public::DayOpened(_))) {
            // A day opens with the office's data of that time: names, services, counters.
            self.around.offices.renew().await;
            if let Ok(Some(place)) = self.around.offices.by_id(&event.office, &event.location).await {
                self.hall.moved(place);
            }
        }
        let missing = match apply(&self.hall, event.clone()) {
            Applied::New | Applied::Seen => return,
            // It is already being asked for, together with what follows it.
            Applied::Gap if behind.is_some() => return,
            Applied::Gap => self.fill(None).await.map(drop),
            Applied::NewLife => match self.fill(Some(event.seq)).await {
                Ok(0) => {
                    // A roll-out: a replica that knows no lives has answered with the rest, and this event follows it.
                    apply(&self.hall, HallEvent { life: 0, ..event.clone() });
                    Ok(())
                }
                Ok(life) if life < event.life => Err(Status::unavailable(
                    "the replica of queue that was asked has not heard of its new life",
                )),
                filled => filled.map(drop),
            },
        };
        if let Err(status) = missing {
            tracing::debug!(error = %status, "queue will be asked again for what a hall lacks");
            let waits = behind.take().map_or_else(|| self.one_more(), |(_, _, waits)| waits);
            *behind = Some((event, Instant::now() + AGAIN, waits));
        }
    }

    /// Asks queue for everything that the hall lacks. If queue is in a new life that is the whole day, which replaces
    /// what is here; screens then get everything before the number `live` at once, and the rest one by one. Returns
    /// queue's life; 0 if the replica that answered knows none.
    async fn fill(&self, live: Option<u64>) -> Result<u64, tonic::Status> {
        let hall = &*self.hall;
        let place = hall.place();
        let here = hall.board(Board::number);
        let mut asked = here;
        let mut anew: Option<Vec<HallEvent>> = None;
        let life = loop {
            let (office, location) = (place.office.id.clone(), place.location.id.clone());
            let request = HallEventsRequest { office, location, after_seq: asked.seq, life: asked.life };
            let page = self.around.queue.clone().hall_events(request).await?.into_inner();
            if here != Number::default() && page.life > asked.life {
                // Asked for a number without a life, queue has skipped what precedes it; in all other cases it began
                // with the first.
                let skipped = asked.life == 0 && asked.seq != 0;
                asked = Number { life: page.life, seq: 0 };
                anew = Some(Vec::new());
                if skipped {
                    continue;
                }
            }
            asked.life = asked.life.max(page.life);
            let last = page.events.last().map(|event| event.seq);
            match &mut anew {
                Some(events) => events.extend(page.events),
                None => page.events.into_iter().for_each(|event| {
                    apply(hall, event);
                }),
            }
            match last {
                // Only continue while the answers progress: one that does not would be requested forever.
                Some(last) if page.more && last > asked.seq => asked.seq = last,
                _ => break page.life,
            }
        };
        if let Some(mut events) = anew {
            let rest = live.map(|live| events.split_off(events.partition_point(|event| event.seq < live)));
            let read = |event: HallEvent| (event.seq, Moment::from_micros(event.at), change(event.change));
            hall.begin(asked.life, events.into_iter().map(read).collect());
            rest.into_iter().flatten().for_each(|event| {
                apply(hall, event);
            });
        }
        Ok(life)
    }
}

fn apply(hall: &Hall, event: HallEvent) -> Applied {
    hall.take(
        Number { life: event.life, seq: event.seq },
        Moment::from_micros(event.at),
        change(event.change),
    )
}
