// @x402/fetch, unmodified, pays for one streamed answer and reports the payment's state at the first token and in the end.
// usage: node x402-fetch.mjs BASE_URL MODEL PRIVATE_KEY   prints one JSON line
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { privateKeyToAccount } from 'viem/accounts';

const [base, model, key] = process.argv.slice(2);
const client = new x402Client();
client.register('eip155:*', new UptoEvmScheme(privateKeyToAccount(key)));
client.setSpendControls(false);
const pay = wrapFetchWithPayment(fetch, client);

const response = await pay(`${base}/v1/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model, stream: true, max_tokens: 128, ignore_eos: true, temperature: 0, messages: [{ role: 'user', content: 'Write one sentence about the ocean.' }] }),
});
let text = '';
let stateAtFirstToken = null;
const payment = async () => (await fetch(`${base}/x402/payments/${response.headers.get('candor-payment-id')}`)).json();
const decoder = new TextDecoder();
for await (const part of response.body) {
  text += decoder.decode(part, { stream: true });
  if (stateAtFirstToken === null && /"content":"[^"]/.test(text)) stateAtFirstToken = (await payment()).state;
}
const data = text.split('\n').filter((line) => line.startsWith('data: {')).map((line) => JSON.parse(line.slice(6)));
let settled = await payment();
for (let i = 0; i < 480 && settled.state !== 'settled'; i++) {
  await new Promise((resolve) => setTimeout(resolve, 250));
  settled = await payment();
}
console.log(JSON.stringify({
  status: response.status,
  cacheControl: response.headers.get('cache-control'),
  paymentId: response.headers.get('candor-payment-id'),
  answer: data.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''),
  receipt: text.split('\n').find((line) => line.startsWith(': candor-receipt '))?.slice(17) ?? null,
  done: text.trimEnd().endsWith('data: [DONE]'),
  stateAtFirstToken,
  stateInTheEnd: settled.state,
  charged: settled.charged,
}));
