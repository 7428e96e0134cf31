#!/usr/bin/env python3
"""Drives an OpenAI-compatible server through the `openai` Python client.

    python3 -m venv venv && venv/bin/pip install openai
    venv/bin/python Tests/Interoperability/openai_client.py --base-url http://127.0.0.1:8000 --model NAME

One line per check ("ok" or "FAIL"), a summary at the end. Exit codes: 0 all checks passed, 1 some failed, 2 wrong usage or the
server cannot be reached, 3 the `openai` package is missing. Any model will do: checks compare answers with each other, not with
texts. Tried with openai 3.54.0; written for 1.x and later.
"""
import argparse
import asyncio
import json
import math
import os
import sys
import time
import urllib.error
import urllib.request

try:
    import openai
except ImportError as missing:
    print(f"the Python package “openai” cannot be imported ({missing}); pip install openai", file=sys.stderr)
    sys.exit(3)

checks = []


def check(name):
    def keep(function):
        checks.append((name, function))
        return function

    return keep


class Context:
    def __init__(self, arguments):
        self.model = arguments.model
        self.root = arguments.base_url.rstrip("/").removesuffix("/v1")
        self.key = os.environ[arguments.api_key_env] if arguments.api_key_env else "none"
        self.has_key = bool(arguments.api_key_env)
        self.prompt = arguments.prompt
        self.tokens = arguments.max_tokens
        settings = dict(base_url=self.root + "/v1", api_key=self.key, max_retries=0, timeout=arguments.timeout)
        self.client = openai.OpenAI(**settings)
        self.later = lambda: openai.AsyncOpenAI(**settings)
        self.timeout = arguments.timeout

    def plain(self, path, body=None):
        """The JSON of a route that the client does not know."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.root + path, data, headers), timeout=self.timeout) as answer:
            return json.load(answer)

    def chat(self, **more):
        return self.client.chat.completions.create(**self.chat_settings(**more))

    def chat_settings(self, **more):
        return dict(
            model=self.model, messages=[{"role": "user", "content": self.prompt}], max_tokens=self.tokens, temperature=1.0, seed=7) | more

    def text(self, **more):
        return self.client.completions.create(
            **(dict(model=self.model, prompt=self.prompt, max_tokens=self.tokens, temperature=1.0, seed=7) | more))


def same(found, expected, what):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"


@check("models are listed, and the model is among them with its variants")
def models(context):
    names = [model.id for model in context.client.models.list()]
    assert context.model in names, f"{context.model} is not among {names}"
    assert any(name.startswith(context.model + "@") for name in names), f"no strategies among {names}"
    same(context.client.models.retrieve(context.model).id, context.model, "retrieved")


@check("a chat answer has a message, a reason for its end and usage that adds up")
def plain(context):
    answer = context.chat()
    choice = answer.choices[0]
    assert choice.message.role == "assistant" and isinstance(choice.message.content, str), choice
    assert choice.finish_reason in ("stop", "length"), choice.finish_reason
    usage = answer.usage
    same(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens, "total tokens")
    assert 1 <= usage.completion_tokens <= context.tokens, usage


@check("the same seed gives the same answer")
def seeded(context):
    same(context.chat().choices[0].message.content, context.chat().choices[0].message.content, "second answer")


@check("a streamed answer is the whole answer in pieces, with its usage at the end")
def streamed(context):
    whole = context.chat()
    text, reason, usage, chunks = "", None, None, 0
    for chunk in context.chat(stream=True, stream_options={"include_usage": True}):
        chunks += 1
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
        usage = chunk.usage or usage
    same(text, whole.choices[0].message.content, "joined pieces")
    same(reason, whole.choices[0].finish_reason, "reason")
    same(usage.completion_tokens, whole.usage.completion_tokens, "tokens")
    assert chunks >= 3, f"{chunks} chunks"
    assert "\ufffd" not in text or "\ufffd" in whole.choices[0].message.content


@check("n choices come numbered, whole and streamed the same")
def several(context):
    whole = context.chat(n=3)
    same([choice.index for choice in whole.choices], [0, 1, 2], "numbers")
    texts = ["", "", ""]
    for chunk in context.chat(n=3, stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    same(texts, [choice.message.content for choice in whole.choices], "streamed texts")


def visible(content):
    return b"".join(bytes(token.bytes or []) for token in content)


@check("chat log-probabilities spell the answer, and the likeliest tokens are in order")
def log_probs(context):
    answer = context.chat(logprobs=True, top_logprobs=4).choices[0]
    content = answer.logprobs.content
    same(visible(content).decode("utf-8", "replace"), answer.message.content, "spelled by tokens")
    for token in content:
        assert token.logprob <= 1e-6 and math.isfinite(token.logprob), token
        values = [entry.logprob for entry in token.top_logprobs]
        assert len(values) == 4 and values == sorted(values, reverse=True), token
    told = []
    for chunk in context.chat(logprobs=True, stream=True):
        for choice in chunk.choices:
            told += (choice.logprobs.content or []) if choice.logprobs else []
    same([token.token for token in told], [token.token for token in content], "streamed tokens")


@check("greedy decoding draws the likeliest token each time")
def greedy(context):
    answer = context.chat(temperature=0, logprobs=True, top_logprobs=1).choices[0]
    for token in answer.logprobs.content:
        same(token.token, token.top_logprobs[0].token, "likeliest token")


@check("completions take texts, lists of texts and token ids")
def prompts(context):
    one = context.text().choices[0].text
    two = context.text(prompt=[context.prompt, context.prompt]).choices
    same([choice.index for choice in two], [0, 1], "numbers")
    same(two[0].text, one, "first of two")
    tokens = context.plain("/tokenize", {"model": context.model, "prompt": context.prompt})["tokens"]
    same(context.text(prompt=tokens).choices[0].text, one, "answer to tokens")


@check("echo repeats the prompt with its log-probabilities")
def echo(context):
    choice = context.text(echo=True, logprobs=1).choices[0]
    assert choice.text.startswith(context.prompt), choice.text
    logprobs = choice.logprobs
    same(len(logprobs.tokens), len(logprobs.token_logprobs), "log-probabilities")
    assert logprobs.token_logprobs[0] is None and all(value <= 1e-6 for value in logprobs.token_logprobs[1:]), logprobs.token_logprobs
    same(logprobs.text_offset[0], 0, "first offset")
    only = context.text(echo=True, logprobs=0, max_tokens=0)
    same(only.choices[0].text, context.prompt, "echo alone")
    same(only.usage.completion_tokens, 0, "tokens drawn")


@check("a stop text ends an answer and is left out, or kept where that is asked for")
def stops(context):
    text = context.text().choices[0].text
    if len(text) < 2:
        return
    stop = text[len(text) // 2]
    cut = context.text(stop=[stop]).choices[0]
    same(cut.text, text[: text.index(stop)], "cut text")
    same(cut.finish_reason, "stop", "reason")
    kept = context.text(stop=stop, extra_body={"include_stop_str_in_output": True}).choices[0].text
    same(kept, text[: text.index(stop) + 1], "kept text")
    pieces = [chunk.choices[0].text for chunk in context.text(stop=stop, stream=True) if chunk.choices]
    same("".join(pieces), cut.text, "streamed text")


@check("token ids are told and detokenize to the text")
def token_ids(context):
    answer = context.chat(extra_body={"return_token_ids": True, "top_k": 0}).model_dump()
    ids = answer["choices"][0]["token_ids"]
    same(len(ids), answer["usage"]["completion_tokens"], "ids")
    same(len(answer["prompt_token_ids"]), answer["usage"]["prompt_tokens"], "prompt ids")
    text = context.plain("/detokenize", {"model": context.model, "tokens": ids})["prompt"]
    assert text.startswith(answer["choices"][0]["message"]["content"]), text


@check("search strategies are models")
def strategies(context):
    for name in ("best-of-3", "self-consistency-3"):
        candidates = [choice.message.content for choice in context.chat(n=3).choices]
        chosen = context.chat(model=f"{context.model}@{name}")
        assert chosen.choices[0].message.content in candidates, f"{name} gave {chosen.choices[0].message.content!r}, not one of {candidates}"
        assert chosen.usage.completion_tokens >= 3, chosen.usage


def refused(kind, call, param=None):
    try:
        call()
    except kind as error:
        if param is not None:
            same(error.param, param, "field")
        assert error.message and error.body["message"], error
        return
    raise AssertionError(f"nothing was raised instead of {kind.__name__}")


@check("errors are the client's own kinds, with the field that is wrong")
def errors(context):
    refused(openai.NotFoundError, lambda: context.chat(model="no-such-model"), "model")
    refused(openai.BadRequestError, lambda: context.chat(temperature=-1), "temperature")
    refused(openai.BadRequestError, lambda: context.chat(messages=[]), "messages")
    refused(openai.BadRequestError, lambda: context.chat(max_tokens=10**9), "max_tokens")
    refused(openai.BadRequestError, lambda: context.chat(n="two"), "n")
    refused(openai.BadRequestError, lambda: context.chat(stream=True, top_p=7), "top_p")
    if context.has_key:
        stranger = openai.OpenAI(base_url=context.root + "/v1", api_key="not-the-key-of-this-server", max_retries=0)
        refused(openai.AuthenticationError, lambda: stranger.models.list())


@check("concurrent requests, some streamed, get the answers they get alone")
def concurrent(context):
    alone = [context.chat(seed=seed).choices[0].message.content for seed in range(8)]

    async def ask(client, seed):
        settings = context.chat_settings(seed=seed)
        if seed % 2:
            stream = await client.chat.completions.create(stream=True, **settings)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])
        return (await client.chat.completions.create(**settings)).choices[0].message.content

    async def all_of_them():
        async with context.later() as client:
            return await asyncio.gather(*(ask(client, seed) for seed in range(8)))

    same(asyncio.run(all_of_them()), alone, "answers")


@check("a client that goes away in the middle of a stream frees its place")
def leaving(context):
    stream = context.chat(stream=True, n=4)
    next(iter(stream))
    stream.close()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        health = context.plain("/health")
        if health.get("running", 0) == 0:
            return
        time.sleep(0.05)
    raise AssertionError(f"the place is still taken: {health}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True, help="http://host:port, with or without /v1")
    parser.add_argument("--model", required=True, help="a name that /v1/models lists")
    parser.add_argument("--prompt", default="3+8-5=", help="a prompt that the model's tokenizer can write")
    parser.add_argument("--max-tokens", type=int, default=16)
    parser.add_argument("--api-key-env", help="the environment variable that holds the server's token")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one request")
    arguments = parser.parse_args()
    if arguments.api_key_env and arguments.api_key_env not in os.environ:
        parser.error(f"the environment variable {arguments.api_key_env} is not set")
    context = Context(arguments)
    try:
        context.plain("/health")
    except (urllib.error.URLError, OSError, ValueError) as error:
        print(f"{context.root} cannot be reached: {error}", file=sys.stderr)
        return 2
    failed = 0
    for name, function in checks:
        try:
            function(context)
            print(f"ok    {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAIL  {name}\n      {type(error).__name__}: {error}", flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed (openai {openai.__version__})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
