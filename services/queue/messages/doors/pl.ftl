# Okna czasowe, recepcja, sprawdzanie tożsamości przy stanowisku.

# Automat
kiosk-late = Czas na pobranie biletu minął. Jeśli sprawa jest nadal do załatwienia, umów nową wizytę.
kiosk-late-reception = Czas na pobranie biletu w automacie minął. Zgłoś się teraz w recepcji, tam mogą Cię jeszcze przyjąć.
kiosk-early-hint = Bilet pobierzesz tu od tej godziny. Wpisz wtedy kod jeszcze raz.
kiosk-booked-service = Na jaką sprawę masz rezerwację?
kiosk-right-service = Ten kod dotyczy sprawy: { $service }
kiosk-right-service-take = Tak, to moja sprawa. Pobierz bilet
kiosk-rest-booked = W pozostałych sprawach przyjmujemy tylko po umówieniu wizyty.
kiosk-scan-day = Ta wizyta jest innego dnia: { $date }. Przyjdź wtedy, dziś nie wydamy na nią biletu.
kiosk-scan-foreign = Nie znamy tego kodu. Zeskanuj kod z potwierdzenia wizyty albo z biletu, albo wpisz cyfry.
kiosk-no-counter = Teraz żadne stanowisko nie przyjmuje w tej sprawie. Wezwiemy Cię, gdy któreś się otworzy.
kiosk-from-hour = Potwierdziliśmy, że jesteś. Wezwiemy Cię od godziny { $time }.
kiosk-at-counter = Ta wizyta już trwa. Stanowisko

# Recepcja
reception-name = Imię i nazwisko
reception-no-name = Nazwiska nie da się teraz pokazać. Poproś o potwierdzenie wizyty i dokument.
reception-number = Numer rezerwacji
reception-children = Dzieci
reception-let-in = Przyjmij
reception-from = Przyjąć można od { $time }.
reception-refuse-title = Odmowa
reception-refuse = Odmów przyjęcia
reception-why = Dlaczego
reception-reason-other_person = przyszła inna osoba
reception-reason-wrong_documents = brak potrzebnych dokumentów
reception-reason-wrong_matter = inna sprawa niż w rezerwacji
reception-reason-other = inny powód
reception-reason-unknown = Wybierz powód z listy.
reception-refused = Zapisane. Rezerwacja jest zakończona, godzina nie wraca do puli.
reception-next = Następna osoba
reception-state-struck_off = skreślona, bo nikt nie zgłosił się na czas
reception-state-refused = odmowa przyjęcia w recepcji

# Stanowisko
verify-title = Sprawdź, czy to ta osoba
verify-needed = Do sprawdzenia
verify-done = Sprawdzone
verify-code = Kod z potwierdzenia wizyty
verify-this = To ta osoba
verify-other = Przyszła inna osoba
verify-no-name = Nazwiska nie da się teraz pokazać. Porównaj kod i dokument.
verify-children = Dzieci: { $names }
verify-first = Najpierw sprawdź, czy to ta osoba: wpisz kod z jej potwierdzenia. Dopiero potem zacznij obsługę.
verify-wrong-code = To nie jest kod osoby przy stanowisku. Sprawdź potwierdzenie i wpisz kod jeszcze raz.
queue-cancelled = Minęła godzina wizyty albo ktoś odwołał tę rezerwację. Umów nową wizytę.
reception-ticket = Numer biletu
reception-ticket-phone = Pokaż bilet w telefonie
