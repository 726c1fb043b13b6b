// The Vercel AI SDK with its provider for OpenAI-compatible servers, and with OpenAI's own, whose default is the Responses API.
// usage: node vercel-checks.mjs ROOT_URL CHAT_MODEL EMBEDDING_MODEL SECTION...   prints the checks' results as one JSON line
import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, Output, embed, embedMany, generateObject, generateText, isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';
import { idle, run, section, thrown } from './checks.mjs';

const [, , root, model, encoder, ...wanted] = process.argv;
globalThis.AI_SDK_LOG_WARNINGS = false;
const settings = { baseURL: `${root}/v1`, apiKey: 'unused' };
const compatible = createOpenAICompatible({ ...settings, name: 'candor', includeUsage: true, supportsStructuredOutputs: true });
const openai = createOpenAI(settings);
const Weather = z.object({ city: z.enum(['Paris', 'Rome', 'Oslo']), celsius: z.boolean() });
const prompt = 'Write one sentence about the ocean.';
const question = 'How is the weather in Paris?';
const chats = { compatible: compatible.chatModel(model), openai: openai.chat(model) };
const limits = { maxOutputTokens: 12, temperature: 0, maxRetries: 0 };

/** The checks that are the same for a model of any kind. */
async function talks(check, name, languageModel) {
  await check(`${name} generates text with usage`, async () => {
    const { text, usage, finishReason } = await generateText({ model: languageModel, prompt, ...limits });
    assert.ok(text.length > 0);
    assert.ok(['length', 'stop'].includes(finishReason), finishReason);
    assert.equal(usage.totalTokens, usage.inputTokens + usage.outputTokens);
  });
  await check(`${name} streams the same text, with usage`, async () => {
    const { text } = await generateText({ model: languageModel, prompt, ...limits });
    const result = streamText({ model: languageModel, prompt, ...limits, onError: () => {} });
    let streamed = '';
    for await (const part of result.textStream) streamed += part;
    assert.equal(streamed, text);
    assert.ok((await result.usage).outputTokens > 0);
    assert.ok(['length', 'stop'].includes(await result.finishReason));
  });
}

async function calls(check, name, languageModel) {
  const asked = { ...limits, model: languageModel, prompt: question, maxOutputTokens: 600 };
  const seen = [];
  const get_weather = tool({
    description: 'The weather in a city',
    inputSchema: Weather,
    execute: async (weather) => {
      seen.push(weather);
      return { temperature: 21 };
    },
  });
  const steps = {
    tools: { get_weather },
    stopWhen: isStepCount(2),
    prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? { type: 'tool', toolName: 'get_weather' } : 'none' }),
  };
  await check(`${name} calls a tool and answers with its result`, async () => {
    seen.length = 0;
    const result = await generateText({ ...asked, ...steps });
    assert.equal(result.steps.length, 2);
    assert.equal(result.steps[0].finishReason, 'tool-calls');
    assert.equal(seen.length, 1);
    Weather.parse(seen[0]);
    assert.ok(result.text.length > 0);
  });
  await check(`${name} calls a tool in a stream`, async () => {
    seen.length = 0;
    const result = streamText({ ...asked, ...steps, onError: () => {} });
    const kinds = new Set();
    for await (const part of result.fullStream) {
      if (part.type === 'error') throw part.error;
      kinds.add(part.type);
    }
    assert.ok(kinds.has('tool-input-delta') && kinds.has('tool-call') && kinds.has('tool-result') && kinds.has('text-delta'), [...kinds].join());
    assert.equal(seen.length, 1);
  });
  await check(`${name} takes tools that may be left`, async () => {
    await generateText({ ...asked, tools: { get_weather: tool({ description: 'The weather', inputSchema: Weather }) }, maxOutputTokens: 8 });
  });
}

async function answersInShape(check, name, languageModel) {
  const asked = { ...limits, model: languageModel, prompt: question, maxOutputTokens: 600 };
  await check(`${name} generates an object`, async () => {
    Weather.parse((await generateObject({ ...asked, schema: Weather })).object);
  });
  await check(`${name} generates text whose output is an object`, async () => {
    Weather.parse((await generateText({ ...asked, output: Output.object({ schema: Weather }) })).output);
  });
  await check(`${name} streams an object`, async () => {
    const result = streamText({ ...asked, output: Output.object({ schema: Weather }), onError: () => {} });
    let last;
    for await (const part of result.partialOutputStream) last = part;
    Weather.parse(last);
  });
  await check(`${name} is told of an object that cannot be whole in so few tokens`, async () => {
    const e = await thrown(generateObject({ ...asked, schema: Weather, maxOutputTokens: 2 }));
    assert.ok(APICallError.isInstance(e), String(e));
    assert.equal(e.statusCode, 400);
    assert.match(e.message, /tokens/);
  });
}

section('chat', async (check) => {
  for (const [name, languageModel] of Object.entries(chats)) await talks(check, name, languageModel);
});

section('errors', async (check) => {
  await check('an unknown model is a call error that is not tried again', async () => {
    const e = await thrown(generateText({ model: compatible.chatModel('no/such'), prompt, maxRetries: 3 }));
    assert.ok(APICallError.isInstance(e), String(e));
    assert.equal(e.statusCode, 404);
    assert.equal(e.isRetryable, false);
    assert.equal(e.data.error.code, 'model_not_found');
    assert.equal(e.data.error.param, 'model');
  });
  await check('a value out of range is a call error that names it', async () => {
    const e = await thrown(generateText({ model: compatible.chatModel(model), prompt, temperature: 9, maxRetries: 0 }));
    assert.equal(e.statusCode, 400);
    assert.equal(e.data.error.param, 'temperature');
  });
});

section('cancel', async (check) => {
  const long = { model: chats.compatible, prompt, maxOutputTokens: 400, temperature: 0, maxRetries: 0, providerOptions: { candor: { ignore_eos: true } } };
  await check('an aborted stream frees its place', async () => {
    const abort = new AbortController();
    const result = streamText({ ...long, abortSignal: abort.signal, onError: () => {} });
    let parts = 0;
    for await (const _ of result.textStream) {
      if (++parts === 3) abort.abort();
    }
    assert.ok(parts < 100, `${parts} parts came`);
    await idle(root, model);
  });
  await check('an aborted request frees its place', async () => {
    const e = await thrown(generateText({ ...long, abortSignal: AbortSignal.timeout(300) }));
    assert.match(e.name, /Timeout|Abort/);
    await idle(root, model);
  });
});

section('tools', async (check) => {
  for (const [name, languageModel] of Object.entries(chats)) await calls(check, name, languageModel);
});

section('structured', async (check) => {
  for (const [name, languageModel] of Object.entries(chats)) await answersInShape(check, name, languageModel);
});

section('embeddings', async (check) => {
  for (const [name, embeddings] of [['compatible', compatible.embeddingModel(encoder)], ['openai', openai.embeddingModel(encoder)]]) {
    await check(`${name} embeds one text and many`, async () => {
      const one = await embed({ model: embeddings, value: 'The ocean is deep.' });
      const many = await embedMany({ model: embeddings, values: ['The ocean is deep.', 'Sums'] });
      assert.equal(one.embedding.length, 384);
      assert.equal(many.embeddings.length, 2);
      assert.ok(one.embedding.every((value, i) => Math.abs(value - many.embeddings[0][i]) < 1e-5));
      assert.ok(one.usage.tokens > 0);
    });
  }
});

section('completions', async (check) => {
  await talks(check, 'compatible completion', compatible.completionModel(model));
  await talks(check, 'openai completion', openai.completion(model));
});

const responses = openai(model);

section('responses', async (check) => {
  await talks(check, 'openai responses', responses);
  await check('openai responses go on from one before', async () => {
    const first = await generateText({ model: responses, prompt: 'My name is Ann.', ...limits, maxOutputTokens: 16 });
    const providerOptions = { openai: { previousResponseId: first.providerMetadata.openai.responseId } };
    const second = await generateText({ model: responses, prompt: 'What is my name?', ...limits, maxOutputTokens: 16, providerOptions });
    assert.ok(second.usage.inputTokens > first.usage.inputTokens);
  });
});

section('responses-constrained', async (check) => {
  await calls(check, 'openai responses', responses);
  await answersInShape(check, 'openai responses', responses);
});

await run(wanted);
