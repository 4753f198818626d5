# Teksty kont: logowanie, zakładanie konta, strony linków z wiadomości.

account-sign-in-title = Zaloguj się
account-sign-in = Zaloguj się
account-needed = Ten urząd przyjmuje rezerwacje od osób zalogowanych. Po zalogowaniu wrócisz do wyboru terminu.
account-first = Żeby zarezerwować termin, trzeba mieć konto. Wolne terminy możesz obejrzeć bez niego.
account-first-link = Zaloguj się albo utwórz konto
account-wrong = Adres albo hasło się nie zgadza. Sprawdź oba. Jeśli konto jest nowe, najpierw je aktywuj: link jest w wiadomości, którą wysłaliśmy.
account-session-over = Czas zalogowania minął. Zaloguj się jeszcze raz.
account-forgot = Nie pamiętam hasła
account-none-yet = Nie masz jeszcze konta?
account-create = Utwórz konto
account-password = Hasło
account-password-new = Nowe hasło
account-password-rules = Od { $least } do { $most } znaków. Mogą to być zwykłe słowa, na przykład kilka słów ze spacjami. Bez nazwy urzędu i miasta, imion i dat.
account-password-short = Hasło ma za mało znaków. Wpisz co najmniej 10.
account-password-needed = Wpisz hasło, które ma mieć konto.
account-password-long = Hasło ma za dużo znaków. Wpisz najwyżej 128.
account-password-blank = Same spacje nie są hasłem. Wpisz kilka słów, które się ze sobą nie łączą.
account-password-own = To hasło łatwo zgadnąć: jest w nim głównie nazwa urzędu lub miejscowości albo Twój adres. Wpisz kilka słów, które nie mają z nimi związku, na przykład trzy przypadkowe rzeczy z pokoju.
account-password-common = To hasło łatwo zgadnąć: takie słowa, imiona, daty i ciągi znaków próbuje się najpierw. Wpisz kilka słów, które się ze sobą nie łączą, na przykład trzy przypadkowe rzeczy z pokoju.
account-password-address = Adres e-mail nie może być hasłem. Wpisz inne.
account-password-wrong = To nie jest hasło do tego konta. Wpisz je jeszcze raz.

# Moje konto
account-own-title = Moje konto
account-signed-in-as = Konto: { $email }
account-visits = Moje wizyty
account-no-visits = Nie masz jeszcze żadnej wizyty.
account-manage = Ustawienia konta
account-address-link = Zmień adres e-mail
account-password-link = Zmień hasło
account-delete-link = Usuń konto
account-sign-out = Wyloguj się
account-sign-out-hint = Wylogujemy Cię na wszystkich urządzeniach.
account-signed-out = Wylogowaliśmy Cię na wszystkich urządzeniach.
account-is-active = Konto jest aktywne. Możesz się zalogować.
account-password-is-set = Nowe hasło jest zapisane. Zaloguj się nim.
account-address-is-asked = Wysłaliśmy wiadomość na nowy adres. Zmienimy adres, gdy otworzysz link z tej wiadomości.
account-address-is-changed = Adres jest zmieniony. Od teraz loguj się nowym adresem.
account-is-deleted = Konto jest usunięte razem z adresem i hasłem.

account-address-title = Zmień adres e-mail
account-address-what = Na nowy adres wyślemy link. Do jego otwarcia działa dotychczasowy adres.
account-address-send = Wyślij link
account-address-same = To jest obecny adres tego konta. Wpisz inny.
account-address-taken = Tego adresu używa inne konto. Podaj inny adres.

account-delete-title = Czy usunąć konto?
account-delete-what = Usuniemy adres, hasło i listę wizyt. Umówione wizyty zostają: możesz je zobaczyć i odwołać przez link z potwierdzenia. Usuniętego konta nie da się przywrócić, możesz założyć nowe.
account-delete-yes = Usuń konto

# Nowe konto
account-new-title = Utwórz konto
account-new-what = Konto jest bezpłatne. Na podany adres wyślemy link. Otworzysz go i ustawisz hasło.
account-new-sent-title = Sprawdź pocztę
account-new-sent = Wysłaliśmy wiadomość na podany adres. Otwórz link z tej wiadomości i ustaw hasło, żeby aktywować konto. Link działa 24 godziny.
account-mail-missing = Wiadomość może iść kilka minut. Jeśli nie przyjdzie, zajrzyj do spamu i sprawdź, czy w adresie nie było pomyłki.
account-to-sign-in = Przejdź do logowania

# Nowe hasło
account-reset-title = Ustaw nowe hasło
account-reset-what = Podaj adres e-mail konta. Wyślemy na niego link, którym ustawisz nowe hasło.
account-reset-send = Wyślij link do nowego hasła
account-reset-sent-title = Sprawdź pocztę
account-reset-sent = Wysłaliśmy wiadomość na podany adres. Otwórz link z tej wiadomości i ustaw nowe hasło. Link działa godzinę.

# Linki z wiadomości
account-link-title = Ten link już nie działa
account-link-over = Link działa raz i przez pewien czas. Ten został już użyty, minął jego czas albo zastąpił go inny.
account-link-unknown = Nie znamy takiego linku. Skopiuj z wiadomości cały adres.
account-link-maybe-active = Jeśli konto jest już aktywne, po prostu się zaloguj.
account-activate-title = Aktywuj konto
account-activate-what = Jeszcze jeden krok: ustaw hasło, którym będziesz się logować, i konto będzie aktywne.
account-activate-consents = Do konta należą te zgody:
account-activate-yes = Aktywuj konto
account-change-title = Potwierdź nowy adres
account-change-what = Po naciśnięciu przycisku będziesz logować się tym adresem. Na poprzedni adres wyślemy o tym wiadomość.
account-change-password = Wpisz hasło do konta, które ma dostać ten adres. Jeśli to nie Ty zmieniasz adres, zamknij tę stronę: nic się nie zmieni.
account-change-yes = Potwierdzam nowy adres
account-password-title = Wpisz nowe hasło
account-password-what = Po zapisaniu wylogujemy Cię na wszystkich urządzeniach. Potem zaloguj się nowym hasłem.
account-password-save = Zapisz hasło

# Ostatni krok rezerwacji z kontem
account-confirm-title = Sprawdź i zatwierdź wizytę
account-confirm-what = Potwierdzenie z numerem rezerwacji wyślemy na adres e-mail Twojego konta.
account-confirm-ok = OK, rezerwuję
