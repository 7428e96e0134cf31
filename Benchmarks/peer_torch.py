"""The opponent that `hone bench` is measured against: the same work written carefully in plain PyTorch.

usage: peer_torch.py serve                              one JSON request per line in, one JSON answer per line out
       peer_torch.py decode|train|grpo|gemm [--shape nano] [--batch 64] [--repeats 3] ...

A request is an object with the same names as the options: {"mode": "decode", "shape": "nano", "batch": 64}.
Answers hold the figures of the single repeats, so the caller can pair them with its own, taken in between.
Needs torch 2.13.0 and numpy; see README.md beside this file.
"""
import argparse
import json
import os
import random
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

SHAPES = {
    "nano": dict(width=128, layers=4, heads=4, inner=512, vocabulary=64),
    "micro": dict(width=384, layers=6, heads=6, inner=1536, vocabulary=4096),
}
EPSILON = 1e-6


def rotary(length, size):
    frequency = 10000.0 ** (-torch.arange(0, size, 2).float() / size)
    angle = torch.outer(torch.arange(length).float(), frequency).repeat(1, 2)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, inner = shape["width"], shape["inner"]
        self.heads = shape["heads"]
        self.before, self.between = nn.RMSNorm(width, eps=EPSILON), nn.RMSNorm(width, eps=EPSILON)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, width = x.shape
        parts = self.qkv(self.before(x)).view(batch, length, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(rotate(q, cos, sin), rotate(k, cos, sin), v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.between(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape["vocabulary"], shape["width"])
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape["layers"]))
        self.last = nn.RMSNorm(shape["width"], eps=EPSILON)
        self.head = nn.Linear(shape["width"], shape["vocabulary"], bias=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)
        cos, sin = rotary(256, shape["width"] // shape["heads"])
        self.register_buffer("cos", cos)
        self.register_buffer("sin", sin)

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cos[:length], self.sin[:length])
        return self.head(self.last(x))


class StaticDecoder:
    """Sampling with a preallocated cache, fused products and norm weights folded into them."""

    def __init__(self, model, batch, length):
        shape = model.shape
        self.model, self.batch = model, batch
        self.heads, self.size = shape["heads"], shape["width"] // shape["heads"]
        self.keys = [torch.zeros(batch, self.heads, length, self.size) for _ in range(shape["layers"])]
        self.values = [torch.zeros_like(k) for k in self.keys]
        self.cos, self.sin = rotary(length, self.size)
        self.refresh()

    @torch.no_grad()
    def refresh(self):
        model = self.model
        self.embedding = model.embedding.weight.detach()
        self.weights = [
            (l.qkv.weight * l.before.weight, l.out.weight.detach().clone(), l.gate_up.weight * l.between.weight,
             l.down.weight.detach().clone()) for l in model.layers]
        self.head = model.head.weight * model.last.weight
        if self.batch <= 8:  # few rows: weights stored column-major are read faster by the vector products
            self.weights = [tuple(w.t().contiguous().t() for w in layer) for layer in self.weights]
            self.head = self.head.t().contiguous().t()

    @staticmethod
    def norm(x):
        return F.rms_norm(x, x.shape[-1:], eps=EPSILON)

    def prompt(self, tokens):
        batch, length = tokens.shape
        x = F.embedding(tokens, self.embedding)
        cos, sin = self.cos[:length], self.sin[:length]
        for keys, values, (qkv, out, gate_up, down) in zip(self.keys, self.values, self.weights):
            q, k, v = F.linear(self.norm(x), qkv).view(batch, length, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
            q, k = rotate(q, cos, sin), rotate(k, cos, sin)
            keys[:, :, :length], values[:, :, :length] = k, v
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + F.linear(mixed.transpose(1, 2).reshape(batch, length, -1), out)
            gate, up = F.linear(self.norm(x), gate_up).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, down)
        return F.linear(self.norm(x[:, -1]), self.head)

    def step(self, token, position):
        x = F.embedding(token, self.embedding)
        cos, sin = self.cos[position], self.sin[position]
        for keys, values, (qkv, out, gate_up, down) in zip(self.keys, self.values, self.weights):
            parts = F.linear(self.norm(x), qkv).view(self.batch, 3, self.heads, self.size)
            turned = rotate(parts[:, :2], cos, sin)
            keys[:, :, position], values[:, :, position] = turned[:, 1], parts[:, 2]
            mixed = F.scaled_dot_product_attention(
                turned[:, 0].unsqueeze(2), keys[:, :, :position + 1], values[:, :, :position + 1])
            x = x + F.linear(mixed.reshape(self.batch, -1), out)
            gate, up = F.linear(self.norm(x), gate_up).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, down)
        return F.linear(self.norm(x), self.head)

    @torch.inference_mode()
    def generate(self, tokens, new):
        start = tokens.shape[1]
        result = torch.empty(self.batch, new, dtype=torch.long)
        noise = torch.empty(self.batch, self.head.shape[0])
        logits = self.prompt(tokens)
        for i in range(new):
            # argmax of p / e with exponential e draws from p
            token = torch.softmax(logits, -1).div_(noise.exponential_()).argmax(-1)
            result[:, i] = token
            if i + 1 < new:
                logits = self.step(token, start + i)
        return result


def seconds(work, repeats, warmup=1):
    for _ in range(warmup):
        work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


KEPT = {}


def kept(key, make):
    """One model (or decoder) per kind of request, so that a serving peer does not build it anew each time."""
    if key not in KEPT:
        torch.manual_seed(0)
        KEPT[key] = make()
    return KEPT[key]


def decode(shape="nano", batch=64, prompt=64, new=128, repeats=1, warmup=None):
    sizes = SHAPES[shape]
    model = kept(("model", shape), lambda: Model(sizes).eval())
    is_new = ("decoder", shape, batch, prompt + new) not in KEPT
    decoder = kept(("decoder", shape, batch, prompt + new), lambda: StaticDecoder(model, batch, prompt + new))
    tokens = torch.randint(0, sizes["vocabulary"], (batch, prompt))
    if is_new:  # the cache must agree with the plain forward pass before its speed means anything
        with torch.inference_mode():
            first = decoder.prompt(tokens)
            token = first.argmax(-1)
            second = decoder.step(token, prompt)
            full = model(torch.cat([tokens, token[:, None]], 1)[:8])
            error = max((first[:8] - full[:, -2]).abs().max().item(), (second[:8] - full[:, -1]).abs().max().item())
            if error > 1e-3:
                raise RuntimeError(f"static cache and full forward differ by {error}")
    taken = seconds(lambda: decoder.generate(tokens, new), repeats, int(is_new) if warmup is None else warmup)
    return dict(tokens_per_second=[batch * new / t for t in taken], seconds=taken)


def train(shape="nano", batch=64, length=192, repeats=1, warmup=None):
    sizes = SHAPES[shape]
    key = ("trainer", shape)
    is_new = key not in KEPT

    def make():
        model = Model(sizes).train()
        return model, torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)

    model, optimiser = kept(key, make)
    data = torch.randint(0, sizes["vocabulary"], (batch, length + 1))

    def step():
        logits = model(data[:, :-1])
        loss = F.cross_entropy(logits.view(-1, sizes["vocabulary"]), data[:, 1:].reshape(-1))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        return loss.item()

    taken = seconds(step, repeats, 2 * int(is_new) if warmup is None else warmup)
    return dict(tokens_per_second=[batch * length / t for t in taken], seconds=taken)


CHARACTERS = "0123456789+-=?. abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"


def grpo(shape="nano", prompts=8, group=16, new=32, repeats=1, warmup=None):
    """One group-relative step on sums of two digits: sample, reward, one clipped update."""
    sizes, rows, start = SHAPES[shape], prompts * group, 7
    key = ("grpo", shape, rows)
    is_new = key not in KEPT

    def make():
        model = Model(sizes)
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True, weight_decay=0.0)
        return model, optimiser, StaticDecoder(model, rows, start + new), random.Random(0)

    model, optimiser, decoder, rng = kept(key, make)
    parts = []

    def step():
        begin = time.perf_counter()
        sums = [(rng.randrange(100), rng.randrange(100)) for _ in range(prompts)]
        asked = [[CHARACTERS.index(c) for c in f"{a:02d}+{b:02d}=?"] for a, b in sums]
        tokens = torch.tensor(asked).repeat_interleave(group, 0)
        decoder.refresh()
        drawn = decoder.generate(tokens, new)
        sampled = time.perf_counter()
        rewards = []
        for i, row in enumerate(drawn.tolist()):
            text = "".join(CHARACTERS[t] for t in row)
            a, b = sums[i // group]
            right = text.replace(" ", "").startswith(str(a + b))
            rewards.append(float(right) + 0.1 * sum(c.isdigit() for c in text) / new)
        reward = torch.tensor(rewards).view(prompts, group)
        advantage = ((reward - reward.mean(1, keepdim=True)) / (reward.std(1, keepdim=True) + 1e-4)).view(-1, 1)
        full = torch.cat([tokens, drawn.clone()], 1)
        logits = model(full[:, :-1])[:, start - 1:]
        chosen = -F.cross_entropy(
            logits.reshape(-1, sizes["vocabulary"]), full[:, start:].reshape(-1), reduction="none").view(rows, new)
        ratio = (chosen - chosen.detach()).exp()
        loss = -torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        parts.append((sampled - begin, time.perf_counter() - sampled))

    taken = seconds(step, repeats, 2 * int(is_new) if warmup is None else warmup)
    return dict(
        seconds=taken, seconds_generation=[p[0] for p in parts[-repeats:]], seconds_training=[p[1] for p in parts[-repeats:]])


def gemm(repeats=3):
    """The ceiling: float32 GFLOP/s of square and skinny products."""
    figures = {}
    for m, k, n in ((1024, 1024, 1024), (64, 128, 512), (256, 128, 512), (64, 384, 1536), (256, 384, 1536)):
        a, b = torch.randn(m, k), torch.randn(n, k)
        loops = max(1, int(2e9 / (2 * m * k * n)))

        def work():
            for _ in range(loops):
                F.linear(a, b)

        figures[f"{m}x{k}x{n}"] = 2e-9 * m * k * n * loops / statistics.median(seconds(work, repeats))
    return dict(gflops=figures)


MODES = dict(decode=decode, train=train, grpo=grpo, gemm=gemm)


def busy():
    """Seconds that all processors of this machine worked since boot."""
    fields = [int(x) for x in open("/proc/stat").readline().split()[1:]]
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / os.sysconf("SC_CLK_TCK")


def answer(request):
    options = dict(request)
    mode = options.pop("mode", None)
    if mode not in MODES:
        return dict(error=f"unknown mode {mode!r}: one of {', '.join(MODES)} is expected")
    if options.get("shape", "nano") not in SHAPES:
        return dict(error=f"unknown shape {options['shape']!r}: one of {', '.join(SHAPES)} is expected")
    torch.set_num_threads(int(options.pop("threads", 0)) or os.cpu_count())
    try:
        wall, all_busy, own = time.perf_counter(), busy(), sum(os.times()[:2])
        result = MODES[mode](**options)
        wall, all_busy, own = time.perf_counter() - wall, busy() - all_busy, sum(os.times()[:2]) - own
    except (TypeError, ValueError, RuntimeError) as error:
        return dict(error=f"{mode}: {error}")
    return dict(mode=mode, torch=torch.__version__, other_cores=round(max(0.0, (all_busy - own) / wall), 2), **result)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("mode", choices=["serve", *MODES])
    parser.add_argument("--shape", choices=list(SHAPES))
    for name in ("batch", "prompt", "new", "length", "prompts", "group", "repeats", "warmup", "threads"):
        parser.add_argument(f"--{name}", type=int)
    given = {k: v for k, v in vars(parser.parse_args()).items() if v is not None}
    if given["mode"] != "serve":
        print(json.dumps(answer(dict(repeats=3, **given) if "repeats" not in given else given)), flush=True)
        return
    print(json.dumps(dict(ready=True, torch=torch.__version__, cores=os.cpu_count())), flush=True)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            request = json.loads(line)
        except ValueError as error:
            print(json.dumps(dict(error=f"not JSON: {error}")), flush=True)
            continue
        if not isinstance(request, dict):
            print(json.dumps(dict(error="a request must be a JSON object")), flush=True)
            continue
        print(json.dumps(answer(request)), flush=True)


if __name__ == "__main__":
    main()
