# Термінал для талонів, рецепція та робоче місце працівника.

# Відмови
problem-unknown = Ми цього не знайшли
problem-conflict = Зараз цього не можна зробити
queue-again = Перевірити ще раз
queue-closed = У залі або біля вікна зараз немає прийому. Відкрийте прийом біля вікна або зачекайте, доки відкриється установа.
queue-closed-today = Сьогодні установа тут не працює. Перевірте години роботи та прийдіть іншого дня.
queue-closed-today-title = Сьогодні зачинено
queue-closed-today-next = Сьогодні установа тут не працює. Талони знову видаємо: { $date }, з { $from }.
queue-tickets-early = Талони видаємо з { $from }. Підійдіть до терміналу ще раз у цей час.
queue-tickets-ended = Сьогодні талонів більше не видаємо. Прийдіть іншого дня або запишіться на візит.
queue-tickets-ended-title = Сьогодні талонів більше немає
queue-tickets-ended-next = Сьогодні талонів більше не видаємо. Наступні: { $date }, з { $from }. Можна також записатися на візит.
queue-no-visitor = Людини, якої стосується ця дія, немає біля вікна. Перевірте стан вікна.
queue-nothing-to-undo = Немає дії, яку можна скасувати.
queue-undo-late = Скасувати можна лише останню дію і лише протягом хвилини. Ця дія давніша: якщо це помилка, викличте людину ще раз.
queue-not-waiting = Цей талон уже не чекає в черзі. Його викликали, обслужили або він вийшов із черги.
queue-visit-ahead = Ця людина ще не прийшла. Візит скасовують на його сторінці.
queue-unknown-code = На сьогодні тут немає бронювання з цим кодом. Перевірте код і дату в підтвердженні та введіть код ще раз.
queue-unknown-code-title = Сьогодні такого бронювання немає
queue-scan-office = Це код іншої установи. Перевірте адресу в підтвердженні.
queue-scan-office-title = Це код іншої установи
queue-scan-day = Цей візит не сьогодні. Перевірте дату в підтвердженні.
queue-scan-day-title = Цей візит не сьогодні
queue-unknown-ticket = Сьогодні тут немає такого талона. Перевірте номер.
queue-unknown-ticket-title = Сьогодні такого талона немає
queue-unknown-counter = У цьому залі немає такого вікна. Попросіть в адміністратора ключ доступу для потрібного вікна.
queue-unknown-counter-title = Такого вікна немає
queue-unknown-service = У цьому місці немає талонів для такої справи. Виберіть справу зі списку.
queue-unknown-service-title = Для цієї справи тут немає талонів
queue-unknown-office = Ми ще не знаємо цієї установи. Спробуйте ще раз трохи пізніше.
queue-code-empty = Введіть код для термінала. Він є в підтвердженні візиту.
queue-outcome-long = Результат візиту може мати не більше ніж 64 символи. Скоротіть його.

# Термінал для талонів
kiosk-qr = адреса талона в телефоні
kiosk-services-count = { $n ->
    [one] { $n } справа
    [few] { $n } справи
   *[other] { $n } справ
}

# Рецепція
reception-title = Рецепція
reception-code = Код із підтвердження візиту
reception-service = Справа
reception-booked = Година візиту
reception-state = Стан
reception-admitted = Готово. Людину з номером { $ticket } прийнято, вона чекає на виклик.
reception-state-expected = ще не прийшла
reception-state-in = прийнята, чекає на призначену годину
reception-state-waiting = чекає в черзі
reception-state-called = викликана до вікна
reception-state-serving = обслуговується
reception-state-absent = не підійшла на виклик
reception-state-parked = відкладена біля вікна
reception-state-served = візит завершено
reception-state-missed = вилучена з черги після останнього виклику
reception-state-not_called = не дочекалася виклику до кінця дня
reception-state-left = вийшла з черги або скасувала візит
