# Windows, reception, comparing people with their reservations at the counter.

# Kiosk
kiosk-late = The time for taking your ticket is over. If the matter is still open, book a new visit.
kiosk-late-reception = The time for taking your ticket here is over. Go to reception now, they may still let you in.
kiosk-early-hint = You can take your ticket here from that time on. Enter the code again then.
kiosk-booked-service = What is your reservation for?
kiosk-right-service = This code is for: { $service }
kiosk-right-service-take = Yes, this is my matter. Take a ticket
kiosk-rest-booked = For all other matters you need to book a visit.
kiosk-scan-day = This visit is on another day: { $date }. Come then; there is no ticket for it today.
kiosk-scan-foreign = We do not know this code. Scan the one on your confirmation or ticket, or enter the digits.
kiosk-no-counter = No counter serves this matter now. We will call you when one opens.
kiosk-from-hour = We know that you are here. We will call you from { $time }.
kiosk-at-counter = This visit is under way. Counter

# Reception
reception-name = Name
reception-no-name = The name cannot be shown now. Ask for the confirmation and a document.
reception-number = Reservation number
reception-children = Children
reception-let-in = Admit
reception-from = Can be admitted from { $time }.
reception-refuse-title = Refusal
reception-refuse = Refuse
reception-why = Why
reception-reason-other_person = another person came
reception-reason-wrong_documents = needed documents are missing
reception-reason-wrong_matter = another matter than reserved
reception-reason-other = another reason
reception-reason-unknown = Choose a reason from the list.
reception-refused = Saved. The reservation is over, its time does not become free again.
reception-next = Next person
reception-state-struck_off = struck off, nobody checked in on time
reception-state-refused = refused at reception

# Counter
verify-title = Check that this is the person
verify-needed = To be checked
verify-done = Checked
verify-code = Code from the confirmation
verify-this = This is the person
verify-other = Another person came
verify-no-name = The name cannot be shown now. Compare code and document.
verify-children = Children: { $names }
verify-first = First check that it is this person: enter the code from their confirmation. Then begin.
verify-wrong-code = This is not the code of the person at the counter. Look at the confirmation and enter the code again.
queue-cancelled = The hour of the visit has passed, or the booking was called off. Book a new visit.
reception-ticket = Ticket number
reception-ticket-phone = Show the ticket for the phone
