# Czas oczekiwania na bilecie, w automacie i w sali
wait-soon = do { $high } minut
nobody-ahead = Nikt nie czeka przed Tobą
wait-nobody = Teraz żadne stanowisko nie obsługuje tej sprawy. Podamy czas, gdy któreś się otworzy.
hall-range = nowy bilet: { $low }–{ $high } min
hall-range-soon = nowy bilet: do { $high } min
hall-range-short = { $low }–{ $high } min
hall-range-short-soon = do { $high } min
hall-ranges = Obok: ile poczeka nowy bilet
hall-more = W innych sprawach czekają: { $n }
