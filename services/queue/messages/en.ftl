# Ticket machine, reception and the clerk's desk.

# Refusals
problem-unknown = We did not find it
problem-conflict = This cannot be done now
queue-again = Check again
queue-closed = The hall or the counter is closed now. Open the counter, or wait until the office opens.
queue-closed-today = The office is closed here today. Check the opening hours and come on another day.
queue-closed-today-title = Closed today
queue-closed-today-next = The office is closed here today. Tickets are given again: { $date }, from { $from }.
queue-tickets-early = Tickets are given from { $from }. Please come back to the machine then.
queue-tickets-ended = No more tickets are given today. Come on another day or book a visit.
queue-tickets-ended-title = No more tickets today
queue-tickets-ended-next = No more tickets are given today. The next ones: { $date }, from { $from }. You can also book a visit.
queue-no-visitor = The person that this is about is not at the counter. Check the state of the counter.
queue-nothing-to-undo = There is nothing to undo.
queue-undo-late = Only the last act can be undone, and only for a minute. This one is older: if it was a mistake, call the person again.
queue-not-waiting = This ticket does not wait any more. It was called or served, or has left the queue.
queue-visit-ahead = This person has not come yet. A visit is cancelled on its page.
queue-unknown-code = There is no reservation with this code here today. Check the code and the date on your confirmation and enter the code again.
queue-unknown-code-title = No such reservation today
queue-scan-office = This code is of another office. Check the address on your confirmation.
queue-scan-office-title = A code of another office
queue-scan-day = This visit is not today. Check the date on your confirmation.
queue-scan-day-title = This visit is not today
queue-unknown-ticket = There is no such ticket here today. Check the number.
queue-unknown-ticket-title = No such ticket today
queue-unknown-counter = This hall has no such counter. Ask the administrator for a key to the right counter.
queue-unknown-counter-title = No such counter
queue-unknown-service = There are no tickets for this matter here. Choose one from the list.
queue-unknown-service-title = No tickets for this matter here
queue-unknown-office = We do not know this office yet. Try again in a moment.
queue-code-empty = Enter the code for the ticket machine. It is on your confirmation.
queue-outcome-long = The outcome of a visit may have at most 64 characters. Shorten it.

# Ticket machine
kiosk-qr = address of the ticket on your phone
kiosk-services-count = { $n ->
    [one] { $n } matter
   *[other] { $n } matters
}

# Reception
reception-title = Reception
reception-code = Code from the confirmation
reception-service = Matter
reception-booked = Booked hour
reception-state = State
reception-admitted = Done. The person with number { $ticket } is in and waits to be called.
reception-state-expected = has not come yet
reception-state-in = let in, waits for the booked hour
reception-state-waiting = waits in the queue
reception-state-called = called to a counter
reception-state-serving = being served
reception-state-absent = did not come when called
reception-state-parked = set aside at a counter
reception-state-served = the visit is over
reception-state-missed = left the queue after the last call
reception-state-not_called = was not called before the end of the day
reception-state-left = left the queue or cancelled the visit
