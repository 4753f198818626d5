# Тексти, які люди отримують від установи. Тексти «sms-» ідуть в UCS-2 (70 знаків, у кількох частинах по 67),
# тому вони короткі й без назви відправника: її показує телефон. Тексти «mail-» мають тему.

weekday-short = { $weekday ->
        [monday] пн
        [tuesday] вт
        [wednesday] ср
        [thursday] чт
        [friday] пт
        [saturday] сб
       *[sunday] нд
    }
weekday-long = { $weekday ->
        [monday] понеділок
        [tuesday] вівторок
        [wednesday] середа
        [thursday] четвер
        [friday] п’ятниця
        [saturday] субота
       *[sunday] неділя
    }

# Останній рядок читає браузер: «@host #code» і більше нічого.
sms-code =
    Код візиту { $code }, діє { $minutes } хв

    @{ $host } #{ $code }
    .short =
        Код { $code }

        @{ $host } #{ $code }

mail-code =
    Код для підтвердження візиту: { $code }

    Код дійсний { $minutes } хв. Введіть його на сторінці { $host }, на якій Ви бронюєте візит. Не кажіть його нікому.

    Якщо візит бронюєте не Ви, не зважайте на цей лист.

    { $sender }
    .subject = Код для підтвердження візиту: { $code }

sms-confirmed =
    Візит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , талон { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Код для термінала { $code }.
       *[no] {""}
    }{ $come-given ->
        [yes] {" "}{ $come }
       *[no] {""}
    } Скасувати: { $url }
    .short =
        Візит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
            [yes] , талон { $ticket }
           *[no] {""}
        }.{ $code-given ->
            [yes] {" "}Код для термінала { $code }.
           *[no] {""}
        } Скасувати: { $url }

visit-details =
    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }
    Де: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Номер талона: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Код для термінала: { $code }
       *[no] {""}
    }{ $from-given ->
        [yes] {"\u000A"}Введіть код у терміналі для талонів (automat biletowy) з { $from } до { $until }.
       *[no] {""}
    }{ $come-given ->
        [yes] {"\u000A\u000A"}{ $come }
       *[no] {""}
    }{ $onday-given ->
        [yes] {"\u000A\u000A"}{ $onday }
       *[no] {""}
    }{ $bring-given ->
        [yes] {"\u000A\u000A"}Що взяти із собою: { $bring }
       *[no] {""}
    }{ $cost-given ->
        [yes] {"\u000A\u000A"}Вартість: { $cost }
       *[no] {""}
    }{ $late-given ->
        [yes] {"\u000A\u000A"}Якщо Ви запізнитеся: { $late }
       *[no] {""}
    }{ $rules-given ->
        [yes] {"\u000A\u000A"}Про що пам’ятати: { $rules }
       *[no] {""}
    }

mail-confirmed =
    Візит заброньовано.

    { visit-details }

    Штрихкод, роздруківка, запис у календар і скасування візиту:
    { $url }

    { $sender }
    .subject = Візит { $day }.{ $month }.{ $year } о { $time }, бронювання { $number }

sms-reminder =
    Нагадуємо: візит { weekday-short } { $day }.{ $month } { $time }, { $location }{ $ticket-given ->
        [yes] , талон { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Код для термінала { $code }.
       *[no] {""}
    } Скасувати: { $url }

mail-reminder =
    Нагадуємо про візит.

    { visit-details }

    Якщо Ви не зможете прийти, скасуйте візит, щоб цю годину отримав хтось інший:
    { $url }

    { $sender }
    .subject = Нагадування: візит { $day }.{ $month }.{ $year } о { $time }

sms-cancelled =
    Візит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }, скасовано. Новий візит: { $url }

mail-cancelled =
    Візит скасовано.

    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }
    Де: { $location }

    Записатися на новий візит можна тут:
    { $url }

    { $sender }
    .subject = Скасовано візит { $day }.{ $month }.{ $year } о { $time }, бронювання { $number }

sms-soon =
    Талон { $ticket }: { $counter-given ->
        [yes] викликаємо до вікна { $counter }: { $location }.
       *[no] до виклику близько { $minutes } хв, перед Вами: { $ahead }. Ідіть у зал: { $location }.
    } { $url }

mail-activation =
    Щоб активувати акаунт, відкрийте цю адресу і встановіть пароль:
    { $url }

    Якщо акаунт створюєте не Ви, не зважайте на цей лист: без активації акаунта не буде.

    { $sender }
    .subject = Активація акаунта: { $sender }

sms-missed =
    Візит до установи { weekday-short } { $day }.{ $month }.{ $year } { $time } не відбувся, бронювання скасовано. Новий візит: { $url }

mail-missed =
    Бронювання скасовано: візит не відбувся.

    Код не ввели вчасно в терміналі для талонів або ніхто не підійшов на виклик.

    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }
    Де: { $location }

    Якщо справу ще не вирішено, запишіться на новий візит:
    { $url }

    { $sender }
    .subject = Скасовано візит { $day }.{ $month }.{ $year } о { $time }, бронювання { $number }

sms-not-called =
    Перепрошуємо: { weekday-short } { $day }.{ $month }.{ $year } { $time } вас не викликали, це не ваша провина. Новий візит: { $url }

mail-not-called =
    Перепрошуємо: до кінця дня вас ніхто не викликав до вікна.

    Це не ваша провина, і ми не вважаємо це неявкою.

    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }
    Де: { $location }

    Запишіться на новий візит; якщо справа термінова, зателефонуйте до установи:
    { $url }

    { $sender }
    .subject = Перепрошуємо за візит { $day }.{ $month }.{ $year } о { $time }, бронювання { $number }

# Від установи: скасоване бронювання, запитання перед візитом.
removed-reason = { $reason ->
        [false_data] Дані у формі неправдиві.
        [empty_form] Форму не заповнено.
        [bot] Бронювання зробила програма, а не людина.
        [traded] Бронювання передано іншій людині.
       *[other] Бронювання не відповідає правилам.
    }

sms-removed =
    Установа скасувала візит { weekday-short } { $day }.{ $month }.{ $year } { $time }. { removed-reason } Не приходьте. Новий візит: { $url }

mail-removed =
    Установа скасувала Ваше бронювання. Не приходьте на цю годину.

    Причина: { removed-reason }

    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }
    Де: { $location }

    Якщо справу ще не вирішено, запишіться на новий візит і вкажіть у формі правдиві дані:
    { $url }

    Якщо Ви вважаєте, що це помилка, зверніться до установи та назвіть номер бронювання.

    { $sender }
    .subject = Скасовано бронювання { $number }, { $day }.{ $month }.{ $year } о { $time }

mail-question =
    Перед Вашим візитом установа просить відповісти на запитання.

    Номер бронювання: { $number }
    Справа: { $service }
    Коли: { weekday-long }, { $day }.{ $month }.{ $year }, о { $time }

    Дайте відповідь на цій сторінці до візиту:
    { $url }

    Ми запитуємо, щоб перевірити дані з форми та підготувати візит. Більше ні про що електронною поштою ми не запитаємо. Не відповідайте на цей лист і не надсилайте нам копій документів.

    { $sender }
    .subject = Запитання перед візитом { $day }.{ $month }.{ $year } о { $time }, бронювання { $number }

mail-already-registered =
    Хтось попросив створити акаунт на цю адресу. У Вас уже є тут акаунт: увійдіть або встановіть новий пароль.
    { $url }

    Якщо це були не Ви, нічого робити не треба.

    { $sender }
    .subject = У Вас уже є акаунт: { $sender }

mail-password-reset =
    Щоб встановити новий пароль, відкрийте цю адресу протягом години:
    { $url }

    Якщо Ви не просили новий пароль, не зважайте на цей лист: пароль не зміниться.

    { $sender }
    .subject = Новий пароль: { $sender }

mail-reset-unknown =
    Хтось попросив новий пароль, але на цю адресу тут немає активного акаунта. Створити акаунт можна тут:
    { $url }

    Якщо це були не Ви, нічого робити не треба.

    { $sender }
    .subject = На цю адресу немає акаунта: { $sender }

mail-address-change =
    Щоб входити з цією адресою електронної пошти, відкрийте це посилання протягом 24 годин:
    { $url }

    Якщо адресу змінюєте не Ви, не зважайте на цей лист.

    { $sender }
    .subject = Підтвердьте нову адресу: { $sender }

mail-address-changed =
    Адресу електронної пошти Вашого акаунта змінено. На цю адресу ми більше не писатимемо про акаунт.

    Якщо це зробили не Ви, зверніться до установи.
    { $url }

    { $sender }
    .subject = Адресу акаунта змінено: { $sender }
