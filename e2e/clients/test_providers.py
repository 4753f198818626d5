"""The providers' own clients talk to `okienko fake-provider` and must understand it: what the gateway is tested against
is then what the providers say. Knows nothing of the gateway.

Run by `cargo xtask test`; by hand, with the packages of `requirements.txt`: `OKIENKO_BIN=… python3 -m unittest`."""

import http.server
import json
import os
import subprocess
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

from smsapi.client import Client as SmsApi
from smsapi.exception import EndpointException, SendException
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client as Twilio

TOKEN = "token-of-the-test"
ACCOUNT = "AC" + "0" * 32
PHONE = "48601234567"
TEXT = "Torun: kod 123456 do rezerwacji wizyty.\n@rezerwacja.example #123456"
# However long a busy machine may take; nobody waits for it otherwise.
PATIENCE = 60


class Callbacks(http.server.BaseHTTPRequestHandler):
    """Keeps what it is told, in order."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.keep(urllib.parse.parse_qs(body, keep_blank_values=True))

    def do_GET(self):
        self.keep(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))

    def keep(self, fields):
        fields = {name: values if len(values) > 1 else values[0] for name, values in fields.items()}
        with self.server.came:
            self.server.told.append((self.path, fields, self.headers.get("x-twilio-signature")))
            self.server.came.notify_all()
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_):
        pass


class Providers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        program = [os.environ["OKIENKO_BIN"], "fake-provider", "--token", TOKEN]
        program += ["--listen", "127.0.0.1:0", "--mail", "127.0.0.1:0"]
        cls.program = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.program.wait)
        cls.addClassCleanup(cls.program.kill)
        cls.addClassCleanup(cls.program.stdout.close)
        first = cls.program.stdout.readline()
        cls.base = first.removeprefix("SMSAPI: ").removesuffix("/sms.do\n")
        cls.callbacks = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callbacks)
        cls.callbacks.told, cls.callbacks.came = [], threading.Condition()
        threading.Thread(target=cls.callbacks.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.callbacks.server_close)
        cls.addClassCleanup(cls.callbacks.shutdown)

    def setUp(self):
        self.tell("behave", {"mode": "fine"})
        self.tell("reports", {"reports": "fine"})
        self.callbacks.told.clear()
        request = urllib.request.Request(f"{self.base}/admin/messages", method="DELETE")
        urllib.request.urlopen(request, timeout=PATIENCE).close()

    def tell(self, what, how):
        request = urllib.request.Request(f"{self.base}/admin/{what}", json.dumps(how).encode(), method="POST")
        urllib.request.urlopen(request, timeout=PATIENCE).close()

    def messages(self):
        with urllib.request.urlopen(f"{self.base}/admin/messages", timeout=PATIENCE) as answer:
            return json.load(answer)["messages"]

    def told(self, count):
        with self.callbacks.came:
            enough = self.callbacks.came.wait_for(lambda: len(self.callbacks.told) >= count, PATIENCE)
            self.assertTrue(enough, f"{count} callbacks, and came: {self.callbacks.told}")
            return list(self.callbacks.told)

    def callback(self, path):
        return f"http://127.0.0.1:{self.callbacks.server_port}{path}"


class SmsApiTest(Providers):
    def client(self, token=TOKEN):
        return SmsApi(f"{self.base}/", access_token=token)

    def refused(self, kind=SendException, token=TOKEN, to=PHONE):
        with self.assertRaises(kind) as raised:
            self.client(token).sms.send(to=to, message=TEXT)
        return raised.exception

    def test_a_message_is_taken_as_its_client_expects(self):
        answer = self.client().sms.send(to=PHONE, message=TEXT, from_="Torun", idx="m1", check_idx=1)
        self.assertEqual(answer.count, 1)
        (one,) = answer.results
        self.assertEqual((one.number, one.status, one.idx, one.error), (PHONE, "QUEUE", "m1", None))
        (kept,) = self.messages()
        self.assertEqual((kept["id"], kept["to"], kept["text"]), (one.id, f"+{PHONE}", TEXT))
        self.assertEqual((kept["sender"], kept["idx"]), ("Torun", "m1"))

    def test_a_key_that_is_checked_is_taken_once(self):
        send = lambda: self.client().sms.send(to=PHONE, message=TEXT, idx="m2", check_idx=1)
        send()
        with self.assertRaises(SendException) as raised:
            send()
        self.assertEqual(raised.exception.code, 53)
        self.assertEqual(len(self.messages()), 1)

    def test_faults_are_told_as_its_client_expects(self):
        self.assertEqual(self.refused(token="another").code, 101)
        self.tell("behave", {"mode": "error", "number": 103, "times": 1})
        self.assertEqual(self.refused().code, 103)
        self.tell("behave", {"mode": "status", "status": 503, "times": 1})
        self.assertEqual(self.refused(EndpointException).code, 503)
        wrong = self.refused(to="123")
        self.assertEqual((wrong.code, wrong.invalid_numbers[0].submitted_number), (13, "123"))
        self.assertEqual(self.messages(), [])

    def test_its_end_is_reported_to_the_address_that_was_given(self):
        self.client().sms.send(to=PHONE, message=TEXT, idx="m3", notify_url=self.callback("/sms?office=torun"))
        on_its_way, end = self.told(2)
        self.assertEqual(on_its_way[1]["status_name"], "SENT")
        path, fields, _ = end
        self.assertTrue(path.startswith("/sms?office=torun&"), path)
        self.assertEqual((fields["status_name"], fields["idx"], fields["to"]), ("DELIVERED", "m3", PHONE))


class TwilioTest(Providers):
    def client(self, token=TOKEN):
        client = Twilio(ACCOUNT, token)
        client.api.base_url = self.base
        return client

    def refused(self, token=TOKEN, to=f"+{PHONE}", body=TEXT):
        with self.assertRaises(TwilioRestException) as raised:
            self.client(token).messages.create(to=to, from_="Torun", body=body)
        return raised.exception.status, raised.exception.code

    def test_a_message_is_taken_as_its_client_expects(self):
        one = self.client().messages.create(to=f"+{PHONE}", from_="Torun", body=TEXT)
        self.assertRegex(one.sid, "^SM[0-9a-f]{32}$")
        self.assertEqual((one.status, one.account_sid, one.direction), ("queued", ACCOUNT, "outbound-api"))
        self.assertEqual((one.to, one.from_, one.body, one.error_code), (f"+{PHONE}", "Torun", TEXT, None))
        (kept,) = self.messages()
        self.assertEqual((kept["to"], kept["sender"], kept["text"]), (f"+{PHONE}", "Torun", TEXT))

    def test_faults_are_told_as_its_client_expects(self):
        self.assertEqual(self.refused(token="another"), (401, 20003))
        self.assertEqual(self.refused(to="+12"), (400, 21211))
        self.assertEqual(self.refused(body=""), (400, 21602))
        self.tell("behave", {"mode": "error", "number": 21610, "times": 1})
        self.assertEqual(self.refused(), (400, 21610))
        self.assertEqual(self.messages(), [])

    def test_reports_are_signed_as_its_validator_expects(self):
        url = self.callback("/callbacks/sms/twilio/torun?message=m1")
        one = self.client().messages.create(to=f"+{PHONE}", from_="Torun", body=TEXT, status_callback=url)
        validator = RequestValidator(TOKEN)
        told = self.told(2)
        self.assertEqual([fields["MessageStatus"] for _, fields, _ in told], ["sent", "delivered"])
        for _, fields, signature in told:
            self.assertEqual(fields["MessageSid"], one.sid)
            self.assertTrue(validator.validate(url, fields, signature))
            self.assertFalse(validator.validate(url, {**fields, "MessageStatus": "failed"}, signature))
            self.assertFalse(RequestValidator("another").validate(url, fields, signature))


# The tests are in the two classes that are of a provider.
del Providers

if __name__ == "__main__":
    unittest.main()
