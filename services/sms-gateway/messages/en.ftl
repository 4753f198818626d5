# The English twin of pl.ftl: the same keys, the same values. See there.

weekday-short = { $weekday ->
        [monday] Mon
        [tuesday] Tue
        [wednesday] Wed
        [thursday] Thu
        [friday] Fri
        [saturday] Sat
       *[sunday] Sun
    }
weekday-long = { $weekday ->
        [monday] Monday
        [tuesday] Tuesday
        [wednesday] Wednesday
        [thursday] Thursday
        [friday] Friday
        [saturday] Saturday
       *[sunday] Sunday
    }

sms-code =
    { $sender }: the code for your visit is { $code }. Valid for { $minutes } min. Do not give it to anybody.

    @{ $host } #{ $code }

mail-code =
    The code for your visit: { $code }

    It is valid for { $minutes } min. Type it on the page { $host } where you are booking. Do not give it to anybody.

    If it is not you who is booking a visit, ignore this message.

    { $sender }
    .subject = The code for your visit: { $code }

sms-confirmed =
    { $sender }: visit { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , ticket { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Kiosk code { $code }.
       *[no] {""}
    }{ $early-given ->
        [yes] {" "}Come { $early } min early.
       *[no] {""}
    } To cancel: { $url }

mail-confirmed =
    Your visit is booked.

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Ticket number: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Kiosk code: { $code }
       *[no] {""}
    }{ $early-given ->
        [yes] {"\u000A"}Come { $early } min early.
       *[no] {""}
    }

    Details and cancelling:
    { $url }

    { $sender }
    .subject = Visit on { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

sms-cancelled =
    { $sender }: the visit { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }, is cancelled. Book again: { $url }

mail-cancelled =
    Your visit is cancelled.

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }

    You can book again here:
    { $url }

    { $sender }
    .subject = Cancelled: visit on { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

sms-soon =
    { $sender }: ticket { $ticket }, your call is about { $minutes } min away. Come to the hall: { $location }. { $url }

mail-activation =
    To activate your account, open this address:
    { $url }

    If it is not you who is opening an account, ignore this message: without activation there will be none.

    { $sender }
    .subject = Activate your account: { $sender }

mail-already-registered =
    Somebody asked for an account with this address. You have one here already: sign in or set a new password.
    { $url }

    If it was not you, there is nothing to do.

    { $sender }
    .subject = You have an account already: { $sender }

mail-password-reset =
    To set a new password, open this address within an hour:
    { $url }

    If it is not you who asks for a new password, ignore this message: the password does not change.

    { $sender }
    .subject = New password: { $sender }

mail-reset-unknown =
    Somebody asked for a new password, but this address has no active account here. You can open one here:
    { $url }

    If it was not you, there is nothing to do.

    { $sender }
    .subject = No account with this address: { $sender }

mail-address-change =
    To sign in with this mail address, open this link within 24 hours:
    { $url }

    If it is not you who is changing the address, ignore this message.

    { $sender }
    .subject = Confirm the new address: { $sender }

mail-address-changed =
    The mail address of your account was changed. We will not write to this one about the account any more.

    If it was not you, get in touch with the office.
    { $url }

    { $sender }
    .subject = The address of your account was changed: { $sender }
