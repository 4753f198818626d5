# Strona potwierdzonej wizyty: co zrobić z kodem, o czym pamiętać.
visit-at-machine = Przy automacie
visit-machine-button = Na ekranie automatu wybierz „{ $label }”.
visit-machine-service = W menu wybierz usługę „{ $service }”.
visit-verify = Przy stanowisku pokaż potwierdzenie: e-mail, SMS z kodem albo wydruk.
visit-rules = O czym pamiętać
calendar-about-code = Numer rezerwacji: { $number }. Kod do automatu: { $code }.
visit-calendar-remove = Usuń wizytę z kalendarza
