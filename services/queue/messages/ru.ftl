# Автомат с талонами, стойка регистрации и рабочее место сотрудника.

# Отказы
problem-unknown = Мы этого не нашли
problem-conflict = Сейчас это сделать нельзя
queue-again = Проверить ещё раз
queue-closed = Зал или окно сейчас закрыты. Откройте окно или подождите, пока откроется учреждение.
queue-closed-today = Сегодня учреждение здесь не работает. Проверьте часы работы и приходите в другой день.
queue-closed-today-title = Сегодня закрыто
queue-closed-today-next = Сегодня учреждение здесь не работает. Талоны снова выдаются: { $date }, с { $from }.
queue-tickets-early = Талоны выдаются с { $from }. Подойдите к автомату ещё раз в это время.
queue-tickets-ended = Сегодня талоны больше не выдаются. Приходите в другой день или запишитесь на визит.
queue-tickets-ended-title = На сегодня талонов больше нет
queue-tickets-ended-next = Сегодня талоны больше не выдаются. Следующие: { $date }, с { $from }. Можно также записаться на визит.
queue-no-visitor = У окна нет посетителя, к которому относится это действие. Проверьте состояние окна.
queue-nothing-to-undo = Нет действия, которое можно вернуть назад.
queue-undo-late = Отменить можно только последнее действие и только в течение минуты. Это действие старше: если это ошибка, вызовите человека ещё раз.
queue-not-waiting = Этот талон уже не ждёт в очереди. Его вызвали, приём закончен или номер вышел из очереди.
queue-visit-ahead = Этот человек ещё не пришёл. Визит отменяют на его странице.
queue-unknown-code = На сегодня здесь нет записи с этим кодом. Проверьте код и дату в подтверждении и введите код ещё раз.
queue-unknown-code-title = Сегодня такой записи нет
queue-scan-office = Это код другого учреждения. Проверьте адрес в подтверждении.
queue-scan-office-title = Это код другого учреждения
queue-scan-day = Этот визит не сегодня. Проверьте дату в подтверждении.
queue-scan-day-title = Этот визит не сегодня
queue-unknown-ticket = Сегодня здесь нет такого талона. Проверьте номер.
queue-unknown-ticket-title = Сегодня такого талона нет
queue-unknown-counter = В этом зале нет такого окна. Попросите у администратора ключ для нужного окна.
queue-unknown-counter-title = Такого окна нет
queue-unknown-service = Здесь нет талонов на такую услугу. Выберите услугу из списка.
queue-unknown-service-title = На эту услугу здесь нет талонов
queue-unknown-office = Мы пока не знаем этого учреждения. Попробуйте ещё раз немного позже.
queue-code-empty = Введите код для автомата. Он указан в подтверждении визита.
queue-outcome-long = В итоге визита может быть не больше 64 символов. Сократите его.

# Автомат с талонами
kiosk-qr = адрес талона в телефоне
kiosk-services-count = { $n ->
    [one] { $n } услуга
    [few] { $n } услуги
   *[other] { $n } услуг
}

# Стойка регистрации
reception-title = Стойка регистрации
reception-code = Код из подтверждения визита
reception-service = Услуга
reception-booked = Назначенное время
reception-state = Состояние
reception-admitted = Готово. Посетитель с номером { $ticket } принят и ждёт вызова.
reception-state-expected = ещё не пришёл
reception-state-in = принят, ждёт назначенного часа
reception-state-waiting = ждёт в очереди
reception-state-called = вызван к окну
reception-state-serving = идёт приём
reception-state-absent = не подошёл на вызов
reception-state-parked = отложен у окна
reception-state-served = визит окончен
reception-state-missed = удалён из очереди после последнего вызова
reception-state-not_called = не дождался вызова до конца дня
reception-state-left = вышел из очереди или отменил визит
