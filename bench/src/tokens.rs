//! Tokens for loops that ask faster than any machine or person: the program limits the acts of each token and of each
//! network, so a loop carries on with another token from another address. Knows no route.

use crate::crowd::Bound;
use crate::program::Program;
use crate::wire::Question;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Acts per token: fewer than the program allows one token in a burst.
const ACTS: usize = 400;
/// Tokens are made for this many acts per second of all loops together. A loop that uses them up starts again with the
/// first, and is then refused as too fast.
const ACTS_A_SECOND: usize = 20_000;

/// Tokens of one kind, created before anything is measured.
#[derive(Clone)]
pub struct Tokens {
    made: Arc<Vec<String>>,
    next: Arc<AtomicU32>,
}

/// The token that a loop is using.
pub struct Turn {
    tokens: Tokens,
    at: u32,
    acts: usize,
}

impl Tokens {
    /// Creates tokens for `loops` loops that end at `bound`.
    pub async fn prepare(
        program: &Program,
        (role, counter): (&str, Option<u32>),
        loops: u32,
        bound: Bound,
    ) -> anyhow::Result<Tokens> {
        let seconds = usize::try_from(bound.time.as_secs())?.max(1);
        let asked = bound.count.saturating_mul(loops as usize).min(ACTS_A_SECOND.saturating_mul(seconds));
        let mut made = Vec::new();
        for _ in 0..loops as usize + asked.div_ceil(ACTS) {
            made.push(program.token(role, counter).await?);
        }
        Ok(Tokens { made: Arc::new(made), next: Arc::default() })
    }

    /// A token for one more loop.
    pub fn turn(&self) -> Turn {
        Turn { at: self.next.fetch_add(1, Ordering::Relaxed), tokens: self.clone(), acts: 0 }
    }
}

impl Turn {
    /// The question with the current token and its address.
    pub fn asks(&mut self, question: &Question) -> Question {
        if self.acts == ACTS {
            *self = self.tokens.turn();
        }
        self.acts += 1;
        let token = &self.tokens.made[self.at as usize % self.tokens.made.len()];
        // The machines of one city are not all behind one address.
        question.clone().with(token).from(self.at + 1)
    }
}
