# Texts that people get from an office. "sms-" texts travel without Polish letters (they are taken off when the text is
# rendered), "mail-" texts have a subject. A value named $x comes with $x-given, yes or no; $date comes with $weekday,
# $day, $month and $year.

weekday-short = { $weekday ->
        [monday] pn
        [tuesday] wt
        [wednesday] śr
        [thursday] czw
        [friday] pt
        [saturday] sob
       *[sunday] nd
    }
weekday-long = { $weekday ->
        [monday] poniedziałek
        [tuesday] wtorek
        [wednesday] środa
        [thursday] czwartek
        [friday] piątek
        [saturday] sobota
       *[sunday] niedziela
    }

# The last line is read by browsers (origin-bound one-time codes): "@host #code" and nothing else.
sms-code =
    { $sender }: kod potwierdzenia wizyty { $code }. Ważny { $minutes } min. Nie podawaj go nikomu.

    @{ $host } #{ $code }

mail-code =
    Kod potwierdzenia wizyty: { $code }

    Kod jest ważny { $minutes } min. Wpisz go na stronie { $host }, na której rezerwujesz wizytę. Nie podawaj go nikomu.

    Jeśli to nie Ty rezerwujesz wizytę, zignoruj tę wiadomość.

    { $sender }
    .subject = Kod potwierdzenia wizyty: { $code }

sms-confirmed =
    { $sender }: wizyta { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , bilet { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Kod do biletomatu { $code }.
       *[no] {""}
    }{ $early-given ->
        [yes] {" "}Przyjdź { $early } min wcześniej.
       *[no] {""}
    } Odwołanie: { $url }

mail-confirmed =
    Wizyta jest zarezerwowana.

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Numer biletu: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Kod do biletomatu: { $code }
       *[no] {""}
    }{ $early-given ->
        [yes] {"\u000A"}Przyjdź { $early } min wcześniej.
       *[no] {""}
    }

    Szczegóły i odwołanie wizyty:
    { $url }

    { $sender }
    .subject = Wizyta { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

sms-cancelled =
    { $sender }: wizyta { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }, jest odwołana. Nowy termin: { $url }

mail-cancelled =
    Wizyta jest odwołana.

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }

    Nowy termin można zarezerwować tutaj:
    { $url }

    { $sender }
    .subject = Odwołana wizyta { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

sms-soon =
    { $sender }: bilet { $ticket }, wezwanie za około { $minutes } min. Przyjdź do sali: { $location }. { $url }

mail-activation =
    Aby aktywować konto, otwórz ten adres:
    { $url }

    Jeśli to nie Ty zakładasz konto, zignoruj tę wiadomość: konto bez aktywacji nie powstanie.

    { $sender }
    .subject = Aktywacja konta: { $sender }

mail-already-registered =
    Ktoś poprosił o konto na ten adres. Masz już tutaj konto: zaloguj się albo ustaw nowe hasło.
    { $url }

    Jeśli to nie Ty, nie musisz nic robić.

    { $sender }
    .subject = Masz już konto: { $sender }

mail-password-reset =
    Aby ustawić nowe hasło, otwórz ten adres w ciągu godziny:
    { $url }

    Jeśli to nie Ty prosisz o nowe hasło, zignoruj tę wiadomość: hasło się nie zmieni.

    { $sender }
    .subject = Nowe hasło: { $sender }

mail-reset-unknown =
    Ktoś poprosił o nowe hasło, ale na ten adres nie ma tutaj aktywnego konta. Konto możesz założyć tutaj:
    { $url }

    Jeśli to nie Ty, nie musisz nic robić.

    { $sender }
    .subject = Nie ma konta na ten adres: { $sender }

mail-address-change =
    Aby używać tego adresu do logowania, otwórz ten adres w ciągu 24 godzin:
    { $url }

    Jeśli to nie Ty zmieniasz adres, zignoruj tę wiadomość.

    { $sender }
    .subject = Potwierdź nowy adres: { $sender }

mail-address-changed =
    Adres e-mail Twojego konta został zmieniony. Na ten adres nie będziemy już pisać w sprawach konta.

    Jeśli to nie Ty, skontaktuj się z urzędem.
    { $url }

    { $sender }
    .subject = Zmieniony adres konta: { $sender }
