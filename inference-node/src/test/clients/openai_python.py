"""The official OpenAI client with nothing changed but its base URL: models, chat, streamed chat, an error.

usage: python openai_python.py BASE_URL   prints one JSON line
"""
import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="unused", max_retries=0)
models = [model.id for model in client.models.list()]
request = dict(
    model=models[0],
    messages=[{"role": "user", "content": "Write one sentence about the ocean."}],
    max_tokens=16,
    temperature=0,
)
chat = client.chat.completions.create(**request)
streamed, finish = "", None
for chunk in client.chat.completions.create(**request, stream=True):
    streamed += chunk.choices[0].delta.content or ""
    finish = chunk.choices[0].finish_reason or finish
try:
    client.chat.completions.create(**{**request, "temperature": 9})
    error = None
except openai.BadRequestError as e:
    error = {"status": e.status_code, "param": e.param, "type": e.type, "code": e.code}
print(json.dumps(dict(
    models=models,
    text=chat.choices[0].message.content,
    finish=chat.choices[0].finish_reason,
    usage=chat.usage.model_dump(),
    streamed=streamed,
    streamFinish=finish,
    error=error,
)))
