# The expected wait on the ticket, at the machine and in the hall
wait-soon = up to { $high } minutes
ticket-wait-hours = about { $low }–{ $high } hours
ticket-wait-long = over { $low } hours
nobody-ahead = Nobody is ahead of you
wait-nobody = No counter serves this matter now. We will tell you the time when one opens.
hall-range = new ticket: { $low }–{ $high } min
hall-range-soon = new ticket: up to { $high } min
hall-range-short = { $low }–{ $high } min
hall-range-short-soon = up to { $high } min
hall-range-hours = new ticket: { $low }–{ $high } hours
hall-range-long = new ticket: over { $low } hours
hall-range-short-hours = { $low }–{ $high } hours
hall-range-short-long = over { $low } hours
hall-ranges = Beside: the wait of a new ticket
hall-more = Waiting for other matters: { $n }
