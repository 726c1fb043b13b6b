"""The official OpenAI client with nothing changed but its base URL: vectors as base64 (its default) and as floats.

usage: python openai_embed.py BASE_URL MODEL   prints one JSON line
"""
import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="unused", max_retries=0)
texts = ["The ocean is deep and blue.", "A spreadsheet computes sums."]
packed = client.embeddings.create(model=sys.argv[2], input=texts)
floats = client.embeddings.create(model=sys.argv[2], input=texts, encoding_format="float")
short = client.embeddings.create(model=sys.argv[2], input=texts[0], dimensions=8)
try:
    client.embeddings.create(model=sys.argv[2], input="")
    error = None
except openai.BadRequestError as e:
    error = {"status": e.status_code, "param": e.param}
print(json.dumps(dict(
    dimensions=len(packed.data[0].embedding),
    first=packed.data[0].embedding[:4],
    worst=max(abs(a - b) for x, y in zip(packed.data, floats.data) for a, b in zip(x.embedding, y.embedding)),
    short=len(short.data[0].embedding),
    tokens=packed.usage.prompt_tokens,
    error=error,
)))
