# Время ожидания на талоне, в автомате и в зале
wait-soon = до { $high } минут
ticket-wait-hours = около { $low }–{ $high } ч
ticket-wait-long = более { $low } ч
nobody-ahead = Перед вами никто не ждёт
wait-nobody = Сейчас ни одно окно не принимает по этой услуге. Мы покажем время ожидания, когда такое окно откроется.
hall-range = новый талон: { $low }–{ $high } мин
hall-range-soon = новый талон: до { $high } мин
hall-range-short = { $low }–{ $high } мин
hall-range-short-soon = до { $high } мин
hall-range-hours = новый талон: { $low }–{ $high } ч
hall-range-long = новый талон: более { $low } ч
hall-range-short-hours = { $low }–{ $high } ч
hall-range-short-long = более { $low } ч
hall-ranges = Рядом: сколько ждать с новым талоном
hall-more = По другим вопросам ждут: { $n }
