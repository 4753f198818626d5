//! One hall, kept as queue has it by a task of its own: while queue is slow to tell about this hall, no other one waits. Knows
//! neither the bus nor any other hall.

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

/// Events that may wait for the hall's task; above this they are left out, and queue is asked for them later.
const WAITING: usize = 4096;
/// How long somebody waits for the hall to be as queue has it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Before queue is asked again for what it did not tell.
const AGAIN: Duration = Duration::from_millis(500);

/// What comes from queue with an answer: whether it told.
type Filled = oneshot::Sender<Result<(), Status>>;

enum Order {
    /// An event that could not be taken at once.
    Take(Box<HallEvent>, Work),
    /// Ask queue, unless that was done once.
    First(Filled),
    /// Ask queue.
    Anew(Filled),
}

/// What halls need of everything around them.
#[derive(Clone)]
pub struct Around {
    /// Who is asked.
    pub queue: QueueClient<Link>,
    /// What is known of offices.
    pub offices: Arc<Offices>,
    /// What is announced with a call.
    pub announce: Announce,
    /// Orders that halls have not carried out yet, of all of them together.
    pub waiting: Arc<AtomicUsize>,
}

/// One hall with its task.
pub struct Fed {
    hall: Arc<Hall>,
    around: Around,
    orders: mpsc::Sender<(Order, Waits)>,
    /// What comes out there: the task's alone, and that of the one which follows where it is lost.
    taken: Mutex<mpsc::Receiver<(Order, Waits)>>,
    /// Whether queue was asked once.
    is_filled: AtomicBool,
    /// Orders of this hall that are not carried out yet.
    waiting: Arc<AtomicUsize>,
    /// Events found no room, or were lost with the task: queue knows them.
    has_missed: AtomicBool,
}

/// One order that is not carried out yet: counted for as long as this lives, so that none stays counted that was lost.
struct Waits([Arc<AtomicUsize>; 2]);

impl Drop for Waits {
    fn drop(&mut self) {
        for count in &self.0 {
            count.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// An event that the hall could not take, and when queue is asked again for what is before it.
type Behind = Option<(HallEvent, Instant, Waits)>;

impl Fed {
    /// A hall that nobody has asked queue about.
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
            // What the one before had in hand when it was lost is known to nobody here.
            if !std::mem::take(&mut is_first) {
                worked.has_missed.store(true, Ordering::Release);
            }
            worked.clone().work()
        };
        tasks.keep("hall", again(begin));
        fed
    }

    /// The hall, once it was filled with its present day; an error when queue does not tell.
    pub async fn hall(&self) -> Result<Arc<Hall>, Status> {
        if !self.is_filled.load(Ordering::Acquire) {
            self.ask(Order::First).await?;
        }
        Ok(self.hall.clone())
    }

    /// Asks queue for whatever the hall lacks.
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

    /// Takes an event: at once where that can be done, later where queue has to be asked first. Never waits.
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
            // Once for all that is left out, not after each that waits.
            let is_due = orders.is_empty() && self.has_missed.swap(false, Ordering::AcqRel);
            if is_due && self.fill(None).await.is_err() {
                self.has_missed.store(true, Ordering::Release);
            }
        }
    }

    async fn carry_out(&self, order: Order, behind: &mut Behind) {
        match order {
            // A hall that nobody has asked for is filled when somebody does.
            Order::Take(..) if !self.is_filled.load(Ordering::Acquire) => {}
            Order::Take(event, work) => self.take_now(*event, behind).instrument(work).await,
            Order::First(tell) if self.is_filled.load(Ordering::Acquire) => drop(tell.send(Ok(()))),
            Order::First(tell) | Order::Anew(tell) => {
                let filled = self.fill(None).await.map(drop);
                self.is_filled.fetch_or(filled.is_ok(), Ordering::AcqRel);
                // Whoever asked may have gone away.
                let _ = tell.send(filled);
            }
        }
    }

    /// Takes an event and asks queue for what is missing before it; what cannot be had now is asked for again later.
    async fn take_now(&self, event: HallEvent, behind: &mut Behind) {
        if matches!(event.change, Some(Public::DayOpened(_))) {
            // A day opens with the office as it is then: names, services, counters.
            self.around.offices.renew().await;
            if let Ok(Some(place)) = self.around.offices.by_id(&event.office, &event.location).await {
                self.hall.moved(place);
            }
        }
        let missing = match apply(&self.hall, event.clone()) {
            Applied::New | Applied::Seen => return,
            // It is asked for already, with what comes after it.
            Applied::Gap if behind.is_some() => return,
            Applied::Gap => self.fill(None).await.map(drop),
            Applied::NewLife => match self.fill(Some(event.seq)).await {
                Ok(0) => {
                    // A roll-out: a replica that knows no lives has told the rest, and this is what follows.
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

    /// Asks queue for all that the hall lacks. Where queue lives anew that is the whole day, which takes the place of what is
    /// here; screens are then told what was before the number `live` as one, and the rest as it comes. Tells queue's life; 0 where
    /// the replica that answered knows none.
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
                // Whoever is asked after a number without a life has skipped what is before it; all others began with the first.
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
                // Only what goes on ends: an answer that does not would be asked for again for ever.
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
