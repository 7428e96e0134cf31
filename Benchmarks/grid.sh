#!/usr/bin/env bash
# Every search × every judge × every learner on two worlds at equal tokens, in one command; docs/grid.md shows a result.
#   Benchmarks/grid.sh quick [folder]   3 seeds, 50 problems, 60,000 tokens an arm: about half an hour on two cores
#   Benchmarks/grid.sh full [folder]    5 seeds, 200 problems, 240,000 tokens an arm: hours; the same command with the same folder goes on
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-quick}
case "$size" in
  quick) seeds=3 problems=50 tokens=60000 teaching=(3 48 4 0) ;;
  full) seeds=5 problems=200 tokens=240000 teaching=(6 64 8 4000) ;;
  *) echo "“$size” is not a size; give quick or full" >&2; exit 2 ;;
esac
if [ ! -x .build/release/hone ]; then echo "there is no .build/release/hone; make it with: make demo" >&2; exit 2; fi
exec .build/release/hone compare compose \
  --vary 'task.world=arithmetic|countdown' \
  --vary 'search.method=greedy|self-consistency|best-of-n|beam|mcts' \
  --vary 'compose.judge=exact as verifier|self as own likelihood|process as process reward' \
  --vary 'compose.credit+compose.objective=best-only+cross-entropy as SFT on search|sibling-pairs+dpo as step DPO|tree-backup+grpo as GRPO' \
  --budget "tokens=$tokens" --seeds "$seeds" --out "${2:-comparisons/grid-$size}" \
  --set search.samples=4 --set search.width=2 --set search.simulations=8 --set search.depth=12 --set search.choice=leaf --set "evaluation.problems=$problems" \
  --set "process.iterations=${teaching[0]}" --set "process.problems=${teaching[1]}" --set "process.samples=${teaching[2]}" \
  --set "process.written=${teaching[3]}"
