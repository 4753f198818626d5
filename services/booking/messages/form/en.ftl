# Questions of a form, and the last step without a code.
only-if = Fill this in only if the answer to “{ $question }” is “{ $answer }”.
answer-yes = yes
answer-no = no
confirm-by-mail = We send the confirmation with the number of the booking and the code to the e-mail address of your account.
limit-visit = Show the visit that you have already
document-read = We noted the number of the document in Latin letters: { $document }. If the document says something else, go back and correct it.
