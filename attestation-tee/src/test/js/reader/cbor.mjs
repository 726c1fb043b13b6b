// CBOR: deterministic encoding only (RFC 8949, 4.2.1).
import { hex, need, utf8 } from './bytes.mjs';

export class Tagged { constructor(number, item) { this.number = number; this.item = item; } }

class Decoder {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }

  take(n) {
    need(n <= this.bytes.length - this.at, 'CBOR cut short');
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  argument(info) {
    if (info < 24) return BigInt(info);
    need(info < 28, 'indefinite or reserved length');
    const width = 1 << (info - 24);
    const n = this.take(width).reduce((sum, b) => sum * 256n + BigInt(b), 0n);
    need(n >= (width === 1 ? 24n : 1n << BigInt(width * 4)), 'length or number not in its shortest form');
    return n;
  }

  item(depth) {
    need(depth <= 16, 'CBOR nested too deeply');
    const initial = this.take(1)[0];
    const [major, info] = [initial >> 5, initial & 31];
    if (major === 7) return this.simple(info);
    const n = this.argument(info);
    switch (major) {
      case 0: return n;
      case 1: return -1n - n;
      case 2: return this.string(n);
      case 3: return utf8(this.string(n));
      case 4: return this.array(n, depth);
      case 5: return this.map(n, depth);
      default: return this.tagged(n, depth);
    }
  }

  simple(info) {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    need(info >= 25 && info <= 27, 'unknown simple value');
    return { float: this.float(info) };
  }

  float(info) {
    const raw = Buffer.from(this.take(1 << (info - 24)));
    const n = info === 25 ? half(raw.readUInt16BE(0)) : info === 26 ? raw.readFloatBE(0) : raw.readDoubleBE(0);
    need(Number.isFinite(n), 'number not finite');
    if (info === 27) need(Math.fround(n) !== n, 'float not in its shortest form');
    if (info === 26) need(!isHalf(n), 'float not in its shortest form');
    return n;
  }

  string(n) {
    need(n <= this.bytes.length, 'string longer than the input');
    return this.take(Number(n));
  }

  array(n, depth) {
    need(n <= this.bytes.length, 'more items than bytes');
    return Array.from({ length: Number(n) }, () => this.item(depth + 1));
  }

  map(n, depth) {
    need(n <= this.bytes.length, 'more items than bytes');
    const map = new Map();
    let previous = null;
    for (let i = 0n; i < n; i++) {
      const start = this.at;
      const key = this.item(depth + 1);
      const encoded = this.bytes.subarray(start, this.at);
      need(previous === null || Buffer.compare(previous, encoded) < 0, 'map keys not sorted, or twice');
      need(typeof key === 'string' || typeof key === 'bigint', 'map key neither text nor integer');
      previous = encoded;
      map.set(key, this.item(depth + 1));
    }
    return map;
  }

  tagged(number, depth) {
    const inner = this.item(depth + 1);
    if (number !== 2n && number !== 3n) return new Tagged(number, inner);
    need(inner instanceof Uint8Array && inner.length > 8 && inner.length <= 64 && inner[0] !== 0, 'bignum not in its preferred form');
    const magnitude = BigInt(`0x${hex(inner)}`);
    return number === 2n ? magnitude : -1n - magnitude;
  }
}

export function decodeCbor(bytes) {
  const decoder = new Decoder(bytes);
  const item = decoder.item(0);
  need(decoder.at === bytes.length, 'trailing bytes after the CBOR item');
  return item;
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

export function head(major, n) {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  const out = Buffer.from([(major << 5) | 25, 0, 0]);
  if (n < 65536) { out.writeUInt16BE(n, 1); return out; }
  const long = Buffer.alloc(5, (major << 5) | 26);
  long.writeUInt32BE(n, 1);
  return long;
}

export const bstr = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);
