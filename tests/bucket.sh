#!/usr/bin/env bash
# Files in a bucket: against moto's server, which speaks S3 on this machine. `ok`, `failed`, or `skipped` where
# pip does not bring it.
set -uo pipefail
cd "$(dirname "$0")/.."

tools=target/outside
python=$tools/venv/bin/python
port=${SERIBU_TEST_S3_PORT:-5599}
mkdir -p "$tools"

if ! { { [ -x "$tools/venv/bin/pip" ] || python3 -m venv "$tools/venv"; } &&
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check 'moto[s3,server]==5.2.5'; } >/dev/null 2>&1; then
    echo "skipped: files in a bucket: pip does not bring moto"
    exit 0
fi

"$tools/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$tools/moto.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT

export SERIBU_TEST_S3=http://127.0.0.1:$port
made() {
    "$python" - "$SERIBU_TEST_S3" <<'PY'
import sys, urllib.request
urllib.request.urlopen(urllib.request.Request(sys.argv[1] + "/seribu-test", method="PUT"), timeout=5)
PY
}
for _ in $(seq 60); do
    made 2>/dev/null && break
    sleep 0.5
done

if cargo test --quiet --test it files_lie_in_a_bucket -- --ignored; then
    echo "ok files in a bucket"
else
    echo "failed: files in a bucket; the server's log is $tools/moto.log"
    exit 1
fi
