# Titles of browser tabs
page-hall = Calls – { $place }
page-counter = Counter { $counter } – { $place }
page-ticket = Ticket { $number }
page-ticket-no-number = Your ticket
hall-notice-calls = Missed your call? Stay near. We call up to { $n } times, then the number leaves the queue.
hall-notice-once = We call once. Stay near and watch the screen.
hall-notice-phone = The queue is on your phone too: scan the code on your ticket.

# E-ticket
ticket-heading = Your ticket
ticket-expected-hour = Be at the office at { $time }. At that hour your number joins the queue by itself.
ticket-expected-check-in = Confirm your arrival at the ticket machine between { $from } and { $to }. Then you join the queue.
ticket-expected-today = This ticket is for today. When you join the queue, you will see your place here.
ticket-expected-day = This ticket is for { $date }. On that day you will see your place in the queue here.
ticket-over = This ticket was for { $date }. That day has passed.
ticket-cancelled-day = This visit is cancelled: { $date }. Do not come to it.
ticket-service = Matter
ticket-place = Place
ticket-booked = Booked hour
ticket-day = Day
ticket-keep-open = Keep this page open. When we call you, you will see the counter's number.

# Leaving the queue
leave-button = Leave the queue
leave-expected = You cannot come? Cancel the visit on its page. The address is in the message with your confirmation.
leave-title = Leave the queue?
leave-lead = You will lose your place and we will not call number { $number } any more. This cannot be undone.
leave-lead-no-number = You will lose your place and we will not call you any more. This cannot be undone.
leave-ahead = { $n ->
    [0] Your number is next.
    [one] Only { $n } person is ahead of you.
   *[other] { $n } people are ahead of you.
}
leave-confirm = Yes, leave the queue
leave-stay = Stay in the queue
