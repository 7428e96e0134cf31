"""Writes Tests/HoneModelTests/Fixtures/tiny-*: small random models of each family, made by Hugging Face transformers, with
the logits and log-probabilities they give.

Run from the root of the repository: python3 Tests/References/tiny_models.py  (needs torch, transformers, safetensors)
"""
import json
import pathlib

import torch
import transformers

fixtures = pathlib.Path("Tests/HoneModelTests/Fixtures")
common = dict(vocab_size=67, intermediate_size=48, num_hidden_layers=2, max_position_embeddings=64, bos_token_id=None,
              eos_token_id=1, pad_token_id=0, initializer_range=0.3)
llama3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 16}
models = {
    # Llama 3.2: scaled positions, tied embeddings, four query heads a key head.
    "llama3": (transformers.LlamaForCausalLM, transformers.LlamaConfig(
        **common, hidden_size=32, num_attention_heads=4, num_key_value_heads=1, rms_norm_eps=1e-5, tie_word_embeddings=True,
        rope_parameters=llama3), torch.float32),
    # Qwen 2.5: biases, tied embeddings, a base of its own; kept in bfloat16.
    "qwen2": (transformers.Qwen2ForCausalLM, transformers.Qwen2Config(
        **common, hidden_size=32, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}), torch.bfloat16),
    # Qwen 3: normed heads that are wider than width / heads, and an odd width of the MLP; kept in float16.
    "qwen3": (transformers.Qwen3ForCausalLM, transformers.Qwen3Config(
        **{**common, "intermediate_size": 45}, hidden_size=32, num_attention_heads=4, num_key_value_heads=2, head_dim=24,
        tie_word_embeddings=False, rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}), torch.float16),
    # Gemma 3: norms by 1 + w behind and before, a window of five tokens, two bases.
    "gemma3": (transformers.Gemma3ForCausalLM, transformers.Gemma3TextConfig(
        **{**common, "num_hidden_layers": 3}, hidden_size=32, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
        query_pre_attn_scalar=20, sliding_window=5, hidden_activation="gelu_pytorch_tanh",
        layer_types=["sliding_attention", "sliding_attention", "full_attention"],
        rope_parameters={"full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000000.0},
                         "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}}), torch.float32),
}
for name, (kind, config, dtype) in models.items():
    torch.manual_seed(7)
    config._attn_implementation = "eager"
    model = kind(config).eval()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "norm" in parameter_name:
                parameter.uniform_(-0.5, 0.5) if name == "gemma3" else parameter.uniform_(0.5, 1.5)
            elif parameter_name.endswith("bias"):
                parameter.normal_(0, 0.5)
    # What the file keeps is what is computed, in float32.
    folder = fixtures / f"tiny-{name}"
    model.to(dtype).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(3)
    rows = [torch.randint(0, 67, (40,), generator=generator).tolist(), [66, 30, 2]]
    with torch.no_grad():
        logits = [model(torch.tensor([row])).logits[0] for row in rows]
        half = kind.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager").eval()
        halves = half(torch.tensor([rows[0]])).logits[0].float()
    logProbs = [torch.log_softmax(l.double(), -1)[range(len(r) - 1), r[1:]].tolist() for l, r in zip(logits, rows)]
    (folder / "logits.json").write_text(json.dumps({
        "transformers": transformers.__version__, "torch": torch.__version__, "rows": rows,
        "logits": [[[float(f"{x:.9g}") for x in position] for position in l.tolist()] for l in logits], "logProbs": logProbs,
        "bfloat16LastLogits": halves[-1].tolist()}))
    print(name, sum(p.numel() for p in model.parameters()), float(logits[0].abs().max()))
