//! Tokens for loops that ask faster than any machine or person does: the program gives each token and each network only so
//! many acts at once, so a loop goes on as another one elsewhere. Knows no route.

use crate::crowd::Bound;
use crate::program::Program;
use crate::wire::Question;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Acts of one token: fewer than the program lets it have at once.
const ACTS: usize = 400;
/// Acts a second of all loops together that tokens are made for. A loop that comes to the end of them begins anew, and is
/// then told that it is too fast.
const ACTS_A_SECOND: usize = 20_000;

/// Tokens of one kind, made before anything is measured.
#[derive(Clone)]
pub struct Tokens {
    made: Arc<Vec<String>>,
    next: Arc<AtomicU32>,
}

/// What one loop asks with now.
pub struct Turn {
    tokens: Tokens,
    at: u32,
    acts: usize,
}

impl Tokens {
    /// For so many loops that end at `bound`.
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

    /// For one more loop.
    pub fn turn(&self) -> Turn {
        Turn { at: self.next.fetch_add(1, Ordering::Relaxed), tokens: self.clone(), acts: 0 }
    }
}

impl Turn {
    /// The question as whoever's turn it is asks it.
    pub fn asks(&mut self, question: &Question) -> Question {
        if self.acts == ACTS {
            *self = self.tokens.turn();
        }
        self.acts += 1;
        let token = &self.tokens.made[self.at as usize % self.tokens.made.len()];
        // Machines of one city are not all behind one address.
        question.clone().with(token).from(self.at + 1)
    }
}
