# Teksty stron rezerwacji. Wspólne teksty (przyciski, kalendarz, odmowy) są w crates/pages.

# Strony startowe
offices-title = Wybierz urząd
staff-link = Dla pracowników
office-title = Umów wizytę w urzędzie
office-lead = { $n ->
    [one] Wybierz sprawę, miejsce i godzinę. Wolne terminy widać na { $n } dzień naprzód.
   *[other] Wybierz sprawę, miejsce i godzinę. Wolne terminy widać na { $n } dni naprzód.
}
office-book = Umów wizytę
office-without-booking = Możesz też przyjść bez umawiania i pobrać bilet w automacie na miejscu.
office-places = Gdzie przyjmujemy
place-hours = { $days } { $hours }
map-link = Pokaż na mapie

how-title = Jak przebiega wizyta
how-queue-title = Na miejscu
how-kiosk = Pobierz w automacie biletowym bilet. Jest na nim Twój numer i liczba osób, które czekają.
how-hall = Idź do sali obsługi. Numery wzywanych osób są na ekranach.
how-call = Czekaj na wezwanie. Twój numer pokaże się na ekranie w sali i nad stanowiskiem, usłyszysz też zapowiedź.
how-call-some = Czekaj na wezwanie. Twój numer pokaże się na ekranie w sali i nad stanowiskiem. W części sal usłyszysz też zapowiedź.
how-call-silent = Czekaj na wezwanie. Twój numer pokaże się na ekranie w sali i nad stanowiskiem.
how-booked-title = Gdy masz umówioną wizytę
how-booked = O godzinie wizyty system sam ustawi Cię w kolejce.
how-booked-check-in = Przyjdź przed godziną wizyty i wpisz w automacie kod z potwierdzenia. Bez tego nie wezwiemy Cię do stanowiska.
how-absent-title = Gdy nie podejdziesz na wezwanie
how-absent = { $n ->
    [one] Wezwiemy Cię raz. Jeśli wtedy nikt nie podejdzie, numer znika z kolejki.
    [few] Obsłużymy następną osobę i wezwiemy Cię ponownie, razem najwyżej { $n } razy. Potem numer znika z kolejki.
   *[other] Obsłużymy następną osobę i wezwiemy Cię ponownie, razem najwyżej { $n } razy. Potem numer znika z kolejki.
}
how-ticket-title = Bilet w telefonie
how-ticket = Zeskanuj kod QR z biletu. W telefonie zobaczysz, ile osób jest przed Tobą, a przy wezwaniu – numer stanowiska.

# Krok: sprawa
book-service-title = Jaką sprawę chcesz załatwić?
search-label = Szukaj sprawy
search-found = { $n ->
    [one] { $n } sprawa pasuje do „{ $typed }”
    [few] { $n } sprawy pasują do „{ $typed }”
   *[other] { $n } spraw pasuje do „{ $typed }”
}
search-none = Nie znamy sprawy „{ $typed }”. Spróbuj innego słowa albo wybierz sprawę z listy poniżej.
search-all = Pokaż wszystkie sprawy
service-about = Co zabrać, ile kosztuje, gdzie
service-minutes = { $n ->
    [one] około { $n } minuty
   *[other] około { $n } minut
}
service-cost = Koszt:
service-bring = Co zabrać:
service-where = Gdzie:

# Krok: miejsce
book-location-title = Gdzie chcesz przyjść?
place-first-free = Najbliższy wolny dzień: { $date }
place-none-free = Teraz nie ma tu wolnych terminów.

# Krok: termin
book-date-title = Kiedy chcesz przyjść?
book-hour-title = O której godzinie?
dates-none = Teraz nie ma wolnych terminów. Zajrzyj tu jutro: codziennie o północy otwieramy następny dzień.
dates-legend = Terminy, w których można umówić wizytę, są zaznaczone ciemnym kolorem. Liczba pod dniem to liczba wolnych godzin. Dni na białym tle nie są dostępne. Kreska pod dniem: wtedy nie przyjmujemy.
dates-full = Dni przekreślone: brak miejsc. Dzienny limit miejsc jest wyczerpany.
dates-released = Zapisy są otwarte na { $n } dni naprzód. Ostatni dzień to teraz { $last }. Codziennie o północy otwieramy następny.
nearest-link = Zależy Ci na czasie? Zobacz najbliższe wolne terminy.
nearest-title = Najbliższe wolne terminy
hours-hint-account = Godzinę wybierzesz po zalogowaniu. Potem trzymamy ją dla Ciebie przez 10 minut.
hours-hint = Po wybraniu godziny trzymamy ją dla Ciebie przez 10 minut.
choose-other-day = Wybierz inny dzień
day-is-past = Ten dzień już minął. Wybierz inny dzień.
day-is-over = Na dziś nie ma już godzin do wyboru. Wybierz inny dzień.
day-is-closed = W tym dniu nie przyjmujemy. Wybierz inny dzień.
day-is-full = Limit miejsc na ten dzień jest wyczerpany. Wybierz inny dzień.
day-is-not-released = Zapisy na ten dzień ruszą { $opens }. Wybierz wcześniejszy dzień albo wróć tu wtedy.
opens-at = { $date } o { $time }
hour-is-over = Ta godzina już minęła albo jest za blisko. Wybierz późniejszą.
date-past = Ten dzień już minął. Wybierz inny dzień.
date-not-released = Zapisy na ten dzień jeszcze nie ruszyły. Wybierz wcześniejszy dzień.
count-of-days = Podaj liczbę dni od 1 do 62.

# Trzymana godzina
hold-release = Zrezygnuj z tej godziny i wybierz inną
hold-released = Godzina wróciła do puli wolnych. Możesz wybrać inną.
over-title = Czas na dokończenie minął
over-expired = Ta godzina nie jest już trzymana dla Ciebie. Wybierz ją jeszcze raz, jeśli nadal jest wolna, albo wybierz inną.
over-released-title = Zrezygnowano z tej godziny
over-released = Ta godzina wróciła do puli wolnych. Wybierz ją jeszcze raz albo wybierz inną.
over-choose = Wybierz godzinę
over-anew = Zacznij od początku
elsewhere-title = Tej rezerwacji nie da się tu dokończyć
elsewhere = Godzinę wybrano w innej przeglądarce albo na innym urządzeniu. Dokończ rezerwację tam albo zacznij od początku.

# Krok: dane
form-title = Kto przyjdzie?
form-empty-title = Sprawdź wybrany termin
form-first = Najpierw wypełnij formularz ze swoimi danymi.
fault-of-field = „{ $field }”: { $fault }
missing-choice-question = Wybierz odpowiedź na pytanie „{ $field }”.
missing-choice-field = Wybierz odpowiedź w polu „{ $field }”.
missing-bool-here = Zaznacz „tak” albo „nie”.
missing-bool-question = Zaznacz odpowiedź na pytanie „{ $field }”.
missing-bool-field = Zaznacz pole „{ $field }”.
missing-date-question = Wpisz datę w odpowiedzi na pytanie „{ $field }”.
missing-date-field = Wpisz datę w polu „{ $field }”.
missing-number-question = Wpisz liczbę w odpowiedzi na pytanie „{ $field }”.
missing-number-field = Wpisz liczbę w polu „{ $field }”.
missing-text-question = Wpisz odpowiedź na pytanie „{ $field }”.
missing-text-field = Wypełnij pole „{ $field }”.
missing-consent = Przeczytaj i zaznacz: „{ $field }”. Bez tego nie możemy przyjąć formularza.
field-example = Na przykład: { $example }
consent-read = Przeczytaj pełną treść (otworzy się w nowym oknie)
field-required = Wypełnij to pole.
field-too-long = To pole jest za długie. Wpisz najwyżej 200 znaków.
field-text = Wpisz zwykły tekst, bez znaków specjalnych.
field-email = Wpisz adres e-mail, na przykład anna.nowak@example.pl.
field-date = Wpisz datę, na przykład 2026-12-01.
field-choice = Wybierz jedną z odpowiedzi.
field-number = Wpisz liczbę całkowitą, samymi cyframi.
field-bool = Zaznacz „tak” albo „nie”.
field-pesel = Sprawdź numer PESEL. Ma 11 cyfr.
field-document = Wpisz serię i numer dokumentu, na przykład ABC 123456.
field-date-future = Ta data jest w przyszłości. Wpisz dzień, który już był, albo dzisiejszy.
field-birth-future = Ta data urodzenia jest w przyszłości. Sprawdź rok.
field-birth-early = Ta data urodzenia jest sprzed 1900 roku. Sprawdź rok.
field-pesel-date = Ten PESEL ma datę urodzenia sprzed 1900 roku albo z przyszłości. Sprawdź wszystkie 11 cyfr.
field-pesel-birth = PESEL i data urodzenia nie mówią o tym samym dniu. Sprawdź obie odpowiedzi.
field-age-adult = Ta osoba w dniu wizyty nie będzie miała 18 lat. Wpisz dane osoby pełnoletniej, na którą jest rezerwacja, albo popraw rok urodzenia.
field-age = Ta osoba w dniu wizyty będzie za młoda na tę sprawę. Sprawdź rok urodzenia.
field-differs = Te dwie odpowiedzi muszą być takie same. Sprawdź obie.
field-document-letters = W numerze są litery spoza alfabetu łacińskiego. Przepisz serię i numer tak, jak w dokumencie, na przykład ABC 123456.
field-case = Wpisz znak sprawy tak, jak jest w piśmie z urzędu.
field-pattern = Sprawdź tę odpowiedź. Wpisz ją tak, jak w przykładzie.
field-time = Wpisz godzinę, na przykład 09:20.
consent-required = Przeczytaj treść i zaznacz to pole. Bez tego nie możemy przyjąć formularza.
consent-version = Treść tej zgody się zmieniła. Przeczytaj ją i zaznacz jeszcze raz.
consent-unknown = Nie znamy takiej zgody. Odśwież stronę i wypełnij formularz jeszcze raz.

# Krok: potwierdzenie
phone-title = Na jaki numer wysłać kod?
phone-label = Numer telefonu komórkowego
phone-hint = Na przykład 601 234 567. Numer zagraniczny zacznij od plusa i kodu kraju.
phone-why = Wyślemy kod, którym potwierdzisz wizytę. Potem dostaniesz wiadomość z terminem, numerem i kodem do automatu.
email-title = Na jaki adres wysłać kod?
email-label = Adres e-mail
email-hint = Na przykład anna.nowak@example.pl
by-email = Nie masz telefonu komórkowego? Wyślemy kod e-mailem.
by-phone = Wolę kod SMS-em
code-send = Wyślij kod
field-phone = Wpisz numer telefonu komórkowego: 9 cyfr, na przykład 601 234 567.
phone-letters = W numerze są litery. Wpisz same cyfry, na przykład 601 234 567 (zero to nie litera O).
phone-extension = To numer z numerem wewnętrznym, a przez centralę SMS nie przejdzie. Wpisz numer telefonu komórkowego, na przykład 601 234 567.
phone-cannot-sms = Na ten numer nie wyślemy SMS-a. Wpisz numer telefonu komórkowego, na przykład 601 234 567.
phone-country = Nie wysyłamy SMS-ów do tego kraju. Wpisz polski numer komórkowy, na przykład 601 234 567.
phone-or-email = Podaj numer telefonu albo adres e-mail, jedno z nich.
proof-not-accepted = Tej sprawy nie potwierdzisz e-mailem. Podaj numer telefonu komórkowego.
code-title = Wpisz kod z SMS-a
code-title-email = Wpisz kod z e-maila
code-sent-phone = Wysłaliśmy SMS na numer { $to }.
code-sent-email = Wysłaliśmy e-mail na adres { $to }.
code-sent-again = Wysłaliśmy kod jeszcze raz.
code-until = Kod jest ważny do { $time }.
code-confirm = Potwierdź wizytę
code-digits = Kod ma { $n } cyfr. Wpisz wszystkie.
code-first = Najpierw poproś o kod.
code-missing = Kod nie przyszedł?
code-missing-phone = SMS może iść minutę albo dwie. Sprawdź, czy powyżej jest Twój numer i czy telefon ma zasięg.
code-missing-email = E-mail może iść kilka minut. Sprawdź, czy powyżej jest Twój adres i czy wiadomość nie trafiła do spamu.
code-delayed-phone = Operator nie przyjął jeszcze SMS-a z kodem. Próbujemy dalej, a termin czeka na Ciebie do podanej niżej godziny. Możesz też wrócić i wybrać inny sposób, jeśli urząd go podaje.
code-delayed-email = Wiadomość z kodem nie została jeszcze przyjęta do wysłania. Próbujemy dalej, a termin czeka na Ciebie do podanej niżej godziny. Możesz też wrócić i wybrać inny sposób, jeśli urząd go podaje.
code-failed = Kodu nie udało się wysłać. Sprawdź numer albo adres, a potem wyślij kod jeszcze raz lub wybierz inny sposób.
code-delivered = Operator potwierdził: SMS z kodem dotarł na podany numer.
code-undelivered = SMS z kodem nie dotarł na ten numer. Sprawdź, czy numer jest dobry i czy telefon jest włączony, a potem wyślij kod jeszcze raz.
code-wait = Nowy kod możesz wysłać za { $wait }.
code-wait-until = Przycisk zadziała najpóźniej o { $time }.
code-wait-over = Możesz już wysłać nowy kod.
code-wait-look = Sprawdź, czy już można
code-again = Wyślij kod jeszcze raz
code-used-up-title = Ten kod już nie działa
code-new = Wyślij nowy kod
code-change-phone = Zmień numer
code-change-email = Zmień adres
codes-used-up = Nie możemy wysłać więcej kodów dla tej rezerwacji. Wpisz ostatni kod, podaj inny numer albo umów wizytę później.
already-confirmed = Ta wizyta jest już potwierdzona.
form-changed = W tej samej chwili zapisano inne dane albo wysłano inny kod. Sprawdź dane i spróbuj jeszcze raz.
already-checked-in = Jesteś już w kolejce w urzędzie. O tej wizycie powiedz przy stanowisku.

# Wizyta
visit-title-confirmed = Wizyta potwierdzona
visit-title-checked_in = Jesteś w kolejce
visit-title-served = Wizyta się odbyła
visit-title-missed = Wizyta się nie odbyła
visit-title-not_called = Nie wezwaliśmy Cię
visit-title-cancelled = Wizyta odwołana
visit-title-removed = Urząd odwołał tę wizytę
visit-over-served = Sprawa została obsłużona przy stanowisku.
visit-over-missed = Nikt nie zgłosił się na czas albo nie podszedł na wezwanie, dlatego rezerwacja jest anulowana. Jeśli sprawa jest nadal do załatwienia, umów nową wizytę.
visit-over-not_called = Przepraszamy. Do końca dnia nikt nie wezwał Cię do stanowiska. To nie Twoja wina i nie liczymy tego jako nieobecności. Umów nową wizytę; jeśli sprawa jest pilna, zadzwoń do urzędu.
visit-over-cancelled = Ta godzina wróciła do puli wolnych. Nie musisz robić nic więcej.
visit-over-removed = Nie przychodź na tę godzinę. Jeśli sprawa jest nadal do załatwienia, umów nową wizytę.
visit-checked-in = Czekaj na wezwanie. Patrz na ekrany w sali.
visit-message = Te same dane wysłaliśmy też w wiadomości.
visit-qr = bilet w telefonie
visit-qr-hint = Bilet w telefonie
visit-ticket = Numer biletu
visit-code = Kod do automatu
visit-service = Sprawa
visit-where = Gdzie
visit-bring = Co zabrać
visit-cost = Koszt
visit-on-the-day = W dniu wizyty
visit-day-placed = O godzinie wizyty system sam ustawi Cię w kolejce. Kod nie jest konieczny: od { $from } do { $to } możesz wpisać go w automacie, żeby dostać bilet na papierze.
visit-day-check-in = Od { $from } do { $to } wpisz kod w automacie w urzędzie. Bez tego nie wezwiemy Cię do stanowiska.
visit-late = Jeśli się spóźnisz
visit-calendar = Dodaj do kalendarza
visit-follow = Bilet w telefonie
visit-cancel = Odwołaj wizytę
visit-keep = Zapisz adres tej strony. Kto go zna, może zobaczyć i odwołać wizytę.
visit-anew = Umów nową wizytę
calendar-about = Numer rezerwacji: { $number }. Numer biletu: { $ticket }. Kod do automatu: { $code }.

# Odwołanie
cancel-title = Czy odwołać wizytę?
cancel-what = Godzina wróci do puli wolnych i dostaniesz wiadomość o odwołaniu. Odwołanej wizyty nie da się przywrócić, możesz umówić nową.
cancel-until = Odwołać możesz najpóźniej: { $until }.
cancel-late = Tę wizytę można było odwołać najpóźniej: { $until }.
cancel-yes = Tak, odwołaj wizytę
cancel-no = Wróć do wizyty
