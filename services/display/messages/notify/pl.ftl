# Bilet elektroniczny: SMS przed wezwaniem
notify-title = SMS przed wezwaniem
notify-lead = Możesz wyjść z sali. Napiszemy, gdy zbliży się Twoja kolej.
notify-phone-label = Numer telefonu komórkowego
notify-minutes-label = Ile minut wcześniej
notify-minutes-hint = Od 1 do 60 minut. Czas do wezwania liczymy z bieżącego ruchu w sali, więc może się zmienić.
notify-button = Powiadom mnie SMS-em
notify-change = Zmień powiadomienie
notify-known = Napisz { $n } min wcześniej na numer z rezerwacji
notify-other = Inny numer albo inny czas
notify-phone-empty = Zostaw puste, a napiszemy na numer z rezerwacji.
notify-promised = { $n ->
    [one] Wyślemy SMS około { $n } minutę przed wezwaniem.
    [few] Wyślemy SMS około { $n } minuty przed wezwaniem.
   *[other] Wyślemy SMS około { $n } minut przed wezwaniem.
}
notify-told = SMS o wezwaniu jest już w drodze. Wróć do sali.
notify-phone = Wpisz numer telefonu komórkowego: 9 cyfr, na przykład 601 234 567.
notify-phone-no-sms = Na ten numer nie dojdzie SMS. Podaj numer telefonu komórkowego.
notify-phone-letters = W numerze są litery. Wpisz same cyfry, na przykład 601 234 567 (zero to nie litera O).
notify-phone-extension = To numer z numerem wewnętrznym, a przez centralę SMS nie przejdzie. Wpisz numer telefonu komórkowego, na przykład 601 234 567.
notify-phone-country = Nie wysyłamy SMS-ów do tego kraju. Podaj inny numer.
notify-minutes = Wpisz liczbę od 1 do 60.
notify-too-late = Ten bilet nie czeka już w kolejce: został wezwany, obsłużony albo opuścił kolejkę. Sprawdź ekran w sali.
notify-limit = Powiadomienie tego biletu można ustawić trzy razy. Zostaje ostatnie ustawienie.
notify-none = Ten urząd nie wysyła SMS-ów przed wezwaniem. Zostaw otwartą stronę biletu.
