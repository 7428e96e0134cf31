"""Makes the fixtures of HoneTensorTests. Needs torch 2.13, safetensors, numpy; run: python tensor_references.py <fixtures folder>

adamw.json: 100 steps of torch.optim.AdamW (fused) on a small quadratic with two groups, clipping and a linear schedule.
mixed.safetensors: tensors of all types that Hone reads, written by the format's own Python package.
layers.json: values of layers and losses on fixed inputs, in float64.
"""
import json
import os
import sys

import torch
from safetensors.torch import save_file

target = sys.argv[1]
os.makedirs(target, exist_ok=True)


def ramp(*shape, scale=0.37, shift=0.0):
    """Fixed numbers that any language makes the same way: sin(0.37 i + shift)."""
    count = 1
    for size in shape:
        count *= size
    return torch.sin(torch.arange(count, dtype=torch.float64) * scale + shift).reshape(shape)


def adamw():
    a = ramp(2, 3).float().requires_grad_()
    b = ramp(4, shift=1.0).float().requires_grad_()
    target_a, target_b = ramp(2, 3, shift=2.0).float(), ramp(4, shift=3.0).float() * 3
    optimiser = torch.optim.AdamW(
        [{"params": [a], "weight_decay": 0.1}, {"params": [b], "weight_decay": 0.0}],
        lr=0.0, betas=(0.9, 0.95), eps=1e-8, fused=True)
    norms, losses = [], []
    for step in range(100):
        rate = 0.05 * (1 - step / 200)
        optimiser.param_groups[0]["lr"] = rate
        optimiser.param_groups[1]["lr"] = rate * 0.5
        optimiser.zero_grad()
        loss = ((a - target_a) ** 2).sum() + ((b - target_b) ** 2).sum() + (a.sum() * b.sum()) * 0.1
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_([a, b], 2.0).item())
        optimiser.step()
    state = [optimiser.state[p] for p in (a, b)]
    return {
        "a": a.flatten().tolist(), "b": b.flatten().tolist(), "losses": losses[::10], "norms": norms[::10],
        "firstA": state[0]["exp_avg"].flatten().tolist(), "secondB": state[1]["exp_avg_sq"].flatten().tolist(),
        "steps": state[0]["step"].item(),
    }


def layers():
    F = torch.nn.functional
    q, k, v = ramp(2, 4, 5, 8), ramp(2, 2, 5, 8, shift=0.5), ramp(2, 2, 5, 8, shift=0.9)
    logits = ramp(3, 7) * 4
    x, w, bias = ramp(3, 6), ramp(6, shift=0.2), ramp(6, shift=0.7)
    tokens = torch.tensor([0, 6, 3])
    out = {
        "causal": F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True).flatten(),
        "nll": F.cross_entropy(logits, tokens, reduction="none"),
        "entropy": torch.distributions.Categorical(logits=logits).entropy(),
        "logSumExp": torch.logsumexp(logits, -1),
        "rmsNorm": F.rms_norm(x, (6,), w, 1e-6).flatten(),
        "layerNorm": F.layer_norm(x, (6,), w, bias, 1e-5).flatten(),
        "gelu": F.gelu(x).flatten(), "geluTanh": F.gelu(x, approximate="tanh").flatten(),
        "silu": F.silu(x).flatten(), "softplus": F.softplus(x).flatten(), "logSigmoid": F.logsigmoid(x).flatten(),
        "conv": F.conv2d(ramp(1, 2, 5, 5), ramp(3, 2, 3, 3, shift=0.4), ramp(3), padding=1, stride=2).flatten(),
    }
    return {name: [float(x) for x in value] for name, value in out.items()}


with open(os.path.join(target, "adamw.json"), "w") as file:
    json.dump(adamw(), file)
with open(os.path.join(target, "layers.json"), "w") as file:
    json.dump(layers(), file)
save_file(
    {
        "weights.f32": ramp(2, 3).float(), "weights.bf16": ramp(4).bfloat16(), "weights.f16": ramp(3).half(),
        "weights.f64": ramp(2, 2), "index.i64": torch.tensor([[1, -2], [3, 2**40]]),
        "index.i32": torch.tensor([7, -8], dtype=torch.int32), "bytes.u8": torch.tensor([0, 255, 7], dtype=torch.uint8),
        "mask": torch.tensor([True, False, True]), "empty": torch.zeros(0, 5), "scalar": torch.tensor(2.5),
        "größe \"x\"\n": torch.tensor([1.0]),
    },
    os.path.join(target, "mixed.safetensors"), metadata={"format": "pt", "note": "a \"quoted\" line\nand another"})
