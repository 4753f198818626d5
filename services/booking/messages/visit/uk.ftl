# Сторінка підтвердженого візиту: що робити з кодом, про що пам’ятати.
visit-at-machine = Біля термінала (automat biletowy)
visit-machine-button = На екрані термінала виберіть «{ $label }».
visit-machine-service = У меню виберіть послугу «{ $service }».
visit-verify = Біля вікна покажіть підтвердження: електронний лист, SMS із кодом або роздруківку.
visit-rules = Про що пам’ятати
calendar-about-code = Номер бронювання: { $number }. Код для термінала: { $code }.
visit-calendar-remove = Видалити візит із календаря
