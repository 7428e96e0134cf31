#!/usr/bin/env bash
# Uses the program as a person would: runs, kills, resumes, wrong input, pipes. Needs .build/release/hone.
set -euo pipefail
cd "$(dirname "$0")/../.."
hone="$PWD/.build/release/hone"
[ -x "$hone" ] || { echo "there is no $hone; run make build first" >&2; exit 1; }
work=$(mktemp -d)
# Processes that were left behind by a kill may still be writing.
trap 'rm -rf "$work" 2>/dev/null || { sleep 2; rm -rf "$work"; }' EXIT
export HONE_CACHE="$work/cache"
passed=0
ok() { passed=$((passed + 1)); printf '  ok  %s\n' "$1"; }
no() { printf '  FAILED  %s\n' "$1" >&2; exit 1; }

small=(--set model.size=pico --set iterations=8 --set task.settings.terms=2 --set base.demonstrations=40 --set base.passes=40 --set play.problems=8
  --set play.samples=4 --set task.trainProblems=100 --set evaluation.problems=10 --set evaluation.samples=2 --set evaluation.every=3)

# The same seed leads to the same digest: another process, one thread, no measuring, a kept base.
"$hone" run grpo "${small[@]}" --seed 5 --out "$work/a" --quiet >/dev/null
"$hone" run grpo "${small[@]}" --seed 5 --out "$work/b" --quiet --threads 1 >/dev/null
"$hone" run grpo "${small[@]}" --set evaluation.every=0 --seed 5 --out "$work/c" --quiet >/dev/null
HONE_CACHE="$work/other" "$hone" run grpo "${small[@]}" --seed 5 --out "$work/e" --quiet >/dev/null
"$hone" run grpo "${small[@]}" --seed 6 --out "$work/d" --quiet >/dev/null
for set in portable avx2; do
  HONE_INSTRUCTIONS=$set HONE_CACHE="$work/$set" "$hone" run grpo "${small[@]}" --seed 5 --out "$work/f-$set" --quiet >/dev/null
done
digest=$("$hone" digest "$work/a")
"$hone" report "$work/a" --json | grep -q '"trainedTokens":0' && no "the run never learned, so it shows nothing" || ok "the run learned"
[ "$digest" = "$("$hone" digest "$work/b")" ] && ok "one and two threads: one digest" || no "threads change the digest"
[ "$digest" = "$("$hone" digest "$work/c")" ] && ok "measuring does not change a run" || no "measuring changes the digest"
[ "$digest" = "$("$hone" digest "$work/e")" ] && ok "a kept base equals one taught anew" || no "the cache changes the digest"
[ "$digest" = "$("$hone" digest "$work/f-portable")" ] && [ "$digest" = "$("$hone" digest "$work/f-avx2")" ] \
  && ok "portable, AVX2 and the processor's best kernels: one digest" || no "the instruction set changes the digest"
[ "$digest" != "$("$hone" digest "$work/d")" ] && ok "another seed is another run" || no "the seed does nothing"

# Killed at random moments of a run of some seconds, resumed until finished: the same digest. Kills of live processes and
# resumes past a checkpoint are counted, for a kill that hits nothing shows nothing.
long=("${small[@]}" --set iterations=80 --set evaluation.every=0 --seed 5 --quiet)
"$hone" run grpo "${long[@]}" --out "$work/long" >/dev/null
reference=$("$hone" digest "$work/long")
kills=0; later=0
for trial in 1 2 3 4 5; do
  run="$work/kill$trial"
  "$hone" run grpo "${long[@]}" --out "$run" >/dev/null 2>&1 & pid=$!
  for attempt in 1 2 3 4; do
    for wait in $(seq 100); do [ "$(ls "$run/checkpoints" 2>/dev/null | grep -c '^0')" -gt 0 ] && break; sleep 0.05; done
    sleep "0.$((RANDOM % 5 + 1))"
    if kill -9 "$pid" 2>/dev/null; then kills=$((kills + 1)); fi
    wait "$pid" 2>/dev/null && break || true
    ls "$run/checkpoints" | grep -q '^0' && later=$((later + 1))
    "$hone" resume "$run" --quiet >/dev/null 2>&1 & pid=$!
  done
  wait "$pid" 2>/dev/null || true
  "$hone" resume "$run" --quiet >/dev/null
  [ "$reference" = "$("$hone" digest "$run")" ] || no "trial $trial: killed and resumed, the digest differs"
done
[ "$kills" -ge 10 ] && [ "$later" -ge 10 ] && ok "killed $kills times, resumed $later times past a checkpoint: one digest" || no "too few kills hit a live run after a checkpoint ($kills, $later)"

# Comparisons: side by side or one by one, killed in the middle or not, the same recorded bytes.
arms=(compare star sft "${small[@]}" --set iterations=2 --set evaluation.every=1 --set learner.rows=64 --seeds 2 --quiet)
"$hone" "${arms[@]}" --jobs 2 --out "$work/cmp-a" | grep -q 'star − start, more samples' && grep -q 'class="forest"' "$work/cmp-a/report.html" \
  && ok "compare" || no "compare"
hits=0
for attempt in 1 2 3; do
  "$hone" "${arms[@]}" --jobs $((attempt % 2 + 1)) --out "$work/cmp-b" >/dev/null 2>&1 & pid=$!
  sleep "1.$attempt"
  if kill -9 "$pid" 2>/dev/null; then hits=$((hits + 1)); fi
  wait "$pid" 2>/dev/null || true
done
before=$(find "$work/cmp-b" -name result.json 2>/dev/null | wc -l)
"$hone" "${arms[@]}" --jobs 1 --out "$work/cmp-b" >/dev/null
[ "$hits" -ge 1 ] && cmp -s "$work/cmp-a/comparison.json" "$work/cmp-b/comparison.json" \
  && ok "compare killed $hits times with $before cells finished: the same bytes" || no "a killed comparison differs ($hits kills)"

# A grid of searches and learners from one command: what makes no sense is told and not run.
grid=(compare compose "${small[@]}" --set iterations=1 --set play.problems=4 --set evaluation.samples=1 --set search.samples=3 --set search.simulations=4 --set search.branches=2
  --vary 'task.settings.terms=2 as short|3 as long' --vary 'search.method=greedy|best-of-n|mcts'
  --vary 'compose.credit+compose.objective=best-only+cross-entropy as imitation|sibling-pairs+dpo as step DPO' --seeds 1 --quiet)
said=$("$hone" "${grid[@]}" --out "$work/grid")
grep -q 'long/greedy/step DPO .*does not apply, because' <<<"$said" && grep -q 'short/mcts/step DPO .*tokens an answer' <<<"$said" \
  && [ "$(grep -cE '^mcts +[0-9.]+ % \[.*\] +[0-9.]+ % \[' <<<"$said")" = 2 ] \
  && [ "$(grep -o 'The grid' "$work/grid/report.html" | wc -l)" = 2 ] && grep -q 'What was not run' "$work/grid/report.html" && ok "a grid of searches and learners" || no "the grid is not as expected: $said"

# Wrong input gets a sentence and a status other than zero.
refused() { # what it says, then the command
  local words=$1; shift
  local said; if said=$("$@" 2>&1 </dev/null); then no "accepted: $*"; fi
  case "$said" in *"$words"*) ok "refused: $words" ;; *) no "expected “$words”, got: $said" ;; esac
}
refused 'did you mean “grpo”' "$hone" run gpro --out "$work/x"
refused 'HONE_INSTRUCTIONS is' env HONE_INSTRUCTIONS=sse "$hone" list
refused 'did you mean “learner.rate”' "$hone" run grpo --set learner.rat=1 --out "$work/x"
refused 'takes a number' "$hone" run grpo --set learner.rate=fast --out "$work/x"
printf 'learner:\n  rate: 1e-4\n  speed: 2\n' > "$work/bad.yaml"
refused 'bad.yaml:3' "$hone" run grpo --settings "$work/bad.yaml" --out "$work/x"
refused 'There is no file' "$hone" run star --problems "$work/none.jsonl" --out "$work/x"
printf '{"question": "1+1?", "answer": "1+1=<<1+1=2>>2\\n#### 2"}\nnot json\n' > "$work/bad.jsonl"
refused 'bad.jsonl:2' "$hone" run star --problems "$work/bad.jsonl" --out "$work/x"
refused 'There is a run in' "$hone" run grpo "${small[@]}" --out "$work/a"
refused 'There is no run in' "$hone" resume "$work/nowhere"
refused 'should be 1 or more' "$hone" run grpo --set play.samples=0 --out "$work/x"
refused 'a file instead of a folder' "$hone" run grpo --out /dev/null/run
refused 'is not a budget' "$hone" compare star --budget many
refused 'names no setting' "$hone" compare compose --vary beam
refused 'it may spend' "$hone" compare compose "${small[@]}" --set compose.judge=process --set search.method=best-of-n --set compose.credit=best-only --budget tokens=10 --seeds 1 --quiet --out "$work/dear"
refused 'give each one value' "$hone" compare compose --vary 'search.method+compose.judge=beam'
refused 'did you mean “star”' "$hone" compare stra
refused 'called the same' "$hone" compare star star
refused 'claims nothing' "$hone" claim sft
refused 'is no record of claims' "$hone" claim star --record README.md --out "$work/x"
refused 'Give recipes or --all' "$hone" claim
refused 'has no right answers' "$hone" compare self-play --out "$work/x"
refused 'point it at an unpacked libtorch' env HONE_LIBTORCH="$work/nothing" ./setup.sh
# A limit on the size of files stands for a full disk: the run ends with a sentence, and goes on once there is room.
refused 'ulimit -f' bash -c 'ulimit -f 200; "$0" run grpo "${@:2}" --seed 5 --out "$1" --quiet' "$hone" "$work/full" "${small[@]}"
"$hone" resume "$work/full" --quiet >/dev/null
[ "$digest" = "$("$hone" digest "$work/full")" ] && ok "stopped by a full disk and resumed: one digest" || no "a full disk changes the digest"

# A damaged checkpoint is passed over.
last=$(ls "$work/d/checkpoints" | tail -1)
printf 'x' | dd of="$work/d/checkpoints/$last/model-policy-state.safetensors" bs=1 seek=2000 conv=notrunc 2>/dev/null
"$hone" resume "$work/d" --quiet 2>&1 >/dev/null | grep -q 'does not have the hash' && ok "a damaged checkpoint is named and passed over" || no "a damaged checkpoint went unnoticed"

# Ports.
echo '{"id": 1, "gold": "42", "response": "the answer is 42."}' | "$hone" pipe verify | grep -q '"correct":true' && ok "pipe verify" || no "pipe verify"
echo '{"id": 2, "gold": "42", "response": "41=42"}' | "$hone" pipe verify | grep -q '"correct":false' && ok "pipe verify refuses an equality chain" || no "pipe verify accepts a chain"
echo '{"id": 3, "text": "3+8="}' | "$hone" pipe tokenize | grep -q '"ids"' && ok "pipe tokenize" || no "pipe tokenize"
echo '{"id": 4, "logProbs": [[-0.5, -1]], "mask": [[1, 1]]}' | "$hone" pipe loss cross-entropy | grep -q '"loss":0.75' && ok "pipe loss" || no "pipe loss"
echo '{"seed": 1, "count": 3}' | "$hone" pipe problems arithmetic | grep -c prompt | grep -q 3 && ok "pipe problems" || no "pipe problems"
echo 'nonsense' | "$hone" pipe verify >/dev/null 2>&1 && no "a bad line went unpunished" || ok "a bad line gives status 1"

# A Hugging Face folder: LoRA learns over it, resumes, is measured, and is written in the forms others read.
folder="$PWD/Tests/EndToEnd/tiny-qwen"
for n in 1 2 3 4 5 6 7 8; do
  printf '{"question": "How many apples are %d and %d apples?", "answer": "They are <<%d+%d=%d>>%d. #### %d"}\n' $n 2 $n 2 $((n + 2)) $((n + 2)) $((n + 2))
done > "$work/train.jsonl"
real=(--model "$folder" --problems "$work/train.jsonl" --held-out "$work/train-held.jsonl" --set play.problems=4 --set play.samples=2
  --set play.limit=16 --set evaluation.problems=2 --set evaluation.every=1 --quiet)
printf '{"question": "How many pears are 2 and 9 pears?", "answer": "#### 11"}\n{"question": "How many pears are 1 and 9 pears?", "answer": "#### 10"}\n' > "$work/train-held.jsonl"
"$hone" run grpo "${real[@]}" --lora r=4 --set iterations=4 --seed 2 --out "$work/hf-a" >/dev/null
"$hone" run grpo "${real[@]}" --lora r=4 --set iterations=4 --seed 2 --out "$work/hf-b" >/dev/null 2>&1 & pid=$!
for wait in $(seq 200); do [ "$(ls "$work/hf-b/checkpoints" 2>/dev/null | grep -c '^0')" -gt 0 ] && break; sleep 0.05; done
kill -9 "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true
"$hone" resume "$work/hf-b" --quiet >/dev/null
[ "$("$hone" digest "$work/hf-a")" = "$("$hone" digest "$work/hf-b")" ] && ok "adapters over a folder: killed and resumed, one digest" || no "a run over a folder depends on the kill"
"$hone" eval "$work/hf-a" --count 2 --samples 2 --json --quiet | grep -q 'pass@1' && ok "a run over a folder is measured" || no "eval of a run over a folder"
"$hone" export "$work/hf-a" --out "$work/hf-model" --quiet && [ -f "$work/hf-model/chat_template.jinja" ] && cmp -s "$folder/tokenizer.json" "$work/hf-model/tokenizer.json" \
  && ok "export: a folder with what stood beside the weights" || no "export of a folder"
"$hone" export "$work/hf-a" --form adapter --out "$work/hf-adapter" --quiet && grep -q '"r":4' "$work/hf-adapter/adapter_config.json" && ok "export: a PEFT adapter" || no "export of an adapter"
"$hone" export "$work/hf-a" --form unpaired --out "$work/hf.jsonl" --quiet && [ "$(wc -l < "$work/hf.jsonl")" -eq 32 ] && ok "export: 32 answers with a label" || no "export of answers"
"$hone" run star "${real[@]}" --full --set model.precision=bfloat16 --set iterations=1 --set learner.rows=8 --seed 2 --out "$work/hf-full" >/dev/null && ok "all weights of a folder learn, drawn in bfloat16" || no "a full run over a folder"
refused 'names no rank' "$hone" run grpo "${real[@]}" --lora alpha=3
refused 'models of these kinds can be read' bash -c 'mkdir "$1" && echo "{\"model_type\": \"mamba\"}" > "$1/config.json" && "$0" run grpo --model "$1"' "$hone" "$work/mamba"
refused 'is there already' "$hone" export "$work/hf-a" --out "$work/hf-model"

# Another device, as a graphics card is one: its tensors are not the processor's, and what mixes the two is refused (OtherDevice.cpp). The same
# commands learn, draw, stop and go on there, and come to what the processor comes to.
torch="${HONE_LIBTORCH:-$PWD/.libtorch}"
compiler="$(dirname "$(readlink -f "$(command -v swiftc)")")/clang++"
"$compiler" -shared -fPIC -std=c++20 -O1 -isystem "$torch/include" -isystem "$torch/include/torch/csrc/api/include" -o "$work/other.so" \
  Tests/EndToEnd/OtherDevice.cpp -L"$torch/lib" -ltorch_cpu -lc10 -Wl,-rpath,"$torch/lib"
refused 'no extension of libtorch has registered a device' "$hone" run grpo "${small[@]}" --device registered --out "$work/none"
refused 'Found device “gpu”, expected cpu' "$hone" eval "$folder" --world arithmetic --device gpu
refused 'Device cuda:99 cannot be used' "$hone" eval "$folder" --world arithmetic --device cuda:99
there() { LD_PRELOAD="$work/other.so" "$hone" "$@" --device registered; }
number() { "$hone" report "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["after"]["entropy"]["mean"])'; }
near() { python3 -c 'import sys; a, b = map(float, sys.argv[1:]); sys.exit(abs(a - b) > 1e-4)' "$(number "$1")" "$(number "$2")"; }
for form in "--lora r=4" "--full --set model.precision=bfloat16 --set model.training=bfloat16"; do
  rm -rf "$work/here" "$work/there"
  "$hone" run sft "${real[@]}" $form --set iterations=4 --seed 2 --out "$work/here" >/dev/null
  there run sft "${real[@]}" $form --set iterations=4 --seed 2 --out "$work/there" >/dev/null
  grep -q '"device":"registered"' "$work/there/run.json" && near "$work/here" "$work/there" && ok "another device, $form: as on the processor" || no "another device, $form"
done
# Learning has the same bits there too. What is drawn has not quite: a row's last bits depend on how many rows are in the step.
there run grpo "${small[@]}" --seed 5 --out "$work/there-grpo" --quiet >/dev/null
near "$work/a" "$work/there-grpo" && ok "another device: a model that learns from what it draws" || no "drawing on another device"
teaching=(sft "${small[@]}" --set iterations=60 --set evaluation.every=0 --seed 5 --device registered --quiet)
LD_PRELOAD="$work/other.so" "$hone" run "${teaching[@]}" --out "$work/there-a" >/dev/null
LD_PRELOAD="$work/other.so" "$hone" run "${teaching[@]}" --out "$work/there-b" >/dev/null 2>&1 & pid=$!
for wait in $(seq 400); do [ "$(ls "$work/there-b/checkpoints" 2>/dev/null | grep -c '^0')" -gt 0 ] && break; sleep 0.05; done
kill -9 "$pid" || no "the run on another device was over before it could be killed"
wait "$pid" 2>/dev/null || true
LD_PRELOAD="$work/other.so" "$hone" resume "$work/there-b" --quiet >/dev/null
[ "$("$hone" digest "$work/there-a")" = "$("$hone" digest "$work/there-b")" ] \
  && ok "another device: a run that was killed goes on there to the same bits" || no "a run on another device depends on the kill"
LD_PRELOAD="$work/other.so" "$hone" compare star sft "${small[@]}" --set iterations=1 --set learner.rows=16 --seeds 1 --jobs 2 --device registered --out "$work/there-cmp" --quiet >/dev/null \
  && grep -rq '"device":"registered"' "$work/there-cmp"/cells/*/run/run.json && ok "another device: comparisons run there" || no "a comparison on another device"

# A server over the folder: as an endpoint it is talked to, measured and compared; its answers are kept with a run.
mkdir -p "$work/several" && cp -r "$work/hf-adapter" "$work/several/first" && cp -r "$work/hf-adapter" "$work/several/second"
refused 'give one, such as' "$hone" eval "$work/several" --world arithmetic --count 2
refused 'where no adapter is' "$hone" serve "tiny=$folder" --adapter "$work/hf-model" --port 0
"$hone" serve "tiny=$folder" --adapter "$work/several" --port 0 --json --quiet > "$work/serve.json" 2> "$work/serve.err" & server=$!
for wait in $(seq 200); do [ -s "$work/serve.json" ] && break; sleep 0.05; done
url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/serve.json")
grep -q '"models":\["tiny","first","second"\]' "$work/serve.json" && ok "a folder of adapters is served by their names" || no "a folder of adapters: $(cat "$work/serve.json")"
endpoint="$url#tiny"
printf 'hello\n/again\n/quit\n' | "$hone" chat "$endpoint" --limit 6 --json --quiet | grep -c '"answer"' | grep -q 2 && ok "chat with an endpoint" || no "chat with an endpoint"
printf 'hello\n' | "$hone" chat "$folder" --limit 6 --seed 3 --json --quiet > "$work/chat1"
printf 'hello\n' | "$hone" chat "$folder" --limit 6 --seed 3 --json --quiet | cmp -s - "$work/chat1" && ok "chat with a folder: one seed, one answer" || no "chat with a folder"
"$hone" eval "$endpoint" --problems "$work/train.jsonl" --count 3 --samples 2 --set play.limit=8 --json --quiet | grep -q '"greedy"' && ok "an endpoint is measured" || no "eval of an endpoint"
"$hone" eval "$folder" --world arithmetic --count 3 --samples 2 --set play.limit=8 --json --quiet | grep -q '"greedy"' && ok "a folder is measured" || no "eval of a folder"
asked=(run graph-coloring-critique --player "critic=$endpoint" --set model.size=pico --set base.demonstrations=50 --set base.passes=1 --set prompting.weakRepairs=20
  --set prompting.verdicts=10 --set prompting.answers=2 --set prompting.feedback=self --set evaluation.problems=3 --set evaluation.samples=2 --quiet)
"$hone" "${asked[@]}" --out "$work/critic" >/dev/null && [ "$(find "$work/critic/answers" -name '*.json' | wc -l)" -gt 1 ] \
  && ok "an endpoint plays the critic, and its answers are kept" || no "an endpoint as critic"
HONE_TEST_KEY=sk-this-is-a-secret-key "$hone" "${asked[@]}" --key-environment HONE_TEST_KEY --out "$work/keyed" --json > "$work/keyed.out" 2>&1 \
  && ! grep -rqa 'sk-this-is-a-secret' "$work/keyed" "$work/keyed.out" && ok "a key is nowhere in a run" || no "a key was written down"
"$hone" compare "$endpoint" "$folder" --seeds 2 --set task.world=arithmetic --set play.limit=8 --set evaluation.problems=3 --set evaluation.samples=2 --budget tokens=500 \
  --out "$work/arms" --json --quiet | grep -q '"arms"' && ok "endpoints and folders are arms of a comparison" || no "endpoints as arms"
refused 'needs the weights of' "$hone" run grpo --model "$endpoint" --out "$work/none"
refused 'needs a token' "$hone" serve "$folder" --host 0.0.0.0 --port 0
kill "$server"; wait "$server" 2>/dev/null || true
refused 'is the server running' "$hone" eval "$endpoint" --world arithmetic --count 2 --samples 1 --set model.endpoint.retries=0
refused 'is no run' "$hone" eval "$work/nowhere" --world arithmetic
refused 'is no run' "$hone" chat "$work/nowhere"

# Servers draw for a model that learns here: they get its adapters after each step, and the same run gives the same digest.
"$hone" export "$work/a" --out "$work/taught" --quiet
for n in 1 2; do
  "$hone" serve "tiny=$work/taught" --port 0 --allow-adapters --json --quiet > "$work/actor$n.json" 2>> "$work/serve.err" & echo $! > "$work/actor$n.pid"
done
for wait in $(seq 200); do [ -s "$work/actor1.json" ] && [ -s "$work/actor2.json" ] && break; sleep 0.05; done
acting=(run grpo --model "$work/taught" --lora r=4 --set task.world=arithmetic --set task.settings.terms=2 --set iterations=3 --set play.problems=8 --set play.samples=4
  --set play.limit=12 --set evaluation.problems=5 --set evaluation.samples=1 --set learner.rate=3e-3 --seed 4 --quiet)
for n in 1 2; do acting+=(--actor "$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/actor$n.json")#tiny"); done
"$hone" "${acting[@]}" --out "$work/acted1" >/dev/null && [ -f "$work/acted1/actors/policy-v3/adapter_model.safetensors" ] && ok "two servers draw for a model that learns here" || no "actors"
for n in 1 2; do kill "$(cat "$work/actor$n.pid")"; wait "$(cat "$work/actor$n.pid")" 2>/dev/null || true; done
for n in 1 2; do
  port=$(sed 's/.*:\([0-9]*\)\/v1.*/\1/' "$work/actor$n.json")
  "$hone" serve "tiny=$work/taught" --port "$port" --allow-adapters --json --quiet > "$work/actor$n.json" 2>> "$work/serve.err" & echo $! > "$work/actor$n.pid"
done
for wait in $(seq 200); do [ -s "$work/actor1.json" ] && [ -s "$work/actor2.json" ] && break; sleep 0.05; done
"$hone" "${acting[@]}" --out "$work/acted2" >/dev/null
[ "$("$hone" digest "$work/acted1")" = "$("$hone" digest "$work/acted2")" ] && ok "and the same run by other processes has the same digest" || no "actors change the digest"
refused 'goes with adapters' "$hone" run grpo --model "$work/taught" --set task.world=arithmetic --actor http://127.0.0.1:9/v1#x --out "$work/none"
for n in 1 2; do kill "$(cat "$work/actor$n.pid")"; wait "$(cat "$work/actor$n.pid")" 2>/dev/null || true; done

# A run without what was said in it.
cp -r "$work/a" "$work/red"
# Compressed parts can hold four such bytes by chance, so a single find says nothing.
said() { { LC_ALL=C grep -aoE '[0-9][+-][0-9]=' "$1/records.sqlite" || true; } | wc -l; }
"$hone" redact "$work/red" --quiet || no "redact"
[ "$(said "$work/a")" -gt 10 ] && [ "$(said "$work/red")" -lt 2 ] && [ ! -e "$work/red.unredacted" ] && ok "redact" || no "redact: $(said "$work/a") questions before, $(said "$work/red") after"
(cd "$work" && "$hone" run sft "${small[@]}" --set iterations=0 --out z --quiet > /dev/null) && [ -e "$work/z/run.json" ] && ok "a folder with a name of one letter" || no "a name of one letter"
"$hone" eval "$work/red" --count 3 --samples 1 --json --quiet | grep -q 'pass@1' && ok "a redacted run is measured" || no "eval of a redacted run"
refused 'was redacted' "$hone" resume "$work/red"
refused 'was redacted' "$hone" export "$work/red" --form sft --out "$work/red.jsonl"

# Games: exact theory, a model's own strategy, a play in the terminal.
"$hone" exploit kuhn-poker --json | grep -q '"nashConv":0.91666' && ok "exploit: uniform play of Kuhn poker" || no "exploit"
"$hone" exploit kuhn-poker --policy cfr --save "$work/kuhn.json" --json | grep -q '"nashConv":0.000' && "$hone" exploit kuhn-poker --policy "$work/kuhn.json" --json | grep -q '"nashConv":0.000' \
  && ok "exploit: CFR+ near the equilibrium, saved and read" || no "exploit --policy cfr"
"$hone" exploit kuhn-poker --policy "$folder" --json --quiet | grep -q '"legalMass"' && ok "exploit: a model's own strategy" || no "exploit of a model"
printf '%s\n' a1 b2 c3 a2 a3 b1 b3 c1 c2 a1 b2 c3 a2 a3 b1 b3 c1 c2 | "$hone" play tic-tac-toe --against random --json 2>/dev/null | grep -q '"player 0"' && ok "play" || no "play"
printf '%s\n' a1 b2 c3 a2 | "$hone" play tic-tac-toe --against "$folder" --json 2>/dev/null | grep -q '"legal":false' && ok "a model that says nonsense has broken the rules" || no "play against a model"
cat > "$work/tasks.jsonl" <<'END'
{"prompt": "Add two numbers.", "test_list": ["assert add(1, 2) == 3", "assert add(2, 2) == 4"], "code": "def add(a, b):\n    return a + b"}
{"prompt": "Double a number.", "tests": [{"input": "2", "output": "4"}], "solution": "print(2 * int(input()))"}
END
reset="{\"op\": \"reset\", \"problem\": 0, \"settings\": {\"path\": \"$work/tasks.jsonl\"}}"
printf '%s\n' "$reset" '{"op": "step", "moves": {"0": "def add(a, b): return b + a"}}' "$reset" '{"op": "step", "moves": {"0": "def add(a, b): return 3"}}' | "$hone" pipe world code > "$work/world" || true
sed -n 2p "$work/world" | grep -q '"returns":\[1\]' && sed -n 4p "$work/world" | grep -q '"returns":\[0\]' && ok "pipe world: programs are tested in the sandbox" || no "pipe world: code"
"$hone" run direct --world code --problems "$work/tasks.jsonl" --set model.size=nano@1024:ascii --set task.heldOutShare=0.5 --set play.limit=20 --out "$work/code" -q > "$work/code.log" 2>&1 && grep -q 'pass@1' "$work/code.log" && ok "run --world code" || no "run --world code: $(tail -1 "$work/code.log")"
"$hone" run star --problems "$work/tasks.jsonl" --out "$work/none" > "$work/code.log" 2>&1 && no "programming tasks were read as questions" || grep -q 'give --world code' "$work/code.log" && ok "programming tasks without --world code are refused with what to do" || no "programming tasks: $(tail -1 "$work/code.log")"
printf '%s\n' '{"op": "reset", "chance": "external"}' '{"op": "chance", "move": "K"}' '{"op": "state"}' | "$hone" pipe world kuhn-poker > "$work/world" || true
grep -q '"chance":\[' "$work/world" && ok "pipe world: chance from outside" || no "pipe world"
printf '%s\n' '{"op": "reset"}' '{"op": "step", "moves": {"0": "b2"}}' '{"op": "step", "moves": {"1": "b2"}}' '{"op": "state"}' | "$hone" pipe world tic-tac-toe > "$work/world" && no "an illegal move went unpunished" || true
grep -q 'is not allowed for seat 1' "$work/world" && tail -1 "$work/world" | grep -q '"seats":\[1\]' && ok "pipe world: an illegal move leaves the state as it was" || no "pipe world: illegal moves"
state=$(tail -1 "$work/world" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["state"]))')
printf '%s\n' '{"op": "reset"}' "{\"op\": \"restore\", \"state\": $state}" | "$hone" pipe world tic-tac-toe | tail -1 | grep -q '"seats":\[1\]' && ok "pipe world: a state goes on in another process" || no "pipe world: restore"
printf '%s\n' '{"op": "reset", "seed": 3}' '{"op": "step", "moves": {"0": "x"}}' | "$hone" pipe world arithmetic | tail -1 | grep -q '"returns":\[0\]' && ok "pipe world: a question" || no "pipe world: questions"
# Worlds played move by move: half of a play in one process, the rest in another that began elsewhere.
crafted='{"op": "step", "moves": {"0": "MOVE"}}'
printf '%s\n' '{"op": "reset", "seed": 3}' "${crafted/MOVE/get k}" "${crafted/MOVE/dance}" "${crafted/MOVE/get i}" "${crafted/MOVE/make s}" '{"op": "state"}' | "$hone" pipe world crafting > "$work/world" || true
state=$(tail -1 "$work/world" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["state"]))')
printf '%s\n' '{"op": "reset", "seed": 8}' "{\"op\": \"restore\", \"state\": $state}" "${crafted/MOVE/get k}" "${crafted/MOVE/make o}" | "$hone" pipe world crafting | tail -1 > "$work/world"
grep -q '"returns":\[1\]' "$work/world" && grep -q '"over":"completed"' "$work/world" && ok "pipe world: a world played move by move, handed over and won" || no "pipe world crafting: $(cat "$work/world")"
printf '%s\n' '{"op": "reset"}' '{"op": "step", "moves": {"0": "finish"}}' '{"op": "step", "moves": {"0": "test"}}' | "$hone" pipe world repo-repair > "$work/world" && no "a move after the end went through" || grep -q 'The play is over' "$work/world" && ok "pipe world: nobody moves after the end" || no "pipe world repo-repair"
printf '%s\n' '{"op": "reset"}' | "$hone" pipe world web-shop | grep -q '"legal":{"0":\["search' && ok "pipe world: moves are listed" || no "pipe world web-shop"
refused 'speaks these lines itself' "$hone" pipe world 'cmd: cat'
refused 'did you mean “kuhn-poker”' "$hone" exploit kuhnpoker
refused 'make the game smaller' "$hone" exploit connect-four

# Self-play: a run of it, killed and resumed by another process to the same bits, its model as a strategy and as an opponent.
playing=(--set model.size=pico:ascii --set base.passes=20 --set play.problems=8 --set play.samples=4 --set iterations=4 --set evaluation.every=2
  --set yardsticks.plays=10 --set opponents.scheme=prioritised --set opponents.keepEvery=1 --set opponents.pool=2 --seed 6 --quiet)
"$hone" run self-play "${playing[@]}" --out "$work/self1" --json | grep -q '"average exploitability"' && ok "self-play against its past" || no "self-play"
"$hone" run self-play "${playing[@]}" --out "$work/self2" --json > /dev/null
[ "$("$hone" digest "$work/self1")" = "$("$hone" digest "$work/self2")" ] && ok "the same self-play has the same digest" || no "self-play changes the digest"
"$hone" exploit kuhn-poker --policy "$work/self1" --json --quiet | grep -q '"legalMass"' && ok "exploit: a model that learned by playing" || no "exploit of self-play"
"$hone" run spiral --set task.world=tic-tac-toe "${playing[@]}" --set opponents.scheme=mirror --set play.limit=4 --out "$work/spiral" --json | grep -q 'unbeaten by perfect' && ok "spiral on tic-tac-toe" || no "spiral"
refused 'known: equilibrium, mcts, perfect, quickest, random' "$hone" run self-play --set yardsticks.against='["martian"]' --out "$work/none"
refused 'did you mean “kuhn-poker”' "$hone" run self-play --set task.world=kuhn --out "$work/none"

# A tournament between players of the rules, a run and its snapshots.
"$hone" tournament kuhn-poker random equilibrium "$work/self1" --snapshots --plays 10 --json --quiet > "$work/tournament.json"
grep -q '"alphaRank"' "$work/tournament.json" && grep -q 'self1@past 1' "$work/tournament.json" && ok "tournament with snapshots" || no "tournament"
"$hone" tournament kuhn-poker random equilibrium "$work/self1" --snapshots --plays 10 --json --quiet | cmp -s - "$work/tournament.json" && ok "the same tournament again" || no "a tournament changes"
refused 'two players' "$hone" tournament kuhn-poker random
refused 'known: equilibrium, mcts, perfect, quickest, random' "$hone" tournament kuhn-poker random martian
refused 'no snapshot called “nope”' "$hone" tournament kuhn-poker random "$work/self1@nope"

# Python drives the parts, the program and the server.
python3 examples/python/drive_hone.py --keep "$work/python" > "$work/python.out" && grep -q 'most frequent of eight' "$work/python.out" && ok "the Python example" || no "the Python example"

# Listings, reports, doctor.
"$hone" list recipes --json | grep -q '"rest-em"' && ok "list" || no "list"
"$hone" show grpo | grep -q 'learner.rate' && ok "show" || no "show"
"$hone" report "$work/a" --json | grep -q '"pass@1"' && grep -q '<svg' "$work/a/report.html" && ok "report" || no "report"
"$hone" eval "$work/a" --count 10 --samples 2 --json --quiet | grep -q '"low"' && ok "eval" || no "eval"
"$hone" doctor --json | grep -q libtorch && ok "doctor" || no "doctor"
printf '\n%d passed, 0 failed\n' "$passed"
