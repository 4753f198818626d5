# Час очікування на талоні, у терміналі та в залі
wait-soon = до { $high } хв
ticket-wait-hours = приблизно { $low }–{ $high } год
ticket-wait-long = понад { $low } год
nobody-ahead = Перед Вами ніхто не чекає
wait-nobody = Зараз жодне вікно не приймає з цієї справи. Коли якесь вікно відкриє прийом, ми покажемо час очікування.
hall-range = новий талон: { $low }–{ $high } хв
hall-range-soon = новий талон: до { $high } хв
hall-range-short = { $low }–{ $high } хв
hall-range-short-soon = до { $high } хв
hall-range-hours = новий талон: { $low }–{ $high } год
hall-range-long = новий талон: понад { $low } год
hall-range-short-hours = { $low }–{ $high } год
hall-range-short-long = понад { $low } год
hall-ranges = Поруч: скільки чекатиме новий талон
hall-more = В інших справах чекають: { $n }
