# Kto może rezerwować: miejsce, sprawdzenie przeglądarki, czekanie.

# Odmowy
outside-refused = Ten urząd przyjmuje rezerwacje przez internet tylko z terytorium Polski, a Twoje połączenie wygląda na zagraniczne. Jeśli jesteś w Polsce i używasz VPN, wyłącz go i spróbuj ponownie. Istniejącą rezerwację możesz zobaczyć i odwołać skądkolwiek.
challenge-void = To sprawdzenie było już użyte albo jest za stare. Pobierz nowe i wyślij jeszcze raz.
challenge-wrong = Wynik sprawdzenia nie pasuje do zadania. Pobierz nowe zadanie i wyślij jeszcze raz.
wait-void = Ten bilet nie liczy się albo był już użyty. Wybierz godzinę jeszcze raz.

# Strona dla tych, którzy są poza terytorium
outside-title = Rezerwacja działa tylko z terytorium Polski
outside-lead = Wygląda na to, że łączysz się spoza Polski. Ten urząd przyjmuje rezerwacje przez internet tylko z polskich sieci.
outside-vpn-title = Jesteś w Polsce?
outside-vpn = Czasem zagraniczną sieć widać przez VPN, firmowe łącze albo roaming. Wyłącz VPN albo połącz się przez inną sieć, na przykład domową, i wczytaj tę stronę ponownie.
outside-again = Sprawdź ponownie
outside-abroad-title = Jesteś za granicą?
outside-abroad = Zadzwoń do urzędu, w którym chcesz załatwić sprawę, albo poproś kogoś w Polsce, aby umówił wizytę w Twoim imieniu.
outside-kept-title = Masz już rezerwację?
outside-kept = Możesz ją zobaczyć i odwołać skądkolwiek. Otwórz link z potwierdzenia.

# Sprawdzenie przeglądarki
challenge-working = Sprawdzamy Twoją przeglądarkę. To potrwa chwilę, godzinę zarezerwujemy zaraz potem.

# Czekanie zamiast sprawdzenia
wait-title = Jeszcze chwila
wait-ready-title = Możesz zarezerwować
wait-why = Chronimy terminy przed automatami. Twoja przeglądarka nie może tego sprawdzić sama, dlatego prosimy o krótkie czekanie. Nie musisz nic robić.
wait-left = { $n ->
    [one] Za { $n } sekundę pojawi się tu przycisk rezerwacji.
    [few] Za { $n } sekundy pojawi się tu przycisk rezerwacji.
   *[other] Za { $n } sekund pojawi się tu przycisk rezerwacji.
}
wait-reload = Jeśli strona się nie zmieni, wczytaj ją ponownie
wait-ready = Dziękujemy za cierpliwość. Godzina nie jest jeszcze zarezerwowana, naciśnij przycisk.
wait-hold = Rezerwuję { $time }
