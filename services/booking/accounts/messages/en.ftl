# Texts of accounts: signing in, making an account, the pages of the links in mails.

account-sign-in-title = Sign in
account-sign-in = Sign in
account-needed = This office takes bookings from people who are signed in. After signing in you come back to choosing the hour.
account-first = You need an account to book an hour. You can look at the free hours without one.
account-first-link = Sign in or create an account
account-wrong = The address or the password is not right. Check both. If the account is new, activate it first: the link is in the message that we sent.
account-session-over = You are not signed in any more. Sign in again.
account-forgot = I do not remember my password
account-none-yet = No account yet?
account-create = Create an account
account-password = Password
account-password-new = New password
account-password-rules = { $least } to { $most } characters. Plain words are fine, for example a few words with spaces. No names of the office, town or people, and no dates.
account-password-short = The password is too short. Write at least 10 characters.
account-password-needed = Write the password that the account is to have.
account-password-long = The password is too long. Write at most 128 characters.
account-password-blank = Blanks alone are no password. Write a few words that have nothing to do with each other.
account-password-own = This password is easy to guess: it is mostly the name of the office or town, or your address. Write a few words that have nothing to do with them, for example three things from your room.
account-password-common = This password is easy to guess: such words, names, dates and rows of keys are tried first. Write a few words that have nothing to do with each other, for example three things from your room.
account-password-address = The mail address cannot be the password. Write another one.
account-password-wrong = This is not the password of this account. Write it again.

account-own-title = My account
account-signed-in-as = Account: { $email }
account-visits = My visits
account-no-visits = You have no visits yet.
account-manage = Account settings
account-address-link = Change the mail address
account-password-link = Change the password
account-delete-link = Delete the account
account-sign-out = Sign out
account-sign-out-hint = This signs you out on all devices.
account-signed-out = You are signed out on all devices.
account-is-active = The account is active. You can sign in.
account-password-is-set = The new password is saved. Sign in with it.
account-address-is-asked = We sent a message to the new address. The address changes when you open the link in it.
account-address-is-changed = The address is changed. From now on sign in with the new one.
account-is-deleted = The account is deleted, with its address and password.

account-address-title = Change the mail address
account-address-what = We will send a link to the new address. Until you open it the present one stays.
account-address-send = Send the link
account-address-same = This is the present address of the account. Write another one.
account-address-taken = Another account has this address. Choose another one.

account-delete-title = Delete the account?
account-delete-what = We will delete the address, the password and the list of visits. Booked visits stay: you can see and cancel them by the link in the confirmation. A deleted account cannot be brought back, you can make a new one.
account-delete-yes = Delete the account

account-new-title = Create an account
account-new-what = The account is free. We will send a link to this address. You open it and set a password.
account-new-sent-title = Check your mail
account-new-sent = We sent a message to the address. Open the link in it and set a password to activate the account. The link works for 24 hours.
account-mail-missing = It may take a few minutes. If nothing comes, look into spam and check that the address was right.
account-to-sign-in = Go to sign in

account-reset-title = Set a new password
account-reset-what = Write the mail address of the account. We will send a link to it to set a new password.
account-reset-send = Send a link for a new password
account-reset-sent-title = Check your mail
account-reset-sent = We sent a message to the address. Open the link in it and set a new password. The link works for an hour.

account-link-title = This link does not work any more
account-link-over = A link works once and for some time. This one was used, is too old, or another took its place.
account-link-unknown = We do not know this link. Copy the whole address from the message.
account-link-maybe-active = If the account is active already, just sign in.
account-activate-title = Activate the account
account-activate-what = One more step: set the password that you will sign in with, and the account is active.
account-activate-consents = These consents belong to the account:
account-activate-yes = Activate the account
account-change-title = Confirm the new address
account-change-what = After this you sign in with this address. We will write about it to the previous one.
account-change-password = Write the password of the account that is to get this address. If it is not you who is changing the address, close this page: nothing will change.
account-change-yes = I confirm the new address
account-password-title = Write a new password
account-password-what = Saving it signs you out on all devices. Then sign in with the new password.
account-password-save = Save the password

account-confirm-title = Check and confirm the visit
account-confirm-what = We will send the confirmation with the reservation number to the mail address of your account.
account-confirm-ok = OK, book it
