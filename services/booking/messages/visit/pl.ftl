# Strona potwierdzonej wizyty: co zrobić z kodem, o czym pamiętać.
visit-do-placed = O tej godzinie system sam ustawi Cię w kolejce. Czekaj w sali na swój numer.
visit-do-check-in = Na miejscu wpisz kod w automacie, najpóźniej o { $to }. Bez tego nie wezwiemy Cię do stanowiska.
visit-fold-bring = Co zabrać i ile to kosztuje
visit-fold-more = Jak przebiega wizyta
come-between = Przyjdź między { $from } a { $by }.
visit-at-machine = Przy automacie
visit-machine-button = Na ekranie automatu wybierz „{ $label }”.
visit-machine-service = W menu wybierz usługę „{ $service }”.
visit-verify = Przy stanowisku pokaż potwierdzenie: e-mail, SMS z kodem albo wydruk.
visit-rules = O czym pamiętać
calendar-about-code = Numer rezerwacji: { $number }. Kod do automatu: { $code }.
visit-calendar-remove = Usuń wizytę z kalendarza
