//! A hall's day as the actors run it: the domain's machine, with the moment of the decision added to each reply, so
//! that a retry gets the original moment too. Contains no rule.

use okienko_hall::{HallCommand, HallDay, HallEvent, HallRefusal, HallReply};
use okienko_kernel::{Machine, Moment};
use serde::{Deserialize, Serialize};

/// The domain's day, run by an actor.
pub struct Hall(pub HallDay);

/// A reply and the moment at which it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedReply {
    /// Domain time of the decision.
    pub at: Moment,
    /// The domain's reply.
    pub reply: HallReply,
}

impl Machine for Hall {
    type Command = HallCommand;
    type Event = HallEvent;
    type Refusal = HallRefusal;
    type Reply = TimedReply;

    fn new(stream: &str) -> Hall {
        Hall(HallDay::new(stream))
    }
    fn decide(&self, command: &HallCommand, now: Moment) -> Result<Vec<HallEvent>, HallRefusal> {
        self.0.decide(command, now)
    }
    fn apply(&mut self, event: &HallEvent) {
        self.0.apply(event);
    }
    fn reply(&self, command: &HallCommand, events: &[HallEvent], now: Moment) -> TimedReply {
        TimedReply { at: now, reply: self.0.reply(command, events, now) }
    }
    fn wake(&self) -> Option<Moment> {
        self.0.wake()
    }
    fn on_wake(&self, now: Moment) -> Vec<HallEvent> {
        self.0.on_wake(now)
    }
}
