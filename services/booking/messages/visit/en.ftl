# The page of a confirmed visit: what to do with the code, what to keep in mind.
visit-do-placed = At your hour the system places you in the queue by itself. Wait in the hall for your number.
visit-do-check-in = There, type the code at the ticket machine, at { $to } at the latest. Without this we will not call you.
visit-fold-bring = What to bring and what it costs
visit-fold-more = How the visit goes
come-between = Come between { $from } and { $by }.
visit-at-machine = At the ticket machine
visit-machine-button = On its screen choose “{ $label }”.
visit-machine-service = In the menu choose the service “{ $service }”.
visit-verify = At the counter show the confirmation: the e-mail, the SMS with the code or a printout.
visit-rules = Keep in mind
calendar-about-code = Booking number: { $number }. Code for the ticket machine: { $code }.
visit-calendar-remove = Remove the visit from your calendar
