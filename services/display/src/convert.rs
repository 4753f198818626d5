//! From queue's public events to display's own changes. A change of a newer queue that is unknown to this version keeps
//! its number, so that it leaves no gap. Knows no board.

use crate::domain::{Call, Change, CounterState, TicketState, TicketView};
use okienko_proto::queue::counter_changed::State as Counter;
use okienko_proto::queue::hall_event::Change as Public;
use okienko_proto::queue::ticket_changed::State as Ticket;

/// The change in an event.
pub fn change(event: Option<Public>) -> Change {
    event.and_then(known).unwrap_or(Change::Unknown)
}

fn known(event: Public) -> Option<Change> {
    Some(match event {
        Public::DayOpened(day) => Change::DayOpened(day.counters),
        Public::Ticket(ticket) => Change::Ticket(TicketView {
            state: match ticket_state(ticket.state())? {
                TicketState::Left if ticket.cancelled => TicketState::Cancelled,
                TicketState::Left if ticket.not_called => TicketState::NotCalled,
                state => state,
            },
            ticket: ticket.ticket,
            number: ticket.number,
            service: ticket.service,
            order: ticket.order,
            booked: ticket.booked,
            counter: ticket.counter,
            attempt: ticket.attempt,
        }),
        Public::Counter(counter) => {
            Change::Counter { state: counter_state(counter.state())?, counter: counter.counter }
        }
        Public::Call(call) => Change::Call(Call {
            ticket: call.ticket,
            number: call.number,
            counter: call.counter,
            attempt: call.attempt,
            recall: call.recall,
            service: call.service,
        }),
    })
}

fn ticket_state(state: Ticket) -> Option<TicketState> {
    Some(match state {
        Ticket::Unspecified => return None,
        Ticket::Expected => TicketState::Expected,
        Ticket::Waiting => TicketState::Waiting,
        Ticket::Called => TicketState::Called,
        Ticket::Serving => TicketState::Serving,
        Ticket::Absent => TicketState::Absent,
        Ticket::Served => TicketState::Served,
        Ticket::Missed => TicketState::Missed,
        Ticket::Left => TicketState::Left,
    })
}

fn counter_state(state: Counter) -> Option<CounterState> {
    Some(match state {
        Counter::Unspecified => return None,
        Counter::Closed => CounterState::Closed,
        Counter::Free => CounterState::Free,
        Counter::Called => CounterState::Called,
        Counter::Serving => CounterState::Serving,
        Counter::Paused => CounterState::Paused,
    })
}
