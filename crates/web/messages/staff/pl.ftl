# Logowanie pracowników hasłem
sign-in-office = Urząd
sign-in-login = Login
sign-in-password = Hasło
sign-in-counter = Numer okienka
sign-in-counter-hint = Wpisz, jeśli dziś pracujesz przy innym okienku niż zwykle.
sign-in-refused = Login lub hasło jest nieprawidłowe. Sprawdź oba i spróbuj jeszcze raz.
sign-in-counter-needed = Wpisz numer okienka, przy którym dziś pracujesz.
sign-in-counter-unknown = W tym miejscu nie ma takiego okienka. Wpisz numer z tabliczki.
sign-in-other = Masz klucz dostępu
sign-in-demo-login = login: { $login }, hasło: demo
sign-in-device = Urządzenie
demo-role-reception = Punkt informacyjny
demo-role-supervisor = Kierownik sali
demo-role-admin = Administrator urzędu
demo-role-auditor = Audytor
demo-role-screen = Ekran w sali
demo-role-operator = Operator
