// The official OpenAI client with nothing changed but its base URL: models, chat, streamed chat, an error.
// usage: node openai-node.mjs BASE_URL   prints one JSON line
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'unused', maxRetries: 0 });
const models = [];
for await (const model of client.models.list()) models.push(model.id);
const request = { model: models[0], messages: [{ role: 'user', content: 'Write one sentence about the ocean.' }], max_tokens: 16, temperature: 0 };

const chat = await client.chat.completions.create(request);
let streamed = '';
let finish = null;
for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
  streamed += chunk.choices[0].delta.content ?? '';
  finish = chunk.choices[0].finish_reason ?? finish;
}
let usage = null;
for await (const chunk of await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } })) {
  usage = chunk.usage ?? usage;
}
let error = null;
try {
  await client.chat.completions.create({ ...request, temperature: 9 });
} catch (e) {
  error = { status: e.status, param: e.param, type: e.type, code: e.code };
}
console.log(JSON.stringify({ models, text: chat.choices[0].message.content, finish: chat.choices[0].finish_reason, usage: chat.usage, streamed, streamFinish: finish, streamUsage: usage, error }));
