#!/usr/bin/env bash
# The openai Python client against `hone serve` over a folder, with and without a token. Needs .build/release/hone, python3 and pip.
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
