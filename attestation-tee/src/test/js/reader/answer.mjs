// The answer: what the receipt's digests cover of its bytes, its tokens, its counts, its price.
import { base64url, hex, need, sha256, utf8 } from './bytes.mjs';
import { sseEvents } from './events.mjs';
import { jcs, jcsDigest, parseJson, withoutNulls } from './json.mjs';
import { candidates, kindOf, outputMember } from './paths.mjs';
import { parseReceipt, same } from './receipt.mjs';
import { responseOutput, streamedResponse } from './response.mjs';

function splitBody(bytes) {
  const answer = parseJson(utf8(bytes));
  const { candor } = answer;
  need(candor && typeof candor === 'object', 'the answer carries no receipt');
  delete answer.candor;
  const parts = attachment(candor);
  const { path } = parseReceipt(parts.cose).req;
  const output = outputMember(path);
  if (output) {
    need(Array.isArray(answer[output]), `the answer has no array ${output}`);
    return { ...parts, covered: Buffer.from(jcs(answer)), choices: answer[output], finish: [] };
  }
  const covered = Buffer.from(jcs(answer));
  if (kindOf(path) === 'response') return { ...parts, covered, ...responseOutput(answer) };
  const choices = answer.choices.map(({ index, finish_reason: finish, message, text }) => ({ index, finish_reason: finish ?? null, ...content(path, message, text) }));
  return { ...parts, covered, ...finished(choices.sort((a, b) => a.index - b.index)) };
}

function content(path, message, text) {
  if (kindOf(path) === 'chat') return { message: withoutNulls(message) };
  need(typeof text === 'string', 'a choice without a text');
  return { text };
}

const finished = (choices) => ({ choices, finish: choices.map((choice) => choice.finish_reason ?? 'none') });

function attachment(candor) {
  for (const name of Object.keys(candor)) {
    need(['receipt', 'receipt_id', 'token_ids', 'payment_id', 'charged', 'receipt_url'].includes(name), `unknown member candor.${name}`);
  }
  need(Array.isArray(candor.token_ids), 'no token_ids');
  return { cose: base64url(candor.receipt), id: candor.receipt_id, charged: candor.charged, tokens: candor.token_ids };
}

function splitStream(bytes) {
  const all = bytes.toString('latin1');
  const found = /(^|\n\n)(?=: candor-|event: candor\.)/.exec(all);
  need(found, 'the stream carries no receipt');
  const start = found.index + found[1].length;
  const covered = bytes.subarray(0, start);
  const tail = utf8(bytes.subarray(start));
  const parts = tailParts(tail);
  const { path } = parseReceipt(parts.cose).req;
  const events = utf8(covered);
  return { ...parts, covered, ...(kindOf(path) === 'response' ? streamedResponse(events) : finished(assemble(path, events))) };
}

function tailParts(tail) {
  const event = /^event: candor\.receipt\ndata: (.*)\n\ndata: \[DONE\]\n\n$/.exec(tail);
  if (event) return attachment(parseJson(event[1]));
  const comments = /^((?:: candor-tokens [\w-]*\n\n)*): candor-receipt ([\w-]+)\n\ndata: \[DONE\]\n\n$/.exec(tail);
  need(comments, 'the stream does not end with its receipt and [DONE]');
  const tokens = [...comments[1].matchAll(/: candor-tokens ([\w-]*)\n\n/g)].map(([, words]) => {
    const raw = base64url(words);
    need(raw.length % 4 === 0, 'token ids are not words of 4 bytes');
    return Array.from({ length: raw.length / 4 }, (_, i) => raw.readUInt32LE(i * 4));
  });
  return { cose: base64url(comments[2]), tokens };
}

function assemble(path, stream) {
  const choices = new Map();
  const chat = kindOf(path) === 'chat';
  for (const { type, data } of sseEvents(stream)) {
    if (type !== 'message') continue;
    const chunk = parseJson(data);
    need(!('error' in chunk), 'the stream carries an error');
    for (const { index, delta, text, finish_reason: finish } of chunk.choices ?? []) {
      need(Number.isInteger(index) && index >= 0 && index < 128, 'a choice without an index');
      if (!choices.has(index)) choices.set(index, { index, finish_reason: null, ...(chat ? { message: {} } : { text: '' }) });
      const choice = choices.get(index);
      if (typeof finish === 'string') choice.finish_reason = finish;
      if (chat) mergeDelta(choice.message, delta);
      else if (typeof text === 'string') choice.text += text;
    }
  }
  for (const { message } of choices.values()) if (message?.tool_calls) message.tool_calls = Object.values(message.tool_calls);
  return [...choices.values()].sort((a, b) => a.index - b.index);
}

function mergeDelta(message, delta) {
  for (const [name, value] of Object.entries(withoutNulls(delta))) {
    if (name === 'tool_calls') for (const call of value) mergeCall(message.tool_calls ??= {}, call);
    else if (name === 'function_call') message[name] = mergeFunction(message[name], value);
    else if (typeof value === 'string' && name !== 'role') message[name] = (message[name] ?? '') + value;
    else message[name] = value;
  }
}

/** Integer keys of an object come out in their order. */
function mergeCall(calls, { index, function: part, ...rest }) {
  need(Number.isInteger(index) && index >= 0 && index < 128, 'a tool call without an index');
  const call = Object.assign(calls[index] ??= {}, withoutNulls(rest));
  if (part) call.function = mergeFunction(call.function, part);
}

function mergeFunction(before, part) {
  const { arguments: more, ...named } = withoutNulls(part);
  const merged = { ...before, ...named };
  if (more !== undefined) merged.arguments = (merged.arguments ?? '') + more;
  return merged;
}

/** Tensors may stand in bytes behind the JSON: the receipt comes in the header Candor-Receipt, and binds the body as it is. */
function bareBytes(response, cose) {
  return { cose, covered: response, choices: [], finish: [], tokens: [] };
}

/** Only the candidates of a completion that were not chosen add tokens beside those delivered. */
function checkCompletionTokens(receipt, request, delivered) {
  const { choices, drawn } = kindOf(receipt.req.path) === 'completion' ? candidates(receipt.req.path, parseJson(utf8(request))) : { choices: 1, drawn: 1 };
  const generated = Number(receipt.use.out);
  if (drawn === choices) same('completion tokens', generated, delivered);
  need(generated >= delivered && (drawn === choices || generated <= drawn * Number(receipt.smp.max)), `completion tokens: ${generated} for ${delivered}`);
}

export function checkAnswer(response, format, cose, request) {
  const answer = format === 'raw' ? bareBytes(response, cose) : format === 'sse' ? splitStream(response) : splitBody(response);
  const receipt = parseReceipt(answer.cose);
  same('format', receipt.out.fmt, format);
  same('answer body', hex(receipt.out.body), hex(sha256(answer.covered)));
  same('choices', hex(receipt.out.cho), format === 'raw' ? hex(receipt.out.body) : jcsDigest(answer.choices));
  const words = answer.tokens.map((ids) => { const raw = Buffer.alloc(ids.length * 4); ids.forEach((id, i) => raw.writeUInt32LE(id, i * 4)); return hex(sha256(raw)); });
  same('token ids', receipt.out.tok.map(hex).join(), words.join());
  same('number of choices', receipt.out.tok.length, answer.finish.length);
  checkCompletionTokens(receipt, request, answer.tokens.reduce((sum, ids) => sum + ids.length, 0));
  same('finish reasons', receipt.use.fin.join(), answer.finish.join());
  if (answer.id !== undefined) same('receipt id', receipt.id, answer.id);
  if (answer.charged !== undefined) same('charged', receipt.pay ? receipt.pay.chg.toString() : 'none', answer.charged);
  if (receipt.pay) {
    const cost = receipt.pay.pin * receipt.use.in + receipt.pay.pout * receipt.use.out;
    same('charged amount', receipt.pay.chg, cost < receipt.pay.cap ? cost : receipt.pay.cap);
  }
  return { receipt, choices: jcs(answer.choices), tokens: answer.tokens };
}
