# Часові проміжки, рецепція, перевірка особи біля вікна.

# Термінал
kiosk-late = Час на отримання талона минув. Якщо справу ще не вирішено, запишіться на новий візит.
kiosk-late-reception = Час на отримання талона в терміналі минув. Зараз підійдіть до рецепції (recepcja), там Вас ще можуть прийняти.
kiosk-early-hint = Талон можна взяти тут, починаючи з цієї години. Тоді введіть код ще раз.
kiosk-booked-service = Для якої справи у Вас бронювання?
kiosk-right-service = Цей код для справи: { $service }
kiosk-right-service-take = Так, це моя справа. Взяти талон
kiosk-rest-booked = З інших справ ми приймаємо лише за записом на візит.
kiosk-scan-day = Цей візит іншого дня: { $date }. Приходьте тоді, сьогодні талона на нього немає.
kiosk-scan-foreign = Ми не знаємо цього коду. Відскануйте код із підтвердження візиту або талона чи введіть цифри.
kiosk-no-counter = Зараз жодне вікно не приймає в цій справі. Ми викличемо Вас, щойно якесь відкриється.
kiosk-from-hour = Ми знаємо, що Ви тут. Викличемо Вас із { $time }.
kiosk-at-counter = Цей візит уже триває. Вікно

# Рецепція
reception-name = Ім’я та прізвище
reception-no-name = Прізвище зараз не можна показати. Попросіть підтвердження візиту та документ.
reception-number = Номер бронювання
reception-children = Діти
reception-let-in = Прийняти
reception-from = Прийняти можна з { $time }.
reception-refuse-title = Відмова
reception-refuse = Відмовити в прийомі
reception-why = Чому
reception-reason-other_person = прийшла інша людина
reception-reason-wrong_documents = немає потрібних документів
reception-reason-wrong_matter = справа не та, що в бронюванні
reception-reason-other = інша причина
reception-reason-unknown = Виберіть причину зі списку.
reception-refused = Збережено. Бронювання завершено, ця година не стане вільною для інших.
reception-next = Наступна людина
reception-state-struck_off = викреслена, бо ніхто не прийшов вчасно
reception-state-refused = відмовлено в прийомі на рецепції

# Вікно
verify-title = Перевірте, чи це та людина
verify-needed = Треба перевірити
verify-done = Перевірено
verify-code = Код із підтвердження візиту
verify-this = Це та людина
verify-other = Прийшла інша людина
verify-no-name = Прізвище зараз не можна показати. Порівняйте код і документ.
verify-children = Діти: { $names }
verify-first = Спершу перевірте, чи це та особа: введіть код із її підтвердження. Лише потім починайте.
verify-wrong-code = Це не код людини біля вікна. Перевірте підтвердження та введіть код ще раз.
queue-cancelled = Година візиту минула або хтось скасував це бронювання. Запишіться на новий візит.
reception-ticket = Номер талона
reception-ticket-phone = Показати талон у телефоні
