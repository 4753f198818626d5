# Who may book: territory, the browser's check, waiting.

# Refusals
outside-refused = This office takes online bookings from the territory of Poland only, and your connection does not seem to come from there. If you are in Poland and use a VPN, switch it off and try again. You can view and cancel an existing booking from anywhere.
challenge-void = This check was used before or is too old. Get a new one and send again.
challenge-wrong = The result of the check does not fit the task. Get a new task and send again.
wait-void = This pass does not count or was used before. Choose the time once more.

# The page for those outside the territory
outside-title = Booking works from the territory of Poland only
outside-lead = It looks as if you are connecting from outside Poland. This office takes online bookings from Polish networks only.
outside-vpn-title = Are you in Poland?
outside-vpn = A VPN, a company line or roaming can look like a foreign network. Switch the VPN off or use another network, for example the one at home, and load this page again.
outside-again = Check again
outside-abroad-title = Are you abroad?
outside-abroad = Call the office where you want to come, or ask somebody in Poland to book for you.
outside-kept-title = Do you have a booking already?
outside-kept = You can view and cancel it from anywhere. Open the link in your confirmation.

# The browser's check
challenge-working = We are checking your browser. This takes a moment; your time is booked right after it.

# Waiting instead of the check
wait-title = One moment
wait-ready-title = You can book now
wait-why = We protect appointments from automatic programs. Your browser cannot do this check by itself, so we ask you to wait a little. You need not do anything.
wait-left = { $n ->
    [one] The booking button will appear here in { $n } second.
   *[other] The booking button will appear here in { $n } seconds.
}
wait-reload = If the page does not change, load it again
wait-ready = Thank you for your patience. The time is not booked yet; press the button.
wait-hold = Book { $time }
