// The log: its key, its checkpoints, its entries and the proofs that they are in it.
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { fail, hex, need, sha256 } from './bytes.mjs';
import { jcs } from './json.mjs';

export function logKey(vkey) {
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
