//! Limits on a real Redis: the published vectors, the same answers as in memory, and Redis unreachable. One server
//! serves them all. Where it is not installed, nothing is checked, and that is printed.

use super::*;
use okienko_drill::Redis;
use okienko_kernel::Moment;
use okienko_kernel::world::Task;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::sync::atomic::AtomicI64;

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::Relaxed))
    }
    fn until(&self, _: Moment) -> Task {
        Box::pin(async {})
    }
}

fn hand() -> Arc<Hand> {
    Arc::new(Hand(AtomicI64::new(0)))
}

fn limits(server: &Redis, prefix: &str, away: &[(&str, Away)], wall: Arc<Hand>) -> RedisLimits {
    let away = away.iter().map(|(begin, away)| ((*begin).to_owned(), *away)).collect();
    let settings = RedisSettings { url: server.url(), prefix: format!("{prefix}/"), away };
    RedisLimits::open(settings, wall).expect("an address")
}

fn hit(key: &str, count: u32, per: u64) -> Hit {
    Hit { key: key.into(), rate: Rate::new(count, Duration::from_secs(per)) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_limits_as_the_memory_of_one_process_does_and_harder_when_it_is_away() {
    if !Redis::is_installed() {
        println!("Redis is not installed: not checked");
        return;
    }
    let mut server = Redis::start().expect("start");
    the_published_vectors_hold(&server).await;
    a_denied_request_uses_up_no_rule_by_the_time_of_redis(&server).await;
    any_sequence_is_answered_as_in_memory(&server);
    what_redis_forgets_is_only_forgotten_there(&server).await;
    processes_share_what_they_count_and_a_frozen_redis_holds_nobody_up(&server).await;
    without_redis_each_rule_holds_as_it_is_set(&mut server).await;
}

async fn seconds(limits: &RedisLimits, hit: Hit, second: i64) -> Option<u64> {
    let decided = limits.ask(&[hit], Some(second * 1_000_000)).await.expect("Redis answers");
    decided.err().map(|RetryAfter(wait)| wait.as_secs())
}

async fn the_published_vectors_hold(server: &Redis) {
    let limits = limits(server, "vectors", &[], hand());
    let three =
        [(0, None), (0, None), (0, None), (0, Some(200)), (100, Some(100)), (200, None), (200, Some(200))];
    for (second, wait) in three.into_iter().chain([(400, None), (2000, None)]) {
        assert_eq!(seconds(&limits, hit("a", 3, 600), second).await, wait, "a at {second}");
    }
    let five = [(0, None); 5].into_iter().chain([
        (0, Some(12)),
        (12, None),
        (13, Some(11)),
        (24, None),
        (120, None),
    ]);
    for (second, wait) in five {
        assert_eq!(seconds(&limits, hit("b", 5, 60), second).await, wait, "b at {second}");
    }
}

async fn a_denied_request_uses_up_no_rule_by_the_time_of_redis(server: &Redis) {
    let limits = limits(server, "none", &[], hand());
    assert!(limits.check(&[hit("tight", 1, 3600)]).await.is_ok());
    for _ in 0..5 {
        assert!(limits.check(&[hit("wide", 2, 3600), hit("tight", 1, 3600)]).await.is_err());
    }
    assert!(limits.check(&[hit("wide", 2, 3600)]).await.is_ok());
    let looked = [hit("tight", 1, 3600), hit("wide", 2, 3600), hit("fresh", 1, 3600)];
    for _ in 0..3 {
        assert_eq!(limits.denied(&looked).await, [true, false, false], "a look uses up nothing");
    }
    assert!(limits.check(&[hit("wide", 2, 3600)]).await.is_ok());
    let denied = limits.check(&[hit("wide", 2, 3600)]).await.expect_err("both are used up");
    assert!(denied.0 <= Duration::from_secs(1800) && denied.0 > Duration::from_secs(1000), "{denied:?}");
    assert!(!limits.is_away());
}

fn any_sequence_is_answered_as_in_memory(server: &Redis) {
    // Steps of ten seconds and more, so that no key expires in the real time of this test.
    let one = (0..3usize, 1..5u32, 1..5u32, 60..600u64);
    let request = (0..40i64, proptest::collection::vec(one, 1..4));
    let sequence = proptest::collection::vec(request, 1..40);
    let mut case = 0;
    let cases = std::cell::RefCell::new(&mut case);
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&sequence, |requests| {
        **cases.borrow_mut() += 1;
        let wall = hand();
        let shared = limits(server, &format!("case{}", cases.borrow()), &[], hand());
        let memory = MemoryLimits::new(wall.clone());
        let (mut now, handle) = (1_800_000_000_000_000, tokio::runtime::Handle::current());
        for (later, rules) in requests {
            now += later * 1_000_003;
            wall.0.store(now, Ordering::Relaxed);
            let hits: Vec<Hit> = rules
                .into_iter()
                .map(|(key, count, burst, per)| {
                    let rate = Rate { count, per: Duration::from_secs(per), burst };
                    Hit { key: format!("k{key}"), rate }
                })
                .collect();
            let both = async { (shared.ask(&hits, Some(now)).await, memory.check(&hits).await) };
            let (told, expected) = tokio::task::block_in_place(|| handle.block_on(both));
            prop_assert_eq!(told.expect("Redis answers"), expected);
        }
        Ok(())
    });
    outcome.expect("the same answers");
}

async fn what_redis_forgets_is_only_forgotten_there(server: &Redis) {
    let limits = limits(server, "flush", &[], hand());
    assert!(limits.check(&[hit("a", 1, 3600)]).await.is_ok());
    assert!(limits.check(&[hit("a", 1, 3600)]).await.is_err());
    server.flush().expect("flush");
    assert!(
        limits.check(&[hit("a", 1, 3600)]).await.is_ok(),
        "the script is sent again, and counting begins anew"
    );
    assert!(limits.check(&[hit("a", 1, 3600)]).await.is_err());
}

async fn processes_share_what_they_count_and_a_frozen_redis_holds_nobody_up(server: &Redis) {
    let (one, two) = (limits(server, "shared", &[], hand()), limits(server, "shared", &[], hand()));
    assert!(one.check(&[hit("a", 2, 3600)]).await.is_ok());
    assert!(two.check(&[hit("a", 2, 3600)]).await.is_ok());
    assert!(one.check(&[hit("a", 2, 3600)]).await.is_err(), "two of two processes");
    server.freeze();
    assert!(one.check(&[hit("a", 2, 3600)]).await.is_ok(), "this process counted one");
    assert!(one.check(&[hit("a", 2, 3600)]).await.is_err());
    assert!(one.is_away());
    server.thaw();
}

async fn without_redis_each_rule_holds_as_it_is_set(server: &mut Redis) {
    let rules = [("sms/", Away::Share(2)), ("sms/all/", Away::Refuse(Duration::from_secs(30)))];
    let limits = limits(server, "away", &rules, hand());
    assert!(limits.check(&[hit("hold", 2, 3600)]).await.is_ok());
    server.kill();
    assert!(limits.check(&[hit("hold", 2, 3600)]).await.is_ok(), "one of two was used up before");
    assert!(limits.is_away());
    assert!(limits.check(&[hit("hold", 2, 3600)]).await.is_err(), "never open");
    assert!(limits.check(&[hit("sms/1", 4, 3600)]).await.is_ok());
    assert!(limits.check(&[hit("sms/1", 4, 3600)]).await.is_ok());
    assert!(limits.check(&[hit("sms/1", 4, 3600)]).await.is_err(), "half of four");
    assert_eq!(limits.check(&[hit("sms/all/x", 9, 1)]).await, Err(RetryAfter(Duration::from_secs(30))));
    server.start_again().expect("start");
    while limits.is_away() {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let _ = limits.check(&[hit("poll", 1_000_000, 1)]).await;
    }
    assert!(limits.check(&[hit("sms/all/x", 9, 1)]).await.is_ok(), "Redis decides again");
}
