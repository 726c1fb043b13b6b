// The answer: what the receipt's digests cover of its bytes, its tokens, its counts, its price.
import { base64url, hex, need, sha256, utf8 } from './bytes.mjs';
import { jcs, jcsDigest, parseJson, withoutNulls } from './json.mjs';
import { outputMember } from './paths.mjs';
import { parseReceipt, same } from './receipt.mjs';

function splitBody(bytes) {
  const answer = parseJson(utf8(bytes));
  const { candor } = answer;
  need(candor && typeof candor === 'object', 'the answer carries no receipt');
  delete answer.candor;
  const parts = attachment(candor);
  const output = outputMember(parseReceipt(parts.cose).req.path);
  if (output) {
    need(Array.isArray(answer[output]), `the answer has no array ${output}`);
    return { ...parts, covered: Buffer.from(jcs(answer)), choices: answer[output], bare: true };
  }
  const choices = answer.choices.map(({ index, finish_reason: finish, message }) => ({ index, finish_reason: finish ?? null, message: withoutNulls(message) }));
  return { ...parts, covered: Buffer.from(jcs(answer)), choices: choices.sort((a, b) => a.index - b.index) };
}

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
  const choices = assemble(utf8(covered));
  const event = /^event: candor\.receipt\ndata: (.*)\n\ndata: \[DONE\]\n\n$/.exec(tail);
  if (event) return { ...attachment(parseJson(event[1])), covered, choices };
  const comments = /^((?:: candor-tokens [\w-]*\n\n)*): candor-receipt ([\w-]+)\n\ndata: \[DONE\]\n\n$/.exec(tail);
  need(comments, 'the stream does not end with its receipt and [DONE]');
  const tokens = [...comments[1].matchAll(/: candor-tokens ([\w-]*)\n\n/g)].map(([, words]) => {
    const raw = base64url(words);
    need(raw.length % 4 === 0, 'token ids are not words of 4 bytes');
    return Array.from({ length: raw.length / 4 }, (_, i) => raw.readUInt32LE(i * 4));
  });
  return { cose: base64url(comments[2]), tokens, covered, choices };
}

function assemble(stream) {
  const choices = new Map();
  for (const block of stream.split(/\r\n\r\n|\n\n|\r\r/)) {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
    if (lines.length === 0 || /(^|[\r\n])event:/.test(block)) continue;
    const chunk = parseJson(lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n'));
    need(!('error' in chunk), 'the stream carries an error');
    for (const { index, delta, finish_reason: finish } of chunk.choices ?? []) {
      need(Number.isInteger(index) && index >= 0 && index < 128, 'a choice without an index');
      if (!choices.has(index)) choices.set(index, { index, finish_reason: null, message: {} });
      const choice = choices.get(index);
      if (typeof finish === 'string') choice.finish_reason = finish;
      for (const [name, value] of Object.entries(withoutNulls(delta))) {
        need(name !== 'tool_calls', 'tool calls are not among the vectors');
        const append = typeof value === 'string' && name !== 'role';
        choice.message[name] = append ? (choice.message[name] ?? '') + value : value;
      }
    }
  }
  return [...choices.values()].sort((a, b) => a.index - b.index);
}

/** Tensors may stand in bytes behind the JSON: the receipt comes in the header Candor-Receipt, and binds the body as it is. */
function bareBytes(response, cose) {
  return { cose, covered: response, choices: [], tokens: [], bare: true };
}

export function checkAnswer(response, format, cose) {
  const answer = format === 'raw' ? bareBytes(response, cose) : format === 'sse' ? splitStream(response) : splitBody(response);
  const receipt = parseReceipt(answer.cose);
  same('format', receipt.out.fmt, format);
  same('answer body', hex(receipt.out.body), hex(sha256(answer.covered)));
  same('choices', hex(receipt.out.cho), format === 'raw' ? hex(receipt.out.body) : jcsDigest(answer.choices));
  const words = answer.tokens.map((ids) => { const raw = Buffer.alloc(ids.length * 4); ids.forEach((id, i) => raw.writeUInt32LE(id, i * 4)); return hex(sha256(raw)); });
  same('token ids', receipt.out.tok.map(hex).join(), words.join());
  same('number of choices', receipt.out.tok.length, answer.bare ? 0 : answer.choices.length);
  same('completion tokens', receipt.use.out, BigInt(answer.tokens.reduce((sum, ids) => sum + ids.length, 0)));
  same('finish reasons', receipt.use.fin.join(), (answer.bare ? [] : answer.choices).map((choice) => choice.finish_reason ?? 'none').join());
  if (answer.id !== undefined) same('receipt id', receipt.id, answer.id);
  if (answer.charged !== undefined) same('charged', receipt.pay ? receipt.pay.chg.toString() : 'none', answer.charged);
  if (receipt.pay) {
    const cost = receipt.pay.pin * receipt.use.in + receipt.pay.pout * receipt.use.out;
    same('charged amount', receipt.pay.chg, cost < receipt.pay.cap ? cost : receipt.pay.cap);
  }
  return { receipt, choices: jcs(answer.choices), tokens: answer.tokens };
}
