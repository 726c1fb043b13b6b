// secp256k1: points, signatures with a low s, and the addresses of keys.
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { hex, need } from './bytes.mjs';
import { keccak256 } from './keccak.mjs';

const P = 2n ** 256n - 2n ** 32n - 977n;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function power(base, exponent) {
  let result = 1n;
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

const points = new Map();

function decompress(publicKey) {
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

export function ecdsa(publicKey, message, signature, what) {
  need(signature.length === 64, `${what}: the signature is not 64 bytes`);
  const s = BigInt(`0x${hex(signature.subarray(32))}`);
  need(s > 0n && s <= N / 2n, `${what}: s is not in the lower half of the order`);
  const known = decompress(publicKey);
  const jwk = { kty: 'EC', crv: 'secp256k1', x: known.x.toString('base64url'), y: known.y.toString('base64url') };
  const key = (known.key ??= createPublicKey({ key: jwk, format: 'jwk' }));
  need(verifySignature('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature), `${what}: the signature does not fit`);
}

export const address = (publicKey) => {
  const known = decompress(publicKey);
  known.address ??= keccak256(Buffer.concat([known.x, known.y])).subarray(12);
  return known.address;
};
