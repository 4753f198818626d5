# Pytania formularza i ostatni krok bez kodu.
only-if = Wypełnij tylko, jeśli odpowiedź na pytanie „{ $question }” to „{ $answer }”.
answer-yes = tak
answer-no = nie
confirm-by-mail = Potwierdzenie z numerem rezerwacji i kodem wyślemy na adres e-mail Twojego konta.
limit-visit = Pokaż wizytę, którą już masz
document-read = Numer dokumentu zapisaliśmy literami łacińskimi: { $document }. Jeśli w dokumencie jest inaczej, wróć i popraw.
