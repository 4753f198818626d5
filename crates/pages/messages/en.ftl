# The common texts of all pages. Keys must be the same in every language.

# Navigation and buttons
product = Okienko
skip-to-content = Skip to content
language-switch = Language of this page
language-name = English
back = Back
next = Continue
save = Save
cancel = Cancel
close = Close
search = Search
print = Print
change = Change
yes = Yes
no = No
home = Home
required-mark = required
optional-mark = optional
sending = Sending…
step-of = Step { $n } of { $of }
footer-about = Okienko – visits and queues at public offices
footer-accessibility = Accessibility statement
footer-privacy = Privacy
qr-label = QR code: { $what }
barcode-label = Barcode: { $what }
choose = Choose

# Demo
demo-banner = This is a demonstration. Office clock: { $now }
demo-advance-15 = + 15 minutes
demo-advance-60 = + 1 hour

# Calendar
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday
weekday-short-monday = Mon
weekday-short-tuesday = Tue
weekday-short-wednesday = Wed
weekday-short-thursday = Thu
weekday-short-friday = Fri
weekday-short-saturday = Sat
weekday-short-sunday = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-of-1 = January
month-of-2 = February
month-of-3 = March
month-of-4 = April
month-of-5 = May
month-of-6 = June
month-of-7 = July
month-of-8 = August
month-of-9 = September
month-of-10 = October
month-of-11 = November
month-of-12 = December
date-long = { $weekday }, { $day } { $month } { $year }
date-plain = { $day } { $month } { $year }
month-year = { $month } { $year }
date-at-time = { $date }, { $time }
month-previous = Previous month: { $month }
month-next = Next month: { $month }
day-free = { $date }: { $n ->
    [one] { $n } free hour
   *[other] { $n } free hours
}
day-full = { $date }: fully booked
day-closed = { $date }: closed
day-past = { $date }: in the past
day-not-released = { $date }: booking opens { $opens }
day-not-released-plain = { $date }: booking is not open yet
day-full-short = fully booked
day-free-short = { $n } free
day-opens-short = from { $opens }
hours-morning = Morning
hours-afternoon = Afternoon
hours-none = There are no free hours left on this day.
hour-free = { $time }, { $n ->
    [one] { $n } free place
   *[other] { $n } free places
}

# Numbers
people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
minutes-for = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
seconds-for = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
attempts-left = { $n ->
    [one] You have { $n } attempt left.
   *[other] You have { $n } attempts left.
}

# A held hour
hold-line = We keep this hour for you for another { $time }
hold-live = { $n ->
    [one] { $n } minute left to finish your booking.
   *[other] { $n } minutes left to finish your booking.
}
hold-over = Time is up. This hour is free for others again. Choose an hour once more.
hold-extend = I need more time

# Forms and errors
error-summary-title = Correct these places
error-prefix = Error:
field-missing = This field is required. Fill it in.
field-unknown = We do not know this field. Remove it.
field-wrong = This value is not valid. Check it and correct it.
body-unreadable = The data cannot be read. Send a valid JSON document.
body-not-json = We expect JSON. Add the header content-type: application/json.
key-unreadable = The header Idempotency-Key must have 1 to 128 printable characters.
code-label = Code
code-hint = Enter { $n } digits. You can paste the code.

# Refusals: title and explanation of each code
problem-invalid = Something needs correcting
problem-invalid-detail = Some of the data is not valid. Correct the places named and send it again.
problem-slot_full = This hour has just been taken
problem-slot_full-detail = Somebody took the last place a moment ago. Choose another hour.
problem-hold_expired = The time to finish has run out
problem-hold_expired-detail = The hour is free for others again. Choose it once more.
problem-code_wrong = The code does not match
problem-code_wrong-detail = Check the code and enter it again.
problem-code_wrong-used-up = All tries are used up. Send a new code and type it.
problem-code_expired = This code has expired
problem-code_expired-detail = Ask for a new code and enter it.
problem-too_early = It is still too early
problem-too_early-detail = Try again later, closer to your booked hour.
problem-too_early-from = You can do this from { $from }.
problem-too_late = It is too late
problem-too_late-detail = The time for this has passed. Go to the information desk, they will say what can be done.
problem-wrong_service = This booking is for another matter
problem-wrong_service-detail = Choose the matter that the booking is for.
problem-wrong_location = This booking is at another place
problem-wrong_location-detail = Check the address in your confirmation and go there.
problem-cancelled = This booking is cancelled
problem-cancelled-detail = A cancelled booking cannot be brought back. You can book a new visit.
problem-not_in_territory = Booking is possible only from Poland
problem-not_in_territory-detail = This office takes bookings only from Polish network addresses. If you use a VPN, switch it off and try again.
problem-account_required = Sign in first
problem-account_required-detail = This office takes bookings from people who are signed in. Sign in or open an account.
problem-limit_reached = You already have such a booking
problem-limit_reached-detail = You have the largest number of bookings allowed for this matter. Cancel one to make another.
problem-counter_busy = There is a visitor at this counter
problem-counter_busy-detail = Finish with the present visitor first.
problem-rate_limited = Too many attempts in a short time
problem-rate_limited-detail = Wait a moment and try again.
problem-rate_limited-wait = Try again in { $wait }.
problem-challenge_required = One more check is needed
problem-challenge_required-detail = Wait until your browser finishes the check and send it again.
problem-key_reused = This key was used before
problem-key_reused-detail = The same Idempotency-Key came with other content. Use a new key.
problem-unknown = There is no such page here
problem-unknown-detail = The address is wrong, or what it led to is no longer there. Check that it was entered in full.
problem-forbidden = No access
problem-forbidden-detail = You are not allowed to do this.
problem-unavailable = We cannot do this at the moment
problem-unavailable-detail = Nothing was changed. Try again in a moment.
problem-too_large = Too much data was sent
problem-too_large-detail = Shorten the content and send it again.
problem-too_slow = Your data did not arrive in time
problem-too_slow-detail = The connection was too slow or broke off. Nothing was changed: send it again.
problem-method = This address is used in another way
problem-method-detail = This HTTP method is not supported here.
problem-unsupported = Unsupported kind of data
problem-unsupported-detail = Send data of the kind described in the documentation.
problem-conflict = The state has changed meanwhile
problem-conflict-detail = This cannot be done now. Reload the page and see what has changed.
problem-internal = Something went wrong on our side
problem-internal-detail = We have recorded this error. Try again in a moment.

# Staff sign-in
sign-in-title = Staff sign-in
sign-in-token = Access key
sign-in-token-hint = Paste the key that the office administrator gave you.
sign-in-button = Sign in
sign-out-button = Sign out
sign-in-wrong = This key is not valid. Check that it was pasted in full.
sign-in-expired = This key has expired. Ask the administrator for a new one.
sign-in-revoked = This key was revoked. Ask the administrator for a new one.
sign-in-idle = The page was left alone for too long. Sign in again: you come back to the same page.
idle-signed-in = Signed in
idle-signed-in-what = Close this tab and go back to the one before.
idle-soon = The page will be covered soon, because nobody uses it.
idle-here = I am here
idle-locked = The page is covered
idle-locked-what = It was left alone for too long. Sign in in a new tab and come back here: everything stayed as it was.
idle-back = Back to the page
sign-in-demo = People of the demonstration
sign-in-demo-hint = In the demonstration you can come in as one of these people.
demo-role-clerk = Counter { $counter }
demo-role-kiosk = Ticket machine

# Hall
hall-title = Calls
hall-counter = counter
ticket-number-caption = number
hall-recall = call { $n }
hall-earlier = Earlier calls
hall-waiting = Waiting
hall-stale = Data from { $time } – reconnecting
hall-nobody = Nobody has been called yet
hall-between = Nobody is being called now
hall-call = Number { $ticket }, counter { $counter }

# Counter
counter-number = Counter
counter-free = Free
counter-closed = Closed
counter-back-at = Back at { $time }

# E-ticket
ticket-your-number = Your number
ticket-ahead = { $n ->
    [0] You are next
    [one] { $n } person ahead of you
   *[other] { $n } people ahead of you
}
ticket-wait = about { $low }–{ $high } minutes
ticket-called = Go to counter
ticket-serving = You are being served
ticket-absent = We called you, but nobody came. Stay nearby, we will call again.
ticket-done = The visit is over. Thank you.
ticket-missed = This number was removed from the queue because nobody came when called.
ticket-not_called = We are sorry, we did not call this number before the end of the day.
ticket-left = This number has left the queue.
ticket-cancelled = This visit is cancelled. Do not come at this hour.
ticket-expected = Confirm your arrival at the ticket machine when you are here.
ticket-age = Data from { $time } – reconnecting
ticket-sound = Switch on sound and vibration for the call

# Clerk's desk
desk-title = Counter { $n }
desk-now = Now
desk-nobody = Nobody at the counter
desk-waiting = Waiting
desk-nobody-waiting = Nobody is waiting
desk-absent = Did not come
desk-calls = calls: { $n }
desk-booked = booked for { $time }
desk-since = since { $time }
desk-waits = { $n } min
desk-state-closed = Closed
desk-state-free = Free
desk-state-called = Called
desk-state-serving = Serving
desk-state-paused = Paused
desk-act-open = Open the counter
desk-act-close = Close the counter
desk-act-pause = Pause
desk-act-call-next = Call the next person
desk-act-recall = Call again
desk-act-no-show = Did not come
desk-act-start = Start serving
desk-act-finish = Finish
desk-act-transfer = Transfer
desk-act-park = Set aside
desk-act-undo = Undo
desk-keys = Keys
key-space = space
desk-key-primary = The most important action now
desk-key-help = Show or hide the keys
desk-key-search = Find a number
desk-sending = sending…
desk-lost = No connection. Showing the state of { $time }. Reconnecting.
desk-retrying = No connection. This waits and will be sent when the network is back: { $act }
desk-busy = The one before is still running. Not taken: { $act }
desk-unsure = We do not know whether this arrived: { $act }. Check the state and press again.
desk-none = Nobody is waiting now.
desk-call-this = Call { $ticket }
desk-call-short = Call
desk-transfer-to = Transfer to
desk-transfer-service = Matter
desk-transfer-counter = Counter
desk-search = Ticket number

# Ticket machine
kiosk-title = Ticket machine
kiosk-have-booking = I have a booking
kiosk-have-booking-hint = Enter the code for the ticket machine
kiosk-take-ticket = Take a ticket
kiosk-take-ticket-hint = Choose a matter and take a number
kiosk-choose-service = What would you like to do?
kiosk-enter-code = Enter the code for the ticket machine
kiosk-code-length = The code has { $n } digits.
kiosk-code-short = The code for the ticket machine has { $n } digits. The six digits of the text message were for booking only: this code is on your confirmation.
kiosk-delete = Delete a digit
kiosk-clear = Clear
kiosk-confirm = Confirm
kiosk-finish = Finish
kiosk-sent-to-printer = We have sent the ticket to the printer.
kiosk-your-number = Your number
kiosk-scan = Scan to follow the queue on your phone
kiosk-still-there = Are you still there?
kiosk-still-there-hint = In a moment we will return to the first screen and clear your data.
kiosk-stay = Yes, a little longer
kiosk-away = The machine has no connection now
kiosk-away-hint = Go to the information desk or wait a moment. The machine keeps trying by itself.
kiosk-low = Lower buttons
kiosk-normal = Usual layout
kiosk-returning = Back to the start in { $n } s

# Confirmation
done-number = Booking number
