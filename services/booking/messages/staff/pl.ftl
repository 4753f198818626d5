# Pracownicy i urządzenia urzędu, dziennik dostępu
staff-title = Pracownicy i urządzenia
staff-people = Pracownicy
staff-devices = Urządzenia
staff-nobody = Nikogo tu jeszcze nie ma.
staff-name = Imię i nazwisko lub nazwa urządzenia
staff-login = Login
staff-login-hint = Małe litery, cyfry, kropka i kreska. Urządzenie nie ma loginu.
staff-roles = Co robi
staff-location = Miejsce
staff-location-all = Wszystkie miejsca
staff-counter = Okienko
staff-last = Ostatnie wejście
staff-never = jeszcze nie było
staff-state = Stan
staff-active = działa
staff-off = wyłączony dostęp
staff-tokens = { $n ->
    [0] nie jest zalogowany
    [one] { $n } aktywne wejście
    [few] { $n } aktywne wejścia
   *[other] { $n } aktywnych wejść
}
staff-add = Dodaj pracownika lub urządzenie
staff-add-button = Dodaj
staff-change = Zmień
staff-save = Zapisz
staff-do-revoke = Wyloguj teraz
staff-do-disable = Wyłącz dostęp
staff-do-enable = Włącz dostęp
staff-do-password = Nadaj nowe hasło
staff-do-token = Połącz na nowo
staff-once = Zapisz teraz. Drugi raz tego nie pokażemy.
staff-new-password = Hasło dla { $name }
staff-new-token = Klucz dla { $name }
staff-back = Wróć do listy
staff-choose-office = Wybierz urząd
staff-name-wrong = Wpisz imię i nazwisko lub nazwę urządzenia, najwyżej 100 znaków.
staff-login-wrong = Wpisz login: od 3 do 64 małych liter, cyfr, kropek lub kresek.
staff-login-taken = Ten login ktoś już ma lub miał. Wybierz inny.
staff-roles-wrong = Wybierz zadania, które można łączyć. Urządzenie ma jedno zadanie i jedno miejsce.
staff-location-needed = Wybierz miejsce, w którym ta osoba pracuje.
staff-no-device = To nie jest urządzenie. Nadaj nowe hasło.
staff-no-person = To jest urządzenie. Połącz je na nowo.
staff-disabled = Dostęp jest wyłączony. Najpierw go włącz.
role-clerk = Obsługa okienka
role-reception = Punkt informacyjny
role-kiosk = Biletomat
role-screen = Ekran w sali
role-supervisor = Kierownik sali
role-admin = Administrator
role-auditor = Audytor
role-operator = Operator
access-title = Dziennik dostępu
access-day = Dzień
access-who = Kto
access-act = Co
access-on = Czego dotyczy
access-outcome = Wynik
access-time = Godzina
access-show = Pokaż
access-csv = Pobierz CSV
access-none = Tego dnia nie ma takich wpisów.
access-more = Pokazujemy najnowsze { $n } wpisów. Zawęź wyszukiwanie, żeby zobaczyć pozostałe.
