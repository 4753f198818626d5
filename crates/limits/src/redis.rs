//! Limits shared by all processes, on Redis: one script applies all rules of a request at once by Redis's clock, and
//! consumes none when one denies. When Redis is unreachable or has lost its data, this process's own limits are the
//! floor; rules whose breach costs money then become stricter, never laxer. Knows no service and no rule by name.

use crate::{Hit, Limits, MemoryLimits, Rate, RetryAfter};
use async_trait::async_trait;
use okienko_kernel::Clock;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, RedisResult, Script};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer may take before this process decides for itself: a person is waiting.
const ANSWER: Duration = Duration::from_millis(250);
/// How long Redis is left alone after it failed to answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Per key, reads when the next hit is due (TAT), in integer microseconds, which Lua represents exactly far beyond our
/// lifetimes. All new values are computed from stored ones before the first is written. Only tests pass `now`.
const SCRIPT: &str = r"
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local wait, due = 0, {}
for i, key in ipairs(KEYS) do
  local step, tolerance = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local stored = redis.call('GET', key)
  local from = now
  if stored and tonumber(stored) > now then from = tonumber(stored) end
  due[i] = from + step
  wait = math.max(wait, due[i] - tolerance - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local life = math.max(1, math.ceil((due[i] - now) / 1000))
  redis.call('SET', key, string.format('%.0f', due[i]), 'PX', string.format('%.0f', life))
end
return 0
";

/// Tells for each key by itself whether one more hit would be denied now; writes nothing.
const LOOK: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local denied = {}
for i, key in ipairs(KEYS) do
  local step, tolerance = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local stored = redis.call('GET', key)
  local from = now
  if stored and tonumber(stored) > now then from = tonumber(stored) end
  denied[i] = (from + step - tolerance - now > 0) and 1 or 0
end
return denied
";

/// What happens to a rule while Redis is unreachable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Each process allows the whole rate: for what only costs work.
    Local,
    /// Each process allows this fraction of the rate, and at least one hit at once: with as many shares as processes,
    /// all of them together never exceed the rule.
    Share(u32),
    /// Nothing is allowed; retry after this long.
    Refuse(Duration),
}

/// Where Redis is, and what applies without it.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// `redis://…` or, with TLS in front of it, the address of that.
    pub url: String,
    /// The prefix of all keys, so that several installations can share a Redis.
    pub prefix: String,
    /// By key prefix, e.g. `code/`: the longest match counts, and [`Away::Local`] applies when none matches.
    pub away: Vec<(String, Away)>,
}

/// Limits shared by all processes.
pub struct RedisLimits {
    settings: RedisSettings,
    connection: ConnectionManager,
    script: Script,
    look: Script,
    /// Counts along, so that losing Redis gives nobody a fresh start.
    floor: MemoryLimits,
    /// Until then Redis is left alone.
    left_alone: parking_lot::Mutex<Option<Instant>>,
    away: AtomicBool,
}

impl RedisLimits {
    /// Limits on the Redis of `settings`, connected on first use; `wall` (real time) drives the floor. Requires a tokio
    /// runtime. An error says what is wrong with the address.
    pub fn open(settings: RedisSettings, wall: Arc<dyn Clock>) -> Result<RedisLimits, String> {
        let wrong = |e: RedisError| format!("the address of Redis: {e}");
        let client = Client::open(settings.url.as_str()).map_err(wrong)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(ANSWER))
            .set_response_timeout(Some(ANSWER))
            .set_number_of_retries(0);
        Ok(RedisLimits {
            connection: ConnectionManager::new_lazy_with_config(client, config).map_err(wrong)?,
            settings,
            script: Script::new(SCRIPT),
            look: Script::new(LOOK),
            floor: MemoryLimits::new(wall),
            left_alone: parking_lot::Mutex::default(),
            away: AtomicBool::new(false),
        })
    }

    /// Whether the last request was decided without Redis.
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// Asks Redis; `now` (microseconds) replaces its clock in tests.
    async fn ask(&self, hits: &[Hit], now: Option<i64>) -> RedisResult<Result<(), RetryAfter>> {
        let mut call = self.script.prepare_invoke();
        call.arg(now.unwrap_or(-1));
        for hit in hits {
            let (step, tolerance) = hit.rate.step_and_tolerance();
            call.key(format!("{}limits/{}", self.settings.prefix, hit.key)).arg(step).arg(tolerance);
        }
        let wait: i64 = call.invoke_async(&mut self.connection.clone()).await?;
        Ok(if wait > 0 { Err(RetryAfter(Duration::from_micros(wait as u64))) } else { Ok(()) })
    }

    async fn ask_denied(&self, hits: &[Hit]) -> RedisResult<Vec<bool>> {
        let mut call = self.look.prepare_invoke();
        for hit in hits {
            let (step, tolerance) = hit.rate.step_and_tolerance();
            call.key(format!("{}limits/{}", self.settings.prefix, hit.key)).arg(step).arg(tolerance);
        }
        call.invoke_async(&mut self.connection.clone()).await
    }

    fn is_left_alone(&self) -> bool {
        self.left_alone.lock().is_some_and(|until| Instant::now() < until)
    }

    fn failed(&self, error: &RedisError) {
        *self.left_alone.lock() = Some(Instant::now() + PAUSE);
        if !self.away.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "Redis is away: limits of this process hold");
        }
    }

    fn answered(&self) {
        *self.left_alone.lock() = None;
        if self.away.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis is back: limits of all processes hold");
        }
    }

    fn rule(&self, key: &str) -> Away {
        let fitting = self.settings.away.iter().filter(|(begin, _)| key.starts_with(begin.as_str()));
        fitting.max_by_key(|(begin, _)| begin.len()).map_or(Away::Local, |(_, away)| *away)
    }

    /// The hits with the rates that apply without Redis, and the wait of those that are refused.
    fn without_redis(&self, hits: &[Hit]) -> (Vec<Hit>, Option<Duration>) {
        let (mut local, mut refused) = (Vec::with_capacity(hits.len()), None);
        for hit in hits {
            let part = |n: u32| Rate {
                count: (hit.rate.count / n.max(1)).max(1),
                per: if n > hit.rate.count { hit.rate.per * n / hit.rate.count.max(1) } else { hit.rate.per },
                burst: (hit.rate.burst / n.max(1)).max(1),
            };
            let rate = match self.rule(&hit.key) {
                Away::Local => hit.rate,
                Away::Share(parts) => part(parts),
                Away::Refuse(wait) => {
                    refused = refused.max(Some(wait));
                    continue;
                }
            };
            local.push(Hit { key: hit.key.clone(), rate });
        }
        (local, refused)
    }
}

#[async_trait]
impl Limits for RedisLimits {
    async fn check(&self, hits: &[Hit]) -> Result<(), RetryAfter> {
        if hits.is_empty() {
            return Ok(());
        }
        let (local, refused) = self.without_redis(hits);
        if !self.is_left_alone() {
            match self.ask(hits, None).await {
                Ok(decided) => {
                    self.answered();
                    if decided.is_ok() {
                        // Redis has decided; the floor only counts along.
                        let _ = self.floor.check(&local).await;
                    }
                    return decided;
                }
                Err(error) => self.failed(&error),
            }
        }
        match refused {
            Some(wait) => Err(RetryAfter(wait)),
            None => self.floor.check(&local).await,
        }
    }

    async fn denied(&self, hits: &[Hit]) -> Vec<bool> {
        if !hits.is_empty() && !self.is_left_alone() {
            match self.ask_denied(hits).await {
                Ok(denied) => {
                    self.answered();
                    return denied;
                }
                Err(error) => self.failed(&error),
            }
        }
        let mut denied = Vec::with_capacity(hits.len());
        for hit in hits {
            let (local, refused) = self.without_redis(std::slice::from_ref(hit));
            denied.push(refused.is_some() || self.floor.denied(&local).await.contains(&true));
        }
        denied
    }
}

#[cfg(test)]
#[path = "redis_tests.rs"]
mod tests;
