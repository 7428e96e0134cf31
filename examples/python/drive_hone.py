#!/usr/bin/env python3
"""Drives Hone from Python: parts over a pipe, a run with results as JSON, and the server. Standard library only.

    python3 examples/python/drive_hone.py [--hone .build/release/hone] [--keep FOLDER]
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parents[2]


class Port:
    """A part of Hone as a process: one JSON object a line in, one a line out."""

    def __init__(self, hone, *part):
        self.process = subprocess.Popen([hone, "pipe", *part], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, answers=1, **line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        replies = [json.loads(self.process.stdout.readline()) for _ in range(answers)]
        for reply in replies:
            if "error" in reply:
                raise RuntimeError(reply["error"]["message"])
        return replies

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def parts(hone):
    """Problems, a verifier and an objective, each by itself."""
    with Port(hone, "problems", "arithmetic") as world, Port(hone, "verify") as verifier:
        for problem in world.ask(answers=3, seed=1, count=3):
            verdict = verifier.ask(id=problem["id"], gold=problem["answer"], response=f"that is {problem['answer']}.")[0]
            print(f"  {problem['prompt']:<12} {problem['answer']:>4}   accepted: {verdict['correct']}")
            assert verdict["correct"]
    # The loss of two sampled answers with advantages +1 and -1, and its gradient.
    with Port(hone, "loss", "reinforce") as objective:
        loss = objective.ask(logProbs=[[-0.5, -1.0], [-2.0, -0.25]], mask=[[1, 1], [1, 1]], advantages=[1, -1])[0]
        print(f"  loss {loss['loss']:.4f}, gradient {loss['gradient']}")
        # More probability for what was better than expected lowers the loss.
        assert all(g < 0 for g in loss["gradient"][0]) and all(g > 0 for g in loss["gradient"][1])


def run(hone, folder):
    """A recipe, run to its end; its result is one JSON object."""
    settings = ["model.size=pico", "iterations=4", "task.settings.terms=2", "base.demonstrations=100", "base.passes=40",
                "evaluation.problems=40", "evaluation.samples=2"]
    command = [hone, "run", "star", "--seed", "3", "--out", f"{folder}/run", "--json", "--quiet"]
    for setting in settings:
        command += ["--set", setting]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    for when in ("before", "after"):
        measure = result[when]["pass@1"]
        print(f"  {when:<7} {100 * measure['mean']:.1f} % [{100 * measure['low']:.1f}, {100 * measure['high']:.1f}]")
    return result["run"]


def serve(hone, run):
    """The newest weights of the run behind OpenAI's interface."""
    server = subprocess.Popen([hone, "serve", f"star={run}", "--port", "0", "--json", "--quiet"], stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(server.stdout.readline())["url"]

        def post(path, **body):
            request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            return urllib.request.urlopen(request, timeout=60)

        pieces, tokens = [], 0
        with post("/completions", model="star", prompt="3+4=", max_tokens=8, seed=1, stream=True, logprobs=0) as stream:
            for line in stream:
                if not line.startswith(b"data: ") or line.strip() == b"data: [DONE]":
                    continue
                choice = json.loads(line[6:])["choices"][0]
                pieces.append(choice["text"])
                if choice.get("logprobs"):
                    tokens += len(choice["logprobs"]["token_logprobs"])
                    assert all(p <= 0 and math.isfinite(p) for p in choice["logprobs"]["token_logprobs"])
        print(f"  streamed: 3+4={''.join(pieces)!r} ({tokens} tokens with log-probabilities)")
        with post("/completions", model="star@self-consistency-8", prompt="3+4=", max_tokens=8, seed=1) as reply:
            answer = json.load(reply)
        print(f"  most frequent of eight: 3+4={answer['choices'][0]['text']!r}, {answer['usage']['completion_tokens']} tokens drawn")
    finally:
        server.terminate()
        server.wait(timeout=30)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--hone", default=str(HERE / ".build/release/hone"), help="the program")
    arguments.add_argument("--keep", help="a folder for the run; without it, a temporary one")
    given = arguments.parse_args()
    if not pathlib.Path(given.hone).exists():
        sys.exit(f"there is no {given.hone}; run make build, or give --hone")
    with tempfile.TemporaryDirectory() as temporary:
        print("parts over a pipe")
        parts(given.hone)
        print("a model improves itself")
        folder = run(given.hone, given.keep or temporary)
        print("its weights behind OpenAI's interface")
        serve(given.hone, folder)


if __name__ == "__main__":
    main()
