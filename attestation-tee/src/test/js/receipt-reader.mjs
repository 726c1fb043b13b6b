// A second reader of Candor receipts, written from docs/receipt.md with Node's standard modules alone. It shares no code with the Java one.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';

const fail = (message) => { throw new Error(message); };
const need = (holds, message) => { if (!holds) fail(message); };
const sha256 = (...parts) => { const h = createHash('sha256'); parts.forEach((p) => h.update(p)); return h.digest(); };
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const utf8 = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const same = (what, said, found) => need(said === found, `${what}: the receipt says ${said}, found ${found}`);

export function base64url(text) {
  const bytes = Buffer.from(text, 'base64url');
  need(bytes.toString('base64url') === text, 'not base64url in its one form');
  return bytes;
}

// ---- JSON: strict reading (no duplicate members, no lone surrogates), canonical writing (RFC 8785)

export function parseJson(text) {
  JSON.parse(text); // the grammar itself
  let at = 0;
  const space = () => { while (' \t\n\r'.includes(text[at]) && at < text.length) at++; };
  const string = () => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(start, ++at));
  };
  const value = (depth) => {
    need(depth <= 64, 'JSON nested too deeply');
    space();
    if (text[at] === '{') {
      const names = new Set();
      at++;
      for (space(); text[at] !== '}'; space()) {
        const name = string();
        need(!names.has(name), `duplicate member ${name}`);
        names.add(name);
        space();
        at++; // colon
        value(depth + 1);
        space();
        if (text[at] === ',') { at++; space(); }
      }
      at++;
    } else if (text[at] === '[') {
      at++;
      for (space(); text[at] !== ']'; space()) {
        value(depth + 1);
        space();
        if (text[at] === ',') at++;
      }
      at++;
    } else if (text[at] === '"') {
      string();
    } else {
      while (at < text.length && !' \t\n\r,]}'.includes(text[at])) at++;
    }
  };
  value(0);
  return JSON.parse(text);
}

export function jcs(value) {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((name) => `${jcs(name)}:${jcs(value[name])}`).join(',')}}`;
  }
  if (typeof value === 'string') need(value.isWellFormed(), 'lone surrogate');
  if (typeof value === 'number') need(Number.isFinite(value), 'number beyond a double');
  return JSON.stringify(value);
}

const jcsDigest = (value) => hex(sha256(jcs(value)));

// ---- CBOR: deterministic encoding only (RFC 8949, 4.2.1)

class Tagged { constructor(number, item) { this.number = number; this.item = item; } }

export function decodeCbor(bytes) {
  let at = 0;
  const take = (n) => { need(n <= bytes.length - at, 'CBOR cut short'); at += n; return bytes.subarray(at - n, at); };
  const unsigned = (n) => take(n).reduce((sum, b) => sum * 256n + BigInt(b), 0n);
  const argument = (info) => {
    if (info < 24) return BigInt(info);
    need(info < 28, 'indefinite or reserved length');
    const width = 1 << (info - 24);
    const n = unsigned(width);
    need(n >= (width === 1 ? 24n : 1n << BigInt(width * 4)), 'length or number not in its shortest form');
    return n;
  };
  const float = (info) => {
    const raw = Buffer.from(take(1 << (info - 24)));
    const n = info === 25 ? half(raw.readUInt16BE(0)) : info === 26 ? raw.readFloatBE(0) : raw.readDoubleBE(0);
    need(Number.isFinite(n), 'number not finite');
    if (info === 27) need(Math.fround(n) !== n, 'float not in its shortest form');
    if (info === 26) need(!isHalf(n), 'float not in its shortest form');
    return n;
  };
  const item = (depth) => {
    need(depth <= 16, 'CBOR nested too deeply');
    const initial = take(1)[0];
    const info = initial & 31;
    const major = initial >> 5;
    if (major === 7) {
      if (info === 20 || info === 21) return info === 21;
      if (info === 22) return null;
      need(info >= 25 && info <= 27, 'unknown simple value');
      return { float: float(info) };
    }
    const n = argument(info);
    if (major === 0) return n;
    if (major === 1) return -1n - n;
    if (major === 2 || major === 3) {
      need(n <= bytes.length, 'string longer than the input');
      const content = take(Number(n));
      return major === 2 ? content : utf8(content);
    }
    if (major === 6) {
      const inner = item(depth + 1);
      if (n !== 2n && n !== 3n) return new Tagged(n, inner);
      need(inner instanceof Uint8Array && inner.length > 8 && inner.length <= 64 && inner[0] !== 0, 'bignum not in its preferred form');
      const magnitude = BigInt(`0x${hex(inner)}`);
      return n === 2n ? magnitude : -1n - magnitude;
    }
    need(n <= bytes.length, 'more items than bytes');
    if (major === 4) return Array.from({ length: Number(n) }, () => item(depth + 1));
    const map = new Map();
    let previous = null;
    for (let i = 0n; i < n; i++) {
      const start = at;
      const key = item(depth + 1);
      const encoded = bytes.subarray(start, at);
      need(previous === null || Buffer.compare(previous, encoded) < 0, 'map keys not sorted, or twice');
      need(typeof key === 'string' || typeof key === 'bigint', 'map key neither text nor integer');
      previous = encoded;
      map.set(key, item(depth + 1));
    }
    return map;
  };
  const result = item(0);
  need(at === bytes.length, 'trailing bytes after the CBOR item');
  return result;
}

function half(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}

function isHalf(n) {
  for (const size = Math.abs(n); ;) {
    if (size === 0) return true;
    if (size > 65504) return false;
    const step = size < 2 ** -14 ? 2 ** -24 : 2 ** (Math.floor(Math.log2(size)) - 10);
    return Number.isInteger(size / step);
  }
}

function head(major, n) {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  const out = Buffer.from([(major << 5) | 25, 0, 0]);
  if (n < 65536) { out.writeUInt16BE(n, 1); return out; }
  const long = Buffer.alloc(5, (major << 5) | 26);
  long.writeUInt32BE(n, 1);
  return long;
}

const bstr = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);

// ---- secp256k1 and Keccak-256

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function power(base, exponent) {
  let result = 1n;
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

const points = new Map();

export function decompress(publicKey) {
  const name = hex(publicKey);
  if (!points.has(name)) points.set(name, point(publicKey));
  return points.get(name);
}

function point(publicKey) {
  need(publicKey.length === 33 && (publicKey[0] === 2 || publicKey[0] === 3), 'not a compressed public key');
  const x = BigInt(`0x${hex(publicKey.subarray(1))}`);
  const square = (power(x, 3n) + 7n) % P;
  let y = power(square, (P + 1n) / 4n);
  need(x < P && (y * y) % P === square, 'not a point of secp256k1');
  if ((y & 1n) !== BigInt(publicKey[0] & 1)) y = P - y;
  return { x: Buffer.from(publicKey.subarray(1)), y: Buffer.from(y.toString(16).padStart(64, '0'), 'hex') };
}

function ecdsa(publicKey, message, signature, what) {
  need(signature.length === 64, `${what}: the signature is not 64 bytes`);
  const s = BigInt(`0x${hex(signature.subarray(32))}`);
  need(s > 0n && s <= N / 2n, `${what}: s is not in the lower half of the order`);
  const known = decompress(publicKey);
  const jwk = { kty: 'EC', crv: 'secp256k1', x: known.x.toString('base64url'), y: known.y.toString('base64url') };
  const key = (known.key ??= createPublicKey({ key: jwk, format: 'jwk' }));
  need(verifySignature('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature), `${what}: the signature does not fit`);
}

export function keccak256(input) {
  const mask = (1n << 64n) - 1n;
  const rotate = (n, by) => (by === 0n ? n : ((n << by) | (n >> (64n - by))) & mask);
  const state = Array(25).fill(0n);
  const padded = Buffer.alloc(Math.floor(input.length / 136 + 1) * 136);
  padded.set(input);
  padded[input.length] ^= 1;
  padded[padded.length - 1] ^= 0x80;
  for (let block = 0; block < padded.length; block += 136) {
    for (let i = 0; i < 17; i++) state[i] ^= padded.readBigUInt64LE(block + i * 8);
    let lfsr = 1;
    for (let round = 0; round < 24; round++) {
      const c = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
      for (let i = 0; i < 25; i++) state[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1n);
      let [x, y, last] = [1, 0, state[1]];
      for (let t = 0; t < 24; t++) {
        [x, y] = [y, (2 * x + 3 * y) % 5];
        const moved = state[x + 5 * y];
        state[x + 5 * y] = rotate(last, BigInt((((t + 1) * (t + 2)) / 2) % 64));
        last = moved;
      }
      for (let row = 0; row < 25; row += 5) {
        const r = state.slice(row, row + 5);
        for (let i = 0; i < 5; i++) state[row + i] = r[i] ^ (~r[(i + 1) % 5] & mask & r[(i + 2) % 5]);
      }
      for (let j = 0; j < 7; j++) {
        if (lfsr & 1) state[0] ^= 1n << ((1n << BigInt(j)) - 1n);
        lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0);
      }
    }
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(state[i], i * 8);
  return out;
}

export const address = (publicKey) => {
  const known = decompress(publicKey);
  known.address ??= keccak256(Buffer.concat([known.x, known.y])).subarray(12);
  return known.address;
};

// ---- the receipt

const digest = (v) => v instanceof Uint8Array && v.length === 32;
const account = (v) => v instanceof Uint8Array && v.length === 20;
const text = (v) => typeof v === 'string' && v.length <= 256;
const stop = (v) => typeof v === 'string' && v.length <= 4096;
const count = (v) => typeof v === 'bigint' && v >= 0n && v < 2n ** 31n;
const seed = (v) => typeof v === 'bigint' && v >= -(2n ** 63n) && v < 2n ** 63n;
const amount = (v) => typeof v === 'bigint' && v >= 0n && v < 2n ** 256n;
const real = (v) => typeof v?.float === 'number' && !Object.is(v.float, -0);
const listOf = (one) => (v) => Array.isArray(v) && v.length <= 256 && v.every(one);

const PAYLOAD = {
  v: (v) => v === 1n,
  mode: (v) => ['tee', 'none', 'replay'].includes(v),
  req: { path: text, body: digest, eff: digest },
  mdl: { name: text, dig: digest },
  run: { node: text, bld: digest, ort: text, ep: text, form: text, cls: text },
  smp: { t: real, tp: real, tk: count, mp: real, fp: real, pp: real, rp: real, seed, max: count, stop: listOf(stop) },
  out: { tok: listOf(digest), cho: digest, body: digest, fmt: (v) => v === 'sse' || v === 'json' || v === 'raw' },
  use: { in: count, hit: count, out: count, fin: listOf(text) },
  pay: { sch: text, net: text, ast: account, from: account, to: account, cap: amount, chg: amount, nce: amount, pin: amount, pout: amount },
  evd: { kind: text, cpu: digest, pol: digest, 'gpu?': digest },
  'nonce?': (v) => v instanceof Uint8Array && v.length >= 8 && v.length <= 64,
};

function closed(map, shape, path) {
  need(map instanceof Map, `${path} is not a map`);
  const out = {};
  for (const [name, check] of Object.entries(shape)) {
    const key = name.replace('?', '');
    const value = map.get(key);
    if (value === undefined) { need(name.endsWith('?'), `${path}.${key} is missing`); continue; }
    if (typeof check === 'function') {
      need(check(value), `${path}.${key} is not of its type`);
      out[key] = value;
    } else {
      out[key] = key === 'pay' && value === 'none' ? null : closed(value, check, `${path}.${key}`);
    }
  }
  for (const key of map.keys()) need(typeof key === 'string' && (key in shape || `${key}?` in shape), `${path}.${String(key)} is unknown`);
  return out;
}

export function parseReceipt(cose) {
  need(cose.length <= 65536, 'receipt too long');
  const message = decodeCbor(cose);
  need(message instanceof Tagged && message.number === 18n && Array.isArray(message.item) && message.item.length === 4, 'not a tagged COSE_Sign1');
  const [header, open, payload, signature] = message.item;
  need([header, payload, signature].every((part) => part instanceof Uint8Array) && open instanceof Map && open.size === 0, 'not a receipt\'s COSE_Sign1');
  const map = decodeCbor(header);
  need(map instanceof Map && map.size === 4, 'the protected header has not its four members');
  need(map.get(1n) === -47n && map.get(3n) === 'application/vnd.candor.receipt+cbor' && account(map.get(4n)), 'wrong algorithm, content type or kid');
  const claims = map.get(15n);
  need(claims instanceof Map && claims.size === 3 && text(claims.get(1n)), 'no CWT claims');
  need(claims.get(6n) >= 0n && claims.get(6n) < 2n ** 41n && claims.get(7n)?.length === 16, 'wrong CWT claims');
  const toBeSigned = Buffer.concat([head(4, 4), head(3, 10), Buffer.from('Signature1'), bstr(header), bstr(Buffer.alloc(0)), bstr(payload)]);
  const fields = closed(decodeCbor(payload), PAYLOAD, 'payload');
  return { ...fields, id: `rcpt_${hex(claims.get(7n))}`, issuer: claims.get(1n), issuedAt: Number(claims.get(6n)), kid: map.get(4n), toBeSigned, signature, cose };
}

export function checkSignature(receipt, publicKey) {
  same('signer', hex(receipt.kid), hex(address(publicKey)));
  ecdsa(publicKey, receipt.toBeSigned, receipt.signature, `receipt ${receipt.id}`);
}

// ---- request and answer

const exact = (n) => (n >= -(2n ** 53n) + 1n && n <= 2n ** 53n - 1n ? Number(n) : n.toString());

/** The member that holds the answer where no tokens are generated. */
const OUTPUTS = { '/v1/embeddings': 'data', '/v1/classify': 'data', '/v1/replay': 'data', '/v1/rerank': 'results' };
const DEFAULTS = { '/v1/embeddings': { encoding_format: 'float' }, '/v1/rerank': { return_documents: false } };

const TENSORS = /^\/v2\/models\/(.+)\/infer$/;

function checkModelAndSampling(receipt, asked) {
  const names = [receipt.mdl.name, receipt.mdl.name.replace(/@[^@]*$/, '')];
  need([...names, ...names.map((name) => name.replace(/^[^/]*\//, ''))].includes(asked), 'another model than the request names');
  const { t, tp, tk, mp, fp, pp, rp, seed: drawn, max, stop: stops } = receipt.smp;
  same('sampling', [t, tp, mp, fp, pp, rp].map((v) => v.float).concat(tk, drawn, max, stops).join(), '0,1,0,0,0,1,0,0,0');
}

function checkTensorRequest(receipt, path, body) {
  const effective = { path, model: receipt.mdl.name, body: hex(sha256(body)), verification: receipt.mode };
  same('effective request', hex(receipt.req.eff), jcsDigest(effective));
  checkModelAndSampling(receipt, decodeURIComponent(TENSORS.exec(path)[1].replace(/\/versions\/([^/]+)$/, '@$1')));
  return jcs(effective);
}

function checkDataRequest(receipt, path, body) {
  const sent = parseJson(utf8(body));
  const effective = { ...DEFAULTS[path], ...withoutNulls(sent), model: receipt.mdl.name, verification: receipt.mode };
  same('effective request', hex(receipt.req.eff), jcsDigest(effective));
  same('verification', receipt.mode, sent.verification ?? 'tee');
  checkModelAndSampling(receipt, sent.model);
  return jcs(effective);
}

export function checkRequest(receipt, path, body, nonce) {
  same('path', receipt.req.path, path);
  same('request body', hex(receipt.req.body), hex(sha256(body)));
  if (path in OUTPUTS || TENSORS.test(path)) {
    same('client nonce', receipt.nonce ? hex(receipt.nonce) : 'none', nonce ?? 'none');
    return path in OUTPUTS ? checkDataRequest(receipt, path, body) : checkTensorRequest(receipt, path, body);
  }
  const sent = parseJson(utf8(body));
  const effective = { model: receipt.mdl.name };
  for (const name of ['messages', 'tools', 'tool_choice', 'response_format', 'chat_template_kwargs']) if (sent[name] != null) effective[name] = sent[name];
  const s = receipt.smp;
  Object.assign(effective, {
    max_tokens: Number(s.max), temperature: s.t.float, top_p: s.tp.float, top_k: Number(s.tk), min_p: s.mp.float, frequency_penalty: s.fp.float,
    presence_penalty: s.pp.float, repetition_penalty: s.rp.float, seed: exact(s.seed), stop: s.stop, stream: sent.stream ?? false,
    verification: receipt.mode, min_tokens: sent.min_tokens ?? 0, ignore_eos: sent.ignore_eos ?? false,
  });
  same('effective request', hex(receipt.req.eff), jcsDigest(effective));
  same('client nonce', receipt.nonce ? hex(receipt.nonce) : 'none', nonce ?? 'none');
  return jcs(effective);
}

function splitBody(bytes) {
  const answer = parseJson(utf8(bytes));
  const { candor } = answer;
  need(candor && typeof candor === 'object', 'the answer carries no receipt');
  delete answer.candor;
  const parts = attachment(candor);
  const output = OUTPUTS[parseReceipt(parts.cose).req.path];
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

const withoutNulls = (object) => Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== null));

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

// ---- key statement and evidence

const NOTE = 'Software evidence proves nothing about the machine: only that the node holds the receipt key. Anybody can make it anywhere.';
const STATEMENT = ['node_id', 'purpose', 'receipt_key', 'log_origin', 'log_key', 'nonce'];
const STATEMENT_OPTIONAL = ['operator', 'chain_id', 'anchor', 'tls_key'];

function members(object, required, optional, what) {
  need(object && typeof object === 'object', `${what} is not an object`);
  for (const name of required) need(name in object, `${what} has no ${name}`);
  for (const name of Object.keys(object)) need(required.includes(name) || optional.includes(name), `${what}.${name} is unknown`);
}

export function checkAttestation(attestation) {
  members(attestation, ['key_statement', 'evidence', 'note'], [], 'attestation');
  const { key_statement: statement, evidence: envelope, note } = attestation;
  members(statement, STATEMENT, STATEMENT_OPTIONAL, 'key statement');
  members(envelope, ['kind', 'data'], [], 'evidence');
  need(statement.purpose === 'candor receipt key v1' && envelope.kind === 'software' && note === NOTE, 'wrong purpose, kind or note');
  const data = base64url(envelope.data);
  const evidence = parseJson(utf8(data));
  need(Buffer.from(jcs(evidence)).equals(data), 'the evidence is not canonical');
  members(evidence, ['type', 'kind', 'key_statement', 'note', 'platform', 'signature'], [], 'evidence');
  need(evidence.type === 'candor software evidence v1' && evidence.kind === 'software' && evidence.note === NOTE, 'wrong evidence');
  need(evidence.key_statement === jcsDigest(statement), 'the evidence binds another key statement');
  const { signature, ...unsigned } = evidence;
  ecdsa(Buffer.from(statement.receipt_key, 'hex'), Buffer.from(jcs(unsigned)), base64url(signature), 'evidence');
  const log = logKey(statement.log_key);
  need(statement.node_id === `candor-${hex(sha256(log.raw)).slice(0, 16)}`, 'the node id is not drawn from the log key');
  need(statement.log_origin === `candor.node/${statement.node_id}` && log.name === statement.log_origin, 'the log origin is not drawn from the node id');
  return { statement, digest: hex(sha256(data)), log };
}

export function checkBinding(receipt, attested) {
  same('issuer', receipt.issuer, attested.statement.node_id);
  same('evidence', `${receipt.evd.kind} ${hex(receipt.evd.cpu)}`, `software ${attested.digest}`);
}

// ---- the log

function logKey(vkey) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? fail('not a verifier key');
  const typed = Buffer.from(encoded, 'base64');
  need(typed.length === 33 && typed[0] === 1 && typed.toString('base64') === encoded, 'not an Ed25519 verifier key');
  need(hex(sha256(`${name}\n`, typed)).slice(0, 8) === id, 'the verifier key\'s id is wrong');
  return { name, id, raw: typed.subarray(1) };
}

export function openCheckpoint(note, log) {
  const split = note.lastIndexOf('\n\n');
  const body = note.slice(0, split + 1);
  const line = note.slice(split + 2).split('\n').find((each) => each.startsWith(`\u2014 ${log.name} `)) ?? fail('the log did not sign the checkpoint');
  const raw = Buffer.from(line.split(' ')[2], 'base64');
  need(raw.toString('base64') === line.split(' ')[2] && raw.length === 68 && hex(raw.subarray(0, 4)) === log.id, 'the checkpoint is signed by another key');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: log.raw.toString('base64url') }, format: 'jwk' });
  need(verifySignature(null, Buffer.from(body), key, raw.subarray(4)), 'the checkpoint\'s signature does not fit');
  const [origin, size, root] = body.split('\n');
  need(origin === log.name && /^(0|[1-9]\d*)$/.test(size), 'not a checkpoint of this log');
  return { size: BigInt(size), root: Buffer.from(root, 'base64') };
}

/** RFC 9162, 2.1.3.2. */
export function checkInclusion(entry, proof, checkpoint) {
  need(BigInt(proof.log_size) === checkpoint.size, 'the proof is for another size');
  let [node, last] = [BigInt(proof.leaf_index), checkpoint.size - 1n];
  need(node >= 0n && node <= last, 'the index is beyond the log');
  let hash = sha256(Buffer.from([0]), entry);
  for (const step of proof.hashes.map((each) => Buffer.from(each, 'hex'))) {
    need(last > 0n, 'the proof is too long');
    if ((node & 1n) === 1n || node === last) {
      hash = sha256(Buffer.from([1]), step, hash);
      while ((node & 1n) === 0n && node !== 0n) { node >>= 1n; last >>= 1n; }
    } else {
      hash = sha256(Buffer.from([1]), hash, step);
    }
    node >>= 1n;
    last >>= 1n;
  }
  need(last === 0n, 'the proof is too short');
  need(hash.equals(checkpoint.root), `the proof leads to ${hex(hash)}, the checkpoint has ${hex(checkpoint.root)}`);
}

export const receiptEntry = (cose) => Buffer.concat([Buffer.from([1]), sha256(cose)]);
export const statementEntry = (statement) => Buffer.concat([Buffer.from([2]), sha256(jcs(statement))]);

/** All of it, for one exchange of the vectors' form. */
export function verifyExchange({ attestation, checkpoint, exchange }) {
  const attested = checkAttestation(attestation);
  const answer = checkAnswer(base64url(exchange.response.body), exchange.response.format, base64url(exchange.cose));
  const { receipt } = answer;
  checkSignature(receipt, Buffer.from(attested.statement.receipt_key, 'hex'));
  checkBinding(receipt, attested);
  const effective = checkRequest(receipt, exchange.request.path, base64url(exchange.request.body), exchange.request.nonce);
  checkInclusion(receiptEntry(receipt.cose), exchange.log, openCheckpoint(checkpoint, attested.log));
  return { receipt, effective, choices: answer.choices, tokens: answer.tokens, attested };
}
