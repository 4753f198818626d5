# Страница подтверждённого визита: что делать с кодом, что помнить.
visit-do-placed = В это время система сама поставит вас в очередь. Ждите в зале свой номер.
visit-do-check-in = На месте введите код в автомате (automat biletowy), не позже { $to }. Без этого мы не вызовем вас к окну.
visit-fold-bring = Что взять с собой и сколько это стоит
visit-fold-more = Как проходит визит
come-between = Приходите между { $from } и { $by }.
visit-at-machine = У автомата
visit-machine-button = На экране автомата выберите «{ $label }».
visit-machine-service = В меню выберите услугу «{ $service }».
visit-verify = У окна покажите подтверждение: письмо, SMS с кодом или распечатку.
visit-rules = Что важно помнить
calendar-about-code = Номер записи: { $number }. Код для автомата: { $code }.
visit-calendar-remove = Удалить визит из календаря
