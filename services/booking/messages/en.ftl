# Texts of the booking pages. The common ones (buttons, calendar, refusals) are in crates/pages.

# First pages
offices-title = Choose an office
staff-link = For staff
office-title = Book a visit
office-lead = { $n ->
    [one] Choose what you need, a place and an hour. Free hours are shown { $n } day ahead.
   *[other] Choose what you need, a place and an hour. Free hours are shown { $n } days ahead.
}
office-book = Book a visit
office-without-booking = You can also come without booking and take a ticket from the machine.
office-places = Where we are
place-hours = { $days } { $hours }
map-link = Show on the map

how-title = How a visit goes
how-queue-title = At the office
how-kiosk = Take a ticket from the ticket machine. It shows your number and how many people are waiting.
how-hall = Go to the service hall. The screens show the numbers being called.
how-call = Wait until you are called. Your number appears on the screen in the hall and above the counter, and you hear an announcement.
how-call-some = Wait until you are called. Your number appears on the screen in the hall and above the counter. In some halls you also hear an announcement.
how-call-silent = Wait until you are called. Your number appears on the screen in the hall and above the counter.
how-booked-title = When you have booked a visit
how-booked = At your hour the system places you in the queue by itself.
how-booked-check-in = Come before your hour and type the code from your confirmation at the ticket machine. Without this we will not call you.
how-absent-title = When you do not come to the counter
how-absent = { $n ->
    [one] We call you once. If nobody comes, the number leaves the queue.
   *[other] We serve the next person and call you again, { $n } times at most. Then the number leaves the queue.
}
how-ticket-title = The ticket on your phone
how-ticket = Scan the QR code of your ticket. Your phone shows how many people are ahead of you and, when you are called, the number of the counter.

# Step: service
book-service-title = What do you need to do?
search-label = Search
search-found = { $n ->
    [one] { $n } match for “{ $typed }”
   *[other] { $n } matches for “{ $typed }”
}
search-none = We know nothing called “{ $typed }”. Try another word or choose from the list below.
search-all = Show everything
service-about = What to bring, cost, place
service-minutes = { $n ->
    [one] about { $n } minute
   *[other] about { $n } minutes
}
service-cost = Cost:
service-bring = Bring:
service-where = Where:

# Step: place
book-location-title = Where do you want to come?
place-first-free = Next free day: { $date }
place-none-free = There are no free hours here now.

# Step: date and hour
book-date-title = When do you want to come?
book-hour-title = At what time?
dates-none = There are no free hours now. Look again tomorrow: the next day opens every midnight.
dates-legend = Days on which a visit can be booked are dark. The number below a day is the number of free hours. Days on white are not available. A dash below a day: the office is closed.
dates-full = Days crossed out: no places left. The limit of places for the day is used up.
dates-released = You can book { $n } days ahead. The last day is now { $last }. The next one opens every midnight.
nearest-link = In a hurry? See the next free hours.
nearest-title = Next free hours
hours-hint-account = You choose the hour after signing in. Then we hold it for you for 10 minutes.
hours-hint = When you choose an hour we keep it for you for 10 minutes.
choose-other-day = Choose another day
day-is-past = This day is over. Choose another day.
day-is-over = There are no hours left today. Choose another day.
day-is-closed = We are closed on this day. Choose another day.
day-is-full = The limit of places for this day is used up. Choose another day.
day-is-not-released = Booking for this day opens on { $opens }. Choose an earlier day or come back then.
opens-at = { $date } at { $time }
hour-is-over = That hour is over or too near. Choose a later one.
date-past = This day is over. Choose another day.
date-not-released = Booking for this day has not opened yet. Choose an earlier day.
count-of-days = Give a number of days from 1 to 62.

# A held hour
hold-release = Give this hour back and choose another
hold-released = The hour is free again. You can choose another one.
over-title = The time to finish is over
over-expired = This hour is no longer kept for you. Choose it again if it is still free, or choose another one.
over-released-title = This hour was given back
over-released = This hour is free again. Choose it once more or choose another one.
over-choose = Choose an hour
over-anew = Start again
elsewhere-title = This booking cannot be finished here
elsewhere = The hour was chosen in another browser or on another device. Finish the booking there or start again.

# Step: form
form-title = Who is coming?
form-empty-title = Check the hour you chose
form-first = Fill in the form with your data first.
fault-of-field = “{ $field }”: { $fault }
missing-choice-question = Choose an answer to the question “{ $field }”.
missing-choice-field = Choose an answer in the field “{ $field }”.
missing-bool-here = Choose “yes” or “no”.
missing-bool-question = Tick an answer to the question “{ $field }”.
missing-bool-field = Tick the box “{ $field }”.
missing-date-question = Enter a date as the answer to “{ $field }”.
missing-date-field = Enter a date in the field “{ $field }”.
missing-number-question = Enter a number as the answer to “{ $field }”.
missing-number-field = Enter a number in the field “{ $field }”.
missing-text-question = Enter an answer to the question “{ $field }”.
missing-text-field = Fill in the field “{ $field }”.
missing-consent = Read and tick: “{ $field }”. Without this we cannot accept the form.
field-example = For example: { $example }
consent-read = Read the full text (opens in a new window)
field-required = Fill in this field.
field-too-long = This is too long. Write at most 200 characters.
field-text = Write plain text without special characters.
field-email = Write an e-mail address, for example anna.nowak@example.pl.
field-date = Write a date, for example 2026-12-01.
field-choice = Choose one of the answers.
field-number = Write a whole number in digits.
field-bool = Choose yes or no.
field-pesel = Check the PESEL number. It has 11 digits.
field-document = Write the series and number of the document, for example ABC 123456.
field-date-future = This date is in the future. Write a day that has been, or today.
field-birth-future = This date of birth is in the future. Check the year.
field-birth-early = This date of birth is before 1900. Check the year.
field-pesel-date = This PESEL has a date of birth before 1900 or in the future. Check all 11 digits.
field-pesel-birth = PESEL and date of birth do not say the same day. Check both answers.
field-age-adult = On the day of the visit this person will not be 18 yet. Write the data of the adult in whose name the booking is, or correct the year of birth.
field-age = On the day of the visit this person will be too young for this matter. Check the year of birth.
field-differs = These two answers must be the same. Check both.
field-document-letters = There are letters in the number that are not of the Latin alphabet. Copy series and number as in the document, for example ABC 123456.
field-case = Write the case number as it stands in the letter from the office.
field-pattern = Check this answer. Write it as in the example.
field-time = Write an hour, for example 09:20.
consent-required = Read the text and tick this box. Without it we cannot take the form.
consent-version = The text of this consent has changed. Read it and tick the box again.
consent-unknown = We know no such consent. Reload the page and fill in the form again.

# Step: proof
phone-title = Which number should we send the code to?
phone-label = Mobile phone number
phone-hint = For example 601 234 567. Start a foreign number with the plus sign and the country code.
phone-why = We send you a code to confirm the visit. Then you get a message with the hour and your ticket number.
email-title = Which address should we send the code to?
email-label = E-mail address
email-hint = For example anna.nowak@example.pl
by-email = No mobile phone? We can send the code by e-mail.
by-phone = I prefer a text message
code-send = Send the code
field-phone = Write a mobile phone number: 9 digits, for example 601 234 567.
phone-letters = There are letters in the number. Write digits only, for example 601 234 567 (zero is not the letter O).
phone-extension = This is a number with an extension, and a text message does not pass a switchboard. Write a mobile number, for example 601 234 567.
phone-cannot-sms = This number cannot receive text messages. Write a mobile number, for example 601 234 567.
phone-country = We do not send text messages to this country. Write a Polish mobile number, for example 601 234 567.
phone-or-email = Give a phone number or an e-mail address, one of them.
proof-not-accepted = This cannot be confirmed by e-mail. Give a mobile phone number.
code-title = Type the code from the text message
code-title-email = Type the code from the e-mail
code-sent-phone = We sent a text message to { $to }.
code-sent-email = We sent an e-mail to { $to }.
code-sent-again = We sent the code again.
code-until = The code is valid until { $time }.
code-confirm = Confirm the visit
code-digits = The code has { $n } digits. Type all of them.
code-first = Ask for a code first.
code-missing = No code?
code-missing-phone = A text message may take a minute or two. Check the number and whether the phone has a signal.
code-missing-email = An e-mail may take a few minutes. Check the address and the spam folder.
code-delayed-phone = The operator has not accepted the text message with your code yet. We keep trying, and the hour waits for you until the time given below. You may also go back and choose another way, if the office offers one.
code-delayed-email = The e-mail with your code has not been accepted for sending yet. We keep trying, and the hour waits for you until the time given below. You may also go back and choose another way, if the office offers one.
code-failed = The code could not be sent. Check the number or address, then send the code again or choose another way.
code-delivered = The operator confirms: the text message with your code has reached the number you gave.
code-undelivered = The text message with your code did not reach that number. Check that the number is right and the phone is on, then send the code again.
code-wait = You can send a new code in { $wait }.
code-wait-until = The button works at { $time } at the latest.
code-wait-over = You can send a new code now.
code-wait-look = See whether it is possible now
code-again = Send the code again
code-used-up-title = This code no longer works
code-new = Send a new code
code-change-phone = Change the number
code-change-email = Change the address
codes-used-up = We cannot send more codes for this booking. Type the last code, give another number, or book later.
already-confirmed = This visit is already confirmed.
form-changed = Other data was saved, or another code sent, at the same moment. Check your data and try again.
already-checked-in = You are already in the queue at the office. Tell the clerk at the counter about this visit.

# The visit
visit-title-confirmed = Visit confirmed
visit-title-checked_in = You are in the queue
visit-title-served = The visit took place
visit-title-missed = The visit did not take place
visit-title-not_called = We did not call you
visit-title-cancelled = Visit cancelled
visit-title-removed = The office cancelled this visit
visit-over-served = You were served at the counter.
visit-over-missed = Nobody checked in on time, or nobody came when the number was called, so the booking is cancelled. If the matter is still open, book a new visit.
visit-over-not_called = We are sorry. Nobody called you to a counter before the end of the day. It is not your fault and does not count as an absence. Please book a new visit; if it is urgent, call the office.
visit-over-cancelled = The hour is free again. There is nothing more to do.
visit-over-removed = Do not come at this hour. If you still need this, book a new visit.
visit-checked-in = Wait until you are called. Watch the screens in the hall.
visit-message = We also sent you this in a message.
visit-qr = the ticket on your phone
visit-qr-hint = Ticket on the phone
visit-ticket = Ticket number
visit-code = Code for the ticket machine
visit-service = Matter
visit-where = Where
visit-bring = Bring
visit-cost = Cost
visit-on-the-day = On the day
visit-day-placed = At your hour the system places you in the queue by itself. You do not need the code: from { $from } to { $to } you can type it at the ticket machine to get a paper ticket.
visit-day-check-in = From { $from } to { $to } type the code at the ticket machine in the office. Without this we will not call you.
visit-late = If you are late
visit-calendar = Add to calendar
visit-follow = Ticket on the phone
visit-cancel = Cancel the visit
visit-keep = Save the address of this page. Whoever knows it can see and cancel the visit.
visit-anew = Book a new visit
calendar-about = Booking number: { $number }. Ticket number: { $ticket }. Code for the ticket machine: { $code }.

# Cancelling
cancel-title = Cancel the visit?
cancel-what = The hour becomes free again and you get a message. A cancelled visit cannot be restored; you can book a new one.
cancel-until = You can cancel until: { $until }.
cancel-late = This visit could be cancelled until: { $until }.
cancel-yes = Yes, cancel the visit
cancel-no = Back to the visit
