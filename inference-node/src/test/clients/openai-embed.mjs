// The official OpenAI client with nothing changed but its base URL: vectors as base64 (its default) and as floats.
// usage: node openai-embed.mjs BASE_URL MODEL   prints one JSON line
import OpenAI from 'openai';

const [, , baseURL, model] = process.argv;
const client = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 });
const input = ['The ocean is deep and blue.', 'A spreadsheet computes sums.'];
const packed = await client.embeddings.create({ model, input });
const floats = await client.embeddings.create({ model, input, encoding_format: 'float' });
const short = await client.embeddings.create({ model, input: input[0], dimensions: 8 });
let error = null;
try {
  await client.embeddings.create({ model, input: '' });
} catch (e) {
  error = { status: e.status, param: e.param };
}
const worst = Math.max(...packed.data.flatMap((each, i) => Array.from(each.embedding).map((value, at) => Math.abs(value - floats.data[i].embedding[at]))));
console.log(JSON.stringify({
  dimensions: packed.data[0].embedding.length, first: Array.from(packed.data[0].embedding).slice(0, 4), worst, short: short.data[0].embedding.length,
  tokens: packed.usage.prompt_tokens, error,
}));
