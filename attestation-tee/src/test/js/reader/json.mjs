// JSON: strict reading (no duplicate members, no lone surrogates), canonical writing (RFC 8785).
import { hex, need, sha256 } from './bytes.mjs';

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

export const jcsDigest = (value) => hex(sha256(jcs(value)));

export const withoutNulls = (object) => Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== null));
