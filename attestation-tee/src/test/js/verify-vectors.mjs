// Verifies every exchange of receipt-vectors.json and refuses each with one bit changed. Usage: node verify-vectors.mjs FILE
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as reader from './receipt-reader.mjs';
import { limitsOf } from './reader/paths.mjs';

const vectors = reader.parseJson(readFileSync(process.argv[2], 'utf8'));
const expect = (holds, message) => { if (!holds) throw new Error(message); };
const hex = (bytes) => Buffer.from(bytes).toString('hex');
let verified = 0;
let refused = 0;

function mustRefuse(what, exchange) {
  try {
    reader.verifyExchange(exchange);
  } catch {
    refused++;
    return;
  }
  throw new Error(`accepted although changed: ${what}`);
}

function flipBit(bytes, bit) {
  const out = Buffer.from(bytes);
  out[bit >> 3] ^= 1 << (bit & 7);
  return out;
}

const clone = (value) => structuredClone(value);

/** Every bit of a byte string that a change is written back for, or every step-th. */
function flipAll(what, input, bytes, step, write) {
  for (let bit = 0; bit < bytes.length * 8; bit += step) {
    const changed = clone(input);
    write(changed, flipBit(bytes, bit));
    mustRefuse(`${what}, bit ${bit}`, changed);
  }
}

/** The payment's id beside a receipt is not signed: what it stands for, the payment, is. */
function hidePaymentId(response) {
  const at = response.indexOf('pay_1');
  return at < 0 ? [] : [at, at + 5];
}

function mustRefuseRequest(what, receipt, { path, body, nonce }) {
  try {
    reader.checkRequest(receipt, path, reader.base64url(body), nonce);
  } catch {
    refused++;
    return;
  }
  throw new Error(`accepted for the request although changed: ${what}`);
}

/** What an honest signature can be under and still not be what the request asked for. */
function refuseOtherBindings(receipt, request) {
  for (const fmt of ['sse', 'json', 'raw'].filter((each) => each !== receipt.out.fmt)) {
    mustRefuseRequest(`format ${fmt}`, { ...receipt, out: { ...receipt.out, fmt } }, request);
  }
  mustRefuseRequest('model', { ...receipt, mdl: { ...receipt.mdl, name: 'other/model@1' } }, request);
  if (receipt.out.tok.length > 0) refuseOtherWishes(receipt, request);
}

/** The effective request takes these from the receipt, so that its digest fits whatever was asked for. */
function refuseOtherWishes(receipt, request) {
  const wishes = {
    temperature: 0.3, top_p: 0.3, top_k: 7, min_p: 0.3, frequency_penalty: 0.3, presence_penalty: 0.3, repetition_penalty: 1.3, seed: 3, stop: 'x',
    n: 3, verification: 'none', model: 'other',
  };
  for (const limit of limitsOf(request.path)) wishes[limit] = 1;
  for (const [name, value] of Object.entries(wishes)) {
    const body = Buffer.from(JSON.stringify({ ...reader.parseJson(reader.base64url(request.body).toString()), [name]: value }));
    const rebound = { ...receipt, req: { ...receipt.req, body: createHash('sha256').update(body).digest() } };
    mustRefuseRequest(`${name} asked for`, rebound, { ...request, body: body.toString('base64url') });
  }
}

for (const exchange of vectors.receipts) {
  const input = { attestation: vectors.attestation, checkpoint: vectors.checkpoint, exchange };
  const result = reader.verifyExchange(input);
  const { receipt } = result;
  expect(reader.base64url(exchange.cose).equals(Buffer.from(receipt.cose)), 'the receipt in the answer is not the vector\'s');
  expect(hex(receipt.toBeSigned) === exchange.to_be_signed, 'to_be_signed differs');
  expect(result.effective === exchange.effective_request_jcs, 'effective_request_jcs differs');
  expect(result.choices === exchange.choices_jcs, 'choices_jcs differs');
  expect(JSON.stringify(result.tokens) === JSON.stringify(exchange.token_ids), 'token_ids differ');
  expect(receipt.id === exchange.view.id && hex(receipt.mdl.dig) === exchange.view.model.digest, 'the view differs');
  expect(hex(reader.receiptEntry(receipt.cose)) === exchange.log.entry, 'log entry differs');
  verified++;

  refuseOtherBindings(receipt, exchange.request);
  const cose = Buffer.from(receipt.cose);
  const publicKey = Buffer.from(vectors.attestation.key_statement.receipt_key, 'hex');
  for (let bit = 0; bit < cose.length * 8; bit += verified === 1 ? 3 : 17) {
    try {
      reader.checkSignature(reader.parseReceipt(flipBit(cose, bit)), publicKey);
    } catch {
      refused++;
      continue;
    }
    throw new Error(`accepted a receipt with bit ${bit} changed`);
  }
  const request = reader.base64url(exchange.request.body);
  flipAll('request', input, request, 13, (changed, bytes) => { changed.exchange.request.body = bytes.toString('base64url'); });
  const response = reader.base64url(exchange.response.body);
  const [from, to] = hidePaymentId(response);
  for (let at = 0; at < response.length; at += 3) {
    if (at >= from && at < to) continue;
    const changed = clone(input);
    changed.exchange.response.body = flipBit(response, at * 8).toString('base64url');
    mustRefuse(`response, byte ${at}`, changed);
  }
  const evidence = reader.base64url(vectors.attestation.evidence.data);
  flipAll('evidence', input, evidence, 29, (changed, bytes) => { changed.attestation.evidence.data = bytes.toString('base64url'); });
  for (const name of Object.keys(vectors.attestation.key_statement)) {
    const changed = clone(input);
    const value = String(changed.attestation.key_statement[name]);
    changed.attestation.key_statement[name] = value.slice(0, -1) + (value.endsWith('1') ? '2' : '1');
    mustRefuse(`key statement ${name}`, changed);
  }
  exchange.log.hashes.forEach((hash, i) => flipAll(`proof ${i}`, input, Buffer.from(hash, 'hex'), 37, (changed, bytes) => {
    changed.exchange.log.hashes[i] = hex(bytes);
  }));
  for (const change of [(log) => log.leaf_index++, (log) => log.log_size++, (log) => log.hashes.pop(), (log) => log.hashes.push(log.hashes[0])]) {
    const changed = clone(input);
    change(changed.exchange.log);
    mustRefuse('proof shape', changed);
  }
  flipAll('checkpoint', input, Buffer.from(vectors.checkpoint), 11, (changed, bytes) => { changed.checkpoint = bytes.toString('utf8'); });
  const swapped = clone(input);
  swapped.exchange.request.nonce = 'ffffffffffffffff';
  mustRefuse('nonce', swapped);
}

const attested = reader.checkAttestation(vectors.attestation);
expect(reader.jcs(vectors.attestation.key_statement) === vectors.key_statement_jcs, 'key_statement_jcs differs');
expect(attested.digest === vectors.evidence_digest, 'evidence_digest differs');
reader.checkInclusion(reader.statementEntry(attested.statement), vectors.key_statement_log, reader.openCheckpoint(vectors.checkpoint, attested.log));
const address = hex(reader.address(Buffer.from(vectors.keys.receipt_public, 'hex')));
expect(`0x${address}` === vectors.keys.receipt_address.toLowerCase(), 'receipt_address differs');
console.log(`verified ${verified} exchanges, refused ${refused} changes`);
