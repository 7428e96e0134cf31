"""Writes Tests/HoneModelTests/Fixtures/tiny-adapter: LoRA adapters made by PEFT over Fixtures/tiny-qwen2, and the logits with them.

Run from the root of the repository: python3 Tests/References/tiny_adapter.py  (needs torch, transformers, peft)
"""
import json
import pathlib
import sys

import peft
import torch
import transformers

fixtures = pathlib.Path("Tests/HoneModelTests/Fixtures")
folder = fixtures / "tiny-adapter"
torch.manual_seed(11)
base = transformers.AutoModelForCausalLM.from_pretrained(fixtures / "tiny-qwen2", dtype=torch.float32).eval()
model = peft.get_peft_model(base, peft.LoraConfig(
    r=3, lora_alpha=5, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM"))
with torch.no_grad():
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.normal_(0, 0.3)
model.eval()
rows = [[5, 60, 2, 33, 8, 41, 66, 12, 19, 4], [7, 7, 1]]
with torch.no_grad():
    logits = [model(torch.tensor([row])).logits[0].tolist() for row in rows]
model.peft_config["default"].base_model_name_or_path = "../tiny-qwen2"
model.save_pretrained(folder)
(folder / "README.md").unlink(missing_ok=True)
(folder / "logits.json").write_text(json.dumps({
    "peft": peft.__version__, "rows": rows,
    "logits": [[[float(f"{x:.9g}") for x in position] for position in l] for l in logits]}))
print(sys.getsizeof(logits), max(abs(x) for l in logits for p in l for x in p))
