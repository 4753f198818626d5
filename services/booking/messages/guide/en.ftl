# The office's own words: how to book, how a visit goes, the rules.
service-on-the-day = On the day:
service-come = When to come:
service-late = If you are late:
service-rules = Keep in mind:
guide-booking = How to book a visit
guide-visit = On the day of the visit
guide-rules = Rules
guide-rules-title = Rules of booking visits
guide-rules-link = All rules of booking visits
guide-consents = Read before you make an account
visit-counter = visits to this page: { $n }
start-account = Sign in or create an account. See and cancel your visits here.
start-rules = How to book, what to do on the day of the visit, what is not allowed.
