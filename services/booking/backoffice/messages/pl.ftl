# Strony pracowników urzędu: rezerwacje, usuwanie, pytania, podejrzane. Strona z pytaniami dla osoby, która ma wizytę.

admin-title = Rezerwacje
admin-nav = Strony urzędu
admin-nav-today = Rezerwacje
admin-nav-suspicious = Podejrzane
admin-nav-messages = Wiadomości
admin-nav-staff = Pracownicy
admin-nav-ops = Stan instalacji
admin-nav-access = Dziennik dostępu
admin-nav-citizens = Strona dla mieszkańców
admin-sign-out = Wyloguj
admin-day-before = Dzień wcześniej
admin-day-after = Dzień później
admin-day-today = Dziś
admin-numbers = Stan dnia
admin-closed-day = W tym dniu urząd nie przyjmuje.
admin-closed = nieczynne
admin-shared = wspólna pula
admin-location = Miejsce
admin-service = Sprawa
admin-free = Wolne
admin-booked = Umówione
admin-there = Przyszli
admin-missed = Nie przyszli
admin-not-called = Nie wezwani
admin-ended = Odwołane
admin-wrong-title = Co wymaga uwagi
admin-wrong-none = Nic nie czeka na Twoją decyzję.
admin-wrong-suspicious = { $n ->
    [one] { $n } rezerwacja wygląda podejrzanie. Sprawdź ją.
    [few] { $n } rezerwacje wyglądają podejrzanie. Sprawdź je.
   *[other] { $n } rezerwacji wygląda podejrzanie. Sprawdź je.
}
admin-wrong-answers = { $n ->
    [one] { $n } odpowiedź na pytania czeka na przeczytanie. Otwórz rezerwację z tą uwagą.
    [few] { $n } odpowiedzi na pytania czekają na przeczytanie. Otwórz rezerwacje z tą uwagą.
   *[other] { $n } odpowiedzi na pytania czeka na przeczytanie. Otwórz rezerwacje z tą uwagą.
}
admin-list = Rezerwacje dnia
admin-list-none = W tym dniu nie ma takich rezerwacji.
admin-list-count = { $n ->
    [one] { $n } rezerwacja
    [few] { $n } rezerwacje
   *[other] { $n } rezerwacji
}
admin-filter-date = Dzień
admin-filter-all = Wszystkie
admin-filter-show = Pokaż
admin-search = Numer, kod albo nazwisko
admin-search-button = Szukaj rezerwacji
admin-csv = Pobierz jako plik CSV
admin-next = Dalsze rezerwacje
admin-hour = Godzina
admin-number = Numer
admin-name = Kto
admin-state = Stan
admin-proof = Potwierdzenie
admin-remarks = Uwagi
admin-ticket = Bilet
admin-state-confirmed = umówiona
admin-state-checked_in = w kolejce
admin-state-served = obsłużona
admin-state-missed = nie przyszedł
admin-state-not_called = nie wezwaliśmy
admin-state-cancelled = odwołana
admin-state-removed = usunięta
admin-proof-sms = SMS
admin-proof-email = e-mail
admin-proof-account = konto
admin-questions-asked = pytania wysłane
admin-questions-answered = są odpowiedzi do przeczytania
admin-questions-read = odpowiedzi przeczytane
admin-questions-settled = pytania wyjaśnione
admin-to-list = Wróć do listy dnia

reservation-title = Rezerwacja { $number }
reservation-when = Termin
reservation-phone = Telefon
reservation-email = E-mail
reservation-form = Formularz
reservation-typed = (wpisano: { $typed })
reservation-form-gone = Danych nie ma. Sprawa nie ma formularza albo minęło 30 dni od wizyty.
reservation-removed-by = Usunął: { $who }, { $when }.
reservation-removed-note = Notatka urzędu: { $note }
reservation-remove = Usuń rezerwację…

removal-title = Usuwasz rezerwację { $number }
removal-whom = Kogo to dotyczy
removal-reason-label = Powód
removal-reason-hint = Osoba, która ma wizytę, przeczyta ten powód w wiadomości.
removal-false_data = Dane w formularzu nie są prawdziwe.
removal-empty_form = Formularz nie został wypełniony.
removal-bot = Rezerwację zrobił program, a nie człowiek.
removal-traded = Rezerwacja została przekazana innej osobie.
removal-other = Rezerwacja jest niezgodna z zasadami.
removal-note-label = Notatka
removal-note-hint = Tylko dla urzędu. Najwyżej 500 znaków.
removal-next = Sprawdź, co się stanie
removal-will = Co się stanie
removal-will-free = Godzina wróci do puli wolnych. Kod z tej rezerwacji przestanie działać w automacie.
removal-will-mail = Wyślemy e-mail na adres { $to }: rezerwacja jest usunięta, powód: „{ $reason }”, adres strony z nowymi terminami.
removal-will-sms = Wyślemy SMS na numer { $to }: rezerwacja jest usunięta, powód: „{ $reason }”, adres strony z nowymi terminami.
removal-will-nothing = Nie znamy adresu ani telefonu tej osoby. Nikt nie dostanie wiadomości.
removal-no-undo = Usuniętej rezerwacji nie da się przywrócić.
removal-yes = Usuń rezerwację
removal-no = Zostaw rezerwację
removal-reason = Wybierz jeden z powodów.
removal-note-long = Notatka jest za długa. Wpisz najwyżej 500 znaków.
removal-checked-in = Ta osoba jest już w kolejce albo wizyta się skończyła. Takiej rezerwacji nie można usunąć.
removal-cancelled = Tę rezerwację odwołała już osoba, która ją zrobiła. Nie ma czego usuwać.

inquiry-title = Pytania przed wizytą
inquiry-lead = Wyślemy e-mail z adresem strony, na której ta osoba odpowie na zaznaczone pytania.
inquiry-name = Nazwisko i imię
inquiry-birth_date = Data urodzenia
inquiry-passport = Seria i numer paszportu
inquiry-case = Znak sprawy
inquiry-filed_on = Data złożenia wniosku
inquiry-own = Inne pytanie
inquiry-own-label = Inne pytanie, własnymi słowami
inquiry-own-hint = Najwyżej 300 znaków. Puste pole: bez tego pytania.
inquiry-send = Wyślij pytania
inquiry-cannot = Teraz nie można zadać pytań.
inquiry-not-past = Godzina tej wizyty już minęła.
inquiry-not-checked_in = Ta osoba jest już w kolejce: zapytaj ją przy stanowisku.
inquiry-not-served = Wizyta już się odbyła.
inquiry-not-missed = Wizyta się nie odbyła.
inquiry-not-cancelled = Ta osoba odwołała wizytę.
inquiry-not-removed = Urząd odwołał tę wizytę.
inquiry-not-refused = Tej osoby nie przyjęto w dniu wizyty.
inquiry-not-asked = Poprzednie pytania czekają na odpowiedź tej osoby.
inquiry-not-answered = Są odpowiedzi na poprzednie pytania. Najpierw je przeczytaj.
inquiry-asked = Pytania wysłane { $when }. Nie ma jeszcze odpowiedzi.
inquiry-answered = Są odpowiedzi. Po przeczytaniu ta osoba nie będzie mogła ich poprawić.
inquiry-read = Odpowiedzi są przeczytane.
inquiry-settled = Sprawa pytań jest wyjaśniona.
inquiry-read-button = Przeczytaj odpowiedzi
inquiry-settle-button = Oznacz jako wyjaśnione
inquiry-question = Pytanie
inquiry-answer = Odpowiedź
inquiry-form = Formularz rezerwacji
inquiry-differs = Inaczej niż w formularzu
inquiry-over = Ta wizyta już się odbyła albo jest zakończona. Pytania nie są już potrzebne.
inquiry-no-mail = Nie znamy adresu e-mail tej osoby. Zadzwoń albo zapytaj w dniu wizyty.
inquiry-no-question = Zaznacz co najmniej jedno pytanie.
inquiry-own-long = Własne pytanie jest za długie. Wpisz najwyżej 300 znaków.
inquiry-own-empty = Wpisz treść własnego pytania i zaznacz je na liście pytań.
inquiry-open = Poprzednie pytania czekają na odpowiedź albo na przeczytanie. Najpierw je zakończ.
inquiry-often = O tę rezerwację pytaliśmy już 5 razy. Zapytaj w dniu wizyty.
inquiry-was-read = Urząd przeczytał już odpowiedzi. Nie można ich zmienić. Zadzwoń do urzędu, jeśli coś się nie zgadza.
inquiry-unanswered = Nie ma jeszcze odpowiedzi.

answer-title = Pytania przed wizytą
answer-why = Urząd prosi o te dane, aby porównać je z formularzem i przygotować Twoją wizytę. To zajmie minutę.
answer-only = O nic więcej nie zapytamy e-mailem: nie prosimy o hasła, pieniądze ani skany dokumentów.
answer-send = Wyślij odpowiedzi
answer-saved = Odpowiedzi są zapisane. Dziękujemy.
answer-again = Możesz wpisać je jeszcze raz, dopóki pracownik ich nie przeczyta. Dla bezpieczeństwa nie pokazujemy tu tego, co zostało wpisane.
answer-closed = Urząd przeczytał odpowiedzi albo już ich nie potrzebuje. Nie musisz robić nic więcej.
answer-over = Ta wizyta już się odbyła albo jest zakończona. Nie musisz odpowiadać.

suspicious-title = Podejrzane rezerwacje
suspicious-lead = Rezerwacje i trzymane godziny od dziś, które wyglądają jak zrobione przez program albo na sprzedaż. System niczego nie usuwa sam: zdecyduj po sprawdzeniu.
suspicious-none = Teraz nic nie wygląda podejrzanie.
suspicious-score = Punkty
suspicious-why = Dlaczego
suspicious-what = Co
suspicious-confirmed = rezerwacja
suspicious-held = trzymana godzina
suspicious-abandoned = porzucona godzina
suspicious-remove = Usuń…
suspicious-network_burst = { $count ->
    [one] { $count } rezerwacja
    [few] { $count } rezerwacje
   *[other] { $count } rezerwacji
} z jednej sieci w { $minutes ->
    [one] minutę
    [few] { $minutes } minuty
   *[other] { $minutes } minut
}
suspicious-network_abandons = { $count ->
    [one] { $count } porzucona godzina
    [few] { $count } porzucone godziny
   *[other] { $count } porzuconych godzin
} z jednej sieci w { $minutes ->
    [one] minutę
    [few] { $minutes } minuty
   *[other] { $minutes } minut
}
suspicious-phone_names = { $count ->
    [one] { $count } nazwisko
    [few] { $count } nazwiska
   *[other] { $count } nazwisk
} z jednym telefonem
suspicious-account_names = { $count ->
    [one] { $count } nazwisko
    [few] { $count } nazwiska
   *[other] { $count } nazwisk
} na jednym koncie
suspicious-document_phones = { $count ->
    [one] { $count } telefon
    [few] { $count } telefony
   *[other] { $count } telefonów
} z jednym dokumentem
suspicious-mail_aliases = { $count ->
    [one] { $count } adres
    [few] { $count } adresy
   *[other] { $count } adresów
} jednej skrzynki e-mail
suspicious-same_form = { $count ->
    [one] { $count } formularz
    [few] { $count } formularze
   *[other] { $count } formularzy
} o tej samej treści
suspicious-fast_form = { $seconds ->
    [0] formularz wypełniony w mniej niż sekundę
    [one] formularz wypełniony w { $seconds } sekundę
    [few] formularz wypełniony w { $seconds } sekundy
   *[other] formularz wypełniony w { $seconds } sekund
}
suspicious-at_release = w pierwszej sekundzie po otwarciu zapisów na ten dzień

list-limit = Podaj liczbę wierszy od 1 do 200.
range-backwards = Ostatni dzień jest przed pierwszym. Podaj dzień, który nie jest od niego wcześniejszy.
range-long = Podaj najwyżej 62 dni naraz.
list-after = Podaj identyfikator ostatniej rezerwacji z poprzedniej strony.

messages-title = Wiadomości
messages-today = { $used ->
    [one] Dziś wysłano { $used } część SMS z { $budget }, które można wysłać w ciągu dnia.
    [few] Dziś wysłano { $used } części SMS z { $budget }, które można wysłać w ciągu dnia.
   *[other] Dziś wysłano { $used } części SMS z { $budget }, które można wysłać w ciągu dnia.
}
messages-cost = Ostatnie 14 dni kosztowało { $cost }.
messages-money = { $zloty },{ $grosze } zł
messages-plot = Wiadomości w ostatnich 14 dniach. Te same liczby są w tabeli poniżej.
messages-by-day = Dzień po dniu
messages-by-occasion = Z jakiej okazji
messages-by-provider = Kto je przekazał
messages-day = Dzień
messages-occasion = Okazja
messages-provider = Operator
messages-provider-unsaid = nie wiadomo, raport przyszedł przed odpowiedzią
messages-delivered = Doręczone
messages-sent = Wysłane, bez raportu
messages-waiting = Czekają
messages-sent-or-waiting = Wysłane bez raportu albo czekają
messages-lost = Niedoręczone
messages-parts = Części SMS
messages-price = Koszt
messages-sms = SMS
messages-mail = e-mail
messages-occasion-code = Kod
messages-occasion-confirmed = Potwierdzenie rezerwacji
messages-occasion-reminder = Przypomnienie
messages-occasion-soon = Zbliża się kolej
messages-occasion-cancelled = Odwołanie przez mieszkańca
messages-occasion-removed = Usunięcie przez urząd
messages-occasion-missed = Nieobecność
messages-occasion-not-called = Przeprosiny: nie wezwaliśmy
messages-occasion-question = Pytania urzędu
messages-occasion-activation = Założenie konta
messages-occasion-already-registered = Konto już istnieje
messages-occasion-password-reset = Nowe hasło
messages-occasion-reset-unknown = Nowe hasło, nie ma konta
messages-occasion-address-change = Zmiana adresu
messages-occasion-address-changed = Adres zmieniony
messages-csv = Pobierz jako CSV
messages-channel = Kanał
messages-explained = Raport o doręczeniu przychodzi od operatora, zwykle w ciągu minuty. O e-mailach raportów nie ma. Długi SMS składa się z kilku części i za każdą się płaci. Niedoręczone to także te, których operator nie przyjął.
