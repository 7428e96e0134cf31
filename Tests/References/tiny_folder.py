"""Writes Tests/EndToEnd/tiny-qwen: a random Qwen 2 in bfloat16 with a byte-level BPE tokenizer and a chat template, as a
Hugging Face folder. For running recipes end to end on a folder, not for learning anything.

Run from the root of the repository: python3 Tests/References/tiny_folder.py  (needs torch, transformers, tokenizers)
"""
import pathlib

import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

folder = pathlib.Path("Tests/EndToEnd/tiny-qwen")
tokenizer = Tokenizer(models.BPE())
tokenizer.normalizer = normalizers.NFC()
pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
    pre_tokenizers.Split(Regex(pattern), behavior="isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
tokenizer.decoder = decoders.ByteLevel()
lines = ["How many apples are left when two of seven are eaten?", "There are five apples left. #### 5", "What is three times four?",
         "Three times four is twelve. #### 12"]
tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
    vocab_size=317, special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")
fast.chat_template = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
fast.save_pretrained(folder)
torch.manual_seed(0)
end = fast.convert_tokens_to_ids("<|im_end|>")
model = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(
    vocab_size=320, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=512, tie_word_embeddings=True, bos_token_id=None, eos_token_id=end, pad_token_id=0))
model.to(torch.bfloat16).save_pretrained(folder)
print(len(fast), end)
