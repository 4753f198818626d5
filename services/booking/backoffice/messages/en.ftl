# Pages of the office's staff: reservations, removals, questions, suspicious ones. The page with questions for a holder.

admin-title = Reservations
admin-nav = Pages of the office
admin-nav-today = Reservations
admin-nav-suspicious = Suspicious
admin-nav-messages = Messages
admin-nav-staff = Staff
admin-nav-ops = Installation
admin-nav-access = Access log
admin-nav-citizens = Page for citizens
admin-sign-out = Sign out
admin-day-before = Day before
admin-day-after = Day after
admin-day-today = Today
admin-numbers = The day in numbers
admin-closed-day = The office is closed on this day.
admin-closed = closed
admin-shared = shared
admin-location = Place
admin-service = Matter
admin-free = Free
admin-booked = Booked
admin-there = Came
admin-missed = Missed
admin-not-called = Not called
admin-ended = Cancelled
admin-wrong-title = What needs attention
admin-wrong-none = Nothing waits for your decision.
admin-wrong-suspicious = { $n ->
    [one] { $n } booking looks suspicious. Look at it.
   *[other] { $n } bookings look suspicious. Look at them.
}
admin-wrong-answers = { $n ->
    [one] { $n } answer waits to be read. Open the reservation with that remark.
   *[other] { $n } answers wait to be read. Open the reservations with that remark.
}
admin-list = Reservations of the day
admin-list-none = There are no such reservations on this day.
admin-list-count = { $n ->
    [one] { $n } reservation
   *[other] { $n } reservations
}
admin-filter-date = Day
admin-filter-all = All
admin-filter-show = Show
admin-search = Number, code or name
admin-search-button = Find reservations
admin-csv = Download as a CSV file
admin-next = More reservations
admin-hour = Hour
admin-number = Number
admin-name = Who
admin-state = State
admin-proof = Proof
admin-remarks = Remarks
admin-ticket = Ticket
admin-state-confirmed = booked
admin-state-checked_in = in the queue
admin-state-served = served
admin-state-missed = did not come
admin-state-not_called = we did not call
admin-state-cancelled = cancelled
admin-state-removed = removed
admin-proof-sms = SMS
admin-proof-email = e-mail
admin-proof-account = account
admin-questions-asked = questions sent
admin-questions-answered = answers to read
admin-questions-read = answers read
admin-questions-settled = questions settled
admin-to-list = Back to the day

reservation-title = Reservation { $number }
reservation-when = When
reservation-phone = Phone
reservation-email = E-mail
reservation-form = Form
reservation-typed = (typed: { $typed })
reservation-form-gone = There is no data. The matter has no form, or the visit was more than 30 days ago.
reservation-removed-by = Removed by { $who }, { $when }.
reservation-removed-note = Note of the office: { $note }
reservation-remove = Remove the reservation…

removal-title = You are removing reservation { $number }
removal-whom = Whom it concerns
removal-reason-label = Reason
removal-reason-hint = The holder of the visit will read this reason in a message.
removal-false_data = The data in the form is not true.
removal-empty_form = The form was not filled in.
removal-bot = The reservation was made by a program, not by a person.
removal-traded = The reservation was passed on to somebody else.
removal-other = The reservation is against the rules.
removal-note-label = Note
removal-note-hint = For the office only. At most 500 characters.
removal-next = See what will happen
removal-will = What will happen
removal-will-free = The hour will be free again. The code of this reservation will stop working at the ticket machine.
removal-will-mail = We will send a mail to { $to }: the reservation is removed, the reason: “{ $reason }”, the address of the page with new hours.
removal-will-sms = We will send an SMS to { $to }: the reservation is removed, the reason: “{ $reason }”, the address of the page with new hours.
removal-will-nothing = We know neither address nor phone of this person. Nobody will get a message.
removal-no-undo = A removed reservation cannot be brought back.
removal-yes = Remove the reservation
removal-no = Leave the reservation
removal-reason = Choose one of the reasons.
removal-note-long = The note is too long. Write at most 500 characters.
removal-checked-in = This person is in the queue already, or the visit is over. Such a reservation cannot be removed.
removal-cancelled = This reservation was cancelled by its holder. There is nothing to remove.

inquiry-title = Questions before the visit
inquiry-lead = We will send a mail with the address of a page where this person answers the ticked questions.
inquiry-name = Surname and first name
inquiry-birth_date = Date of birth
inquiry-passport = Series and number of the passport
inquiry-case = Case sign
inquiry-filed_on = Date of the application
inquiry-own = Another question
inquiry-own-label = Another question, in your own words
inquiry-own-hint = At most 300 characters. Empty: no such question.
inquiry-send = Send the questions
inquiry-cannot = Questions cannot be asked now.
inquiry-not-past = The hour of this visit has passed.
inquiry-not-checked_in = This person is in the queue already: ask at the counter.
inquiry-not-served = The visit has taken place.
inquiry-not-missed = The visit did not take place.
inquiry-not-cancelled = This person has cancelled the visit.
inquiry-not-removed = The office has cancelled this visit.
inquiry-not-refused = This person was turned away on the day of the visit.
inquiry-not-asked = The last questions wait for this person’s answer.
inquiry-not-answered = There are answers to the last questions. Read them first.
inquiry-asked = Questions sent { $when }. There is no answer yet.
inquiry-answered = There are answers. Once you read them, they can no longer be corrected.
inquiry-read = The answers are read.
inquiry-settled = The questions are settled.
inquiry-read-button = Read the answers
inquiry-settle-button = Mark as settled
inquiry-question = Question
inquiry-answer = Answer
inquiry-form = Form of the reservation
inquiry-differs = Differs from the form
inquiry-over = This visit is over or has ended. The questions are no longer needed.
inquiry-no-mail = We know no mail address of this person. Call, or ask on the day of the visit.
inquiry-no-question = Tick at least one question.
inquiry-own-long = Your own question is too long. Write at most 300 characters.
inquiry-own-empty = Write your own question, and name it among the questions.
inquiry-open = The last questions wait for an answer, or to be read. Finish them first.
inquiry-often = We have asked about this reservation 5 times. Ask on the day of the visit.
inquiry-was-read = The office has read the answers. They cannot be changed. Call the office if something is wrong.
inquiry-unanswered = There is no answer yet.

answer-title = Questions before the visit
answer-why = The office asks for this data in order to compare it with the form and to prepare your visit. It takes a minute.
answer-only = We will ask for nothing else by mail: no passwords, no money, no scans of documents.
answer-send = Send the answers
answer-saved = The answers are saved. Thank you.
answer-again = You can write them again until somebody of the office has read them. To be safe, we do not show here what was written.
answer-closed = The office has read the answers or needs them no more. You need not do anything else.
answer-over = This visit is over or has ended. You need not answer.

suspicious-title = Suspicious bookings
suspicious-lead = Reservations and held hours from today on that look as if made by a program or for sale. The system removes nothing by itself: decide after you have looked.
suspicious-none = Nothing looks suspicious now.
suspicious-score = Points
suspicious-why = Why
suspicious-what = What
suspicious-confirmed = reservation
suspicious-held = held hour
suspicious-abandoned = abandoned hour
suspicious-remove = Remove…
suspicious-network_burst = { $count ->
    [one] { $count } reservation
   *[other] { $count } reservations
} from one network in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}
suspicious-network_abandons = { $count ->
    [one] { $count } abandoned hour
   *[other] { $count } abandoned hours
} from one network in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}
suspicious-phone_names = { $count ->
    [one] { $count } name
   *[other] { $count } names
} with one phone
suspicious-account_names = { $count ->
    [one] { $count } name
   *[other] { $count } names
} on one account
suspicious-document_phones = { $count ->
    [one] { $count } phone
   *[other] { $count } phones
} with one document
suspicious-mail_aliases = { $count ->
    [one] { $count } address
   *[other] { $count } addresses
} of one mailbox
suspicious-same_form = { $count ->
    [one] { $count } form
   *[other] { $count } forms
} with the same answers
suspicious-fast_form = { $seconds ->
    [0] form filled in within a second
    [one] form filled in within { $seconds } second
   *[other] form filled in within { $seconds } seconds
}
suspicious-at_release = in the first second after the day was opened for booking

list-limit = Give a number of rows from 1 to 200.
range-backwards = The last day is before the first one. Give a day that is not before it.
range-long = Give at most 62 days at a time.
list-after = Give the id of the last reservation of the page before.

messages-title = Messages
messages-today = { $used ->
    [one] { $used } SMS part was sent today, of { $budget } that may be sent in a day.
   *[other] { $used } SMS parts were sent today, of { $budget } that may be sent in a day.
}
messages-cost = The last 14 days cost { $cost }.
messages-money = PLN { $zloty }.{ $grosze }
messages-plot = Messages of the last 14 days. The same numbers are in the table below.
messages-by-day = Day by day
messages-by-occasion = What for
messages-by-provider = Who carried them
messages-day = Day
messages-occasion = Occasion
messages-provider = Provider
messages-provider-unsaid = not known, the report came before the answer
messages-delivered = Delivered
messages-sent = Sent, no report
messages-waiting = Waiting
messages-sent-or-waiting = Sent without a report, or waiting
messages-lost = Not delivered
messages-parts = SMS parts
messages-price = Cost
messages-sms = SMS
messages-mail = e-mail
messages-occasion-code = Code
messages-occasion-confirmed = Booking confirmed
messages-occasion-reminder = Reminder
messages-occasion-soon = Turn is near
messages-occasion-cancelled = Cancelled by the person
messages-occasion-removed = Removed by the office
messages-occasion-missed = Did not come
messages-occasion-not-called = Apology: not called
messages-occasion-question = Questions of the office
messages-occasion-activation = New account
messages-occasion-already-registered = Account exists already
messages-occasion-password-reset = New password
messages-occasion-reset-unknown = New password, no account
messages-occasion-address-change = Change of address
messages-occasion-address-changed = Address changed
messages-csv = Download as CSV
messages-channel = Channel
messages-explained = The provider reports a delivery, mostly within a minute. There are no reports of e-mails. A long SMS has several parts, and each is paid for. Not delivered are also those that no provider took.
