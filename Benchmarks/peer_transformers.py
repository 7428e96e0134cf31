"""The opponent of `hone bench --model <folder>`: transformers' own `generate` on the same folder.

usage: peer_transformers.py <folder> <bfloat16|float32>     one JSON request per line in, one JSON answer per line out

A request is {"mode": "decode", "batch": 8}; the answer has the sampled tokens per second of one `generate` of `batch`
different prompts of 64 tokens and 64 new ones, the prompt pass in the time. The first request of a batch warms up by itself.
Needs torch 2.13.0 and transformers 5; see README.md beside this file.
"""
import json
import sys
import time

import torch
import transformers

folder, precision = sys.argv[1], sys.argv[2]
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, precision)).eval()
warm = set()


def decode(batch, prompt=64, new=64):
    generator = torch.Generator().manual_seed(batch)
    inputs = torch.randint(2, 256, (batch, prompt), generator=generator)
    began = time.perf_counter()
    with torch.no_grad():
        model.generate(
            inputs, attention_mask=torch.ones_like(inputs), do_sample=True, top_k=0, top_p=1.0, temperature=1.0, min_new_tokens=new,
            max_new_tokens=new, pad_token_id=0)
    seconds = time.perf_counter() - began
    return dict(tokens_per_second=[batch * new / seconds], seconds=[seconds])


print(json.dumps(dict(ready=True, transformers=transformers.__version__)), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["batch"] not in warm:
        decode(request["batch"], new=4)
        warm.add(request["batch"])
    print(json.dumps(decode(request["batch"])), flush=True)
