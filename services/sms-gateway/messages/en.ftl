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
    .short =
        Code { $code }

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
        [yes] {" "}Ticket machine code { $code }.
       *[no] {""}
    }{ $come-given ->
        [yes] {" "}{ $come }
       *[no] {""}
    } To cancel: { $url }

visit-details =
    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Ticket number: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Code for the ticket machine: { $code }
       *[no] {""}
    }{ $from-given ->
        [yes] {"\u000A"}Type the code at the ticket machine from { $from } to { $until }.
       *[no] {""}
    }{ $come-given ->
        [yes] {"\u000A\u000A"}{ $come }
       *[no] {""}
    }{ $onday-given ->
        [yes] {"\u000A\u000A"}{ $onday }
       *[no] {""}
    }{ $bring-given ->
        [yes] {"\u000A\u000A"}What to bring: { $bring }
       *[no] {""}
    }{ $cost-given ->
        [yes] {"\u000A\u000A"}Cost: { $cost }
       *[no] {""}
    }{ $late-given ->
        [yes] {"\u000A\u000A"}If you are late: { $late }
       *[no] {""}
    }{ $rules-given ->
        [yes] {"\u000A\u000A"}Keep in mind: { $rules }
       *[no] {""}
    }

mail-confirmed =
    Your visit is booked.

    { visit-details }

    Barcode, printout, calendar and cancelling:
    { $url }

    { $sender }
    .subject = Visit on { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

sms-reminder =
    { $sender }: reminder, visit { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , ticket { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Ticket machine code { $code }.
       *[no] {""}
    } To cancel: { $url }

mail-reminder =
    A reminder of your visit.

    { visit-details }

    If you cannot come, please cancel, so that somebody else can have your time:
    { $url }

    { $sender }
    .subject = Reminder: visit on { $day }.{ $month }.{ $year } at { $time }

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
    { $sender }: ticket { $ticket }, { $counter-given ->
        [yes] you are called now to counter { $counter }: { $location }.
       *[no] your call is about { $minutes } min away, people ahead: { $ahead }. Come to the hall: { $location }.
    } { $url }

mail-activation =
    To activate your account, open this address and set a password:
    { $url }

    If it is not you who is opening an account, ignore this message: without activation there will be none.

    { $sender }
    .subject = Activate your account: { $sender }

sms-missed =
    { $sender }: the visit on { weekday-short } { $day }.{ $month }.{ $year } { $time } did not take place, the booking is cancelled. New visit: { $url }

mail-missed =
    The booking is cancelled: the visit did not take place.

    The code was not typed at the ticket machine in time, or nobody came when called.

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }

    If you still need this, book a new visit:
    { $url }

    { $sender }
    .subject = Cancelled visit on { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

sms-not-called =
    { $sender }: we are sorry, on { weekday-short } { $day }.{ $month }.{ $year } { $time } we did not call you. It is not your fault. New visit: { $url }

mail-not-called =
    We are sorry: nobody called you to a counter before the end of the day.

    It is not your fault and does not count as an absence.

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }

    Please book a new visit; if it is urgent, call the office:
    { $url }

    { $sender }
    .subject = Our apology for the visit on { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

# From the office: a removed reservation, questions before the visit.
removed-reason = { $reason ->
        [false_data] The data in the form is not true.
        [empty_form] The form was not filled in.
        [bot] The reservation was made by a program, not by a person.
        [traded] The reservation was passed on to somebody else.
       *[other] The reservation is against the rules.
    }

sms-removed =
    { $sender }: the office removed your visit of { weekday-short } { $day }.{ $month }.{ $year } { $time }. { removed-reason } Do not come. New visit: { $url }

mail-removed =
    The office has removed your reservation. Do not come at this hour.

    Reason: { removed-reason }

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }
    Where: { $location }

    If you still need the visit, book a new one and fill in the form with true data:
    { $url }

    If you think this is a mistake, contact the office and give the reservation number.

    { $sender }
    .subject = Removed reservation { $number }, { $day }.{ $month }.{ $year } at { $time }

mail-question =
    Before your visit the office asks you to answer some questions.

    Reservation number: { $number }
    Matter: { $service }
    When: { weekday-long }, { $day }.{ $month }.{ $year }, { $time }

    Answer on this page before the visit:
    { $url }

    We ask in order to check the data of the form and to prepare the visit. We will ask for nothing else by e-mail. Do not reply to this message and do not send us scans of documents.

    { $sender }
    .subject = Questions before the visit of { $day }.{ $month }.{ $year } at { $time }, reservation { $number }

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
