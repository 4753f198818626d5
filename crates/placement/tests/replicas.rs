//! Replicas over one in-memory journal, connected within this process: whichever is asked, the answer is that of a
//! single machine; retries get the same answer; timers and relays go on when a replica dies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

mod support;

use async_trait::async_trait;
use futures::future::join_all;
use okienko_journal::faulty::Fault as Broken;
use okienko_journal::relay::{RelayHome, Roaming, Sink};
use okienko_journal::{Engine, MemoryEngine, NotTaken, Recorded};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Alone, Entropy, Fault, Homes, Span, Tasks};
use okienko_placement::{Hub, Replicas};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use support::{Command, Hall, Hand, ROLE, Refusal, Replica, replica, stored, until};

fn store() -> Arc<MemoryEngine> {
    MemoryEngine::of_many(Duration::from_millis(5))
}

/// Replicas that each believe they are the home of everything: the worst that presence can report.
async fn all_at_home(count: usize, store: &Arc<MemoryEngine>, clock: &Hand) -> Vec<Replica> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(replica(store.clone(), Arc::new(Alone), clock).await);
    }
    all
}

async fn hub(
    names: &[&str],
    store: &Arc<MemoryEngine>,
    clock: &Hand,
) -> (Hub, Vec<(Arc<Replicas>, Replica)>) {
    let hub = Hub::default();
    let homes: Vec<_> = names.iter().map(|name| hub.join(name, &[ROLE])).collect();
    let mut all = Vec::new();
    for homes in homes {
        let replica = replica(store.clone(), homes.clone(), clock).await;
        all.push((homes, replica));
    }
    (hub, all)
}

/// A stream whose home is that replica.
fn at_home_in(homes: &Replicas) -> String {
    let streams = (0..).map(|n| format!("hall/{n}"));
    streams.into_iter().find(|stream| homes.home(ROLE, stream).is_here()).unwrap()
}

#[tokio::test]
async fn one_after_another_through_any_replica_every_answer_is_that_of_one_machine() {
    for seed in 0..20 {
        let (store, random) = (store(), SeededEntropy::new(seed));
        let all = all_at_home(3, &store, &Hand::default()).await;
        let mut halls: BTreeMap<String, Hall> = BTreeMap::new();
        let mut answered = Vec::new();
        for n in 0..300u32 {
            let stream = format!("hall/{}", random.number() % 3);
            let hall = halls.entry(stream.clone()).or_default();
            let seat = (random.number() % 6) as u32;
            let asked = &all[random.number() as usize % 3];
            let told = match random.number() % 4 {
                0 => {
                    assert_eq!(asked.taken(&stream).await, hall.taken, "seed {seed}, step {n}");
                    continue;
                }
                1 if !answered.is_empty() => {
                    let again: &(String, Command, String, _) =
                        &answered[random.number() as usize % answered.len()];
                    let told = asked.ask(&again.0, again.1.clone(), Some(&again.2)).await;
                    assert_eq!(told, Ok(Ok(again.3)), "seed {seed}, step {n}: a retry of {}", again.2);
                    continue;
                }
                2 => {
                    hall.taken.remove(&seat);
                    (Command::Free(seat), Ok(hall.taken.len() as u32))
                }
                _ if hall.taken.contains(&seat) => (Command::Take(seat), Err(Refusal::Occupied)),
                _ => {
                    hall.taken.insert(seat);
                    (Command::Take(seat), Ok(hall.taken.len() as u32))
                }
            };
            let (command, expected) = told;
            let key = format!("{n}");
            let told = asked.ask(&stream, command.clone(), Some(&key)).await;
            assert_eq!(told, Ok(expected.clone()), "seed {seed}, step {n}: {command:?} in {stream}");
            if let Ok(reply) = expected {
                answered.push((stream, command, key, reply));
            }
        }
        stored(&*store).await;
    }
}

#[tokio::test]
async fn many_at_once_through_replicas_that_all_believe_they_are_the_home_give_each_seat_once() {
    let store = store();
    let all = all_at_home(3, &store, &Hand::default()).await;
    let asked = (0..600u32).map(|n| {
        let replica = &all[n as usize % 3];
        async move { (n % 40, replica.take("hall/a", n % 40).await) }
    });
    let answers = join_all(asked).await;
    for seat in 0..40 {
        let of_seat: Vec<_> =
            answers.iter().filter(|(asked, _)| *asked == seat).map(|(_, told)| told).collect();
        let (taken, refused): (Vec<_>, Vec<_>) =
            of_seat.into_iter().partition(|told| matches!(told, Ok(Ok(_))));
        assert_eq!(taken.len(), 1, "seat {seat}");
        assert!(refused.iter().all(|told| **told == Ok(Err(Refusal::Occupied))), "seat {seat}: {refused:?}");
    }
    assert_eq!(stored(&*store).await["hall/a"].len(), 40);
}

#[tokio::test]
async fn another_body_under_a_key_that_another_replica_answered_is_refused() {
    let store = store();
    let all = all_at_home(2, &store, &Hand::default()).await;
    assert_eq!(all[1].take("hall/a", 9).await, Ok(Ok(1)), "it has loaded the stream before");
    assert_eq!(all[0].ask("hall/a", Command::Take(1), Some("k")).await, Ok(Ok(2)));
    assert_eq!(all[1].ask("hall/a", Command::Take(2), Some("k")).await, Err(Fault::KeyReused));
    assert_eq!(all[1].ask("hall/a", Command::Take(1), Some("k")).await, Ok(Ok(2)));
}

#[tokio::test]
async fn a_look_at_what_is_in_memory_follows_what_others_write() {
    let store = store();
    let all = all_at_home(2, &store, &Hand::default()).await;
    let peek = async || all[1].halls.peek("o", "hall/a", |hall| hall.taken.len()).await.unwrap();
    assert_eq!(peek().await, 0);
    all[0].take("hall/a", 1).await.unwrap().unwrap();
    until(async || peek().await == 1).await;
}

#[tokio::test]
async fn an_order_is_decided_at_home_and_here_when_the_home_cannot_be_reached() {
    let store = store();
    let (hub, all) = hub(&["a", "b"], &store, &Hand::default()).await;
    let (here, there) = (&all[0], &all[1]);
    let stream = at_home_in(&there.0);
    // Whatever this replica writes itself fails.
    here.1.faults.plan([Broken::NotWritten; 100]);
    for seat in 0..20 {
        assert_eq!(here.1.take(&stream, seat).await, Ok(Ok(seat + 1)));
    }
    assert_eq!(here.1.take(&stream, 0).await, Ok(Err(Refusal::Occupied)));
    assert_eq!(here.1.taken(&stream).await.len(), 20, "a read is answered here, caught up");
    hub.cut_off("b");
    there.1.tasks.kill();
    assert!(matches!(here.1.take(&stream, 50).await, Err(Fault::NotDone(_))), "it is written here now");
    here.1.faults.plan([]);
    until(async || here.1.take(&stream, 51).await == Ok(Ok(21))).await;
    assert_eq!(stored(&*store).await[&stream].len(), 21);
}

#[tokio::test]
async fn a_timer_rings_once_though_two_replicas_believe_that_it_is_theirs() {
    let (store, clock) = (store(), Hand::default());
    let all = all_at_home(2, &store, &clock).await;
    for n in 0..20 {
        all[n % 2].ask(&format!("hall/{n}"), Command::SetBell, None).await.unwrap().unwrap();
        // Both have it in memory.
        all[(n + 1) % 2].taken(&format!("hall/{n}")).await;
    }
    clock.advance(Span::from_mins(2));
    let rung = async || {
        let count = |events: &Vec<_>| events.iter().filter(|event| **event == support::Event::Rung).count();
        stored(&*store).await.values().map(count).sum::<usize>()
    };
    until(async || rung().await == 20).await;
    for n in 0..20 {
        let stream = format!("hall/{n}");
        assert_eq!(all[n % 2].halls.read("o", &stream, |hall| hall.rung).await, Ok(1));
    }
    assert_eq!(rung().await, 20);
}

#[tokio::test]
async fn the_timers_of_a_replica_that_dies_ring_in_the_others_and_those_of_others_are_known_at_home() {
    let (store, clock) = (store(), Hand::default());
    let (hub, all) = hub(&["a", "b", "c"], &store, &clock).await;
    for n in 0..30 {
        all[n % 3].1.ask(&format!("hall/{n}"), Command::SetBell, None).await.unwrap().unwrap();
    }
    // Writes that bypass the home reach its timers too.
    let outside = replica(store.clone(), Arc::new(Alone), &Hand::default()).await;
    for n in 30..40 {
        outside.ask(&format!("hall/{n}"), Command::SetBell, None).await.unwrap().unwrap();
    }
    outside.tasks.kill();
    hub.cut_off("b");
    all[1].1.tasks.kill();
    hub.remove("b");
    let next = async |n: usize| all[n].1.halls.next_wake().is_some() && !all[n].1.halls.is_reading();
    until(async || next(0).await && next(2).await).await;
    clock.advance(Span::from_mins(2));
    let all_rang = async || {
        let streams = stored(&*store).await;
        streams.values().filter(|events| events.last() == Some(&support::Event::Rung)).count() == 40
    };
    until(all_rang).await;
}

/// Records which events were handed over, and by whom.
#[derive(Clone)]
struct RecordingSink(&'static str, Arc<Mutex<Vec<(&'static str, u64)>>>);

#[async_trait]
impl Sink for RecordingSink {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        self.1.lock().extend(batch.iter().map(|event| (self.0, event.pos)));
        Ok(())
    }
}

#[tokio::test]
async fn a_relay_runs_in_one_replica_and_goes_on_in_another_without_leaving_anything_out() {
    let (store, seen) = (store(), Arc::default());
    let (hub, all) = hub(&["a", "b"], &store, &Hand::default()).await;
    let key = (0..).map(|n| format!("relay/{n}")).find(|key| all[0].0.home(ROLE, key).is_here()).unwrap();
    for (name, (homes, replica)) in ["a", "b"].into_iter().zip(&all) {
        let home = RelayHome { homes: homes.clone(), role: ROLE.into(), key: key.clone() };
        let sink = Arc::new(RecordingSink(name, Arc::clone(&seen)));
        let (relay, _) = Roaming::open(replica.journal.clone(), "cursor", home, sink).await.unwrap();
        replica.tasks.spawn("relay", Box::pin(relay.run()));
    }
    let handed = |by: &str| seen.lock().iter().filter(|(name, _)| *name == by).count();
    for seat in 0..30 {
        all[seat % 2].1.take("hall/x", seat as u32).await.unwrap().unwrap();
    }
    until(async || handed("a") == 30).await;
    assert_eq!(handed("b"), 0);
    all[0].0.leave();
    hub.remove("a");
    for seat in 30..60 {
        all[seat % 2].1.take("hall/x", seat as u32).await.unwrap().unwrap();
    }
    let by_b = || seen.lock().iter().filter(|(name, _)| *name == "b").map(|(_, pos)| *pos).max();
    until(async || by_b() == Some(60)).await;
    assert_eq!(handed("a"), 30, "it stopped at once");
    let mut positions: Vec<u64> = seen.lock().iter().map(|(_, pos)| *pos).collect();
    positions.sort_unstable();
    positions.dedup();
    assert_eq!(positions, (1..=60).collect::<Vec<_>>());
    assert_eq!(store.head().await.unwrap(), 60);
}
