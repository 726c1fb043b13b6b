"""The official OpenAI client for Python with nothing changed but its base URL.

usage: python openai_checks.py ROOT_URL CHAT_MODEL EMBEDDING_MODEL SECTION...   prints the checks' results as one JSON line
"""
import asyncio
import json
import sys
from enum import Enum
from typing import List, Literal, Optional

import openai
from pydantic import BaseModel, Field

from checks import idle, raises, run, section

_, root, model, encoder, *wanted = sys.argv
client = openai.OpenAI(base_url=f"{root}/v1", api_key="unused", max_retries=0)
messages = [{"role": "user", "content": "Write one sentence about the ocean."}]
question = [{"role": "user", "content": "How is the weather in Paris?"}]
short = dict(model=model, messages=messages, max_tokens=12, temperature=0)
long = dict(model=model, messages=messages, max_tokens=400, temperature=0, extra_body={"ignore_eos": True})


def ended():
    """A request whose answer ends in a stop sequence: the helpers take none that was cut by max_tokens."""
    whole = client.chat.completions.create(**short).choices[0].message.content
    return dict(**short, stop=whole[-4:])


class City(str, Enum):
    PARIS = "Paris"
    ROME = "Rome"
    OSLO = "Oslo"


class Weather(BaseModel):
    """The weather in a city"""
    city: City
    celsius: bool


class Day(BaseModel):
    city: Literal["Paris", "Rome"]
    nights: int = Field(ge=1, le=9)


class Plan(BaseModel):
    kind: Literal["trip", "stay"]
    days: List[Day] = Field(min_length=1, max_length=2)
    note: Optional[Literal["a", "b"]]


class Note(BaseModel):
    text: str

    @staticmethod
    def form():
        schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False}
        return {"name": "note", "strict": True, "schema": schema}


@section("chat")
def chat(check):
    with check("an answer has text, finish reason and usage"):
        answer = client.chat.completions.create(**short)
        assert answer.choices[0].message.content
        assert answer.choices[0].message.refusal is None
        assert answer.choices[0].finish_reason in ("length", "stop")
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
        assert answer._request_id
    with check("a stream is the whole answer in pieces, with usage where it is asked for"):
        whole = client.chat.completions.create(**short)
        text, finish, usage = "", None, None
        for chunk in client.chat.completions.create(**short, stream=True, stream_options={"include_usage": True}):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                finish = choice.finish_reason or finish
            usage = chunk.usage or usage
        assert text == whole.choices[0].message.content
        assert finish == whole.choices[0].finish_reason
        assert usage.completion_tokens == whole.usage.completion_tokens
    with check("the usual loop over chunk.choices[0] reads a stream to its end"):
        assert "".join(chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(**short, stream=True))
    with check("the stream helper assembles the message"):
        with client.chat.completions.stream(**ended()) as stream:
            kinds = {event.type for event in stream}
            final = stream.get_final_completion()
        assert "content.delta" in kinds and "content.done" in kinds
        assert final.choices[0].message.content == client.chat.completions.create(**ended()).choices[0].message.content
    with check("a stop sequence ends the answer before itself"):
        whole = client.chat.completions.create(**short).choices[0].message.content
        stop = whole[8:12]
        cut = client.chat.completions.create(**short, stop=stop)
        assert cut.choices[0].message.content == whole[: whole.index(stop)]
        assert cut.choices[0].finish_reason == "stop"
    with check("the raw answer has its headers"):
        raw = client.chat.completions.with_raw_response.create(**short)
        assert raw.headers["x-request-id"] and raw.parse().choices
    with check("the asynchronous client streams"):
        async def go():
            async with openai.AsyncOpenAI(base_url=f"{root}/v1", api_key="unused", max_retries=0) as other:
                return [chunk async for chunk in await other.chat.completions.create(**short, stream=True)]
        assert asyncio.run(go())[-1].choices[0].finish_reason


@section("models")
def models(check):
    with check("the list has the models, and each is found by an id with a slash"):
        ids = [each.id for each in client.models.list()]
        assert model in ids and encoder in ids, ids
        one = client.models.retrieve(model)
        assert one.id == model and one.owned_by == model.split("/")[0]
    with check("a model that is not there is a NotFoundError"):
        with raises(openai.NotFoundError):
            client.models.retrieve("no/such")


@section("errors")
def errors(check):
    with check("an unknown model is a NotFoundError with code and param"):
        with raises(openai.NotFoundError) as raised:
            client.chat.completions.create(**{**short, "model": "no/such-model"})
        assert (raised.error.code, raised.error.param, raised.error.type) == ("model_not_found", "model", "invalid_request_error")
        assert raised.error.request_id
    with check("a wrong type is a BadRequestError that names the parameter"):
        with raises(openai.BadRequestError) as raised:
            client.chat.completions.create(**{**short, "temperature": "hot"})
        assert (raised.error.code, raised.error.param) == ("invalid_type", "temperature")
    with check("a stream that cannot begin is an ordinary error"):
        with raises(openai.NotFoundError):
            client.chat.completions.create(**{**short, "model": "no/such-model"}, stream=True)


@section("cancel")
def cancel(check):
    with check("a closed stream frees its place"):
        stream = client.chat.completions.create(**long, stream=True)
        for _ in range(3):
            next(stream)
        stream.close()
        idle(root, model)
    with check("a request that takes the client too long frees its place"):
        with raises(openai.APITimeoutError):
            client.with_options(timeout=0.3).chat.completions.create(**long)
        idle(root, model)
    with check("a cancelled task frees its place"):
        async def go():
            async with openai.AsyncOpenAI(base_url=f"{root}/v1", api_key="unused", max_retries=0) as other:
                task = asyncio.ensure_future(other.chat.completions.create(**long))
                await asyncio.sleep(0.3)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    return True
        assert asyncio.run(go())
        idle(root, model)


@section("choices")
def choices(check):
    with check("two choices come with n of two, whole and streamed"):
        two = dict(**{**short, "temperature": 1}, n=2, seed=3)
        whole = client.chat.completions.create(**two)
        assert [each.index for each in whole.choices] == [0, 1]
        texts = ["", ""]
        for chunk in client.chat.completions.create(**two, stream=True):
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
        assert texts == [each.message.content for each in whole.choices]
    with check("log probabilities come for each token"):
        answer = client.chat.completions.create(**short, logprobs=True, top_logprobs=2)
        content = answer.choices[0].logprobs.content
        assert len(content) == answer.usage.completion_tokens
        assert all(token.logprob <= 0 and len(token.top_logprobs) == 2 for token in content)
        assert bytes(b for token in content for b in token.bytes).decode(errors="replace").startswith(answer.choices[0].message.content)
    with check("the stream helper assembles log probabilities"):
        with client.chat.completions.stream(**ended(), logprobs=True) as stream:
            for _ in stream:
                pass
            final = stream.get_final_completion()
        assert len(final.choices[0].logprobs.content) > 0


@section("tools")
def tools(check):
    tool = openai.pydantic_function_tool(Weather, name="get_weather")
    asked = dict(model=model, messages=question, tools=[tool], max_tokens=600, temperature=0)
    with check("a required call comes, and its result is answered"):
        first = client.chat.completions.create(**asked, tool_choice="required", parallel_tool_calls=False)
        message = first.choices[0].message
        assert first.choices[0].finish_reason == "tool_calls"
        Weather.model_validate_json(message.tool_calls[0].function.arguments)
        result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "21 degrees"}
        second = client.chat.completions.create(
            **{**asked, "messages": [*question, message, result], "max_tokens": 12}, tool_choice="none")
        assert second.choices[0].message.content and not second.choices[0].message.tool_calls
    with check("a named tool is called, and its arguments are parsed"):
        parsed = client.chat.completions.parse(**asked, tool_choice={"type": "function", "function": {"name": "get_weather"}})
        assert isinstance(parsed.choices[0].message.tool_calls[0].function.parsed_arguments, Weather)
    with check("the stream helper assembles and parses the call"):
        with client.chat.completions.stream(**asked, tool_choice="required", parallel_tool_calls=False) as stream:
            kinds = {event.type for event in stream}
            final = stream.get_final_completion()
        assert "tool_calls.function.arguments.done" in kinds, kinds
        assert isinstance(final.choices[0].message.tool_calls[0].function.parsed_arguments, Weather)
        assert final.choices[0].finish_reason == "tool_calls"


@section("structured")
def structured(check):
    asked = dict(model=model, messages=question, max_tokens=600, temperature=0)
    with check("a pydantic model is answered and parsed"):
        answer = client.chat.completions.parse(**asked, response_format=Weather)
        assert isinstance(answer.choices[0].message.parsed, Weather)
    with check("a streamed answer is parsed"):
        with client.chat.completions.stream(**asked, response_format=Weather) as stream:
            for _ in stream:
                pass
            assert isinstance(stream.get_final_completion().choices[0].message.parsed, Weather)
    with check("references, lists, literals, bounds and optional parts are taken"):
        answer = client.chat.completions.parse(**asked, response_format=Plan)
        assert isinstance(answer.choices[0].message.parsed, Plan)
    with check("json_object is an object"):
        answer = client.chat.completions.create(**asked, response_format={"type": "json_object"})
        assert isinstance(json.loads(answer.choices[0].message.content), dict)
    with check("an answer that max_tokens cuts is JSON all the same, and told to be cut"):
        cut = {**asked, "max_tokens": 24, "extra_body": {"min_tokens": 24}}
        answer = client.chat.completions.create(**cut, response_format={"type": "json_schema", "json_schema": Note.form()})
        assert answer.choices[0].finish_reason == "length", answer
        Note.model_validate_json(answer.choices[0].message.content)
        with raises(openai.LengthFinishReasonError):
            client.chat.completions.parse(**cut, response_format=Note)
    with check("an answer that cannot be whole in max_tokens is a BadRequestError"):
        with raises(openai.BadRequestError) as raised:
            client.chat.completions.parse(**{**asked, "max_tokens": 2}, response_format=Weather)
        assert "max_tokens" in str(raised.error)


@section("embeddings")
def embeddings(check):
    texts = ["The ocean is deep and blue.", "A spreadsheet computes sums."]
    with check("vectors as base64 (its default) are the floats"):
        packed = client.embeddings.create(model=encoder, input=texts)
        floats = client.embeddings.create(model=encoder, input=texts, encoding_format="float")
        assert max(abs(a - b) for one, other in zip(packed.data, floats.data) for a, b in zip(one.embedding, other.embedding)) < 1e-7
    with check("an empty text is a BadRequestError"):
        with raises(openai.BadRequestError) as raised:
            client.embeddings.create(model=encoder, input="")
        assert raised.error.param == "input"


@section("completions")
def completions(check):
    asked = dict(model=model, prompt="The ocean is", max_tokens=8, temperature=0)
    with check("a prompt is continued, whole and streamed"):
        whole = client.completions.create(**asked)
        assert whole.choices[0].text
        assert "".join(chunk.choices[0].text for chunk in client.completions.create(**asked, stream=True)) == whole.choices[0].text
    with check("several prompts, echo and log probabilities are answered"):
        many = client.completions.create(**{**asked, "prompt": ["One", "Two"]}, echo=True, logprobs=1)
        assert [each.text[:3] for each in many.choices] == ["One", "Two"]
        assert len(many.choices[1].logprobs.tokens) == len(many.choices[1].logprobs.text_offset)


@section("responses")
def responses(check):
    asked = dict(model=model, input="Write one sentence about the ocean.", max_output_tokens=16, temperature=0)
    with check("a response has text, usage and its own parameters"):
        response = client.responses.create(**asked)
        assert response.output_text and response.max_output_tokens == 16
        assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    with check("the stream helper assembles the response"):
        whole = {**asked, "max_output_tokens": 200}
        with client.responses.stream(**whole) as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()
        assert kinds[0] == "response.created" and kinds[-1] == "response.completed", kinds
        assert final.output_text == client.responses.create(**whole).output_text
    with check("a response goes on from one before, is got, listed and deleted"):
        first = client.responses.create(**asked)
        second = client.responses.create(**{**asked, "input": "And one about the sky."}, previous_response_id=first.id)
        assert second.usage.input_tokens > first.usage.input_tokens
        assert client.responses.retrieve(first.id).output_text == first.output_text
        assert [item.role for item in client.responses.input_items.list(first.id)] == ["user"]
        client.responses.delete(first.id)
        with raises(openai.NotFoundError):
            client.responses.retrieve(first.id)


@section("responses-constrained")
def responses_constrained(check):
    asked = dict(model=model, input="Write one sentence about the ocean.", max_output_tokens=16, temperature=0)
    tool = openai.pydantic_function_tool(Weather, name="get_weather")["function"]
    function = {"type": "function", **tool}
    with check("a function is called, and its output answered"):
        first = client.responses.create(
            **{**asked, "input": question, "max_output_tokens": 600}, tools=[function], tool_choice="required", parallel_tool_calls=False)
        call = next(item for item in first.output if item.type == "function_call")
        Weather.model_validate_json(call.arguments)
        output = [{"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"}]
        second = client.responses.create(
            **{**asked, "input": output}, previous_response_id=first.id, tools=[function], tool_choice="none")
        assert second.output_text
    with check("a pydantic model is answered and parsed"):
        response = client.responses.parse(**{**asked, "max_output_tokens": 600}, text_format=Weather)
        assert isinstance(response.output_parsed, Weather)


run(wanted)
