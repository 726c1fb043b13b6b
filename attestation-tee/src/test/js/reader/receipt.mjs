// The receipt itself: its COSE message, its payload's members and their types, its signature.
import { hex, need } from './bytes.mjs';
import { bstr, decodeCbor, head, Tagged } from './cbor.mjs';
import { address, ecdsa } from './secp256k1.mjs';

export const same = (what, said, found) => need(said === found, `${what}: the receipt says ${said}, found ${found}`);

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
