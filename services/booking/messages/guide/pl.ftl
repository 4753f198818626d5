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
guide-consents = Przy zakładaniu konta poprosimy o potwierdzenie. Treść możesz przeczytać już teraz
visit-counter = liczba wejść: { $n }
start-account = Zaloguj się albo utwórz konto. Tu zobaczysz i odwołasz swoje wizyty.
start-rules = Jak umówić wizytę, co zrobić w dniu wizyty, czego nie wolno.
