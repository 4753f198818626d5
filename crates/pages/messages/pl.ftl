# Wspólne teksty wszystkich stron. Klucze muszą być te same w każdym języku.

# Nawigacja i przyciski
product = Okienko
skip-to-content = Przejdź do treści
language-switch = Język strony
language-name = Polski
back = Wstecz
next = Dalej
save = Zapisz
cancel = Anuluj
close = Zamknij
search = Szukaj
print = Drukuj
change = Zmień
yes = Tak
no = Nie
home = Strona główna
required-mark = wymagane
optional-mark = niewymagane
sending = Wysyłam…
step-of = Krok { $n } z { $of }
footer-about = Okienko – wizyty i kolejki w urzędzie
footer-accessibility = Deklaracja dostępności
footer-privacy = Prywatność
qr-label = Kod QR: { $what }
barcode-label = Kod kreskowy: { $what }
choose = Wybierz

# Tryb pokazowy
demo-banner = To jest pokaz. Zegar urzędu: { $now }
demo-advance-15 = + 15 minut
demo-advance-60 = + 1 godzina

# Kalendarz
weekday-monday = poniedziałek
weekday-tuesday = wtorek
weekday-wednesday = środa
weekday-thursday = czwartek
weekday-friday = piątek
weekday-saturday = sobota
weekday-sunday = niedziela
weekday-short-monday = pn.
weekday-short-tuesday = wt.
weekday-short-wednesday = śr.
weekday-short-thursday = czw.
weekday-short-friday = pt.
weekday-short-saturday = sob.
weekday-short-sunday = niedz.
month-1 = styczeń
month-2 = luty
month-3 = marzec
month-4 = kwiecień
month-5 = maj
month-6 = czerwiec
month-7 = lipiec
month-8 = sierpień
month-9 = wrzesień
month-10 = październik
month-11 = listopad
month-12 = grudzień
month-of-1 = stycznia
month-of-2 = lutego
month-of-3 = marca
month-of-4 = kwietnia
month-of-5 = maja
month-of-6 = czerwca
month-of-7 = lipca
month-of-8 = sierpnia
month-of-9 = września
month-of-10 = października
month-of-11 = listopada
month-of-12 = grudnia
date-long = { $weekday }, { $day } { $month } { $year }
date-plain = { $day } { $month } { $year }
month-year = { $month } { $year }
date-at-time = { $date }, godz. { $time }
month-previous = Poprzedni miesiąc: { $month }
month-next = Następny miesiąc: { $month }
day-free = { $date }: { $n ->
    [one] { $n } wolna godzina
    [few] { $n } wolne godziny
   *[other] { $n } wolnych godzin
}
day-full = { $date }: brak miejsc
day-closed = { $date }: nieczynne
day-past = { $date }: dzień minął
day-not-released = { $date }: zapisy ruszą { $opens }
day-not-released-plain = { $date }: zapisy jeszcze nie ruszyły
day-full-short = brak miejsc
day-free-short = { $n ->
    [one] { $n } wolna
    [few] { $n } wolne
   *[other] { $n } wolnych
}
day-opens-short = od { $opens }
hours-morning = Przed południem
hours-afternoon = Po południu
hours-none = W tym dniu nie ma już wolnych godzin.
hour-free = { $time }, { $n ->
    [one] { $n } wolne miejsce
    [few] { $n } wolne miejsca
   *[other] { $n } wolnych miejsc
}

# Liczby
people = { $n ->
    [one] { $n } osoba
    [few] { $n } osoby
   *[other] { $n } osób
}
minutes = { $n ->
    [one] { $n } minuta
    [few] { $n } minuty
   *[other] { $n } minut
}
minutes-for = { $n ->
    [one] { $n } minutę
    [few] { $n } minuty
   *[other] { $n } minut
}
seconds-for = { $n ->
    [one] { $n } sekundę
    [few] { $n } sekundy
   *[other] { $n } sekund
}
attempts-left = { $n ->
    [one] Została { $n } próba.
    [few] Zostały { $n } próby.
   *[other] Zostało { $n } prób.
}

# Trzymana godzina
hold-line = Trzymamy dla Ciebie tę godzinę jeszcze { $time }
hold-live = { $n ->
    [one] Na dokończenie rezerwacji została { $n } minuta.
    [few] Na dokończenie rezerwacji zostały { $n } minuty.
   *[other] Na dokończenie rezerwacji zostało { $n } minut.
}
hold-over = Czas minął. Ta godzina wróciła do puli wolnych. Wybierz godzinę jeszcze raz.
hold-extend = Potrzebuję więcej czasu

# Formularze i błędy
error-summary-title = Popraw zaznaczone odpowiedzi
error-prefix = Błąd:
field-missing = To pole jest wymagane. Wpisz brakującą treść.
field-unknown = Nie znamy takiego pola. Usuń je.
field-wrong = Ta wartość jest nieprawidłowa. Sprawdź ją i popraw.
body-unreadable = Nie można odczytać przesłanych danych. Wyślij poprawny dokument JSON.
body-not-json = Oczekujemy danych JSON. Dodaj nagłówek content-type: application/json.
key-unreadable = Nagłówek Idempotency-Key ma mieć od 1 do 128 drukowalnych znaków.
code-label = Kod
code-hint = Wpisz { $n } cyfr. Kod możesz wkleić.

# Odmowy: tytuł i wyjaśnienie każdego kodu
problem-invalid = Trzeba coś poprawić
problem-invalid-detail = Część danych jest nieprawidłowa. Popraw wskazane miejsca i wyślij jeszcze raz.
problem-slot_full = Ta godzina jest już zajęta
problem-slot_full-detail = Ktoś zajął ostatnie miejsce przed chwilą. Wybierz inną godzinę.
problem-hold_expired = Czas na dokończenie minął
problem-hold_expired-detail = Godzina wróciła do puli wolnych. Wybierz ją jeszcze raz.
problem-code_wrong = Kod się nie zgadza
problem-code_wrong-detail = Sprawdź kod i wpisz go jeszcze raz.
problem-code_wrong-used-up = Wszystkie próby są wykorzystane. Wyślij nowy kod i wpisz go.
problem-code_expired = Ten kod stracił ważność
problem-code_expired-detail = Poproś o nowy kod i wpisz go.
problem-too_early = Jest jeszcze za wcześnie
problem-too_early-detail = Spróbuj ponownie później, bliżej umówionej godziny.
problem-too_early-from = Możesz to zrobić od { $from }.
problem-too_late = Jest już za późno
problem-too_late-detail = Czas na tę czynność minął. Podejdź do informacji urzędu, tam powiedzą, co można zrobić.
problem-wrong_service = To rezerwacja na inną sprawę
problem-wrong_service-detail = Wybierz sprawę, na którą jest rezerwacja.
problem-wrong_location = To rezerwacja w innym miejscu
problem-wrong_location-detail = Sprawdź adres na potwierdzeniu wizyty i przyjdź tam.
problem-cancelled = Ta rezerwacja jest anulowana
problem-cancelled-detail = Anulowanej rezerwacji nie da się przywrócić. Możesz umówić nową wizytę.
problem-not_in_territory = Rezerwacja jest możliwa tylko z Polski
problem-not_in_territory-detail = Ten urząd przyjmuje zapisy tylko z polskich adresów w sieci. Jeśli używasz VPN, wyłącz go i spróbuj ponownie.
problem-account_required = Najpierw się zaloguj
problem-account_required-detail = Ten urząd przyjmuje rezerwacje od osób zalogowanych. Zaloguj się lub załóż konto.
problem-limit_reached = Masz już taką rezerwację
problem-limit_reached-detail = Masz już największą dozwoloną liczbę rezerwacji w tej sprawie. Odwołaj jedną, aby umówić inną.
problem-counter_busy = Przy stanowisku jest już klient
problem-counter_busy-detail = Najpierw zakończ obsługę obecnego klienta.
problem-rate_limited = Za dużo prób w krótkim czasie
problem-rate_limited-detail = Odczekaj chwilę i spróbuj ponownie.
problem-rate_limited-wait = Spróbuj ponownie za { $wait }.
problem-challenge_required = Potrzebne jest dodatkowe sprawdzenie
problem-challenge_required-detail = Poczekaj, aż przeglądarka ukończy sprawdzenie, i wyślij jeszcze raz.
problem-key_reused = Ten klucz był już użyty
problem-key_reused-detail = Ten sam Idempotency-Key przyszedł z inną treścią. Użyj nowego klucza.
problem-unknown = Nie ma tu takiej strony
problem-unknown-detail = Adres jest błędny albo to, czego dotyczył, już nie istnieje. Sprawdź, czy został wpisany w całości.
problem-forbidden = Brak dostępu
problem-forbidden-detail = Nie masz uprawnień do tej czynności.
problem-unavailable = Chwilowo nie możemy tego zrobić
problem-unavailable-detail = Nic nie zostało zmienione. Spróbuj ponownie za chwilę.
problem-too_large = Przesłano za dużo danych
problem-too_large-detail = Skróć treść i wyślij jeszcze raz.
problem-too_slow = Dane nie dotarły na czas
problem-too_slow-detail = Połączenie było zbyt wolne albo się przerwało. Nic nie zostało zmienione: wyślij jeszcze raz.
problem-method = Tego adresu używa się inaczej
problem-method-detail = Ta metoda HTTP nie jest tu obsługiwana.
problem-unsupported = Nieobsługiwany rodzaj danych
problem-unsupported-detail = Wyślij dane w rodzaju opisanym w dokumentacji.
problem-conflict = Stan zmienił się w międzyczasie
problem-conflict-detail = Tej czynności nie da się teraz wykonać. Odśwież stronę i sprawdź, co się zmieniło.
problem-internal = Coś poszło nie tak po naszej stronie
problem-internal-detail = Zapisaliśmy ten błąd. Spróbuj ponownie za chwilę.

# Logowanie pracowników
sign-in-title = Logowanie pracownika
sign-in-token = Klucz dostępu
sign-in-token-hint = Wklej klucz otrzymany od administratora urzędu.
sign-in-button = Zaloguj
sign-out-button = Wyloguj
sign-in-wrong = Ten klucz jest nieprawidłowy. Sprawdź, czy został wklejony w całości.
sign-in-expired = Ten klucz stracił ważność. Poproś administratora o nowy.
sign-in-revoked = Ten klucz został odwołany. Poproś administratora o nowy.
sign-in-idle = Strona była zbyt długo bez ruchu. Zaloguj się jeszcze raz: wrócisz na tę samą stronę.
idle-signed-in = Zalogowano
idle-signed-in-what = Zamknij tę kartę i wróć do poprzedniej.
idle-soon = Za chwilę zasłonimy stronę, bo nikt z niej nie korzysta.
idle-here = Jestem tu
idle-locked = Strona jest zasłonięta
idle-locked-what = Była zbyt długo bez ruchu. Zaloguj się w nowej karcie i wróć tutaj: wszystko zostało tak, jak było.
idle-back = Wróć na stronę
sign-in-demo = Osoby na pokaz
sign-in-demo-hint = W trybie pokazowym możesz wejść jako jedna z tych osób.
demo-role-clerk = Okienko { $counter }
demo-role-kiosk = Automat biletowy

# Sala
hall-title = Wezwania
hall-counter = stanowisko
ticket-number-caption = numer
hall-recall = { $n }. wezwanie
hall-earlier = Wcześniejsze wezwania
hall-waiting = Czekają
hall-stale = Dane z { $time } – łączymy ponownie
hall-nobody = Nikogo jeszcze nie wezwano
hall-between = Teraz nikogo nie wzywamy
hall-call = Numer { $ticket }, stanowisko { $counter }

# Stanowisko
counter-number = Stanowisko
counter-free = Wolne
counter-closed = Nieczynne
counter-back-at = Wracamy o { $time }

# Bilet elektroniczny
ticket-your-number = Twój numer
ticket-ahead = { $n ->
    [0] Następny numer to Twój
    [one] Przed Tobą { $n } osoba
    [few] Przed Tobą { $n } osoby
   *[other] Przed Tobą { $n } osób
}
ticket-wait = około { $low }–{ $high } minut
ticket-called = Podejdź do stanowiska
ticket-serving = Trwa obsługa
ticket-absent = Wezwaliśmy Cię, ale nikt nie podszedł. Zostań w pobliżu, wezwiemy jeszcze raz.
ticket-done = Wizyta zakończona. Dziękujemy.
ticket-missed = Numer usunięty z kolejki, bo nikt nie podszedł mimo wezwań.
ticket-not_called = Przepraszamy, do końca dnia nie wezwaliśmy tego numeru.
ticket-left = Ten numer opuścił kolejkę.
ticket-cancelled = Ta wizyta jest odwołana. Nie przychodź na tę godzinę.
ticket-expected = Potwierdź przybycie w automacie biletowym, gdy będziesz na miejscu.
ticket-age = Dane z { $time } – łączymy ponownie
ticket-sound = Włącz dźwięk i wibracje wezwania

# Biurko urzędnika
desk-title = Stanowisko { $n }
desk-now = Teraz
desk-nobody = Nikogo przy stanowisku
desk-waiting = Czekają
desk-nobody-waiting = Nikt nie czeka
desk-absent = Nie zgłosili się
desk-calls = wezwania: { $n }
desk-booked = umówiony na { $time }
desk-since = od { $time }
desk-waits = { $n } min
desk-state-closed = Zamknięte
desk-state-free = Wolne
desk-state-called = Wezwany
desk-state-serving = W trakcie obsługi
desk-state-paused = Przerwa
desk-act-open = Otwórz stanowisko
desk-act-close = Zamknij stanowisko
desk-act-pause = Przerwa
desk-act-call-next = Wezwij następną osobę
desk-act-recall = Wezwij ponownie
desk-act-no-show = Nie zgłosił się
desk-act-start = Rozpocznij obsługę
desk-act-finish = Zakończ obsługę
desk-act-transfer = Przekaż
desk-act-park = Odłóż
desk-act-undo = Cofnij
desk-keys = Klawisze
key-space = spacja
desk-key-primary = Najważniejsza czynność teraz
desk-key-help = Pokaż lub ukryj klawisze
desk-key-search = Szukaj numeru
desk-sending = wysyłam…
desk-lost = Brak połączenia. Pokazujemy stan z { $time }. Łączymy ponownie.
desk-retrying = Brak połączenia. Polecenie czeka i pójdzie, gdy wróci sieć: { $act }
desk-busy = Poprzednie polecenie jeszcze trwa. Tego nie przyjęto: { $act }
desk-unsure = Nie wiemy, czy polecenie dotarło: { $act }. Sprawdź stan i naciśnij jeszcze raz.
desk-none = Nikt teraz nie czeka.
desk-call-this = Wezwij { $ticket }
desk-call-short = Wezwij
desk-transfer-to = Przekaż do
desk-transfer-service = Sprawa
desk-transfer-counter = Stanowisko
desk-search = Numer biletu

# Automat biletowy
kiosk-title = Automat biletowy
kiosk-have-booking = Mam rezerwację
kiosk-have-booking-hint = Wpisz kod do automatu z potwierdzenia wizyty
kiosk-take-ticket = Pobierz bilet
kiosk-take-ticket-hint = Wybierz sprawę i weź numer
kiosk-choose-service = Jaką sprawę chcesz załatwić?
kiosk-enter-code = Wpisz kod do automatu
kiosk-code-length = Kod ma { $n } cyfr.
kiosk-code-short = Kod do automatu ma { $n } cyfr. Sześć cyfr z SMS-a służyło tylko do rezerwacji: kod do automatu jest na potwierdzeniu wizyty.
kiosk-delete = Usuń cyfrę
kiosk-clear = Wyczyść
kiosk-confirm = Zatwierdź
kiosk-finish = Zakończ
kiosk-sent-to-printer = Wysłaliśmy bilet do drukarki.
kiosk-your-number = Twój numer
kiosk-scan = Zeskanuj, aby śledzić kolejkę w telefonie
kiosk-still-there = Czy nadal tu jesteś?
kiosk-still-there-hint = Za chwilę wrócimy do pierwszego ekranu i wyczyścimy dane.
kiosk-stay = Tak, jeszcze chwilę
kiosk-away = Automat nie ma teraz połączenia
kiosk-away-hint = Podejdź do informacji albo poczekaj chwilę. Automat sam próbuje dalej.
kiosk-low = Przyciski niżej
kiosk-normal = Zwykły układ
kiosk-returning = Powrót do początku za { $n } s

# Potwierdzenie
done-number = Numer rezerwacji
