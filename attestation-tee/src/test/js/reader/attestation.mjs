// The key statement and the Evidence that binds it.
import { base64url, hex, need, sha256, utf8 } from './bytes.mjs';
import { jcs, jcsDigest, parseJson } from './json.mjs';
import { logKey } from './log.mjs';
import { same } from './receipt.mjs';
import { ecdsa } from './secp256k1.mjs';

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
