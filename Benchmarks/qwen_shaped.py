"""Writes a random model of the shape of Qwen2.5-0.5B in bfloat16 (988 MB) into a folder, for `hone bench --model`.

usage: qwen_shaped.py <folder>     (needs torch, transformers)
"""
import sys

import torch
import transformers

torch.manual_seed(0)
model = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(
    vocab_size=151936, hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2,
    max_position_embeddings=32768, rms_norm_eps=1e-6, tie_word_embeddings=True,
    rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, bos_token_id=None, eos_token_id=None))
model.to(torch.bfloat16).save_pretrained(sys.argv[1])
