//! The cases in which the two designs are compared, and how each is asked. Knows neither's storage.

use crate::actors::Actors;
use crate::stats::{Figures, closed_loop};
use okienko_host::OsEntropy;
use okienko_kernel::Entropy;
use std::sync::Arc;

/// Days of the spread case.
const DAYS: u16 = 500;
/// More places than any run asks for.
const MANY: u32 = 1_000_000;

/// Who asks for what, how often.
#[derive(Clone, Copy)]
pub struct Case {
    /// As it is printed.
    pub name: &'static str,
    /// Days, each with one slot.
    pub days: u16,
    /// Places of each slot.
    pub places: u32,
    /// How many ask at once.
    pub clients: u32,
    /// How often each asks of our design.
    pub each: u32,
    /// How often each asks of the plain one, which is slower.
    pub plain_each: u32,
}

/// All cases; `scale` multiplies the steady ones.
pub fn all(scale: u32) -> [Case; 5] {
    let burst = |name, days, places| Case { name, days, places, clients: 10_000, each: 1, plain_each: 1 };
    let steady = |name, clients, each, plain_each| {
        let (each, plain_each) = (each * scale, plain_each * scale);
        Case { name, days: DAYS, places: MANY, clients, each, plain_each }
    };
    [
        burst("one day, 500 places, 10,000 at once", 1, 500),
        burst("one day, 10,000 places, 10,000 at once", 1, 10_000),
        burst("500 days, 10,000 at once", DAYS, MANY),
        steady("500 days, 200 clients", 200, 1_000, 50),
        steady("one client", 1, 5_000, 5_000),
    ]
}

impl Case {
    /// A runtime for both designs. One client is answered by one thread: with more, every third step changes the thread.
    pub fn runtime(&self) -> anyhow::Result<tokio::runtime::Runtime> {
        let threads = std::thread::available_parallelism()?.get().min(self.clients as usize);
        Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?)
    }

    fn day(&self, client: u32, n: u32) -> u32 {
        (client * 7 + n * 13) % u32::from(self.days)
    }

    /// Asks our design. Every day is open before the clock starts.
    pub async fn ask_ours(&self, actors: Arc<Actors>) -> anyhow::Result<Figures> {
        actors.open_days().await;
        let case = *self;
        let ask = move |client, n| actors.clone().hold(case.day(client, n));
        closed_loop(self.clients, self.each, ask).await
    }

    /// Asks a plain design, whose `hold` takes the day and a new hold's id.
    pub async fn ask_plain<F, Fut>(&self, hold: F) -> anyhow::Result<Figures>
    where
        F: Fn(u32, [u8; 16]) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send,
    {
        let case = *self;
        let ask = move |client, n| {
            let mut id = [0; 16];
            OsEntropy.fill(&mut id);
            hold(case.day(client, n), id)
        };
        closed_loop(self.clients, self.plain_each, ask).await
    }
}

/// Prints ours beside the plain ones, with the ratios.
pub fn print(ours: &Figures, plain: &[(&str, Figures)], syncs: f64) {
    println!("{}", ours.line("group commit"));
    let mut best = 0.0_f64;
    for (name, figures) in plain {
        println!("{}", figures.line(name));
        println!("  {:<34} {:>9.1} x", format!("ratio to {name}"), ours.rate() / figures.rate());
        best = best.max(figures.rate());
    }
    println!("  {:<34} {:>9.1} x", "ratio to fdatasync", ours.rate() / syncs);
    println!("  {:<34} {:>9.1} x\n", "ratio to the better plain one", ours.rate() / best);
}
