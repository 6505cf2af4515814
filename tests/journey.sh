#!/usr/bin/env bash
# One business through the whole programme, over HTTP. Needs curl, jq, and a service with the pilot data:
#   SERIBU_URL              where it listens (http://127.0.0.1:8080)
#   SERIBU_PILOT_CREDENTIALS  its log-ins (data/pilot-credentials.json)
# Each step is first tried by somebody who may not take it: 403 without the permission, 404 without the row.
set -euo pipefail

URL=${SERIBU_URL:-http://127.0.0.1:8080}
LOGINS=${SERIBU_PILOT_CREDENTIALS:-data/pilot-credentials.json}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -A TOKEN
steps=0 refusals=0

fail() { printf 'journey.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '== %s\n' "$*"; }
today() { date -u -d "${1:-now}" +%Y-%m-%d; }

# request METHOD WHO PATH [BODY]: the answer is in $work/body, its status in $status.
request() {
    local method=$1 who=$2 path=$3 body=${4-} headers=()
    [ -z "$who" ] || headers+=(-H "Authorization: Bearer ${TOKEN[$who]}")
    case $method in
        POST) headers+=(-H "Idempotency-Key: $RANDOM-$RANDOM-$RANDOM" -H 'Content-Type: application/json') ;;
        PATCH)
            curl -sS -o /dev/null -D "$work/read" "${headers[@]}" "$URL$path"
            headers+=(-H "If-Match: $(sed -n 's/^etag: *//Ip' "$work/read" | tr -d '\r')")
            headers+=(-H 'Content-Type: application/merge-patch+json')
            ;;
    esac
    [ -z "$body" ] || headers+=(--data "$body")
    status=$(curl -sS -o "$work/body" -w '%{http_code}' -X "$method" "${headers[@]}" "$URL$path")
}

of() { jq -er "$1" "$work/body"; }

get() {
    request GET "$1" "$2"
    [ "$status" = 200 ] || fail "GET $2 by $1: $status $(cat "$work/body")"
}

# step METHOD WHO PATH BODY [OTHER=STATUS]...: refused to the others, then done.
step() {
    local method=$1 who=$2 path=$3 body=$4 other
    shift 4
    for other in "$@"; do
        request "$method" "${other%=*}" "$path" "$body"
        [ "$status" = "${other#*=}" ] ||
            fail "$method $path by ${other%=*}: ${other#*=} was expected, not $status $(cat "$work/body")"
        refusals=$((refusals + 1))
    done
    request "$method" "$who" "$path" "$body"
    case $status in 200 | 201) steps=$((steps + 1)) ;; *) fail "$method $path by $who: $status $(cat "$work/body")" ;; esac
}

# act WHO PATH BODY STATUS [OTHER=STATUS]...: an action, and where it leads.
act() {
    local who=$1 path=$2 body=$3 to=$4
    shift 4
    step POST "$who" "$path/transitions" "$body" "$@"
    [ "$(of .status)" = "$to" ] || fail "$path: $to was expected, not $(of .status)"
}

# make WHO PATH BODY [OTHER=STATUS]...: the path of what is made is in $made.
make() {
    local who=$1 path=$2 body=$3
    shift 3
    step POST "$who" "$path" "$body" "$@"
    made=$path/$(of .id)
}

log_in() { # WHO EMAIL PASSWORD
    request POST '' /v1/auth/login "$(jq -n --arg e "$2" --arg p "$3" '{email: $e, password: $p}')"
    [ "$status" = 200 ] || fail "log-in of $2: $status $(cat "$work/body")"
    TOKEN[$1]=$(of .access_token)
}

pilot() { # WHO ROLE NUMBER
    local login
    login=$(jq -c --arg r "$2" --argjson n "$3" '[.logins[] | select(.role == $r)][$n]' "$LOGINS")
    log_in "$1" "$(jq -r .email <<<"$login")" "$(jq -r .password <<<"$login")"
}

client() { # WHO ROLE
    local client
    client=$(jq -c --arg r "$2" '[.clients[] | select(.role == $r)][0]' "$LOGINS")
    curl -sS -o "$work/body" "$URL/v1/auth/token" -d grant_type=client_credentials \
        --data-urlencode "client_id=$(jq -r .client_id <<<"$client")" \
        --data-urlencode "client_secret=$(jq -r .client_secret <<<"$client")"
    TOKEN[$1]=$(of .access_token)
    get "$1" /v1/me
}

accept() { # WHO CODE EMAIL: a password of one's own
    local body
    body=$(jq -n --arg c "$2" --arg e "$3" '{code: $c, email: $e, password: "tujuh gelas kopi tubruk"}')
    request POST '' /v1/auth/accept-invitation "$body"
    [ "$status" = 200 ] || fail "invitation of $3: $status $(cat "$work/body")"
    log_in "$1" "$3" 'tujuh gelas kopi tubruk'
}

# The answer LEVEL to each item of the instrument that is asked of a culinary business.
answers() {
    jq -c --argjson level "$1" \
        '[.document.items[] | select(.applies_to_subsectors == null or (.applies_to_subsectors | index("kuliner")))
          | {(.code): {score: $level}}] | add' "$work/instrument"
}

assess() { # KIND WRITER REVIEWER OTHER=STATUS
    local draft
    draft=$(jq -nc --arg b "$business_id" --arg i "$instrument" --arg k "$1" --arg m "$mentorship_id" \
        --argjson a "$(answers 2)" \
        '{business_id: $b, instrument_id: $i, kind: $k, declared_capital_need_idr: 20000000, answers: $a}
         + (if $k == "self" then {} else {mentorship_id: $m} end)')
    make "$2" /v1/assessments "$draft" policy=403
    act "$2" "$made" '{"action": "submit"}' submitted stranger_mentor=404 stranger_owner=404
    act "$3" "$made" '{"action": "review"}' reviewed "$2=403" "$4"
}

handed_over() { # DIVISION: the path of its open hand-over is in $made
    local try
    for try in $(seq 100); do
        get programme "/v1/hand-overs?division=$1&business_id=$business_id&status=open"
        if [ "$(of '.data | length')" = 1 ]; then
            made=/v1/hand-overs/$(of '.data[0].id')
            return
        fi
        sleep 0.1
    done
    fail "no hand-over to $1 after $try tries"
}

run=$(date +%s)$RANDOM
say "everybody signs in"
pilot programme programme 0
pilot officer facilitation 0
pilot other_officer facilitation 1
pilot desk cooperatives 0
pilot standards standardisation 0
pilot policy policy 0
pilot board cooperative 0
pilot stranger_mentor mentor 1
pilot stranger_owner business 1
client university institution
client lender lender
get university /v1/me
university_id=$(of .institution_id)
get board /v1/me
cooperative_id=$(of .cooperative_id)
get lender /v1/me
lender_id=$(of .institution_id)
get programme '/v1/instruments?status=published'
instrument=$(of '.data[0].id')
get programme "/v1/instruments/$instrument"
cp "$work/body" "$work/instrument"

say "the university registers a mentor and invites him; the programme activates him"
make university /v1/mentors "$(jq -nc --arg e "rina.$run@ut.example" \
    '{kind: "academic", full_name: "Rina Uji Coba", email: $e, expertise: ["accounting"], capacity_offered: 3}')" \
    stranger_owner=403 lender=403 policy=403
mentor=$made mentor_id=${made##*/}
get university "$mentor"
[ "$(of .institution_id)" = "$university_id" ] || fail "the mentor is not the university's"
step POST university /v1/invitations "{\"role\": \"mentor\", \"subject_id\": \"$mentor_id\"}" policy=403 lender=403
code=$(of .code)
act programme "$mentor" '{"action": "activate"}' active university=403 policy=403
accept mentor "$code" "rina.$run@ut.example"

say "the programme opens a cohort, registers an owner with a business, and invites them"
make programme /v1/cohorts "$(jq -nc --arg c "uji-$run" --arg s "$(today '-20 days')" --arg e "$(today '+160 days')" \
    --arg i "$instrument" '{code: $c, name: "Angkatan uji coba", starts_on: $s, ends_on: $e, instrument_id: $i}')" \
    mentor=403 policy=403
cohort=$made
act programme "$cohort" '{"action": "open"}' open mentor=403 policy=403
nik=$(printf '997401%02d%02d%02d%04d' $((RANDOM % 28 + 41)) $((RANDOM % 12 + 1)) $((RANDOM % 30 + 60)) $((RANDOM % 9000 + 1000)))
make programme /v1/businesses "$(jq -nc --arg n "Dapur Uji $run" --arg nik "$nik" --arg e "siti.$run@contoh.example" \
    --arg t "$(today '-4 days')" \
    '{name: $n, subsector: "kuliner", address: {line: "Jl. Merdeka No. 1", village_code: "36.74.04.1002"},
      owner: {full_name: "Siti Uji Coba", nik: $nik, email: $e},
      snapshot: {taken_on: $t, annual_revenue_idr: 84000000, bookkeeping_level: 1, source: "intake"}}')" \
    mentor=403 policy=403 lender=403
business=$made business_id=${made##*/}
get programme "$business/people"
owner_id=$(of '.data[0].person_id')
step POST programme /v1/invitations "{\"role\": \"business\", \"subject_id\": \"$owner_id\"}" mentor=403
accept owner "$(of .code)" "siti.$run@contoh.example"
make programme "$cohort/participants" "{\"business_id\": \"$business_id\"}" mentor=403 owner=403
participant=$made
act owner "$participant" '{"action": "accept"}' accepted stranger_owner=404 policy=403
act programme "$cohort" '{"action": "start"}' running mentor=403

say "coaching: a mentorship with an objective, two sessions that the owner confirms"
make programme /v1/mentorships "$(jq -nc --arg c "${cohort##*/}" --arg b "$business_id" --arg m "$mentor_id" \
    '{cohort_id: $c, business_id: $b, mentor_id: $m}')" mentor=403 owner=403 policy=403
mentorship=$made mentorship_id=${made##*/}
act mentor "$mentorship" '{"action": "accept"}' accepted stranger_mentor=404 owner=403 programme=403
act mentor "$mentorship" "{\"action\": \"start\", \"starts_on\": \"$(today '-15 days')\"}" active stranger_mentor=404
make mentor "$mentorship/objectives" '{"kind": "accounting_system", "title": "Buku kas berjalan", "focus": true}' \
    owner=403 stranger_mentor=404 university=403
objective=$made
for days in 12 5; do
    at=$(today "-$days days")T02:00:00Z
    make mentor "$mentorship/sessions" "{\"planned_at\": \"$at\", \"planned_minutes\": 90, \"mode\": \"visit\"}" \
        owner=403 stranger_mentor=404
    session=$made
    act mentor "$session" "$(jq -nc --arg at "$at" --arg p "$owner_id" \
        '{action: "hold", held_at: $at, contact_minutes: 75, topics: ["bookkeeping"],
          attendees: [{role: "owner", person_id: $p}], summary: "Buku kas dibuka bersama."}')" held owner=403
    act owner "$session" '{"action": "confirm"}' confirmed mentor=422 stranger_owner=404
    [ "$(of .countable)" = true ] || fail "the session does not count"
done

say "assessments: the owner's, reviewed by the mentor; the mentor's, reviewed by the programme"
assess self owner mentor programme=403
assess mentor mentor programme owner=403

say "a plan, and the objective achieved"
step POST owner "$mentorship/plan" "$(jq -nc --arg f "$(today)" --arg t "$(today '+180 days')" \
    '{kind: "business", period: {from: $f, to: $t}, goals: "Omzet naik seperempat.",
      items: [{title: "Oven kedua", kind: "equipment", cost_idr: 20000000}],
      finances: {needed_idr: 22000000, own_idr: 4000000}}')" programme=403 stranger_owner=404
act owner "$mentorship/plan" '{"action": "submit"}' submitted mentor=403
act mentor "$mentorship/plan" '{"action": "accept"}' accepted owner=403 programme=403
step PATCH mentor "$objective" \
    "{\"status\": \"achieved\", \"evidence\": {\"kind\": \"cash_book\", \"reference\": \"Buku kas\", \"dated_on\": \"$(today)\"}}"

say "hand-overs; capital: a referral, returned and submitted again, recommended by another officer"
handed_over facilitation
capital=$made
act officer "$capital" '{"action": "take"}' taken desk=404 mentor=403 owner=403
step POST owner "/v1/persons/$owner_id/consents" \
    "{\"purpose\": \"lender\", \"receiver_id\": \"$lender_id\", \"text_version\": 1, \"via\": \"own_account\"}" \
    mentor=403 stranger_owner=404
make mentor /v1/capital-referrals "$(jq -nc --arg b "$business_id" --arg h "${capital##*/}" \
    '{business_id: $b, hand_over_id: $h, amount_idr: 18000000, purpose: "equipment"}')" policy=403 desk=403
referral=$made
act owner "$referral" '{"action": "submit"}' submitted mentor=403 lender=404
act officer "$referral" '{"action": "start_review"}' under_review owner=403
act officer "$referral" '{"action": "return", "missing": ["quotation"], "reason_code": "amount_not_supported"}' returned
step PATCH officer "$referral" '{"amount_idr": 16000000}'
act owner "$referral" '{"action": "submit"}' submitted
act other_officer "$referral" '{"action": "start_review"}' under_review officer=409
act other_officer "$referral" '{"action": "recommend", "amount_idr": 16000000}' recommended officer=409 owner=403
act other_officer "$referral" "{\"action\": \"forward\", \"lender_id\": \"$lender_id\"}" forwarded lender=404 mentor=403
act lender "$referral" '{"action": "approve", "amount_idr": 15000000}' approved owner=403
for amount in 10000000 5000000; do
    act lender "$referral" "{\"action\": \"disburse\", \"amount_idr\": $amount, \"disbursed_on\": \"$(today)\"}" \
        disbursed owner=403
done
act lender "$referral" '{"action": "close"}' closed owner=403
act officer "$capital" "{\"action\": \"done\", \"result\": {\"kind\": \"capital_referral\", \"id\": \"${referral##*/}\"}}" \
    'done' standards=404 policy=403

say "membership: applied for by the owner, verified by the desk, admitted by the board"
handed_over cooperatives
membership=$made
act desk "$membership" '{"action": "take"}' taken officer=404 policy=403
step POST owner "/v1/persons/$owner_id/consents" \
    "{\"purpose\": \"cooperative\", \"receiver_id\": \"$cooperative_id\", \"text_version\": 1, \"via\": \"own_account\"}"
make owner /v1/enrollments "$(jq -nc --arg p "$owner_id" --arg b "$business_id" --arg c "$cooperative_id" \
    '{person_id: $p, business_id: $b, cooperative_id: $c}')" mentor=403 lender=403
enrollment=$made
act desk "$enrollment" '{"action": "verify"}' verified board=403 owner=403
act board "$enrollment" '{"action": "admit", "principal_savings_paid_idr": 100000}' active owner=403 policy=403
act desk "$membership" "{\"action\": \"done\", \"result\": {\"kind\": \"enrollment\", \"id\": \"${enrollment##*/}\"}}" 'done'

say "followed up, completed, graduated"
assess follow_up mentor programme owner=403
act programme "$mentorship" '{"action": "complete"}' completed mentor=403 owner=403
act programme "$participant" '{"action": "graduate"}' graduated mentor=403 owner=403

get programme "$business/history?limit=200&sort=position"
of '.data[].type' | grep -v -e '^business\.' -e '^hand_over\.\(created\|updated\)$' >"$work/told"
head -4 "$work/told" | tr '\n' ' '
echo '… '"$(tail -1 "$work/told")"
for kind in participant.accepted mentorship.active session.confirmed assessment.reviewed plan.accepted \
    capital_referral.submitted capital_referral.recommended capital_referral.closed enrollment.active \
    mentorship.completed participant.graduated; do
    line=$(grep -n -m1 "^$kind\$" "$work/told" | cut -d: -f1)
    [ -n "$line" ] || fail "the business's history does not tell of $kind"
    [ "$line" -gt "${last:-0}" ] || fail "$kind is told before what came before it"
    last=$line
done
echo "journey.sh: $steps steps done, $refusals refused to who may not take them"
