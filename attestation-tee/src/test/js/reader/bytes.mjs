// Bytes and the spellings they come in, and the two ways to refuse.
import { createHash } from 'node:crypto';

export const fail = (message) => { throw new Error(message); };
export const need = (holds, message) => { if (!holds) fail(message); };
export const sha256 = (...parts) => { const h = createHash('sha256'); parts.forEach((p) => h.update(p)); return h.digest(); };
export const hex = (bytes) => Buffer.from(bytes).toString('hex');
export const utf8 = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

export function base64url(text) {
  const bytes = Buffer.from(text, 'base64url');
  need(bytes.toString('base64url') === text, 'not base64url in its one form');
  return bytes;
}
