//! The cases in which the two designs are compared, and how each is asked. Knows the storage of neither.

use crate::Size;
use crate::actors::Actors;
use crate::stats::{Figures, closed_loop};
use okienko_host::OsEntropy;
use okienko_kernel::Entropy;
use std::sync::Arc;

/// Days in the spread case.
const DAYS: u16 = 500;
/// More places than any run asks for.
const MANY: u32 = 1_000_000;

/// Questions per client in an untimed run.
const AGAIN: u32 = 10;
/// Clients of the plain design in an untimed run: it waits for the disk for each one, and these are enough to show
/// whether it answers correctly.
const ASK_PLAIN: u32 = 600;

/// How many clients ask for what, and how often.
#[derive(Clone, Copy)]
pub struct Case {
    /// The name that is printed.
    pub name: &'static str,
    /// Days, each with one slot.
    pub days: u16,
    /// Places of each slot.
    pub places: u32,
    /// How many ask at once.
    pub clients: u32,
    /// Questions per client to our design.
    pub each: u32,
    /// How many clients ask the plain design.
    pub plain_clients: u32,
    /// Questions per client to the plain design, which is slower.
    pub plain_each: u32,
}

/// All cases; `scale` multiplies the rounds of the steady ones, except in an untimed run.
pub fn all(scale: u32, size: Size) -> [Case; 5] {
    let of_plain = |clients| if size == Size::Once { ASK_PLAIN.min(clients) } else { clients };
    let burst = |name, days, places| {
        let (clients, plain_clients) = (10_000, of_plain(10_000));
        Case { name, days, places, clients, each: 1, plain_clients, plain_each: 1 }
    };
    let steady = |name, clients, each, plain_each| {
        let times = |times| if size == Size::Once { AGAIN } else { times * scale };
        let (each, plain_each) = (times(each), times(plain_each));
        let plain_clients = of_plain(clients);
        Case { name, days: DAYS, places: MANY, clients, each, plain_clients, plain_each }
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
    /// A runtime for both designs. A single client gets a single thread: with more, every third step changes threads.
    pub fn runtime(&self) -> anyhow::Result<tokio::runtime::Runtime> {
        let threads = std::thread::available_parallelism()?.get().min(self.clients as usize);
        Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?)
    }

    /// The number of wrong answers after `clients` clients asked `each` times: as many must be accepted as there are
    /// places.
    pub fn wrong(&self, figures: &Figures, clients: u32, each: u32) -> u64 {
        let mut asked = vec![0_u64; usize::from(self.days)];
        for client in 0..clients {
            (0..each).for_each(|n| asked[self.day(client, n) as usize] += 1);
        }
        let accepted: u64 = asked.iter().map(|asked| (*asked).min(u64::from(self.places))).sum();
        let all = u64::from(clients) * u64::from(each);
        figures.accepted.abs_diff(accepted) + figures.done.abs_diff(all)
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
        closed_loop(self.plain_clients, self.plain_each, ask).await
    }
}

/// Prints our figures beside the plain ones, with the ratios; returns how many of all answers were wrong.
pub fn tell(case: &Case, ours: &Figures, plain: &[(&str, Figures)], syncs: f64) -> u64 {
    println!("{}", ours.line("group commit"));
    let mut best = 0.0_f64;
    for (name, figures) in plain {
        println!("{}", figures.line(name));
        println!("  {:<34} {:>9.1} x", format!("ratio to {name}"), ours.rate() / figures.rate());
        best = best.max(figures.rate());
    }
    println!("  {:<34} {:>9.1} x", "ratio to fdatasync", ours.rate() / syncs);
    println!("  {:<34} {:>9.1} x", "ratio to the better plain one", ours.rate() / best);
    let of_plain: u64 =
        plain.iter().map(|(_, figures)| case.wrong(figures, case.plain_clients, case.plain_each)).sum();
    let wrong = case.wrong(ours, case.clients, case.each) + of_plain;
    println!("  must be 0: answers other than as many places as there are {wrong:>6}\n");
    wrong
}

/// Fails if any answer was wrong.
pub fn end(wrong: u64) -> anyhow::Result<()> {
    anyhow::ensure!(wrong == 0, "{wrong} answers were wrong that must be right");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_place_too_few_or_too_many_is_wrong_and_so_is_a_lost_answer() {
        let told = |accepted: u32, done: u32| {
            let answers = (0..done).map(|n| (Duration::from_millis(1), n < accepted));
            Figures::new(Duration::from_secs(1), answers).unwrap()
        };
        let [rush, wide, ..] = all(1, Size::Full);
        assert_eq!(rush.wrong(&told(500, 10_000), 10_000, 1), 0);
        assert_eq!(rush.wrong(&told(499, 10_000), 10_000, 1), 1);
        assert_eq!(rush.wrong(&told(503, 10_000), 10_000, 1), 3);
        assert_eq!(rush.wrong(&told(500, 9_998), 10_000, 1), 2);
        assert_eq!(wide.wrong(&told(10_000, 10_000), 10_000, 1), 0);
        assert_eq!(wide.wrong(&told(9_990, 10_000), 10_000, 1), 10);
        for steady in &all(1, Size::Once)[2..] {
            let asked = steady.clients * steady.each;
            assert_eq!(steady.wrong(&told(asked, asked), steady.clients, steady.each), 0, "{}", steady.name);
            assert_eq!(
                steady.wrong(&told(asked - 1, asked), steady.clients, steady.each),
                1,
                "{}",
                steady.name
            );
        }
    }
}
