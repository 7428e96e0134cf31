"""Operations that PyTorch counts in a Llama-style decoder: the values of Tests/HoneModelTests/ArithmeticTests.swift.

Matrices are counted by torch.utils.flop_counter; the products of attention are left to it too, and then brought from all pairs to the
causal ones, as a decoder with a cache computes them. Needs torch.
"""
import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode


class Block(torch.nn.Module):
    def __init__(self, width, heads, mlp):
        super().__init__()
        self.heads = heads
        self.qkv = torch.nn.Linear(width, 3 * width, bias=False)
        self.out = torch.nn.Linear(width, width, bias=False)
        self.gate_up = torch.nn.Linear(width, 2 * mlp, bias=False)
        self.down = torch.nn.Linear(mlp, width, bias=False)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mask = torch.ones(t, t, dtype=torch.bool).tril()
        weights = (q @ k.transpose(-1, -2) / (c // self.heads) ** 0.5).masked_fill(~mask, float("-inf")).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(b, t, c))
        gate, up = self.gate_up(x).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


def count(width, layers, heads, mlp, vocabulary, rows=2, tokens=48):
    blocks = torch.nn.Sequential(*[Block(width, heads, mlp) for _ in range(layers)])
    head = torch.nn.Linear(width, vocabulary, bias=False)
    x = torch.randn(rows, tokens, width, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        y = head(blocks(x))
    forward = counter.get_total_flops()
    with FlopCounterMode(display=False) as counter:
        head(blocks(x)).sum().backward()
    training = counter.get_total_flops()
    every = rows * layers * heads * tokens * tokens * 4 * (width // heads)
    causal = rows * layers * heads * tokens * (tokens + 1) // 2 * 4 * (width // heads)
    return forward - every + causal, training - 3 * (every - causal)


for name, sizes in {"nano": (128, 4, 4, 512, 64), "micro": (384, 6, 6, 1536, 4096)}.items():
    forward, training = count(*sizes)
    print(f"    static let {name}Forward = {float(forward)}\n    static let {name}Training = {float(training)}")
