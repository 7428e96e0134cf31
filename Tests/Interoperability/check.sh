#!/usr/bin/env bash
# The openai Python client against `hone serve` over a folder, with and without a token; worlds that are other programs. Needs .build/release/hone, python3 and pip.
set -euo pipefail
cd "$(dirname "$0")/../.."
hone="$PWD/.build/release/hone"
[ -x "$hone" ] || { echo "there is no $hone; run make build first" >&2; exit 1; }
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openai==3.54.0
export HONE_SERVER_TOKEN=a-token-that-is-long-enough

serve() {
  "$hone" serve "tiny=$PWD/Tests/EndToEnd/tiny-qwen" --port 0 --json --quiet "$@" > "$work/serve.json" & server=$!
  for wait in $(seq 400); do [ -s "$work/serve.json" ] && break; sleep 0.05; done
  url=$(sed 's/.*"url":"\([^"]*\)\/v1".*/\1/' "$work/serve.json")
}
serve
"$work/venv/bin/python" Tests/Interoperability/openai_client.py --base-url "$url" --model tiny
kill "$server"; wait "$server" || true
serve --token-environment HONE_SERVER_TOKEN
"$work/venv/bin/python" Tests/Interoperability/openai_client.py --base-url "$url" --model tiny --api-key-env HONE_SERVER_TOKEN
kill "$server"; wait "$server" || true
server=

# Worlds of other programs: Hone's own over a pipe play as they do within, step for step; the tests were built by make test.
parity=$(HONE_PROGRAM="$hone" SWIFT_BACKTRACE=enable=no swift test -c release --skip-build --filter ProgramParityTests 2>&1) || { echo "$parity" >&2; exit 1; }
grep -q 'Test run with 4 tests .*passed' <<<"$parity" || { echo "$parity" >&2; echo "the tests of worlds over a pipe did not run; run make test first" >&2; exit 1; }
echo "ok: worlds over a pipe and back"

# An environment of one's own, through the bridge: played, learned from twice with the same bytes, measured, and left when its program ends.
sums="cmd: python3 examples/python/bridge.py python:Tests.Interoperability.sums:Sums"
small=(--world "$sums" --model nano --set iterations=1 --set play.problems=4 --set play.samples=4 --set play.limit=4 --set evaluation.problems=4 --set evaluation.samples=2 --quiet)
for out in one two; do "$hone" run grpo "${small[@]}" --out "$work/$out" >/dev/null; done
[ "$("$hone" digest "$work/one")" = "$("$hone" digest "$work/two")" ] || { echo "two runs on the same program differ" >&2; exit 1; }
"$hone" eval "$work/one" --count 3 --samples 2 --quiet --json | grep -q '"return"' || { echo "no return is told" >&2; exit 1; }
"$hone" run star "${small[@]}" --out "$work/three" >/dev/null
echo "ok: an environment in Python"

# A program with two seats learns by playing itself, twice with the same bytes.
pennies=(--world "cmd: '$hone' pipe world kuhn-poker" --set model.size=pico@512:ascii --set iterations=1 --set play.problems=2 --set base.passes=2 --set base.demonstrations=8 --set yardsticks.plays=4 --quiet)
for out in five six; do "$hone" run self-play "${pennies[@]}" --out "$work/$out" >/dev/null; done
[ "$("$hone" digest "$work/five")" = "$("$hone" digest "$work/six")" ] || { echo "two runs of self-play with the same program differ" >&2; exit 1; }
echo "ok: self-play in a program with two seats"
for words in "did not answer|cmd: sleep 5" "there is no program|cmd: no-such-program" "demonstrations or single answers|$sums"; do
  world=${words#*|}
  recipe=direct; [ "$world" != "$sums" ] || recipe=sft
  said=$("$hone" run "$recipe" --world "$world" --model nano --set task.settings.timeout=0.5 --out "$work/no" --quiet 2>&1) && { echo "accepted: $world" >&2; exit 1; }
  grep -q "${words%%|*}" <<<"$said" || { echo "expected “${words%%|*}”, got: $said" >&2; exit 1; }
done
echo "ok: programs that cannot be played are refused with a sentence"
