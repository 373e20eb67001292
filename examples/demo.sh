#!/bin/sh
# The founding stories, recorded into a fresh ledger and questioned. Run by `make demo`.
set -eu

CIVIC_LEDGER=build/demo/town.ledger
export CIVIC_LEDGER

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

rm -rf "$CIVIC_LEDGER"
mkdir -p build/demo
printf '$ export CIVIC_LEDGER=%s\n' "$CIVIC_LEDGER"

show civic init "$CIVIC_LEDGER"
show civic import examples/coventry.jsonl --yes
show civic import examples/manchester.jsonl --yes

show civic links --format table
show civic why coventry--volgograd --format table
show civic links --as-of 2022-03-01 --format table
show civic links --known-by 2022-02-25 --format table
show civic replay coventry--volgograd --format table
