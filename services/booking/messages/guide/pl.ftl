# Słowa urzędu: jak rezerwować, jak przebiega wizyta, zasady.
service-on-the-day = W dniu wizyty:
service-come = Kiedy przyjść:
service-late = Jeśli się spóźnisz:
service-rules = O czym pamiętać:
guide-booking = Jak umówić wizytę
guide-visit = W dniu wizyty
guide-rules = Zasady
guide-rules-title = Zasady rezerwacji wizyt
guide-rules-link = Wszystkie zasady rezerwacji wizyt
guide-consents = Przed założeniem konta przeczytaj
visit-counter = liczba wejść: { $n }
