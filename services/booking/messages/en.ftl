# Texts of the booking pages.
