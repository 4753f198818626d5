# Automat biletowy, recepcja i biurko urzędnika.

# Odmowy
problem-unknown = Nie znaleźliśmy tego
problem-conflict = Teraz nie można tego zrobić
queue-again = Sprawdź ponownie
queue-closed = Sala albo stanowisko jest teraz zamknięte. Otwórz stanowisko albo poczekaj na otwarcie urzędu.
queue-closed-today = Dziś urząd w tym miejscu jest nieczynny. Sprawdź godziny otwarcia i przyjdź w innym dniu.
queue-closed-today-title = Dziś nieczynne
queue-closed-today-next = Dziś urząd w tym miejscu jest nieczynny. Bilety wydajemy znów: { $date }, od { $from }.
queue-tickets-early = Bilety wydajemy od { $from }. Wtedy przyjdź do automatu jeszcze raz.
queue-tickets-ended = Dziś nie wydajemy już biletów. Przyjdź w innym dniu albo zarezerwuj wizytę.
queue-tickets-ended-title = Dziś nie ma już biletów
queue-tickets-ended-next = Dziś nie wydajemy już biletów. Następne: { $date }, od { $from }. Możesz też zarezerwować wizytę.
queue-no-visitor = Przy stanowisku nie ma osoby, której dotyczy ta czynność. Sprawdź stan stanowiska.
queue-nothing-to-undo = Nie ma czynności, którą można cofnąć.
queue-undo-late = Cofnąć można tylko ostatnią czynność i tylko przez minutę. Ta jest już starsza: jeśli to pomyłka, wezwij osobę jeszcze raz.
queue-not-waiting = Ten bilet nie czeka już w kolejce. Został wezwany, obsłużony albo opuścił kolejkę.
queue-visit-ahead = Tej osoby jeszcze nie ma. Wizytę odwołuje się na jej stronie.
queue-unknown-code = Na dziś nie ma tu rezerwacji z tym kodem. Sprawdź kod i datę na potwierdzeniu i wpisz kod jeszcze raz.
queue-unknown-code-title = Nie ma dziś takiej rezerwacji
queue-scan-office = To kod innego urzędu. Sprawdź adres na potwierdzeniu.
queue-scan-office-title = To kod innego urzędu
queue-scan-day = Ta wizyta nie jest dzisiaj. Sprawdź datę na potwierdzeniu.
queue-scan-day-title = Ta wizyta nie jest dzisiaj
queue-unknown-ticket = Dziś nie ma tu takiego biletu. Sprawdź numer.
queue-unknown-ticket-title = Nie ma dziś takiego biletu
queue-unknown-counter = W tej sali nie ma takiego stanowiska. Poproś administratora o klucz do właściwego stanowiska.
queue-unknown-counter-title = Nie ma takiego stanowiska
queue-unknown-service = W tym miejscu nie ma biletów do takiej sprawy. Wybierz sprawę z listy.
queue-unknown-service-title = W tej sprawie nie ma tu biletów
queue-unknown-office = Nie znamy jeszcze tego urzędu. Spróbuj ponownie za chwilę.
queue-code-empty = Wpisz kod do automatu. Jest na potwierdzeniu wizyty.
queue-outcome-long = Wynik wizyty może mieć najwyżej 64 znaki. Skróć go.

# Automat biletowy
kiosk-qr = adres biletu w telefonie
kiosk-services-count = { $n ->
    [one] { $n } sprawa
    [few] { $n } sprawy
   *[other] { $n } spraw
}

# Recepcja
reception-title = Recepcja
reception-code = Kod z potwierdzenia wizyty
reception-service = Sprawa
reception-booked = Umówiona godzina
reception-state = Stan
reception-admitted = Gotowe. Osoba z numerem { $ticket } jest przyjęta i czeka na wezwanie.
reception-state-expected = jeszcze się nie zgłosiła
reception-state-in = przyjęta, czeka na umówioną godzinę
reception-state-waiting = czeka w kolejce
reception-state-called = wezwana do stanowiska
reception-state-serving = w trakcie obsługi
reception-state-absent = nie podeszła na wezwanie
reception-state-parked = odłożona przy stanowisku
reception-state-served = wizyta zakończona
reception-state-missed = usunięta z kolejki po ostatnim wezwaniu
reception-state-not_called = nie doczekała się wezwania do końca dnia
reception-state-left = opuściła kolejkę albo odwołała wizytę
