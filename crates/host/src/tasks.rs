//! The real World's tasks, on tokio: each has a name, and none is lost silently. Knows no task.

use futures::FutureExt;
use okienko_kernel::Tasks;
use okienko_kernel::world::{Begin, IfLost, Task};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Backoff before a lost task is restarted: the first pause, doubled each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A task that ran this long before it was lost starts over with the first pause.
const WELL: Duration = Duration::from_secs(60);
/// The exit code of a process that lost a thread it cannot do without (`EX_SOFTWARE` of sysexits.h).
const LOST: i32 = 70;

/// Tasks on the tokio runtime in which this was created.
pub struct TokioTasks {
    runtime: tokio::runtime::Handle,
}

impl TokioTasks {
    /// Tasks on the current runtime; must be called within one.
    pub fn here() -> TokioTasks {
        TokioTasks { runtime: tokio::runtime::Handle::current() }
    }
}

impl Tasks for TokioTasks {
    fn spawn(&self, name: &'static str, task: Task) {
        self.runtime.spawn(AssertUnwindSafe(task).catch_unwind().map(move |ended| {
            if let Err(panic) = ended {
                lost(name, said(&*panic));
            }
        }));
    }

    fn keep(&self, name: &'static str, begin: Begin) {
        self.runtime.spawn(keep_on(name, begin));
    }

    fn dedicate(&self, name: &'static str, if_lost: IfLost, task: Task) {
        let thread = std::thread::Builder::new().name(name.to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let work = move |runtime: tokio::runtime::Runtime| {
            let Err(panic) = catch_unwind(AssertUnwindSafe(|| runtime.block_on(task))) else { return };
            lost(name, said(&*panic));
            if if_lost == IfLost::Ends {
                tracing::error!(task = name, "the process ends: without this it would only seem to work");
                std::process::exit(LOST);
            }
        };
        let started = runtime.and_then(|runtime| thread.spawn(move || work(runtime)));
        // Without its committer a service can do nothing.
        assert!(started.is_ok(), "no thread for {name}");
    }
}

async fn keep_on(name: &'static str, mut begin: Begin) {
    let mut pause = FIRST_PAUSE;
    loop {
        let begun = Instant::now();
        let work = AssertUnwindSafe(async { begin().await });
        match work.catch_unwind().await {
            Ok(()) => lost(name, "it ended"),
            Err(panic) => lost(name, said(&*panic)),
        }
        if begun.elapsed() >= WELL {
            pause = FIRST_PAUSE;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// A panic's message.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("?")
}

fn lost(name: &'static str, why: &str) {
    metrics::counter!("okienko_tasks_lost_total", "task" => name).increment(1);
    tracing::error!(task = name, error = why, "a task was lost");
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::again;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Fails `times` times as `fail` does, then runs for ever.
    fn fails(times: u32, fail: fn()) -> (Arc<AtomicU32>, Begin) {
        let begun = Arc::<AtomicU32>::default();
        let counted = begun.clone();
        let begin = again(move || {
            let nth = counted.fetch_add(1, Ordering::AcqRel);
            async move {
                if nth < times {
                    return fail();
                }
                std::future::pending().await
            }
        });
        (begun, begin)
    }

    #[tokio::test(start_paused = true)]
    async fn what_must_run_is_begun_again_ever_later_whether_it_panicked_or_ended() {
        for fail in [(|| panic!("of a test")) as fn(), || {}] {
            let (begun, begin) = fails(4, fail);
            TokioTasks::here().keep("test", begin);
            let mut seen = Vec::new();
            for _ in 0..20 {
                sleep(Duration::from_millis(999)).await;
                seen.push(begun.load(Ordering::Acquire));
            }
            assert_eq!(seen.first(), Some(&1), "not at once: {seen:?}");
            assert_eq!((seen[2], seen[6], seen[19]), (2, 3, 5), "after 1, 2, 4 and 8 seconds: {seen:?}");
        }
    }

    #[tokio::test]
    async fn a_task_that_panics_is_counted_under_its_name_and_ends_nothing_else() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let told = recorder.handle();
        // Tasks of this test run on its own thread.
        let counting = metrics::set_default_local_recorder(&recorder);
        let tasks = TokioTasks::here();
        let (tell, ended) = tokio::sync::oneshot::channel();
        tasks.spawn("first", Box::pin(async { panic!("of a test") }));
        tasks.spawn("second", Box::pin(async { tell.send(()).unwrap() }));
        ended.await.unwrap();
        let told = told.render();
        assert!(told.contains("okienko_tasks_lost_total{task=\"first\"} 1"), "{told}");
        assert!(!told.contains("second"), "{told}");
        drop(counting);
        let (tell, told) = tokio::sync::oneshot::channel();
        tasks.dedicate("third", IfLost::GoesOn, Box::pin(async { panic!("of a test") }));
        tasks.dedicate("fourth", IfLost::Ends, Box::pin(async { tell.send(()).unwrap() }));
        told.await.unwrap();
    }
}
