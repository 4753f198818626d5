//! Work that continues after its caller has gone. A dropped future stops at its await point, which would leave work of
//! several steps half done; a [`DetachOnDrop`] one is handed on instead. Knows no executor.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Work that was cut short, to be driven to its end elsewhere.
pub type Unfinished<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// A future that, if dropped after its first poll and before it completes, is handed to `go_on`. One that was never
/// polled, or that panicked, is simply dropped.
pub struct DetachOnDrop<T, G: FnOnce(Unfinished<T>)> {
    work: Option<Unfinished<T>>,
    go_on: Option<G>,
    has_begun: bool,
}

impl<T, G: FnOnce(Unfinished<T>)> DetachOnDrop<T, G> {
    /// Wraps `work`; `go_on` spawns what is left of it.
    pub fn new(work: Unfinished<T>, go_on: G) -> DetachOnDrop<T, G> {
        DetachOnDrop { work: Some(work), go_on: Some(go_on), has_begun: false }
    }
}

// `work` is boxed and pinned on its own, and `go_on` is never pinned.
impl<T, G: FnOnce(Unfinished<T>)> Unpin for DetachOnDrop<T, G> {}

impl<T, G: FnOnce(Unfinished<T>)> Future for DetachOnDrop<T, G> {
    type Output = T;

    /// # Panics
    /// When polled again after completion, as any future may.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.has_begun = true;
        // Taken out for the poll, so that work that panics is not handed on.
        #[expect(clippy::expect_used, reason = "only a caller that breaks the contract of futures gets here")]
        let mut work = self.work.take().expect("a future is not asked after its end");
        let told = work.as_mut().poll(context);
        if told.is_pending() {
            self.work = Some(work);
        }
        told
    }
}

impl<T, G: FnOnce(Unfinished<T>)> Drop for DetachOnDrop<T, G> {
    fn drop(&mut self) {
        if self.has_begun
            && let (Some(work), Some(go_on)) = (self.work.take(), self.go_on.take())
        {
            go_on(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::panic::AssertUnwindSafe;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Yields `waits` times, counting its steps.
    async fn steps(waits: u32, done: &'static AtomicU32) -> u32 {
        for _ in 0..waits {
            done.fetch_add(1, Ordering::Relaxed);
            futures::pending!();
        }
        done.fetch_add(1, Ordering::Relaxed)
    }

    #[test]
    fn wherever_it_is_dropped_after_it_began_it_is_carried_to_its_end_once() {
        for (waits, polls, handed_on) in
            [(3, 0, false), (3, 1, true), (3, 3, true), (3, 4, false), (0, 1, false)]
        {
            let done: &'static AtomicU32 = Box::leak(Box::default());
            let mut rest = None;
            let mut kept = DetachOnDrop::new(steps(waits, done).boxed(), |work| rest = Some(work));
            for _ in 0..polls {
                let _ = (&mut kept).now_or_never();
            }
            drop(kept);
            assert_eq!(rest.is_some(), handed_on, "{waits} {polls}");
            if let Some(mut rest) = rest {
                while (&mut rest).now_or_never().is_none() {}
                assert_eq!(done.load(Ordering::Relaxed), waits + 1, "{waits} {polls}");
            }
        }
    }

    #[test]
    fn what_panicked_is_not_handed_on() {
        let mut handed_on = false;
        let mut kept =
            DetachOnDrop::new(async { panic!("of a test") }.boxed(), |_: Unfinished<()>| handed_on = true);
        let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| (&mut kept).now_or_never()));
        assert!(panicked.is_err());
        drop(kept);
        assert!(!handed_on);
    }
}
