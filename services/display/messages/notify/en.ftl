# The e-ticket: a text message before the call
notify-title = Text message before your call
notify-lead = You may leave the hall. We write to you when your turn is near.
notify-phone-label = Mobile phone number
notify-minutes-label = How many minutes before
notify-minutes-hint = From 1 to 60 minutes. The time is estimated from how the hall is moving, so it can change.
notify-button = Send me a text message
notify-change = Change the message
notify-known = Write { $n } min before, to the number of the booking
notify-other = Another number or another time
notify-phone-empty = Leave it empty and we write to the number of the booking.
notify-promised = { $n ->
    [one] We will send a text message about { $n } minute before your call.
   *[other] We will send a text message about { $n } minutes before your call.
}
notify-told = The text message about your call is on its way. Come back to the hall.
notify-phone = Write a mobile phone number: 9 digits, for example 601 234 567.
notify-phone-no-sms = This number cannot receive text messages. Write a mobile phone number.
notify-phone-letters = There are letters in the number. Write digits only, for example 601 234 567 (zero is not the letter O).
notify-phone-extension = This is a number with an extension, and a text message does not pass a switchboard. Write a mobile number, for example 601 234 567.
notify-phone-country = We do not send text messages to this country. Write another number.
notify-minutes = Write a number from 1 to 60.
notify-too-late = This ticket does not wait any more: it was called, served, or has left the queue. Look at the screen in the hall.
notify-limit = The message of a ticket can be set three times. The last setting stays.
notify-none = This office does not send text messages before calls. Keep the page of your ticket open.
