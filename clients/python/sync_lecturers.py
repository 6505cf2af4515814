#!/usr/bin/env python3
"""Brings the lecturers of a university into step with a CSV file, and prints the rows that were refused.

    sync_lecturers.py lecturers.csv [mode=snapshot] [dry_run=true] [allow_removals=3]

Ends with 0 when every row was taken, 1 when the file was not done, 2 when rows were refused. SERIBU_URL,
SERIBU_CLIENT_ID and SERIBU_CLIENT_SECRET come from the environment. Needs Python alone."""
import http.client, json, os, sys, time, urllib.error, urllib.parse, urllib.request, uuid

def ask(path, body, headers={}):
    url = os.environ.get("SERIBU_URL", "http://127.0.0.1:8080") + path
    return urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=120)

def sync(file, options, done=0):
    client = {name: os.environ["SERIBU_" + name.upper()] for name in ("client_id", "client_secret")}
    form = urllib.parse.urlencode({"grant_type": "client_credentials", **client}).encode()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}
    for wait in (1, 2, 4, 8, 16, 32):  # the same file under the same key goes on with the same run
        try:
            headers["Authorization"] = "Bearer " + json.load(ask("/v1/auth/token", form))["access_token"]
            for number, row in enumerate(map(json.loads, ask("/v1/sync/mentors?" + "&".join(options), file, headers))):
                if "summary" in row and not row.get("problem", {}).get("should_retry"):
                    return row
                if number == done and "result" in row:
                    done += 1
                    problem = row.get("problem", {"errors": []})
                    for flaw in problem.get("errors", [problem]):
                        print(f"line {row['line']}, {row['external_id']}: {flaw.get('pointer', '')} {flaw['detail']}")
        except urllib.error.HTTPError as refused:
            said = refused.read().decode()
            if refused.code not in (429, 502, 503, 504) and '"should_retry":true' not in said:
                sys.exit(said[:2000])
            wait = int(refused.headers.get("Retry-After", wait))
        except (OSError, http.client.HTTPException, ValueError): pass  # not reached, or broken off
        time.sleep(wait)
    sys.exit("The service cannot be reached.")

end = sync(open(sys.argv[1], "rb").read(), sys.argv[2:])
print(json.dumps(end))
sys.exit(1 if not end["complete"] else 2 if end["summary"]["rejected"] else 0)
