//! What a counter shows about a booked visitor whom the office wants compared with the reservation: whether that was
//! done, and the name, for this clerk only. Knows no page.

use super::answer::DeskAnswer;
use super::door::Here;
use crate::service::Queue;
use okienko_hall::CounterView;
use okienko_kernel::Moment;
use okienko_web::{Code, Problem};

impl Queue {
    /// The counter as its clerk sees it, with the visitor's card where the office's rule requires a comparison.
    pub(super) async fn desk_answer(&self, here: &Here, view: &CounterView, at: Moment) -> DeskAnswer {
        let mut answer = DeskAnswer::new(here, &self.service.world.keys, view, at);
        let asked = here.rules().is_some_and(|rules| rules.verify);
        let booked = view.current.as_ref().and_then(|it| Some((it.reservation?, it.verified)));
        let (true, Some((reservation, done)), Some(current)) = (asked, booked, answer.current.as_mut())
        else {
            return answer;
        };
        current.verify = Some(if done { "done" } else { "needed" });
        if let Some(card) = self.card(&here.hall, reservation, here.who()).await {
            current.name = Some(card.name).filter(|name| !name.is_empty());
            current.children = Some(card.children).filter(|children| !children.is_empty());
        }
        answer
    }
}

/// The result of a comparison, with its own wording for a wrong code.
pub(super) fn compared(told: Result<Option<DeskAnswer>, Problem>) -> Result<Option<DeskAnswer>, Problem> {
    told.map_err(|problem| match problem.code() {
        Code::Unknown => Problem::new(Code::Unknown).explained("verify-wrong-code"),
        _ => problem,
    })
}
