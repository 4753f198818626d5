# Общие тексты всех страниц. Ключи одинаковы во всех языках.

# Навигация и кнопки
product = Okienko
skip-to-content = Перейти к содержанию
language-switch = Язык страницы
language-name = Русский
back = Назад
next = Далее
save = Сохранить
cancel = Отмена
close = Закрыть
search = Найти
print = Печать
change = Изменить
yes = Да
no = Нет
home = Главная страница
required-mark = обязательно
optional-mark = необязательно
sending = Отправляем…
step-of = Шаг { $n } из { $of }
footer-about = Okienko – визиты и очереди в учреждениях
footer-accessibility = Декларация доступности
footer-privacy = Конфиденциальность
qr-label = QR-код: { $what }
barcode-label = Штрихкод: { $what }
choose = Выберите

# Демонстрация
demo-banner = Это демонстрация. Часы учреждения: { $now }
demo-advance-15 = + 15 минут
demo-advance-60 = + 1 час

# Календарь
weekday-monday = понедельник
weekday-tuesday = вторник
weekday-wednesday = среда
weekday-thursday = четверг
weekday-friday = пятница
weekday-saturday = суббота
weekday-sunday = воскресенье
weekday-short-monday = пн
weekday-short-tuesday = вт
weekday-short-wednesday = ср
weekday-short-thursday = чт
weekday-short-friday = пт
weekday-short-saturday = сб
weekday-short-sunday = вс
month-1 = январь
month-2 = февраль
month-3 = март
month-4 = апрель
month-5 = май
month-6 = июнь
month-7 = июль
month-8 = август
month-9 = сентябрь
month-10 = октябрь
month-11 = ноябрь
month-12 = декабрь
month-of-1 = января
month-of-2 = февраля
month-of-3 = марта
month-of-4 = апреля
month-of-5 = мая
month-of-6 = июня
month-of-7 = июля
month-of-8 = августа
month-of-9 = сентября
month-of-10 = октября
month-of-11 = ноября
month-of-12 = декабря
date-long = { $weekday }, { $day } { $month } { $year } года
date-plain = { $day } { $month } { $year } года
month-year = { $month } { $year }
date-at-time = { $date } в { $time }
month-previous = Предыдущий месяц: { $month }
month-next = Следующий месяц: { $month }
day-free = { $date }: есть { $n ->
    [one] { $n } вариант времени
    [few] { $n } варианта времени
   *[other] { $n } вариантов времени
}
day-full = { $date }: мест нет
day-closed = { $date }: не работаем
day-past = { $date }: день прошёл
day-not-released = { $date }: начало записи – { $opens }
day-not-released-plain = { $date }: запись ещё не открыта
day-full-short = мест нет
day-free-short = { $n ->
    [one] { $n } своб.
    [few] { $n } своб.
   *[other] { $n } своб.
}
day-opens-short = с { $opens }
hours-morning = До полудня
hours-afternoon = После полудня
hours-none = На этот день свободного времени больше нет.
hour-free = { $time }, { $n ->
    [one] { $n } свободное место
    [few] { $n } свободных места
   *[other] { $n } свободных мест
}

# Числа
people = { $n ->
    [one] { $n } человек
    [few] { $n } человека
   *[other] { $n } человек
}
minutes = { $n ->
    [one] { $n } минута
    [few] { $n } минуты
   *[other] { $n } минут
}
minutes-for = { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[other] { $n } минут
}
seconds-for = { $n ->
    [one] { $n } секунду
    [few] { $n } секунды
   *[other] { $n } секунд
}
attempts-left = { $n ->
    [one] Осталась { $n } попытка.
    [few] Осталось { $n } попытки.
   *[other] Осталось { $n } попыток.
}

# Закреплённое время
hold-line = Это время закреплено за вами ещё { $time }
hold-live = { $n ->
    [one] Чтобы закончить запись, осталась { $n } минута.
    [few] Чтобы закончить запись, осталось { $n } минуты.
   *[other] Чтобы закончить запись, осталось { $n } минут.
}
hold-over = Срок закончился. Это время снова свободно для всех. Выберите время ещё раз.
hold-extend = Мне нужно больше времени

# Формы и ошибки
error-summary-title = Исправьте отмеченные ответы
error-prefix = Ошибка:
field-missing = Это поле обязательное. Заполните его.
field-unknown = Такого поля нет. Удалите его.
field-wrong = Это значение не подходит. Проверьте и исправьте его.
body-unreadable = Не удалось прочитать данные. Отправьте правильный документ JSON.
body-not-json = Нужны данные JSON. Добавьте заголовок content-type: application/json.
key-unreadable = В заголовке Idempotency-Key должно быть от 1 до 128 печатных символов.
code-label = Код
code-hint = Введите код из { $n } цифр. Его можно вставить.

# Отказы: заголовок и объяснение каждого кода
problem-invalid = Нужно кое-что исправить
problem-invalid-detail = Часть данных не подходит. Исправьте указанные места и отправьте ещё раз.
problem-slot_full = Это время уже занято
problem-slot_full-detail = Последнее место только что заняли. Выберите другое время.
problem-hold_expired = Срок для завершения записи закончился
problem-hold_expired-detail = Выбранное время снова свободно для всех. Выберите его ещё раз.
problem-code_wrong = Код не подходит
problem-code_wrong-detail = Проверьте код и введите его ещё раз.
problem-code_wrong-used-up = Попыток больше нет. Отправьте новый код и введите его.
problem-code_expired = Этот код больше не действует
problem-code_expired-detail = Запросите новый код и введите его.
problem-too_early = Пока слишком рано
problem-too_early-detail = Попробуйте позже, ближе ко времени визита.
problem-too_early-from = Это можно сделать с { $from }.
problem-too_late = Уже слишком поздно
problem-too_late-detail = Время для этого действия прошло. Подойдите к стойке информации (informacja), там скажут, что можно сделать.
problem-wrong_service = Это запись на другую услугу
problem-wrong_service-detail = Выберите услугу, на которую есть запись.
problem-wrong_location = Это запись в другое место
problem-wrong_location-detail = Проверьте адрес в подтверждении визита и приходите туда.
problem-cancelled = Эта запись отменена
problem-cancelled-detail = Отменённую запись нельзя вернуть. Можно записаться на новый визит.
problem-not_in_territory = Записаться можно только из Польши
problem-not_in_territory-detail = Это учреждение принимает записи только с польских адресов в интернете. Если вы используете VPN, выключите его и попробуйте ещё раз.
problem-account_required = Сначала войдите в аккаунт
problem-account_required-detail = В это учреждение можно записаться только после входа в аккаунт. Войдите или создайте аккаунт.
problem-limit_reached = У вас уже есть такая запись
problem-limit_reached-detail = У вас уже наибольшее разрешённое число записей на эту услугу. Чтобы сделать новую, отмените одну из них.
problem-counter_busy = У окна уже есть посетитель
problem-counter_busy-detail = Сначала завершите приём этого посетителя.
problem-rate_limited = Слишком много попыток за короткое время
problem-rate_limited-detail = Подождите немного и попробуйте ещё раз.
problem-rate_limited-wait = Попробуйте ещё раз через { $wait }.
problem-challenge_required = Нужна ещё одна проверка
problem-challenge_required-detail = Подождите, пока браузер закончит проверку, и отправьте ещё раз.
problem-key_reused = Этот ключ уже использован
problem-key_reused-detail = Тот же Idempotency-Key пришёл с другими данными. Используйте новый ключ.
problem-unknown = Такой страницы здесь нет
problem-unknown-detail = В адресе ошибка или того, на что он указывал, больше нет. Проверьте, введён ли адрес полностью.
problem-forbidden = Нет доступа
problem-forbidden-detail = У вас нет прав на это действие.
problem-unavailable = Сейчас мы не можем это сделать
problem-unavailable-detail = Ничего не изменилось. Попробуйте ещё раз немного позже.
problem-too_large = Отправлено слишком много данных
problem-too_large-detail = Сократите текст и отправьте ещё раз.
problem-too_slow = Данные не пришли вовремя
problem-too_slow-detail = Соединение было слишком медленным или прервалось. Ничего не изменено: отправьте ещё раз.
problem-method = Этот адрес используется иначе
problem-method-detail = Этот метод HTTP здесь не поддерживается.
problem-unsupported = Такие данные не поддерживаются
problem-unsupported-detail = Отправьте данные того вида, который описан в документации.
problem-conflict = За это время что-то изменилось
problem-conflict-detail = Сейчас это действие выполнить нельзя. Обновите страницу и посмотрите, что изменилось.
problem-internal = Произошла ошибка на нашей стороне
problem-internal-detail = Мы сохранили сведения об этой ошибке. Попробуйте ещё раз немного позже.

# Вход для сотрудников
sign-in-title = Вход для сотрудников
sign-in-token = Ключ доступа
sign-in-token-hint = Вставьте ключ, полученный от администратора учреждения.
sign-in-button = Войти
sign-out-button = Выйти
sign-in-wrong = Этот ключ не подходит. Проверьте, вставлен ли он полностью.
sign-in-expired = Этот ключ больше не действует. Попросите у администратора новый.
sign-in-revoked = Этот ключ отозван. Попросите у администратора новый.
sign-in-idle = Страницей слишком долго не пользовались. Войдите ещё раз: вы вернётесь на ту же страницу.
idle-signed-in = Вход выполнен
idle-signed-in-what = Закройте эту вкладку и вернитесь к предыдущей.
idle-soon = Скоро мы закроем страницу, потому что ею никто не пользуется.
idle-here = Я здесь
idle-locked = Страница закрыта
idle-locked-what = Ею слишком долго не пользовались. Войдите в новой вкладке и вернитесь сюда: всё осталось, как было.
idle-back = Вернуться на страницу
sign-in-demo = Пользователи для демонстрации
sign-in-demo-hint = В демонстрации можно войти как один из этих пользователей.
demo-role-clerk = Окно { $counter }
demo-role-kiosk = Автомат с талонами

# Зал
hall-title = Вызовы
hall-counter = окно
ticket-number-caption = номер
hall-recall = { $n }-й вызов
hall-earlier = Предыдущие вызовы
hall-waiting = Ждут
hall-stale = Данные на { $time } – восстанавливаем связь
hall-nobody = Пока никого не вызывали
hall-between = Сейчас никого не вызываем
hall-call = Номер { $ticket }, окно { $counter }

# Окно
counter-number = Окно
counter-free = Свободно
counter-closed = Не работает
counter-back-at = Вернёмся в { $time }

# Электронный талон
ticket-your-number = Ваш номер
ticket-ahead = { $n ->
    [0] Следующий номер – ваш
    [one] Перед вами { $n } человек
    [few] Перед вами { $n } человека
   *[other] Перед вами { $n } человек
}
ticket-wait = около { $low }–{ $high } минут
ticket-called = Подойдите к окну
ticket-serving = Идёт приём
ticket-absent = Мы вас вызвали, но никто не подошёл. Будьте поблизости, мы вызовем ещё раз.
ticket-done = Визит окончен. Спасибо.
ticket-missed = Номер удалён из очереди, потому что на вызовы никто не подошёл.
ticket-not_called = Приносим извинения, до конца дня мы не вызвали этот номер.
ticket-left = Этот номер больше не в очереди.
ticket-cancelled = Этот визит отменён. Не приходите к этому часу.
ticket-expected = Когда придёте, подтвердите приход в автомате с талонами.
ticket-age = Данные на { $time } – восстанавливаем связь
ticket-sound = Включить звук и вибрацию при вызове

# Рабочее место сотрудника
desk-title = Окно { $n }
desk-now = Сейчас
desk-nobody = У окна никого нет
desk-waiting = Ждут
desk-nobody-waiting = Никто не ждёт
desk-absent = Не подошли
desk-calls = вызовов: { $n }
desk-booked = запись на { $time }
desk-since = с { $time }
desk-waits = { $n } мин
desk-state-closed = Закрыто
desk-state-free = Свободно
desk-state-called = Вызов
desk-state-serving = Идёт приём
desk-state-paused = Перерыв
desk-act-open = Открыть окно
desk-act-close = Закрыть окно
desk-act-pause = Перерыв
desk-act-call-next = Вызвать следующего
desk-act-recall = Вызвать ещё раз
desk-act-no-show = Не подошёл
desk-act-start = Начать приём
desk-act-finish = Завершить приём
desk-act-transfer = Передать
desk-act-park = Отложить
desk-act-undo = Вернуть назад
desk-keys = Клавиши
key-space = пробел
desk-key-primary = Самое важное действие сейчас
desk-key-help = Показать или скрыть клавиши
desk-key-search = Найти номер
desk-sending = отправляем…
desk-lost = Нет связи. Показано состояние на { $time }. Восстанавливаем связь.
desk-retrying = Нет связи. Команда ждёт и будет отправлена, когда вернётся сеть: { $act }
desk-busy = Предыдущая команда ещё выполняется. Эта команда не принята: { $act }
desk-unsure = Мы не знаем, дошла ли команда: { $act }. Проверьте состояние и нажмите ещё раз.
desk-none = Сейчас никто не ждёт.
desk-call-this = Вызвать { $ticket }
desk-call-short = Вызвать
desk-transfer-to = Куда передать
desk-transfer-service = Услуга
desk-transfer-counter = Окно
desk-search = Номер талона

# Автомат с талонами
kiosk-title = Автомат с талонами
kiosk-have-booking = У меня есть запись
kiosk-have-booking-hint = Введите код для автомата из подтверждения визита
kiosk-take-ticket = Взять талон
kiosk-take-ticket-hint = Выберите услугу и возьмите номер
kiosk-choose-service = Какая услуга вам нужна?
kiosk-enter-code = Введите код для автомата
kiosk-code-length = Код состоит из { $n } цифр.
kiosk-code-short = Код для автомата состоит из { $n } цифр. Шесть цифр из SMS были только для записи: код для автомата указан в подтверждении визита.
kiosk-delete = Удалить цифру
kiosk-clear = Очистить
kiosk-confirm = Подтвердить
kiosk-finish = Закончить
kiosk-sent-to-printer = Мы отправили талон на принтер.
kiosk-your-number = Ваш номер
kiosk-scan = Отсканируйте, чтобы следить за очередью в телефоне
kiosk-still-there = Вы ещё здесь?
kiosk-still-there-hint = Скоро мы вернёмся к первому экрану и удалим введённые данные.
kiosk-stay = Да, ещё немного
kiosk-away = Автомат сейчас без связи
kiosk-away-hint = Обратитесь в справочную или подождите. Автомат попробует снова сам.
kiosk-low = Кнопки ниже
kiosk-normal = Обычный вид
kiosk-returning = Возврат к началу через { $n } с

# Подтверждение
done-number = Номер записи
