"""The seed system's own SDK against a node on a chain with the id that it insists on. It pays for each call.

usage: python opengradient_checks.py ROOT_URL CHAT_MODEL WALLET_KEY SECTION...   prints the checks' results as one JSON line
"""
import asyncio
import json
import sys

import opengradient as og

from checks import run, section

_, root, model, key, *wanted = sys.argv
messages = [{"role": "user", "content": "Write one sentence about the ocean."}]
question = [{"role": "user", "content": "How is the weather in Paris?"}]
schema = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Paris", "Rome", "Oslo"]}, "celsius": {"type": "boolean"}},
    "required": ["city", "celsius"],
    "additionalProperties": False,
}
tool = {"type": "function", "function": {"name": "get_weather", "description": "The weather in a city", "parameters": schema}}


def ask(call):
    """Makes one call with a client of its own."""
    async def go():
        llm = og.LLM.from_url(key, root)
        try:
            return await call(llm)
        finally:
            await llm.close()
    return asyncio.run(go())


async def drain(stream):
    return [chunk async for chunk in await stream]


@section("chat")
def chat(check):
    for mode in (og.x402SettlementMode.PRIVATE, og.x402SettlementMode.BATCH_HASHED):
        with check(f"a chat is paid for and answered, settlement {mode.value}"):
            result = ask(lambda llm: llm.chat(model=model, messages=messages, max_tokens=12, x402_settlement_mode=mode))
            assert result.chat_output["role"] == "assistant" and result.chat_output["content"]
            assert result.finish_reason in ("length", "stop")
            assert result.usage["completion_tokens"] <= 12
    with check("a streamed chat is paid for and answered"):
        whole = ask(lambda llm: llm.chat(model=model, messages=messages, max_tokens=12))
        chunks = ask(lambda llm: drain(llm.chat(model=model, messages=messages, max_tokens=12, stream=True)))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.chat_output["content"]
        assert chunks[-1].is_final and chunks[-1].choices[0].finish_reason == whole.finish_reason
    with check("one client asks again and again"):
        async def twice(llm):
            return [await llm.chat(model=model, messages=messages, max_tokens=4, stop_sequence=["."]) for _ in range(2)]
        first, second = ask(twice)
        assert first.chat_output == second.chat_output


@section("errors")
def errors(check):
    with check("an unknown model is an error that says so"):
        try:
            ask(lambda llm: llm.chat(model="no/such-model", messages=messages))
        except RuntimeError as e:
            assert "HTTP 404" in str(e) and "model_not_found" in str(e), str(e)
        else:
            raise AssertionError("there was no error")


@section("tools")
def tools(check):
    with check("a required tool is called, and its result answered"):
        first = ask(lambda llm: llm.chat(model=model, messages=question, tools=[tool], tool_choice="required", max_tokens=600))
        call = first.chat_output["tool_calls"][0]
        assert first.finish_reason == "tool_calls"
        assert set(json.loads(call["function"]["arguments"])) == {"city", "celsius"}
        told = [*question, first.chat_output, {"role": "tool", "tool_call_id": call["id"], "content": "21 degrees"}]
        second = ask(lambda llm: llm.chat(model=model, messages=told, tools=[tool], tool_choice="none", max_tokens=12))
        assert second.chat_output["content"]
    with check("a streamed request with tools has its call"):
        chunks = ask(lambda llm: drain(
            llm.chat(model=model, messages=question, tools=[tool], tool_choice="required", max_tokens=600, stream=True)))
        assert chunks[-1].choices[0].delta.tool_calls[0]["function"]["name"] == "get_weather"


@section("structured")
def structured(check):
    with check("a schema is answered"):
        form = og.ResponseFormat(type="json_schema", json_schema={"name": "weather", "strict": True, "schema": schema})
        result = ask(lambda llm: llm.chat(model=model, messages=question, response_format=form, max_tokens=600))
        assert set(json.loads(result.chat_output["content"])) == {"city", "celsius"}


@section("completions")
def completions(check):
    with check("a completion is paid for and answered"):
        result = ask(lambda llm: llm.completion(model=model, prompt="The ocean is", max_tokens=8))
        assert isinstance(result.completion_output, str) and result.completion_output


run(wanted)
