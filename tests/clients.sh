#!/usr/bin/env bash
# The clients, against a running service with the pilot data; a line for each: `ok`, `skipped` or `failed`.
#   tests/clients.sh http://127.0.0.1:8080 data/pilot-credentials.json
# Without arguments it starts the program that `cargo build` or `cargo test` has made, on a folder of its own.
set -uo pipefail
cd "$(dirname "$0")/.."

tools=target/outside
failed=0
work=$(mktemp -d)
started=()
# The private PostgreSQL may run as somebody else, who has to come by.
chmod 711 "$work"
mkdir -p "$tools"

end() {
    for process in "${started[@]}"; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
    done
    rm -rf "$work"
}
trap end EXIT

# check NAME COMMAND…: what it prints is shown when it fails, and the steps that it skips.
check() {
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        grep '^skipped' "$work/said" | sed "s/^skipped:/skipped: $name:/"
        echo "ok $name"
    else
        failed=1
        echo "failed: $name"
        cat "$work/said"
    fi
}

has() { command -v "$1" >/dev/null 2>&1; }

start() {
    local program=${CARGO_TARGET_DIR:-target}/debug/seribu port
    [ -x "$program" ] || { echo "skipped: clients: there is no $program"; exit 0; }
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    export SERIBU_URL=http://127.0.0.1:$port SERIBU_PILOT_CREDENTIALS=$work/data/pilot-credentials.json
    env -u DATABASE_URL SERIBU_DATA_DIR="$work/data" SERIBU_LISTEN="127.0.0.1:$port" SERIBU_PILOT=true SERIBU_WORKERS=2 \
        SERIBU_CACHE_DIR="${CARGO_TARGET_DIR:-target}/tmp/private-postgres" SERIBU_WEBHOOKS_TO_THIS_MACHINE=true \
        "$program" serve >"$work/served" 2>&1 &
    started+=($!)
    for _ in $(seq 1200); do
        curl -sf -o /dev/null "$SERIBU_URL/readyz" && return
        kill -0 "${started[0]}" 2>/dev/null || break
        sleep 0.1
    done
    echo "failed: the service does not start"
    cat "$work/served"
    exit 1
}

for program in python3 curl; do
    has "$program" || { echo "skipped: clients: there is no $program"; exit 0; }
done
if [ $# -ge 2 ]; then
    export SERIBU_URL=$1 SERIBU_PILOT_CREDENTIALS=$2
else
    start
fi
SERIBU_PILOT_CREDENTIALS=$(realpath "$SERIBU_PILOT_CREDENTIALS")

python3 clients/cutting_proxy.py "$SERIBU_URL" >"$work/proxy" &
started+=($!)
while [ ! -s "$work/proxy" ]; do sleep 0.05; done
SERIBU_CUTTING_PROXY=$(cat "$work/proxy")
export SERIBU_CUTTING_PROXY

if has php && php -r 'exit(PHP_VERSION_ID >= 80100 && extension_loaded("curl") ? 0 : 1);'; then
    lint() { find clients/php -name '*.php' -print0 | xargs -0 -n1 php -l; }
    check "PHP: syntax" lint
    check "PHP: the client when things go wrong" php clients/php/tests.php
    check "PHP: the twelve steps" php clients/php/contract.php
else
    echo "skipped: PHP: there is no PHP 8.1 with curl"
fi

check "Python: the twelve steps" python3 clients/python/contract.py

if has npm && (cd clients/typescript && npm install --no-package-lock --no-audit --no-fund) >/dev/null 2>&1; then
    check "TypeScript: types of the document, and calls by them" npm --prefix clients/typescript run build
    check "TypeScript: the twelve steps" npm --prefix clients/typescript run contract
else
    echo "skipped: TypeScript: npm does not bring it"
fi

# bruno NAME ENVIRONMENT FOLDER…
bruno() {
    local name=$1 environment=$2
    shift 2
    (cd "$work/bruno" && "$bru" run -r --sandbox developer --tags read --env "$environment" \
        --reporter-json "$work/$name.json" --reporter-skip-all-headers "$@")
}
bru=$PWD/$tools/node_modules/.bin/bru
if has npm && npm install --prefix "$tools" --no-save --no-audit --no-fund @usebruno/cli@4.1.0 >/dev/null 2>&1; then
    python3 clients/bruno/generate.py "$work/bruno" "$SERIBU_PILOT_CREDENTIALS" "$SERIBU_URL"
    check "Bruno: what the programme reads" bruno programme programme
    check "Bruno: what the administrator reads" bruno admin admin auth users clients
    check "Bruno: what a client reads" bruno client siakad-universitas-terbuka auth institutions mentorships/list_mentorships.bru
    check "Bruno: every list" python3 clients/bruno/covered.py "$work"/{programme,admin,client}.json
else
    echo "skipped: Bruno: npm does not bring it"
fi

exit "$failed"
