# Спільні тексти всіх сторінок. Ключі мають бути однакові в кожній мові.

# Навігація та кнопки
product = Okienko
skip-to-content = Перейти до змісту
language-switch = Мова сторінки
language-name = Українська
back = Назад
next = Далі
save = Зберегти
cancel = Скасувати
close = Закрити
search = Шукати
print = Друкувати
change = Змінити
yes = Так
no = Ні
home = Головна сторінка
required-mark = обов’язково
optional-mark = необов’язково
sending = Надсилаємо…
step-of = Крок { $n } з { $of }
footer-about = Okienko – візити та черги в установі
footer-accessibility = Декларація доступності
footer-privacy = Конфіденційність
qr-label = QR-код: { $what }
barcode-label = Штрихкод: { $what }
choose = Вибрати

# Демонстрація
demo-banner = Це демонстрація. Годинник установи: { $now }
demo-advance-15 = + 15 хвилин
demo-advance-60 = + 1 година

# Календар
weekday-monday = понеділок
weekday-tuesday = вівторок
weekday-wednesday = середа
weekday-thursday = четвер
weekday-friday = п’ятниця
weekday-saturday = субота
weekday-sunday = неділя
weekday-short-monday = пн
weekday-short-tuesday = вт
weekday-short-wednesday = ср
weekday-short-thursday = чт
weekday-short-friday = пт
weekday-short-saturday = сб
weekday-short-sunday = нд
month-1 = січень
month-2 = лютий
month-3 = березень
month-4 = квітень
month-5 = травень
month-6 = червень
month-7 = липень
month-8 = серпень
month-9 = вересень
month-10 = жовтень
month-11 = листопад
month-12 = грудень
month-of-1 = січня
month-of-2 = лютого
month-of-3 = березня
month-of-4 = квітня
month-of-5 = травня
month-of-6 = червня
month-of-7 = липня
month-of-8 = серпня
month-of-9 = вересня
month-of-10 = жовтня
month-of-11 = листопада
month-of-12 = грудня
date-long = { $weekday }, { $day } { $month } { $year }
date-plain = { $day } { $month } { $year }
month-year = { $month } { $year }
date-at-time = { $date }, о { $time }
month-previous = Попередній місяць: { $month }
month-next = Наступний місяць: { $month }
day-free = { $date }: { $n ->
    [one] { $n } вільна година
    [few] { $n } вільні години
   *[other] { $n } вільних годин
}
day-full = { $date }: місць немає
day-closed = { $date }: прийому немає
day-past = { $date }: день минув
day-not-released = { $date }: запис відкриється { $opens }
day-not-released-plain = { $date }: запис ще не відкрито
day-full-short = місць немає
day-free-short = { $n ->
    [one] { $n } вільна
    [few] { $n } вільні
   *[other] { $n } вільних
}
day-opens-short = з { $opens }
hours-morning = До обіду
hours-afternoon = Після обіду
hours-none = Цього дня вільних годин уже немає.
hour-free = { $time }, { $n ->
    [one] { $n } вільне місце
    [few] { $n } вільні місця
   *[other] { $n } вільних місць
}

# Числа
people = { $n ->
    [one] { $n } людина
    [few] { $n } людини
   *[other] { $n } людей
}
minutes = { $n ->
    [one] { $n } хвилина
    [few] { $n } хвилини
   *[other] { $n } хвилин
}
minutes-for = { $n ->
    [one] { $n } хвилину
    [few] { $n } хвилини
   *[other] { $n } хвилин
}
seconds-for = { $n ->
    [one] { $n } секунду
    [few] { $n } секунди
   *[other] { $n } секунд
}
attempts-left = { $n ->
    [one] Залишилася { $n } спроба.
    [few] Залишилися { $n } спроби.
   *[other] Залишилося { $n } спроб.
}

# Година, яку ми тримаємо
hold-line = Ми тримаємо для Вас цю годину ще { $time }
hold-live = { $n ->
    [one] На завершення бронювання залишилася { $n } хвилина.
    [few] На завершення бронювання залишилися { $n } хвилини.
   *[other] На завершення бронювання залишилося { $n } хвилин.
}
hold-over = Час минув. Ця година знову вільна для всіх. Виберіть годину ще раз.
hold-extend = Мені потрібно більше часу

# Форми та помилки
error-summary-title = Виправте позначені відповіді
error-prefix = Помилка:
field-missing = Це поле обов’язкове. Заповніть його.
field-unknown = Ми не знаємо такого поля. Видаліть його.
field-wrong = Це значення неправильне. Перевірте його та виправте.
body-unreadable = Не вдалося прочитати надіслані дані. Надішліть правильний документ JSON.
body-not-json = Ми очікуємо дані JSON. Додайте заголовок content-type: application/json.
key-unreadable = Заголовок Idempotency-Key має містити від 1 до 128 друкованих символів.
code-label = Код
code-hint = Введіть код із { $n } цифр. Його можна вставити.

# Відмови: назва та пояснення кожного коду
problem-invalid = Треба дещо виправити
problem-invalid-detail = Частина даних неправильна. Виправте вказані місця та надішліть ще раз.
problem-slot_full = Ця година вже зайнята
problem-slot_full-detail = Останнє місце щойно зайняли. Виберіть іншу годину.
problem-hold_expired = Час на завершення минув
problem-hold_expired-detail = Ця година знову вільна для всіх. Виберіть її ще раз.
problem-code_wrong = Код не збігається
problem-code_wrong-detail = Перевірте код і введіть його ще раз.
problem-code_wrong-used-up = Усі спроби використано. Надішліть новий код і введіть його.
problem-code_expired = Цей код уже недійсний
problem-code_expired-detail = Отримайте новий код і введіть його.
problem-too_early = Ще зарано
problem-too_early-detail = Спробуйте ще раз пізніше, ближче до години візиту.
problem-too_early-from = Це можна зробити з { $from }.
problem-too_late = Уже запізно
problem-too_late-detail = Час для цієї дії минув. Підійдіть до довідкової (informacja) в установі, там підкажуть, що можна зробити.
problem-wrong_service = Це бронювання для іншої справи
problem-wrong_service-detail = Виберіть справу, для якої зроблено бронювання.
problem-wrong_location = Це бронювання в іншому місці
problem-wrong_location-detail = Перевірте адресу в підтвердженні візиту та прийдіть туди.
problem-cancelled = Це бронювання скасовано
problem-cancelled-detail = Скасоване бронювання не можна відновити. Ви можете записатися на новий візит.
problem-not_in_territory = Забронювати можна лише з Польщі
problem-not_in_territory-detail = Ця установа приймає бронювання лише з польських мереж. Якщо Ви користуєтеся VPN, вимкніть його та спробуйте ще раз.
problem-account_required = Спочатку увійдіть
problem-account_required-detail = У цій установі для бронювання потрібен акаунт (konto). Увійдіть або створіть акаунт.
problem-limit_reached = У Вас уже є таке бронювання
problem-limit_reached-detail = У Вас уже є найбільша дозволена кількість бронювань у цій справі. Скасуйте одне, щоб зробити інше.
problem-counter_busy = Біля вікна вже є відвідувач
problem-counter_busy-detail = Спочатку завершіть обслуговування цього відвідувача.
problem-rate_limited = Забагато спроб за короткий час
problem-rate_limited-detail = Трохи зачекайте та спробуйте ще раз.
problem-rate_limited-wait = Спробуйте ще раз через { $wait }.
problem-challenge_required = Потрібна додаткова перевірка
problem-challenge_required-detail = Зачекайте, доки браузер завершить перевірку, і надішліть ще раз.
problem-key_reused = Цей ключ уже використано
problem-key_reused-detail = Той самий Idempotency-Key надійшов з іншим вмістом. Використайте новий ключ.
problem-unknown = Такої сторінки тут немає
problem-unknown-detail = Адреса неправильна або сторінки вже не існує. Перевірте, чи адресу введено повністю.
problem-forbidden = Немає доступу
problem-forbidden-detail = У Вас немає дозволу на цю дію.
problem-unavailable = Зараз ми не можемо цього зробити
problem-unavailable-detail = Нічого не змінилося. Спробуйте ще раз трохи пізніше.
problem-too_large = Надіслано забагато даних
problem-too_large-detail = Скоротіть текст і надішліть ще раз.
problem-too_slow = Дані не надійшли вчасно
problem-too_slow-detail = З’єднання було надто повільним або перервалося. Нічого не змінено: надішліть ще раз.
problem-method = Ця адреса працює інакше
problem-method-detail = Цей метод HTTP тут не підтримується.
problem-unsupported = Цей тип даних не підтримується
problem-unsupported-detail = Надішліть дані того типу, який описано в документації.
problem-conflict = Тим часом стан змінився
problem-conflict-detail = Цього зараз не можна зробити. Оновіть сторінку та подивіться, що змінилося.
problem-internal = Сталася помилка з нашого боку
problem-internal-detail = Ми записали цю помилку. Спробуйте ще раз трохи пізніше.

# Вхід для працівників
sign-in-title = Вхід для працівників
sign-in-token = Ключ доступу
sign-in-token-hint = Вставте ключ, який дав Вам адміністратор установи.
sign-in-button = Увійти
sign-out-button = Вийти
sign-in-wrong = Цей ключ неправильний. Перевірте, чи його вставлено повністю.
sign-in-expired = Цей ключ уже недійсний. Попросіть в адміністратора новий.
sign-in-revoked = Цей ключ скасовано. Попросіть в адміністратора новий.
sign-in-idle = Сторінкою надто довго не користувалися. Увійдіть ще раз: Ви повернетеся на ту саму сторінку.
idle-signed-in = Вхід виконано
idle-signed-in-what = Закрийте цю вкладку й поверніться до попередньої.
idle-soon = Невдовзі ми закриємо сторінку, бо нею ніхто не користується.
idle-here = Я тут
idle-locked = Сторінку закрито
idle-locked-what = Нею надто довго не користувалися. Увійдіть у новій вкладці й поверніться сюди: усе залишилося, як було.
idle-back = Повернутися на сторінку
sign-in-demo = Люди для демонстрації
sign-in-demo-hint = Під час демонстрації можна увійти як одна з цих людей.
demo-role-clerk = Вікно { $counter }
demo-role-kiosk = Термінал для талонів

# Зал
hall-title = Виклики
hall-counter = вікно
ticket-number-caption = номер
hall-recall = виклик { $n }
hall-earlier = Попередні виклики
hall-waiting = Чекають
hall-stale = Дані станом на { $time } – відновлюємо зв’язок
hall-nobody = Ще нікого не викликали
hall-between = Зараз нікого не викликаємо
hall-call = Номер { $ticket }, вікно { $counter }

# Вікно
counter-number = Вікно
counter-free = Вільне
counter-closed = Не працює
counter-back-at = Повернемося о { $time }

# Електронний талон
ticket-your-number = Ваш номер
ticket-ahead = { $n ->
    [0] Наступний номер – Ваш
    [one] Перед Вами { $n } людина
    [few] Перед Вами { $n } людини
   *[other] Перед Вами { $n } людей
}
ticket-wait = приблизно { $low }–{ $high } хв
ticket-called = Підійдіть до вікна
ticket-serving = Вас обслуговують
ticket-absent = Ми викликали Вас, але ніхто не підійшов. Залишайтеся поруч, ми викличемо Вас ще раз.
ticket-done = Візит завершено. Дякуємо.
ticket-missed = Номер вилучено з черги, бо на виклики ніхто не підійшов.
ticket-not_called = Перепрошуємо, до кінця дня ми не викликали цей номер.
ticket-left = Цей номер вийшов із черги.
ticket-cancelled = Цей візит скасовано. Не приходьте на цю годину.
ticket-expected = Коли прийдете, підтвердьте це в терміналі для талонів.
ticket-age = Дані станом на { $time } – відновлюємо зв’язок
ticket-sound = Увімкнути звук і вібрацію для виклику

# Робоче місце працівника
desk-title = Вікно { $n }
desk-now = Зараз
desk-nobody = Біля вікна нікого немає
desk-waiting = Чекають
desk-nobody-waiting = Ніхто не чекає
desk-absent = Не підійшли
desk-calls = виклики: { $n }
desk-booked = запис на { $time }
desk-since = з { $time }
desk-waits = { $n } хв
desk-state-closed = Прийом закрито
desk-state-free = Вільне
desk-state-called = Викликано
desk-state-serving = Триває обслуговування
desk-state-paused = Перерва
desk-act-open = Відкрити прийом
desk-act-close = Закрити прийом
desk-act-pause = Перерва
desk-act-call-next = Викликати наступну людину
desk-act-recall = Викликати ще раз
desk-act-no-show = Ніхто не підійшов
desk-act-start = Почати обслуговування
desk-act-finish = Завершити обслуговування
desk-act-transfer = Передати
desk-act-park = Відкласти
desk-act-undo = Скасувати дію
desk-keys = Клавіші
key-space = пробіл
desk-key-primary = Найважливіша дія зараз
desk-key-help = Показати або сховати клавіші
desk-key-search = Шукати номер
desk-sending = надсилаємо…
desk-lost = Немає зв’язку. Показуємо стан на { $time }. Відновлюємо зв’язок.
desk-retrying = Немає зв’язку. Команда чекає, надішлемо її, коли з’явиться мережа: { $act }
desk-busy = Попередня команда ще виконується. Цю не прийнято: { $act }
desk-unsure = Ми не знаємо, чи дійшла команда: { $act }. Перевірте стан і натисніть ще раз.
desk-none = Зараз ніхто не чекає.
desk-call-this = Викликати { $ticket }
desk-call-short = Викликати
desk-transfer-to = Передати до
desk-transfer-service = Справа
desk-transfer-counter = Вікно
desk-search = Номер талона

# Термінал для талонів
kiosk-title = Термінал для талонів
kiosk-have-booking = У мене є бронювання
kiosk-have-booking-hint = Введіть код для термінала з підтвердження візиту
kiosk-take-ticket = Взяти талон
kiosk-take-ticket-hint = Виберіть справу та візьміть номер
kiosk-choose-service = У якій справі Ви прийшли?
kiosk-enter-code = Введіть код для термінала
kiosk-code-length = Код складається з { $n } цифр.
kiosk-code-short = Код для термінала складається з { $n } цифр. Шість цифр із SMS були лише для запису: код для термінала є в підтвердженні візиту.
kiosk-delete = Стерти цифру
kiosk-clear = Стерти все
kiosk-confirm = Підтвердити
kiosk-finish = Завершити
kiosk-sent-to-printer = Ми надіслали талон на принтер.
kiosk-your-number = Ваш номер
kiosk-scan = Відскануйте код, щоб стежити за чергою в телефоні
kiosk-still-there = Ви ще тут?
kiosk-still-there-hint = За мить ми повернемося на перший екран і зітремо Ваші дані.
kiosk-stay = Так, ще хвилинку
kiosk-away = Термінал зараз без зв’язку
kiosk-away-hint = Зверніться до довідки або зачекайте. Термінал спробує знову сам.
kiosk-low = Кнопки нижче
kiosk-normal = Звичайний вигляд
kiosk-returning = Повернення на початок через { $n } с

# Підтвердження
done-number = Номер бронювання
