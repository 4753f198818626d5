# Время прихода, стойка регистрации, проверка личности у окна.

# Автомат
kiosk-late = Время для получения талона прошло. Если услуга вам ещё нужна, запишитесь на новый визит.
kiosk-late-reception = Время для получения талона в автомате прошло. Подойдите сейчас к стойке регистрации (recepcja), там вас ещё могут принять.
kiosk-early-hint = Талон можно будет взять здесь с этого времени. Тогда введите код ещё раз.
kiosk-booked-service = На какую услугу у вас запись?
kiosk-right-service = Этот код для услуги: { $service }
kiosk-right-service-take = Да, это моя услуга. Взять талон
kiosk-rest-booked = По остальным услугам принимаем только по записи.
kiosk-scan-day = Этот визит в другой день: { $date }. Приходите тогда, сегодня талона на него нет.
kiosk-scan-foreign = Этот код нам не известен. Отсканируйте код из подтверждения визита или с талона либо введите цифры.
kiosk-no-counter = Сейчас ни одно окно не принимает по этому вопросу. Мы вызовем вас, когда какое-нибудь откроется.
kiosk-from-hour = Мы знаем, что вы здесь. Вызовем вас с { $time }.
kiosk-at-counter = Этот визит уже идёт. Окно

# Стойка регистрации
reception-name = Имя и фамилия
reception-no-name = Сейчас нельзя показать имя и фамилию. Попросите подтверждение визита и документ.
reception-number = Номер записи
reception-children = Дети
reception-let-in = Принять
reception-from = Принять можно с { $time }.
reception-refuse-title = Отказ
reception-refuse = Отказать в приёме
reception-why = Почему
reception-reason-other_person = пришёл другой человек
reception-reason-wrong_documents = нет нужных документов
reception-reason-wrong_matter = не та услуга, что в записи
reception-reason-other = другая причина
reception-reason-unknown = Выберите причину из списка.
reception-refused = Сохранено. Запись закрыта, её время не станет снова свободным.
reception-next = Следующий посетитель
reception-state-struck_off = вычеркнут, потому что никто не пришёл вовремя
reception-state-refused = отказ в приёме на стойке регистрации

# Окно
verify-title = Проверьте, тот ли это человек
verify-needed = Нужно проверить
verify-done = Проверено
verify-code = Код из подтверждения визита
verify-this = Это тот человек
verify-other = Пришёл другой человек
verify-no-name = Сейчас нельзя показать имя и фамилию. Сравните код и документ.
verify-children = Дети: { $names }
verify-first = Сначала проверьте, тот ли это человек: введите код из его подтверждения. Только потом начинайте.
verify-wrong-code = Это не код посетителя, который у окна. Проверьте подтверждение и введите код ещё раз.
queue-cancelled = Время визита прошло или эту запись отменили. Запишитесь на новый визит.
reception-ticket = Номер талона
reception-ticket-phone = Показать талон в телефоне
