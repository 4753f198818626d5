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

# The last line is read by browsers (origin-bound one-time codes): "@host #code" and nothing else. ".short" is sent where
# the first wording would be two text messages.
sms-code =
    { $sender }: kod potwierdzenia wizyty { $code }. Ważny { $minutes } min. Nie podawaj go nikomu.

    @{ $host } #{ $code }
    .short =
        Kod { $code }

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
        [yes] {" "}Kod do automatu { $code }.
       *[no] {""}
    }{ $come-given ->
        [yes] {" "}{ $come }
       *[no] {""}
    } Odwołanie: { $url }

visit-details =
    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Numer biletu: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Kod do automatu: { $code }
       *[no] {""}
    }{ $from-given ->
        [yes] {"\u000A"}Kod wpisz w automacie biletowym od { $from } do { $until }.
       *[no] {""}
    }{ $come-given ->
        [yes] {"\u000A\u000A"}{ $come }
       *[no] {""}
    }{ $onday-given ->
        [yes] {"\u000A\u000A"}{ $onday }
       *[no] {""}
    }{ $bring-given ->
        [yes] {"\u000A\u000A"}Co zabrać: { $bring }
       *[no] {""}
    }{ $cost-given ->
        [yes] {"\u000A\u000A"}Koszt: { $cost }
       *[no] {""}
    }{ $late-given ->
        [yes] {"\u000A\u000A"}Jeśli się spóźnisz: { $late }
       *[no] {""}
    }{ $rules-given ->
        [yes] {"\u000A\u000A"}O czym pamiętać: { $rules }
       *[no] {""}
    }

mail-confirmed =
    Wizyta jest zarezerwowana.

    { visit-details }

    Kod kreskowy, wydruk, wpis do kalendarza i odwołanie wizyty:
    { $url }

    { $sender }
    .subject = Wizyta { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

sms-reminder =
    { $sender }: przypomnienie o wizycie { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , bilet { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Kod do automatu { $code }.
       *[no] {""}
    } Odwołanie: { $url }

mail-reminder =
    Przypominamy o wizycie.

    { visit-details }

    Jeśli nie możesz przyjść, odwołaj wizytę. Ktoś inny zajmie Twoją godzinę:
    { $url }

    { $sender }
    .subject = Przypomnienie: wizyta { $day }.{ $month }.{ $year } o { $time }

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
    { $sender }: bilet { $ticket }, { $counter-given ->
        [yes] wzywamy teraz do stanowiska { $counter }: { $location }.
       *[no] wezwanie za około { $minutes } min, przed Tobą: { $ahead }. Przyjdź do sali: { $location }.
    } { $url }

mail-activation =
    Aby aktywować konto, otwórz ten adres i ustaw hasło:
    { $url }

    Jeśli to nie Ty zakładasz konto, zignoruj tę wiadomość: konto bez aktywacji nie powstanie.

    { $sender }
    .subject = Aktywacja konta: { $sender }

sms-missed =
    { $sender }: wizyta { weekday-short } { $day }.{ $month }.{ $year } { $time } nie odbyła się, rezerwacja jest anulowana. Nowy termin: { $url }

mail-missed =
    Rezerwacja jest anulowana: wizyta się nie odbyła.

    Kod nie został wpisany w automacie biletowym na czas albo nikt nie podszedł na wezwanie.

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }

    Jeśli sprawa jest nadal do załatwienia, zarezerwuj nowy termin:
    { $url }

    { $sender }
    .subject = Anulowana wizyta { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

sms-not-called =
    { $sender }: przepraszamy, { weekday-short } { $day }.{ $month }.{ $year } { $time } nie wezwaliśmy Cię. To nie Twoja wina. Nowy termin: { $url }

mail-not-called =
    Przepraszamy: do końca dnia nikt nie wezwał Cię do stanowiska.

    To nie Twoja wina i nie liczymy tego jako nieobecności.

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }

    Zarezerwuj nowy termin; jeśli sprawa jest pilna, zadzwoń do urzędu:
    { $url }

    { $sender }
    .subject = Przepraszamy za wizytę { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

# Ze strony urzędu: usunięta rezerwacja, pytania przed wizytą.
removed-reason = { $reason ->
        [false_data] Dane w formularzu nie są prawdziwe.
        [empty_form] Formularz nie został wypełniony.
        [bot] Rezerwację zrobił program, a nie człowiek.
        [traded] Rezerwacja została przekazana innej osobie.
       *[other] Rezerwacja jest niezgodna z zasadami.
    }

sms-removed =
    { $sender }: urząd usunął rezerwację { weekday-short } { $day }.{ $month }.{ $year } { $time }. { removed-reason } Nie przychodź. Nowy termin: { $url }

mail-removed =
    Urząd usunął Twoją rezerwację. Nie przychodź na tę godzinę.

    Powód: { removed-reason }

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }
    Miejsce: { $location }

    Jeśli sprawa jest nadal do załatwienia, zarezerwuj nowy termin i wypełnij formularz prawdziwymi danymi:
    { $url }

    Jeśli uważasz, że to pomyłka, skontaktuj się z urzędem i podaj numer rezerwacji.

    { $sender }
    .subject = Usunięta rezerwacja { $number }, { $day }.{ $month }.{ $year } o { $time }

mail-question =
    Przed Twoją wizytą urząd prosi o odpowiedź na pytania.

    Numer rezerwacji: { $number }
    Sprawa: { $service }
    Termin: { weekday-long }, { $day }.{ $month }.{ $year }, godz. { $time }

    Odpowiedz na tej stronie przed wizytą:
    { $url }

    Pytamy, aby sprawdzić dane z formularza i przygotować wizytę. O nic więcej nie zapytamy e-mailem. Nie odpowiadaj na tę wiadomość i nie wysyłaj nam skanów dokumentów.

    { $sender }
    .subject = Pytania przed wizytą { $day }.{ $month }.{ $year } o { $time }, rezerwacja { $number }

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
