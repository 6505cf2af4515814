#!/usr/bin/env python3
"""The twelve steps of ../README.md, in plain Python: SERIBU_URL, SERIBU_PILOT_CREDENTIALS (its file of log-ins) and
SERIBU_CUTTING_PROXY (the address that ../cutting_proxy.py prints) come from the environment."""
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("SERIBU_URL", "http://127.0.0.1:8080")
RUN = secrets.token_hex(5)
FIELDS = {"kind": "academic", "full_name": f"Kontrak {RUN}", "email": f"{RUN}@kampus.example", "expertise": ["legal"]}
with open(os.environ.get("SERIBU_PILOT_CREDENTIALS", "data/pilot-credentials.json")) as file:
    KNOWN = json.load(file)


class Skipped(Exception):
    pass


class Refused(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status} {problem}")
        self.status, self.problem = status, problem


class Caller:
    def __init__(self, token, url=URL):
        self.token, self.url = token, url

    def request(self, method, path, body=None, **headers):
        """Headers by their names with underscores."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Accept-Language": "en"} | ({"Authorization": "Bearer " + self.token} if self.token else {})
        if isinstance(body, dict):
            headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
            body = json.dumps(body).encode()
        try:
            request = urllib.request.Request(self.url + path, body, headers, method=method)
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, json.load(refused)) from None

    def get(self, path):
        return json.load(self.request("GET", path))

    def post(self, path, body):
        return json.load(self.request("POST", path, body, Idempotency_Key=secrets.token_hex(16)))

    def patch(self, path, body, etag):
        return json.load(self.request("PATCH", path, body, If_Match=etag))

    def act(self, path, action, **fields):
        return self.post(path + "/transitions", {"action": action, **fields})

    def all(self, path, limit):
        cursor = ""
        while cursor is not None:
            page = self.get(f"{path}?limit={limit}{cursor and '&cursor=' + cursor}")
            yield from page["data"]
            cursor = page["next_cursor"]


def of(kind, role):
    return next(one for one in KNOWN[kind] if one["role"] == role)


def token_of(client, secret):
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    answer = Caller(None).request("POST", "/v1/auth/token", urllib.parse.urlencode(form).encode())
    return json.load(answer)["access_token"]


def expect(holds, found=None):
    if not holds:
        raise AssertionError(found)


def refused(status, does, *arguments, **named):
    try:
        does(*arguments, **named)
    except Refused as refusal:
        expect(refusal.status == status, refusal)
        return refusal.problem
    raise AssertionError(f"not refused with {status}")


class State:
    """What the steps hand on."""


def told(last):
    """The types of the mentor's events after the cursor, once one of them is there."""
    types = []
    while last not in types:
        page = state.university.get(f"/v1/changes?types=mentor&wait=5&after={state.cursor}")
        expect(page["data"], types)
        state.cursor = page["next_cursor"]
        types += [event["type"] for event in page["data"] if event["subject_id"] == state.mentor["id"]]
    return types


def log_in():
    client = of("clients", "institution")
    state.university = Caller(token_of(client["client_id"], client["client_secret"]))
    expect(state.university.get("/v1/me")["role"] == "institution")
    expect(refused(401, token_of, client["client_id"], "wrong")["error"] == "invalid_client")
    login = of("logins", "programme")
    answer = Caller(None).request("POST", "/v1/auth/login", {name: login[name] for name in ("email", "password")})
    state.programme = Caller(json.load(answer)["access_token"])
    state.cursor = state.university.get("/v1/changes/start?types=mentor")["cursor"]


def page():
    few, many = ([one["id"] for one in state.university.all("/v1/institutions", limit)] for limit in (2, 200))
    expect(len(few) > 2 and few == many, few)


def create():
    made = state.university.request("POST", "/v1/mentors", FIELDS, Idempotency_Key=secrets.token_hex(16))
    state.mentor = json.load(made)
    state.path = f"/v1/mentors/{state.mentor['id']}"
    expect(made.status == 201 and made.headers["Location"] == state.path, state.mentor)
    expect(state.university.get(state.path)["status"] == "candidate")


def retry_after_a_cut():
    through = Caller(state.university.token, os.environ["SERIBU_CUTTING_PROXY"])
    other, key = FIELDS | {"full_name": f"Ulang {RUN}", "email": f"ulang.{RUN}@kampus.example"}, secrets.token_hex(16)
    try:
        through.request("POST", "/v1/mentors", other, Idempotency_Key=key)
        raise AssertionError("the answer was not cut")
    except (OSError, http.client.HTTPException):
        again = through.request("POST", "/v1/mentors", other, Idempotency_Key=key)
    expect(again.status == 201 and again.headers["Idempotent-Replayed"] == "true", again.headers)
    found = state.university.get("/v1/mentors?q=" + urllib.parse.quote(other["full_name"]))["data"]
    expect([one["id"] for one in found] == [json.load(again)["id"]], found)


def patch_with_a_stale_etag():
    etag = state.university.request("GET", state.path).headers["ETag"]
    expect(state.university.patch(state.path, {"titles": "S.H."}, etag)["version"] == 2)
    problem = refused(412, state.university.patch, state.path, {"titles": "M.H."}, etag)
    expect(problem["type"] == "/problems/stale" and state.university.get(state.path)["titles"] == "S.H.", problem)


def transition_refused():
    refused(403, state.university.act, state.path, "activate")
    activate = state.university.get(state.path + "/transitions")["available_actions"][0]
    expect(activate["action"] == "activate" and activate["why_not"] == "not_permitted", activate)


def transition_allowed():
    expect(state.programme.act(state.path, "activate")["status"] == "active")
    problem = refused(409, state.programme.act, state.path, "activate")
    expect(problem["type"] == "/problems/not-possible" and "leave" in problem["possible"], problem)


def changes_from_a_cursor():
    types = told("mentor.active")
    expect(types == ["mentor.created", "mentor.updated", "mentor.active"], types)


class Receiver(http.server.BaseHTTPRequestHandler):
    came = None

    def do_POST(self):
        Receiver.came = self.headers, self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def verified(secret, headers, body):
    """Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    recent = abs(time.time() - int(headers["webhook-timestamp"])) <= 300
    return recent and any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split())


def webhook_received_and_verified():
    if "/v1/webhooks" not in Caller(None).get("/openapi.json")["paths"]:
        raise Skipped("the service has none")
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    server.timeout = 20
    hook = {"url": f"http://127.0.0.1:{server.server_port}", "types": ["mentor.created"], "payload": "thin"}
    try:
        made = state.university.post("/v1/webhooks", hook)
    except Refused as refusal:
        if any(flaw.get("pointer") == "/url" for flaw in refusal.problem.get("errors", [])):
            raise Skipped(refusal.problem["errors"]) from None
        raise
    state.university.post(f"/v1/webhooks/{made['id']}/test", {})
    server.handle_request()
    expect(Receiver.came, "nothing came within 20 seconds")
    headers, body = Receiver.came
    expect(verified(made["secret"], headers, body) and json.loads(body)["type"], body)
    expect(not verified(made["secret"], headers, body + b" "))
    etag = state.university.request("GET", f"/v1/webhooks/{made['id']}").headers["ETag"]
    state.university.request("DELETE", f"/v1/webhooks/{made['id']}", If_Match=etag)


def export():
    copies = {one["id"]: one for one in map(json.loads, state.university.request("GET", "/v1/exports/mentors"))}
    copy = copies[state.mentor["id"]]
    expect(copy["version"] == 3 and copy["titles"] == "S.H.", copy)


def problem_page():
    problem = refused(422, state.university.post, "/v1/mentors", FIELDS | {"email": "none", "colour": "red"})
    expect([flaw["pointer"] for flaw in problem["errors"]] == ["/email", "/colour"], problem)
    shown = Caller(None).request("GET", problem["type"])
    expect(shown.status == 200 and b"<h1>" in shown.read())


def ended_record():
    expect(state.programme.act(state.path, "end", reason_code="affiliation_ended")["status"] == "ended")
    refused(409, state.programme.act, state.path, "activate")
    expect(state.university.get(state.path)["status"] == "ended")
    types = told("mentor.ended")
    expect(types == ["mentor.ended"], types)


STEPS = [
    log_in, page, create, retry_after_a_cut, patch_with_a_stale_etag, transition_refused, transition_allowed,
    changes_from_a_cursor, webhook_received_and_verified, export, problem_page, ended_record,
]
state = State()
for number, step in enumerate(STEPS, 1):
    name = step.__name__.replace("_", " ").replace("patch", "PATCH").replace("etag", "ETag")
    try:
        step()
        print(f"ok {number} {name}")
    except Skipped as why:
        print(f"skipped: {number} {name}: {why}")
    except Exception as failure:
        sys.exit(f"failed: {number} {name}: {failure!r}")
