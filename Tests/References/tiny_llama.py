"""Writes Tests/HoneModelTests/Fixtures/tiny-llama: a random Llama made by Hugging Face transformers, and its logits.

Run from the root of the repository: python3 Tests/References/tiny_llama.py  (needs torch, transformers, safetensors)
"""
import json
import pathlib

import torch
import transformers

torch.manual_seed(0)
folder = pathlib.Path("Tests/HoneModelTests/Fixtures/tiny-llama")
config = transformers.LlamaConfig(
    vocab_size=32, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=32, rms_norm_eps=1e-5, tie_word_embeddings=False,
    bos_token_id=None, eos_token_id=1, pad_token_id=0, initializer_range=0.3)
model = transformers.LlamaForCausalLM(config).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        if "norm" in name:
            parameter.uniform_(0.5, 1.5)
    rows = [[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3], [31, 30, 2]]
    logits = [model(torch.tensor([row])).logits[0].tolist() for row in rows]
model.save_pretrained(folder)
for extra in ("generation_config.json",):
    (folder / extra).unlink(missing_ok=True)
(folder / "logits.json").write_text(json.dumps({
    "transformers": transformers.__version__, "torch": torch.__version__, "rows": rows, "logits": logits}))
