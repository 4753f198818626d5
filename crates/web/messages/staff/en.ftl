# Staff sign-in with a password
sign-in-office = Office
sign-in-login = Login
sign-in-password = Password
sign-in-counter = Counter number
sign-in-counter-hint = Enter it if you work at another counter than usual today.
sign-in-refused = The login or the password is wrong. Check both and try again.
sign-in-counter-needed = Enter the number of the counter where you work today.
sign-in-counter-unknown = There is no such counter at this place. Enter the number on its plate.
sign-in-other = You have an access key
sign-in-demo-login = login: { $login }, password: demo
sign-in-device = Device
demo-role-reception = Reception
demo-role-supervisor = Supervisor
demo-role-admin = Office administrator
demo-role-auditor = Auditor
demo-role-screen = Hall screen
demo-role-operator = Operator
