//! Runs all tasks of a run on one thread, in an order drawn from the seed. The next ready task is drawn, so one seed
//! gives one order however the runtime wakes tasks, and many seeds try many orders. A group of tasks can be killed
//! between any two of their steps: that is a crash. Knows no role and no fault.

use crate::dice::Dice;
use okienko_kernel::Tasks;
use okienko_kernel::world::Task;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Steps at one virtual instant after which a run is considered stuck in a loop.
const CIRCLES: u64 = 20_000_000;

/// Tasks that live and die together; a killed group is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group(u64);

/// Runs tasks.
#[derive(Clone)]
pub struct Executor(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    ready: Arc<Ready>,
    dice: Dice,
}

#[derive(Default)]
struct State {
    tasks: BTreeMap<u64, Slot>,
    next_task: u64,
    next_group: u64,
    alive: BTreeMap<Group, Life>,
    steps: u64,
}

/// A living group.
#[derive(Default)]
struct Life {
    /// Steps left until it dies, if a kill is planned.
    steps_left: Option<u64>,
    /// Notified when it dies.
    mourners: Vec<oneshot::Sender<()>>,
}

struct Slot {
    group: Group,
    /// `None` while the task takes its step.
    task: Option<Task>,
    waker: Waker,
}

/// The tasks that are ready, and the waker of the runtime.
#[derive(Default)]
struct Ready(Mutex<(BTreeSet<u64>, Option<Waker>)>);

struct TaskWaker {
    id: u64,
    ready: Weak<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }
    fn wake_by_ref(self: &Arc<Self>) {
        let Some(ready) = self.ready.upgrade() else { return };
        let root = {
            let mut ready = ready.0.lock();
            ready.0.insert(self.id);
            ready.1.take()
        };
        if let Some(root) = root {
            root.wake();
        }
    }
}

impl Executor {
    /// An executor without tasks.
    pub fn new(dice: Dice) -> Executor {
        Executor(Arc::new(Inner { state: Mutex::default(), ready: Arc::default(), dice }))
    }

    /// Creates a group.
    pub fn group(&self) -> Group {
        let mut state = self.0.state.lock();
        state.next_group += 1;
        let group = Group(state.next_group);
        state.alive.insert(group, Life::default());
        group
    }

    /// Adds a task to a group; ignored if the group is dead.
    pub fn spawn(&self, group: Group, task: Task) {
        let mut state = self.0.state.lock();
        if !state.alive.contains_key(&group) {
            return;
        }
        state.next_task += 1;
        let id = state.next_task;
        let waker = Waker::from(Arc::new(TaskWaker { id, ready: Arc::downgrade(&self.0.ready) }));
        state.tasks.insert(id, Slot { group, task: Some(task), waker: waker.clone() });
        drop(state);
        waker.wake();
    }

    /// Runs a future in a group and returns its result; an error when the group dies first.
    pub fn run_in<T: Send + 'static>(
        &self,
        group: Group,
        work: impl Future<Output = T> + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (tell, told) = oneshot::channel();
        let work = async move {
            // The caller may have gone away.
            let _ = tell.send(work.await);
        };
        self.spawn(group, Box::pin(work));
        told
    }

    /// Kills a group after this many more of its steps.
    pub fn kill_after(&self, group: Group, steps: u64) {
        if let Some(life) = self.0.state.lock().alive.get_mut(&group) {
            life.steps_left = Some(steps);
        }
    }

    /// Waits until the group has died.
    pub async fn died(&self, group: Group) {
        let (tell, told) = oneshot::channel();
        match self.0.state.lock().alive.get_mut(&group) {
            Some(life) => life.mourners.push(tell),
            None => return,
        }
        let _ = told.await;
    }

    /// Kills a group now; none of its tasks takes another step.
    pub fn kill(&self, group: Group) {
        let (tasks, life) = {
            let mut state = self.0.state.lock();
            let ids: Vec<u64> =
                state.tasks.iter().filter(|(_, slot)| slot.group == group).map(|(id, _)| *id).collect();
            let tasks: Vec<Slot> = ids.iter().filter_map(|id| state.tasks.remove(id)).collect();
            (tasks, state.alive.remove(&group))
        };
        // Dropping tasks may wake others, so not under the lock.
        drop(tasks);
        for mourner in life.into_iter().flat_map(|life| life.mourners) {
            let _ = mourner.send(());
        }
    }

    /// Kills every group: otherwise tasks and the World that they hold would keep each other alive.
    pub fn end(&self) {
        let groups: Vec<Group> = self.0.state.lock().alive.keys().copied().collect();
        groups.into_iter().for_each(|group| self.kill(group));
    }

    /// The number of steps taken.
    pub fn steps(&self) -> u64 {
        self.0.state.lock().steps
    }

    /// Lets all tasks take their steps until `done`; an error when they loop without time advancing.
    pub async fn drive<T>(&self, mut done: oneshot::Receiver<T>) -> Result<T, String> {
        let (mut since, mut steps_before) = (Instant::now(), self.steps());
        let turn = poll_fn(|context| {
            if Instant::now() > since {
                (since, steps_before) = (Instant::now(), self.steps());
            }
            loop {
                match std::pin::Pin::new(&mut done).poll(context) {
                    Poll::Ready(Ok(told)) => return Poll::Ready(Ok(told)),
                    Poll::Ready(Err(_)) => return Poll::Ready(Err("the run's own task died".to_owned())),
                    Poll::Pending => {}
                }
                let Some(id) = self.draw(context) else { return Poll::Pending };
                self.step(id);
                if self.steps() - steps_before > CIRCLES {
                    return Poll::Ready(Err(format!("{CIRCLES} steps and no time went by")));
                }
            }
        });
        // The runtime's cooperative budget would cut steps short at points that depend on what ran before.
        tokio::task::unconstrained(turn).await
    }

    /// Draws one of the ready tasks; registers the runtime's waker when none is ready.
    fn draw(&self, context: &Context<'_>) -> Option<u64> {
        let mut ready = self.0.ready.0.lock();
        let nth = match ready.0.len() {
            0 => {
                ready.1 = Some(context.waker().clone());
                return None;
            }
            1 => 0,
            many => self.0.dice.below(many),
        };
        let id = ready.0.iter().nth(nth).copied()?;
        ready.0.remove(&id);
        Some(id)
    }

    fn step(&self, id: u64) {
        let (mut task, waker, group) = {
            let mut state = self.0.state.lock();
            let Some(slot) = state.tasks.get_mut(&id) else { return };
            let Some(task) = slot.task.take() else { return };
            let taken = (task, slot.waker.clone(), slot.group);
            state.steps += 1;
            taken
        };
        let ended = task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        let mut state = self.0.state.lock();
        let dies = state.alive.get_mut(&group).is_some_and(|life| match &mut life.steps_left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        });
        let back = match state.tasks.get_mut(&id) {
            // The task's own step killed its group.
            None => Some(task),
            Some(_) if ended => {
                state.tasks.remove(&id);
                Some(task)
            }
            Some(slot) => {
                slot.task = Some(task);
                None
            }
        };
        drop(state);
        drop(back);
        if dies {
            self.kill(group);
        }
    }
}

/// The tasks of one group as a World provides them, including those that would have a thread of their own elsewhere.
pub struct GroupTasks {
    /// Runs them.
    pub executor: Executor,
    /// The group they belong to.
    pub group: Group,
}

impl Tasks for GroupTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        self.executor.spawn(self.group, task);
    }
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        self.executor.spawn(self.group, task);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn run<T: Send + 'static>(
        seed: u64,
        main: impl FnOnce(Executor) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>>,
    ) -> Result<T, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let executor = Executor::new(Dice::new(seed));
        runtime.unwrap().block_on(async {
            let group = executor.group();
            let done = executor.run_in(group, main(executor.clone()));
            executor.drive(done).await
        })
    }

    /// The order in which ten tasks, woken together many times, record their numbers.
    fn order(seed: u64) -> Vec<u64> {
        run(seed, |executor| {
            Box::pin(async move {
                let (notes, group) = (Arc::new(Mutex::new(Vec::new())), executor.group());
                let (tick, _) = tokio::sync::watch::channel(0);
                for n in 0..10 {
                    let (notes, mut ticks) = (notes.clone(), tick.subscribe());
                    executor.spawn(
                        group,
                        Box::pin(async move {
                            while ticks.changed().await.is_ok() {
                                notes.lock().push(n);
                            }
                        }),
                    );
                }
                for n in 0..50 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    tick.send_replace(n);
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
                notes.lock().clone()
            })
        })
        .unwrap()
    }

    #[test]
    fn one_seed_gives_one_order_though_the_runtime_wakes_at_random_and_another_seed_another() {
        let first = order(1);
        assert_eq!(first.len(), 500);
        assert!((0..5).all(|_| order(1) == first));
        assert_ne!(order(2), first);
    }

    #[test]
    fn a_killed_group_takes_no_step_and_nobody_new_and_is_mourned() {
        let counted = run(3, |executor| {
            Box::pin(async move {
                let (group, count) = (executor.group(), Arc::new(Mutex::new(0)));
                let counting = count.clone();
                let work = async move {
                    loop {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        *counting.lock() += 1;
                    }
                };
                let never: oneshot::Receiver<()> = executor.run_in(group, work);
                executor.kill_after(group, 5);
                executor.died(group).await;
                assert!(never.await.is_err(), "whoever waited is told");
                let at_death = *count.lock();
                assert!(executor.run_in(group, async {}).await.is_err());
                tokio::time::sleep(Duration::from_millis(50)).await;
                (at_death, *count.lock())
            })
        });
        assert_eq!(counted, Ok((5, 5)));
    }
}
