# The announcement in the hall. announce-text is read on the screen, announce-spoken by the voice: numbers and letters
# are words in it.
announce-text = Ticket number { $ticket }, please go to counter number { $counter }
announce-spoken = Ticket number { $ticket }, please go to counter number { $counter }.

# Words of numbers: from zero on, by tens from ten on, by hundreds from a hundred on; then the forms of "thousand".
spoken-small = zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
spoken-tens = ten twenty thirty forty fifty sixty seventy eighty ninety
spoken-hundreds = one hundred|two hundred|three hundred|four hundred|five hundred|six hundred|seven hundred|eight hundred|nine hundred
spoken-thousand = one thousand|thousand|thousand

# Names of letters, as they are said.
spoken-letters = a=ay b=bee c=see d=dee e=ee f=eff g=gee h=aitch i=eye j=jay k=kay l=ell m=em n=en o=oh p=pee q=queue r=are s=ess t=tee u=you v=vee w=double-you x=ex y=why z=zed

hall-sound = Turn the sound on
