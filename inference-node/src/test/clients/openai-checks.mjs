// The official OpenAI client for Node with nothing changed but its base URL.
// usage: node openai-checks.mjs ROOT_URL CHAT_MODEL EMBEDDING_MODEL SECTION...   prints the checks' results as one JSON line
import assert from 'node:assert/strict';
import OpenAI, { APIConnectionTimeoutError, APIUserAbortError, BadRequestError, NotFoundError } from 'openai';
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { idle, run, section, thrown } from './checks.mjs';

const [, , root, model, encoder, ...wanted] = process.argv;
let requests = 0;
const counting = (url, init) => {
  requests++;
  return fetch(url, init);
};
const client = new OpenAI({ baseURL: `${root}/v1`, apiKey: 'unused', maxRetries: 0, fetch: counting });
const messages = [{ role: 'user', content: 'Write one sentence about the ocean.' }];
const short = { model, messages, max_tokens: 12, temperature: 0 };
const long = { model, messages, max_tokens: 400, temperature: 0, ignore_eos: true };
const Weather = z.object({ city: z.enum(['Paris', 'Rome', 'Oslo']), celsius: z.boolean() });
const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', enum: ['Paris', 'Rome', 'Oslo'] }, celsius: { type: 'boolean' } },
      required: ['city', 'celsius'],
      additionalProperties: false,
    },
  },
};
const question = [{ role: 'user', content: 'How is the weather in Paris?' }];

section('chat', async (check) => {
  await check('an answer has text, finish reason and usage', async () => {
    const chat = await client.chat.completions.create(short);
    assert.equal(chat.object, 'chat.completion');
    assert.equal(chat.choices[0].message.role, 'assistant');
    assert.ok(chat.choices[0].message.content.length > 0);
    assert.equal(chat.choices[0].message.refusal, null);
    assert.ok(['length', 'stop'].includes(chat.choices[0].finish_reason));
    assert.equal(chat.usage.total_tokens, chat.usage.prompt_tokens + chat.usage.completion_tokens);
    assert.ok(chat._request_id);
  });
  await check('a stream is the whole answer in pieces, with usage where it is asked for', async () => {
    const whole = await client.chat.completions.create(short);
    let text = '';
    let finish = null;
    let usage = null;
    const ids = new Set();
    for await (const chunk of await client.chat.completions.create({ ...short, stream: true, stream_options: { include_usage: true } })) {
      ids.add(chunk.id);
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, whole.choices[0].message.content);
    assert.equal(finish, whole.choices[0].finish_reason);
    assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
    assert.equal(ids.size, 1);
  });
  await check('the usual loop over chunk.choices[0] reads a stream to its end', async () => {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ ...short, stream: true })) text += chunk.choices[0].delta.content ?? '';
    assert.ok(text.length > 0);
  });
  await check('the stream helper assembles the message', async () => {
    const chat = await client.chat.completions.stream(short).finalChatCompletion();
    assert.equal(chat.choices[0].message.content, (await client.chat.completions.create(short)).choices[0].message.content);
  });
  await check('a stop sequence ends the answer before itself', async () => {
    const whole = (await client.chat.completions.create(short)).choices[0].message.content;
    const stop = whole.slice(8, 12);
    const cut = await client.chat.completions.create({ ...short, stop: [stop] });
    assert.equal(cut.choices[0].message.content, whole.slice(0, whole.indexOf(stop)));
    assert.equal(cut.choices[0].finish_reason, 'stop');
  });
  await check('one seed gives one answer', async () => {
    const sampled = { ...short, temperature: 1, top_p: 0.9, seed: 7 };
    const answers = await Promise.all([1, 2].map(() => client.chat.completions.create(sampled)));
    assert.equal(answers[0].choices[0].message.content, answers[1].choices[0].message.content);
  });
  await check('messages of every text kind and the newer names of parameters are taken', async () => {
    const chat = await client.chat.completions.create({
      model,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }], name: 'ann' },
        { role: 'assistant', content: 'Hi' },
        ...messages,
      ],
      max_completion_tokens: 4,
      metadata: { purpose: 'test' },
      user: 'ann',
      store: false,
      presence_penalty: 0.1,
      frequency_penalty: 0.1,
    });
    assert.ok(chat.usage.completion_tokens <= 4);
  });
});

section('models', async (check) => {
  await check('the list has the models, and each is found by an id with a slash', async () => {
    const ids = [];
    for await (const each of client.models.list()) ids.push(each.id);
    assert.ok(ids.includes(model) && ids.includes(encoder), ids.join());
    const one = await client.models.retrieve(model);
    assert.equal(one.id, model);
    assert.equal(one.object, 'model');
    assert.equal(one.owned_by, model.split('/')[0]);
  });
  await check('a model that is not there is a NotFoundError', async () => {
    assert.ok((await thrown(client.models.retrieve('no/such'))) instanceof NotFoundError);
  });
});

section('errors', async (check) => {
  await check('an unknown model is a NotFoundError with code and param', async () => {
    const e = await thrown(client.chat.completions.create({ ...short, model: 'no/such-model' }));
    assert.ok(e instanceof NotFoundError);
    assert.deepEqual([e.status, e.code, e.param, e.type], [404, 'model_not_found', 'model', 'invalid_request_error']);
    assert.ok(e.requestID);
  });
  await check('a wrong type is a BadRequestError that names the parameter, and is not tried again', async () => {
    requests = 0;
    const e = await thrown(client.chat.completions.create({ ...short, temperature: 'hot' }, { maxRetries: 3 }));
    assert.ok(e instanceof BadRequestError);
    assert.equal(e.param, 'temperature');
    assert.equal(e.code, 'invalid_type');
    assert.equal(requests, 1);
  });
  await check('a value out of range is a BadRequestError that names the parameter', async () => {
    const e = await thrown(client.chat.completions.create({ ...short, temperature: 9 }));
    assert.ok(e instanceof BadRequestError);
    assert.equal(e.param, 'temperature');
  });
  await check('an image for a model that sees none is a BadRequestError', async () => {
    const content = [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
    const e = await thrown(client.chat.completions.create({ model, messages: [{ role: 'user', content }] }));
    assert.ok(e instanceof BadRequestError);
    assert.match(e.message, /image/);
  });
  await check('a stream that cannot begin is an ordinary error', async () => {
    const e = await thrown(client.chat.completions.create({ ...short, model: 'no/such-model', stream: true }));
    assert.ok(e instanceof NotFoundError);
  });
});

section('cancel', async (check) => {
  await check('an aborted stream frees its place', async () => {
    const stream = await client.chat.completions.create({ ...long, stream: true });
    let chunks = 0;
    for await (const _ of stream) {
      if (++chunks === 3) stream.controller.abort();
    }
    assert.ok(chunks < 100, `${chunks} chunks came`);
    await idle(root, model);
  });
  await check('an aborted request frees its place', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    assert.ok((await thrown(client.chat.completions.create(long, { signal: abort.signal }))) instanceof APIUserAbortError);
    await idle(root, model);
  });
  await check('a request that takes the client too long frees its place', async () => {
    assert.ok((await thrown(client.chat.completions.create(long, { timeout: 300 }))) instanceof APIConnectionTimeoutError);
    await idle(root, model);
  });
});

section('busy', async (check) => {
  await check('a node without a free place is asked again after retry-after, until it has one', async () => {
    const aborts = [];
    const held = [];
    let refusal = null;
    while (refusal === null && held.length < 200) {
      const abort = new AbortController();
      const attempt = client.chat.completions.create({ ...long, max_tokens: 1500, stream: true }, { signal: abort.signal });
      const outcome = await Promise.race([attempt.then(() => null, (e) => e), new Promise((resolve) => setTimeout(() => resolve(null), 150))]);
      attempt.catch(() => {});
      aborts.push(abort);
      held.push(attempt);
      refusal = outcome;
    }
    try {
      assert.equal(refusal?.status, 429);
      assert.ok(['queue_full', 'rate_limit_exceeded'].includes(refusal.code), refusal.code);
      assert.ok(Number(refusal.headers.get('retry-after')) >= 1);
      requests = 0;
      const patient = client.chat.completions.create(short, { maxRetries: 8 });
      setTimeout(() => aborts.forEach((each) => each.abort()), 500);
      assert.ok((await patient).choices[0].message.content.length > 0);
      assert.ok(requests > 1, `${requests} requests`);
    } finally {
      aborts.forEach((each) => each.abort());
      await idle(root, model);
    }
  });
});

section('choices', async (check) => {
  await check('two choices come with n of two', async () => {
    const chat = await client.chat.completions.create({ ...short, n: 2, temperature: 1, seed: 3 });
    assert.deepEqual(chat.choices.map((each) => each.index).sort(), [0, 1]);
    assert.ok(chat.choices.every((each) => each.message.content.length > 0));
  });
  await check('two choices are streamed, each chunk with its index', async () => {
    const whole = await client.chat.completions.create({ ...short, n: 2, temperature: 1, seed: 3 });
    const texts = ['', ''];
    const finished = [null, null];
    for await (const chunk of await client.chat.completions.create({ ...short, n: 2, temperature: 1, seed: 3, stream: true })) {
      for (const choice of chunk.choices) {
        texts[choice.index] += choice.delta.content ?? '';
        finished[choice.index] = choice.finish_reason ?? finished[choice.index];
      }
    }
    assert.deepEqual(texts, whole.choices.map((each) => each.message.content));
    assert.deepEqual(finished, whole.choices.map((each) => each.finish_reason));
  });
  await check('log probabilities come for each token', async () => {
    const chat = await client.chat.completions.create({ ...short, logprobs: true, top_logprobs: 3 });
    const content = chat.choices[0].logprobs.content;
    assert.equal(content.length, chat.usage.completion_tokens);
    for (const token of content) {
      assert.ok(token.logprob <= 0);
      assert.equal(token.top_logprobs.length, 3);
      assert.ok(token.top_logprobs[0].logprob >= token.top_logprobs[2].logprob);
      assert.equal(token.token, token.top_logprobs[0].token, 'a greedy token is the likeliest');
    }
    const text = Buffer.from(content.flatMap((token) => token.bytes)).toString();
    assert.ok(text.startsWith(chat.choices[0].message.content));
  });
  await check('log probabilities are streamed', async () => {
    let tokens = 0;
    for await (const chunk of await client.chat.completions.create({ ...short, logprobs: true, stream: true })) {
      tokens += chunk.choices[0].logprobs?.content?.length ?? 0;
    }
    const chat = await client.chat.completions.create(short);
    assert.equal(tokens, chat.usage.completion_tokens);
  });
  await check('a bias of 100 takes the token', async () => {
    const first = (await client.chat.completions.create({ ...short, logprobs: true, top_logprobs: 5, max_tokens: 1 })).choices[0].logprobs.content[0];
    assert.equal(first.top_logprobs.length, 5);
    const banned = await client.chat.completions.create({ ...short, max_tokens: 3, logit_bias: { 30: 100 } });
    const again = await client.chat.completions.create({ ...short, max_tokens: 3, logit_bias: { 30: 100 }, logprobs: true });
    assert.equal(banned.choices[0].message.content, again.choices[0].message.content);
    assert.equal(new Set(again.choices[0].logprobs.content.map((each) => each.token)).size, 1);
  });
});

section('tools', async (check) => {
  const asked = { model, messages: question, tools: [weatherTool], max_tokens: 600, temperature: 0 };
  const requireWeather = (call) => {
    assert.equal(call.type, 'function');
    assert.equal(call.function.name, 'get_weather');
    Weather.parse(JSON.parse(call.function.arguments));
  };
  await check('a required call comes, and its result is answered', async () => {
    const chat = await client.chat.completions.create({ ...asked, tool_choice: 'required', parallel_tool_calls: false });
    const message = chat.choices[0].message;
    assert.equal(chat.choices[0].finish_reason, 'tool_calls');
    assert.equal(message.tool_calls.length, 1);
    requireWeather(message.tool_calls[0]);
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '{"temperature": 21}' };
    const answer = await client.chat.completions.create({ ...asked, tool_choice: 'none', max_tokens: 12, messages: [...question, message, result] });
    assert.ok(answer.choices[0].message.content.length > 0);
    assert.ok(!answer.choices[0].message.tool_calls?.length);
  });
  await check('a named tool is called', async () => {
    const other = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {}, additionalProperties: false } } };
    const choice = { type: 'function', function: { name: 'get_weather' } };
    const chat = await client.chat.completions.create({ ...asked, tools: [other, weatherTool], tool_choice: choice });
    requireWeather(chat.choices[0].message.tool_calls[0]);
  });
  await check('a call is streamed in deltas', async () => {
    const whole = await client.chat.completions.create({ ...asked, tool_choice: 'required', parallel_tool_calls: false });
    const calls = [];
    let finish = null;
    for await (const chunk of await client.chat.completions.create({ ...asked, tool_choice: 'required', parallel_tool_calls: false, stream: true })) {
      for (const delta of chunk.choices[0].delta.tool_calls ?? []) {
        const call = (calls[delta.index] ??= { id: delta.id, type: delta.type, function: { name: '', arguments: '' } });
        call.function.name += delta.function?.name ?? '';
        call.function.arguments += delta.function?.arguments ?? '';
      }
      finish = chunk.choices[0].finish_reason ?? finish;
    }
    assert.equal(finish, 'tool_calls');
    assert.ok(calls[0].id);
    assert.equal(calls.length, 1);
    requireWeather(calls[0]);
    assert.equal(calls[0].function.arguments, whole.choices[0].message.tool_calls[0].function.arguments);
  });
  await check('the stream helper parses the call', async () => {
    const tool = zodFunction({ name: 'get_weather', parameters: Weather });
    const stream = client.chat.completions.stream({ ...asked, tools: [tool], tool_choice: 'required', parallel_tool_calls: false });
    const chat = await stream.finalChatCompletion();
    Weather.parse(chat.choices[0].message.tool_calls[0].function.parsed_arguments);
  });
  await check('the tool runner runs the function', async () => {
    const seen = [];
    const tool = zodFunction({
      name: 'get_weather',
      parameters: Weather,
      function: (weather) => {
        seen.push(weather);
        return '21 degrees';
      },
    });
    const runner = client.chat.completions.runTools({ ...asked, tools: [tool], tool_choice: { type: 'function', function: { name: 'get_weather' } } });
    await runner.done();
    assert.equal(seen.length, 1);
    Weather.parse(seen[0]);
  });
  await check('tools that the model may use or leave are taken', async () => {
    const chat = await client.chat.completions.create({ ...asked, tool_choice: 'auto', max_tokens: 24 });
    const choice = chat.choices[0];
    assert.ok(choice.message.tool_calls?.length || choice.message.content !== null);
  });
  await check('a tool choice without that tool is a BadRequestError', async () => {
    const e = await thrown(client.chat.completions.create({ ...asked, tool_choice: { type: 'function', function: { name: 'nothing' } } }));
    assert.ok(e instanceof BadRequestError);
    assert.match(e.param, /tool_choice/);
  });
});

section('structured', async (check) => {
  const asked = { model, messages: question, max_tokens: 600, temperature: 0 };
  await check('a zod schema is answered and parsed', async () => {
    const chat = await client.chat.completions.parse({ ...asked, response_format: zodResponseFormat(Weather, 'weather') });
    Weather.parse(chat.choices[0].message.parsed);
    assert.equal(chat.choices[0].finish_reason, 'stop');
  });
  await check('a streamed answer is parsed', async () => {
    const chat = await client.chat.completions.stream({ ...asked, response_format: zodResponseFormat(Weather, 'weather') }).finalChatCompletion();
    Weather.parse(chat.choices[0].message.parsed);
  });
  await check('lists, unions, numbers, optional and nested parts of a schema are taken', async () => {
    const Plan = z.object({
      kind: z.union([z.literal('trip'), z.literal('stay')]),
      days: z.array(z.object({ city: z.enum(['Paris', 'Rome']), nights: z.int().min(1).max(9) })).min(1).max(2),
      note: z.enum(['a', 'b']).nullable(),
    });
    const chat = await client.chat.completions.parse({ ...asked, response_format: zodResponseFormat(Plan, 'plan') });
    Plan.parse(chat.choices[0].message.parsed);
  });
  await check('an answer that max_tokens cuts is JSON all the same, and told to be cut', async () => {
    const Note = z.object({ text: z.string() });
    const chat = await client.chat.completions.create({ ...asked, max_tokens: 24, min_tokens: 24, response_format: zodResponseFormat(Note, 'note') });
    assert.equal(chat.choices[0].finish_reason, 'length');
    Note.parse(JSON.parse(chat.choices[0].message.content));
  });
  await check('json_object is an object', async () => {
    const chat = await client.chat.completions.create({ ...asked, response_format: { type: 'json_object' } });
    assert.equal(typeof JSON.parse(chat.choices[0].message.content), 'object');
  });
  await check('a schema that cannot be held to is a BadRequestError that says where', async () => {
    const schema = { type: 'object', properties: { a: { $ref: 'https://example.com/elsewhere.json' } } };
    const e = await thrown(client.chat.completions.create({ ...asked, response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } } }));
    assert.ok(e instanceof BadRequestError);
    assert.match(e.param, /response_format/);
  });
});

section('embeddings', async (check) => {
  const input = ['The ocean is deep and blue.', 'A spreadsheet computes sums.'];
  await check('vectors as base64 (its default) are the floats', async () => {
    const packed = await client.embeddings.create({ model: encoder, input });
    const floats = await client.embeddings.create({ model: encoder, input, encoding_format: 'float' });
    const worst = Math.max(...packed.data.flatMap((each, i) => Array.from(each.embedding).map((value, at) => Math.abs(value - floats.data[i].embedding[at]))));
    assert.ok(worst < 1e-7);
    assert.ok(packed.usage.prompt_tokens > 0);
  });
  await check('fewer dimensions are taken, an empty text is not', async () => {
    const few = await client.embeddings.create({ model: encoder, input: input[0], dimensions: 8 });
    assert.equal(few.data[0].embedding.length, 8);
    const e = await thrown(client.embeddings.create({ model: encoder, input: '' }));
    assert.ok(e instanceof BadRequestError);
    assert.equal(e.param, 'input');
  });
});

section('completions', async (check) => {
  const asked = { model, prompt: 'The ocean is', max_tokens: 8, temperature: 0 };
  await check('a prompt is continued', async () => {
    const completion = await client.completions.create(asked);
    assert.equal(completion.object, 'text_completion');
    assert.ok(completion.choices[0].text.length > 0);
    assert.ok(completion.usage.completion_tokens <= 8);
  });
  await check('a stream is the whole continuation in pieces', async () => {
    const whole = await client.completions.create(asked);
    let text = '';
    let usage = null;
    for await (const chunk of await client.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.text ?? '';
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, whole.choices[0].text);
    assert.equal(usage.total_tokens, whole.usage.total_tokens);
  });
  await check('several prompts and choices are answered in order', async () => {
    const completion = await client.completions.create({ ...asked, prompt: ['One', 'Two'], n: 2, temperature: 1, seed: 1 });
    assert.deepEqual(completion.choices.map((each) => each.index), [0, 1, 2, 3]);
  });
  await check('echo gives the prompt back, and tokens are a prompt too', async () => {
    const echoed = await client.completions.create({ ...asked, echo: true });
    assert.ok(echoed.choices[0].text.startsWith('The ocean is'));
    const tokens = await client.completions.create({ ...asked, prompt: [64, 7, 30] });
    assert.equal(tokens.usage.prompt_tokens, 3);
  });
  await check('log probabilities come in the shape of completions', async () => {
    const { logprobs } = (await client.completions.create({ ...asked, logprobs: 2 })).choices[0];
    assert.equal(logprobs.tokens.length, logprobs.token_logprobs.length);
    assert.equal(logprobs.tokens.length, logprobs.text_offset.length);
    assert.ok(logprobs.top_logprobs.every((each) => Object.keys(each).length >= 2));
  });
  await check('a wrong prompt is a BadRequestError', async () => {
    const e = await thrown(client.completions.create({ ...asked, prompt: { a: 1 } }));
    assert.ok(e instanceof BadRequestError);
    assert.equal(e.param, 'prompt');
  });
});

const responseRequest = { model, input: 'Write one sentence about the ocean.', max_output_tokens: 16, temperature: 0 };
const weatherFunction = { type: 'function', name: 'get_weather', description: 'The weather in a city', strict: true, parameters: weatherTool.function.parameters };

section('responses', async (check) => {
  await check('a response has text, usage and its own parameters', async () => {
    const response = await client.responses.create(responseRequest);
    assert.equal(response.object, 'response');
    assert.ok(response.output_text.length > 0);
    assert.equal(response.output.at(-1).role, 'assistant');
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
    assert.ok(['completed', 'incomplete'].includes(response.status));
    assert.equal(response.max_output_tokens, 16);
  });
  await check('a stream has the events by name and order', async () => {
    const whole = await client.responses.create(responseRequest);
    const types = [];
    const numbers = [];
    let text = '';
    let last = null;
    for await (const event of await client.responses.create({ ...responseRequest, stream: true })) {
      if (types.at(-1) !== event.type) types.push(event.type);
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
      last = event;
    }
    assert.deepEqual(types, [
      'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added', 'response.output_text.delta',
      'response.output_text.done', 'response.content_part.done', 'response.output_item.done', `response.${whole.status}`,
    ]);
    assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
    assert.equal(text, whole.output_text);
    assert.equal(last.response.usage.output_tokens, whole.usage.output_tokens);
  });
  await check('the stream helper assembles the response', async () => {
    const response = await client.responses.stream(responseRequest).finalResponse();
    assert.equal(response.output_text, (await client.responses.create(responseRequest)).output_text);
  });
  await check('a response goes on from one before', async () => {
    const first = await client.responses.create({ ...responseRequest, input: [{ role: 'user', content: 'My name is Ann.' }] });
    const second = await client.responses.create({ ...responseRequest, input: 'What is my name?', previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  });
  await check('a stored response is got, its input listed, and it is deleted', async () => {
    const made = await client.responses.create({ ...responseRequest, store: true });
    const got = await client.responses.retrieve(made.id);
    assert.equal(got.output_text ?? got.output.at(-1).content[0].text, made.output_text);
    const items = [];
    for await (const item of client.responses.inputItems.list(made.id)) items.push(item);
    assert.equal(items.length, 1);
    assert.equal(items[0].role, 'user');
    await client.responses.delete(made.id);
    assert.ok((await thrown(client.responses.retrieve(made.id))) instanceof NotFoundError);
  });
  await check('a response that is not to be stored is not', async () => {
    const made = await client.responses.create({ ...responseRequest, store: false });
    assert.ok((await thrown(client.responses.retrieve(made.id))) instanceof NotFoundError);
  });
  await check('going on from a response that is not there is an error that names it', async () => {
    const e = await thrown(client.responses.create({ ...responseRequest, previous_response_id: 'resp_none' }));
    assert.ok(e instanceof BadRequestError || e instanceof NotFoundError);
    assert.equal(e.param, 'previous_response_id');
  });
});

section('responses-constrained', async (check) => {
  await check('a function is called, and its output answered', async () => {
    const first = await client.responses.create({ ...responseRequest, max_output_tokens: 600, input: question, tools: [weatherFunction], tool_choice: 'required', parallel_tool_calls: false });
    const call = first.output.find((each) => each.type === 'function_call');
    assert.equal(call.name, 'get_weather');
    Weather.parse(JSON.parse(call.arguments));
    const input = [{ type: 'function_call_output', call_id: call.call_id, output: '21 degrees' }];
    const second = await client.responses.create({ ...responseRequest, input, previous_response_id: first.id, tools: [weatherFunction], tool_choice: 'none' });
    assert.ok(second.output_text.length > 0);
  });
  await check('the arguments of a function are streamed', async () => {
    const stream = await client.responses.create({ ...responseRequest, max_output_tokens: 600, input: question, tools: [weatherFunction], tool_choice: 'required', parallel_tool_calls: false, stream: true });
    let deltas = '';
    let done = null;
    for await (const event of stream) {
      if (event.type === 'response.function_call_arguments.delta') deltas += event.delta;
      if (event.type === 'response.function_call_arguments.done') done = event.arguments;
    }
    assert.equal(deltas, done);
    Weather.parse(JSON.parse(done));
  });
  await check('a zod schema is answered and parsed', async () => {
    const response = await client.responses.parse({ ...responseRequest, max_output_tokens: 600, text: { format: zodTextFormat(Weather, 'weather') } });
    Weather.parse(response.output_parsed);
  });
});

await run(wanted);
