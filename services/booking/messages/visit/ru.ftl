# Страница подтверждённого визита: что делать с кодом, что помнить.
visit-at-machine = У автомата
visit-machine-button = На экране автомата выберите «{ $label }».
visit-machine-service = В меню выберите услугу «{ $service }».
visit-verify = У окна покажите подтверждение: письмо, SMS с кодом или распечатку.
visit-rules = Что важно помнить
calendar-about-code = Номер записи: { $number }. Код для автомата: { $code }.
visit-calendar-remove = Удалить визит из календаря
