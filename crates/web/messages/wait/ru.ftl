# Время ожидания на талоне, в автомате и в зале
wait-soon = до { $high } минут
nobody-ahead = Перед вами никто не ждёт
wait-nobody = Сейчас ни одно окно не принимает по этой услуге. Мы покажем время ожидания, когда такое окно откроется.
hall-range = новый талон: { $low }–{ $high } мин
hall-range-soon = новый талон: до { $high } мин
hall-range-short = { $low }–{ $high } мин
hall-range-short-soon = до { $high } мин
hall-ranges = Рядом: сколько ждать с новым талоном
hall-more = По другим вопросам ждут: { $n }
