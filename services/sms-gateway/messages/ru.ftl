# Русские тексты: те же ключи и значения, что в pl.ftl. Тексты "sms-" уходят в UCS-2: 70 знаков в одной части,
# по 67 в нескольких. Поэтому они короткие и без $sender: имя отправителя показывает телефон.

weekday-short = { $weekday ->
        [monday] пн
        [tuesday] вт
        [wednesday] ср
        [thursday] чт
        [friday] пт
        [saturday] сб
       *[sunday] вс
    }
weekday-long = { $weekday ->
        [monday] понедельник
        [tuesday] вторник
        [wednesday] среда
        [thursday] четверг
        [friday] пятница
        [saturday] суббота
       *[sunday] воскресенье
    }

# Последнюю строку читают браузеры: только "@host #code". Всё сообщение – не больше 70 знаков.
sms-code =
    Визит: код { $code } на { $minutes } мин.

    @{ $host } #{ $code }
    .short =
        Код { $code }

        @{ $host } #{ $code }

mail-code =
    Код подтверждения визита: { $code }

    Код действует { $minutes } мин. Введите его на странице { $host }, где вы записываетесь на визит. Никому его не сообщайте.

    Если это не вы записываетесь на визит, не обращайте внимания на это письмо.

    { $sender }
    .subject = Код подтверждения визита: { $code }

sms-confirmed =
    Визит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
        [yes] , талон { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Код для автомата { $code }.
       *[no] {""}
    }{ $come-given ->
        [yes] {" "}{ $come }
       *[no] {""}
    } Отмена: { $url }
    .short =
        Визит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }{ $ticket-given ->
            [yes] , талон { $ticket }
           *[no] {""}
        }.{ $code-given ->
            [yes] {" "}Код для автомата { $code }.
           *[no] {""}
        } Отмена: { $url }

visit-details =
    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }
    Где: { $location }{ $ticket-given ->
        [yes] {"\u000A"}Номер талона: { $ticket }
       *[no] {""}
    }{ $code-given ->
        [yes] {"\u000A"}Код для автомата: { $code }
       *[no] {""}
    }{ $from-given ->
        [yes] {"\u000A"}Введите код в автомате с талонами (automat biletowy) с { $from } до { $until }.
       *[no] {""}
    }{ $come-given ->
        [yes] {"\u000A\u000A"}{ $come }
       *[no] {""}
    }{ $onday-given ->
        [yes] {"\u000A\u000A"}{ $onday }
       *[no] {""}
    }{ $bring-given ->
        [yes] {"\u000A\u000A"}Что взять с собой: { $bring }
       *[no] {""}
    }{ $cost-given ->
        [yes] {"\u000A\u000A"}Стоимость: { $cost }
       *[no] {""}
    }{ $late-given ->
        [yes] {"\u000A\u000A"}Если вы опоздаете: { $late }
       *[no] {""}
    }{ $rules-given ->
        [yes] {"\u000A\u000A"}Что важно помнить: { $rules }
       *[no] {""}
    }

mail-confirmed =
    Вы записаны на визит.

    { visit-details }

    Штрихкод, распечатка, добавление в календарь и отмена визита:
    { $url }

    { $sender }
    .subject = Визит { $day }.{ $month }.{ $year } в { $time }, запись { $number }

sms-reminder =
    Напоминаем: визит { weekday-short } { $day }.{ $month } { $time }, { $location }{ $ticket-given ->
        [yes] , талон { $ticket }
       *[no] {""}
    }.{ $code-given ->
        [yes] {" "}Код для автомата { $code }.
       *[no] {""}
    } Отменить: { $url }

mail-reminder =
    Напоминаем о визите.

    { visit-details }

    Если вы не сможете прийти, отмените визит, чтобы это время досталось кому-то другому:
    { $url }

    { $sender }
    .subject = Напоминание: визит { $day }.{ $month }.{ $year } в { $time }

sms-cancelled =
    Отменён визит { weekday-short } { $day }.{ $month }.{ $year } { $time }, { $location }. Новая запись: { $url }

mail-cancelled =
    Визит отменён.

    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }
    Где: { $location }

    Записаться на новый визит можно здесь:
    { $url }

    { $sender }
    .subject = Отменён визит { $day }.{ $month }.{ $year } в { $time }, запись { $number }

sms-soon =
    Талон { $ticket }: { $counter-given ->
        [yes] вызываем вас к окну { $counter }: { $location }.
       *[no] вызов через ~{ $minutes } мин, перед вами: { $ahead }. Идите: { $location }.
    } { $url }

mail-activation =
    Чтобы активировать аккаунт, откройте этот адрес и задайте пароль:
    { $url }

    Если это не вы создаёте аккаунт, не обращайте внимания на это письмо: без активации аккаунт не появится.

    { $sender }
    .subject = Активация аккаунта: { $sender }

sms-missed =
    Визит в учреждение { weekday-short } { $day }.{ $month }.{ $year } { $time } не состоялся, запись отменена. Новая запись: { $url }

mail-missed =
    Запись отменена: визит не состоялся.

    Код не был введён вовремя в автомате с талонами или никто не подошёл на вызов.

    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }
    Где: { $location }

    Если услуга вам ещё нужна, запишитесь на новый визит:
    { $url }

    { $sender }
    .subject = Отменён визит { $day }.{ $month }.{ $year } в { $time }, запись { $number }

sms-not-called =
    Приносим извинения: { weekday-short } { $day }.{ $month }.{ $year } { $time } вас не вызвали, это не ваша вина. Новая запись: { $url }

mail-not-called =
    Приносим извинения: до конца дня вас никто не вызвал к окну.

    Это не ваша вина, и мы не считаем это неявкой.

    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }
    Где: { $location }

    Запишитесь на новый визит; если дело срочное, позвоните в учреждение:
    { $url }

    { $sender }
    .subject = Приносим извинения за визит { $day }.{ $month }.{ $year } в { $time }, запись { $number }

# От учреждения: удалённая запись, вопросы перед визитом.
removed-reason = { $reason ->
        [false_data] Данные в форме неверны.
        [empty_form] Форма не заполнена.
        [bot] Запись сделал робот, а не человек.
        [traded] Запись передана другому человеку.
       *[other] Запись сделана не по правилам.
    }

sms-removed =
    Учреждение удалило запись на { weekday-short } { $day }.{ $month }.{ $year } { $time }. { removed-reason } Не приходите. Новая запись: { $url }

mail-removed =
    Учреждение удалило вашу запись. Не приходите в это время.

    Причина: { removed-reason }

    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }
    Где: { $location }

    Если услуга вам ещё нужна, запишитесь на новый визит и укажите в форме верные данные:
    { $url }

    Если вы считаете, что это ошибка, свяжитесь с учреждением и назовите номер записи.

    { $sender }
    .subject = Удалена запись { $number }, { $day }.{ $month }.{ $year } в { $time }

mail-question =
    Перед вашим визитом учреждение просит ответить на вопросы.

    Номер записи: { $number }
    Услуга: { $service }
    Когда: { weekday-long }, { $day }.{ $month }.{ $year } в { $time }

    Ответьте на этой странице до визита:
    { $url }

    Мы спрашиваем, чтобы проверить данные из формы и подготовить визит. Больше ни о чём по электронной почте мы не спросим. Не отвечайте на это письмо и не присылайте нам сканы документов.

    { $sender }
    .subject = Вопросы перед визитом { $day }.{ $month }.{ $year } в { $time }, запись { $number }

mail-already-registered =
    Кто-то попросил создать аккаунт на этот адрес. У вас здесь уже есть аккаунт: войдите или задайте новый пароль.
    { $url }

    Если это не вы, ничего делать не нужно.

    { $sender }
    .subject = У вас уже есть аккаунт: { $sender }

mail-password-reset =
    Чтобы задать новый пароль, откройте этот адрес в течение часа:
    { $url }

    Если это не вы просите новый пароль, не обращайте внимания на это письмо: пароль не изменится.

    { $sender }
    .subject = Новый пароль: { $sender }

mail-reset-unknown =
    Кто-то попросил новый пароль, но на этот адрес здесь нет активного аккаунта. Создать аккаунт можно здесь:
    { $url }

    Если это не вы, ничего делать не нужно.

    { $sender }
    .subject = На этот адрес нет аккаунта: { $sender }

mail-address-change =
    Чтобы входить в аккаунт с этим адресом почты, откройте ссылку в течение 24 часов:
    { $url }

    Если это не вы меняете адрес, не обращайте внимания на это письмо.

    { $sender }
    .subject = Подтвердите новый адрес: { $sender }

mail-address-changed =
    Адрес электронной почты вашего аккаунта изменён. На этот адрес мы больше не будем писать об аккаунте.

    Если это сделали не вы, свяжитесь с учреждением.
    { $url }

    { $sender }
    .subject = Изменён адрес аккаунта: { $sender }
