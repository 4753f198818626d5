# The page of a confirmed visit: what to do with the code, what to keep in mind.
visit-at-machine = At the ticket machine
visit-machine-button = On its screen choose “{ $label }”.
visit-machine-service = In the menu choose the service “{ $service }”.
visit-verify = At the counter show the confirmation: the e-mail, the SMS with the code or a printout.
visit-rules = Keep in mind
calendar-about-code = Booking number: { $number }. Code for the ticket machine: { $code }.
visit-calendar-remove = Remove the visit from your calendar
