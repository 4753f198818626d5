# Czas oczekiwania na bilecie, w automacie i w sali
wait-soon = do { $high } minut
wait-nobody = Teraz żadne stanowisko nie obsługuje tej sprawy. Podamy czas, gdy któreś się otworzy.
hall-range = nowy bilet: { $low }–{ $high } min
hall-range-soon = nowy bilet: do { $high } min
