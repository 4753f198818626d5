# Сторінка підтвердженого візиту: що робити з кодом, про що пам’ятати.
visit-do-placed = О цій годині система сама поставить Вас у чергу. Чекайте в залі на свій номер.
visit-do-check-in = На місці введіть код у терміналі (automat biletowy), не пізніше { $to }. Без цього ми не викличемо Вас до вікна.
visit-fold-bring = Що взяти із собою і скільки це коштує
visit-fold-more = Як відбувається візит
come-between = Приходьте між { $from } і { $by }.
visit-at-machine = Біля термінала (automat biletowy)
visit-machine-button = На екрані термінала виберіть «{ $label }».
visit-machine-service = У меню виберіть послугу «{ $service }».
visit-verify = Біля вікна покажіть підтвердження: електронний лист, SMS із кодом або роздруківку.
visit-rules = Про що пам’ятати
calendar-about-code = Номер бронювання: { $number }. Код для термінала: { $code }.
visit-calendar-remove = Видалити візит із календаря
