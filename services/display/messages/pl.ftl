# Tytuły kart przeglądarki
page-hall = Wezwania – { $place }
page-counter = Stanowisko { $counter } – { $place }
page-ticket = Bilet { $number }
page-ticket-no-number = Twój bilet
hall-notice-calls = Nie zdążysz podejść? Zostań w pobliżu. Wzywamy do { $n } razy, potem numer znika z kolejki.
hall-notice-once = Wzywamy raz. Zostań w pobliżu i patrz na ekran.
hall-notice-phone = Kolejkę zobaczysz też w telefonie: zeskanuj kod z biletu.

# Bilet elektroniczny
ticket-heading = Twój bilet
ticket-expected-hour = Bądź w urzędzie o { $time }. O tej godzinie Twój numer sam wejdzie do kolejki.
ticket-expected-check-in = Potwierdź przybycie w automacie biletowym od { $from } do { $to }. Wtedy wejdziesz do kolejki.
ticket-expected-today = Ten bilet jest na dziś. Gdy wejdziesz do kolejki, zobaczysz tu swoje miejsce.
ticket-expected-day = Ten bilet jest na dzień: { $date }. Tego dnia zobaczysz tu swoje miejsce w kolejce.
ticket-over = Ten bilet był na dzień: { $date }. Ten dzień już minął.
ticket-cancelled-day = Ta wizyta jest odwołana: { $date }. Nie przychodź na nią.
ticket-service = Sprawa
ticket-place = Miejsce
ticket-booked = Umówiona godzina
ticket-day = Dzień
ticket-keep-open = Zostaw tę stronę otwartą. Gdy Cię wezwiemy, zobaczysz numer stanowiska.

# Wyjście z kolejki
leave-button = Wychodzę z kolejki
leave-expected = Nie możesz przyjść? Odwołaj wizytę na jej stronie. Adres jest w wiadomości z potwierdzeniem.
leave-title = Wyjść z kolejki?
leave-lead = Stracisz swoje miejsce, a numeru { $number } już nie wezwiemy. Nie da się tego cofnąć.
leave-lead-no-number = Stracisz swoje miejsce i już Cię nie wezwiemy. Nie da się tego cofnąć.
leave-ahead = { $n ->
    [0] Następny numer to Twój.
    [one] Przed Tobą jest tylko { $n } osoba.
    [few] Przed Tobą są { $n } osoby.
   *[other] Przed Tobą jest { $n } osób.
}
leave-confirm = Tak, wychodzę z kolejki
leave-stay = Zostaję w kolejce
