# The expected wait on the ticket, at the machine and in the hall
wait-soon = up to { $high } minutes
wait-nobody = No counter serves this matter now. We will tell you the time when one opens.
hall-range = new ticket: { $low }–{ $high } min
hall-range-soon = new ticket: up to { $high } min
