# Czas oczekiwania na bilecie, w automacie i w sali
wait-soon = do { $high } minut
ticket-wait-hours = około { $low }–{ $high } godz.
ticket-wait-long = ponad { $low } godz.
nobody-ahead = Nikt nie czeka przed Tobą
wait-nobody = Teraz żadne stanowisko nie obsługuje tej sprawy. Podamy czas, gdy któreś się otworzy.
hall-range = nowy bilet: { $low }–{ $high } min
hall-range-soon = nowy bilet: do { $high } min
hall-range-short = { $low }–{ $high } min
hall-range-short-soon = do { $high } min
hall-range-hours = nowy bilet: { $low }–{ $high } godz.
hall-range-long = nowy bilet: ponad { $low } godz.
hall-range-short-hours = { $low }–{ $high } godz.
hall-range-short-long = ponad { $low } godz.
hall-ranges = Obok: ile poczeka nowy bilet
hall-more = W innych sprawach czekają: { $n }
