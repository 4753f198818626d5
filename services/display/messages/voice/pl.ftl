# Zapowiedź w sali. announce-text czyta się na ekranie, announce-spoken czyta głos: liczby i litery są w nim słowami.
announce-text = Bilet numer { $ticket }, proszę do stanowiska numer { $counter }
announce-spoken = Bilet numer { $ticket }, proszę do stanowiska numer { $counter }.

# Słowa liczb: po kolei od zera, od dziesięciu co dziesięć, od stu co sto; potem tysiąc, tysiące, tysięcy.
spoken-small = zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście
spoken-tens = dziesięć dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt
spoken-hundreds = sto|dwieście|trzysta|czterysta|pięćset|sześćset|siedemset|osiemset|dziewięćset
spoken-thousand = tysiąc|tysiące|tysięcy

# Nazwy liter, tak jak się je mówi: samo „w” albo „z” głos wziąłby za przyimek.
spoken-letters = a=a ą=ą b=be c=ce ć=cie d=de e=e ę=ę f=ef g=gie h=ha i=i j=jot k=ka l=el ł=eł m=em n=en ń=eń o=o ó=o p=pe q=ku r=er s=es ś=eś t=te u=u v=fał w=wu x=iks y=igrek z=zet ź=ziet ż=żet

hall-sound = Włącz dźwięk
