// The request: its digests, and that the receipt gives what it asks for.
import { hex, need, sha256, utf8 } from './bytes.mjs';
import { jcs, jcsDigest, parseJson, withoutNulls } from './json.mjs';
import { candidates, limitsOf, outputMember, tensorModel } from './paths.mjs';
import { same } from './receipt.mjs';

const DEFAULTS = { '/v1/embeddings': { encoding_format: 'float' }, '/v1/rerank': { return_documents: false } };

const exact = (n) => (n >= -(2n ** 53n) + 1n && n <= 2n ** 53n - 1n ? Number(n) : n.toString());

function checkModel(receipt, asked) {
  const names = [receipt.mdl.name, receipt.mdl.name.replace(/@[^@]*$/, '')];
  need([...names, ...names.map((name) => name.replace(/^[^/]*\//, ''))].includes(asked), 'another model than the request names');
}

function checkNothingSampled(receipt) {
  const { t, tp, tk, mp, fp, pp, rp, seed, max, stop } = receipt.smp;
  same('sampling', [t, tp, mp, fp, pp, rp].map((v) => v.float).concat(tk, seed, max, stop).join(), '0,1,0,0,0,1,0,0,0');
}

function checkTensors(receipt, path, body) {
  const effective = { path, model: receipt.mdl.name, body: hex(sha256(body)), verification: receipt.mode };
  checkModel(receipt, tensorModel(path));
  checkNothingSampled(receipt);
  same('format', receipt.out.fmt, 'raw');
  return effective;
}

function checkData(receipt, path, sent) {
  same('verification', receipt.mode, sent.verification ?? 'tee');
  checkModel(receipt, sent.model);
  checkNothingSampled(receipt);
  same('format', receipt.out.fmt, 'json');
  return { ...DEFAULTS[path], ...withoutNulls(sent), model: receipt.mdl.name, verification: receipt.mode };
}

function checkSampling(path, smp, sent) {
  const said = {
    temperature: smp.t.float, top_p: smp.tp.float, min_p: smp.mp.float, frequency_penalty: smp.fp.float, presence_penalty: smp.pp.float,
    repetition_penalty: smp.rp.float, top_k: Number(smp.tk), seed: Number(smp.seed), stop: jcs(smp.stop),
  };
  // A seed beyond 2^53 comes rounded out of JSON.parse, so that both are compared as doubles.
  const asked = withoutNulls({ ...sent, top_k: sent.top_k === -1 ? 0 : sent.top_k, stop: sent.stop == null ? null : jcs([sent.stop].flat()) });
  for (const name of Object.keys(said)) if (asked[name] !== undefined) same(name, said[name], asked[name]);
  for (const name of limitsOf(path)) {
    if (name in asked) need(typeof asked[name] === 'number' && Number(smp.max) <= asked[name], `${name}: the receipt says ${smp.max}, asked for were ${asked[name]}`);
  }
}

function checkGeneration(receipt, path, sent) {
  checkModel(receipt, sent.model);
  checkSampling(path, receipt.smp, sent);
  same('verification', receipt.mode, sent.verification ?? 'tee');
  same('number of choices', receipt.out.tok.length, candidates(path, sent).choices);
  same('format', receipt.out.fmt, sent.stream ? 'sse' : 'json');
  const effective = { stream: false, min_tokens: 0, ignore_eos: false, ...withoutNulls(sent) };
  for (const name of limitsOf(path)) delete effective[name];
  const s = receipt.smp;
  return Object.assign(effective, {
    model: receipt.mdl.name, verification: receipt.mode, max_tokens: Number(s.max), temperature: s.t.float, top_p: s.tp.float, top_k: Number(s.tk), min_p: s.mp.float, frequency_penalty: s.fp.float,
    presence_penalty: s.pp.float, repetition_penalty: s.rp.float, seed: exact(s.seed), stop: s.stop,
  });
}

function effectiveRequest(receipt, path, body) {
  if (tensorModel(path) !== undefined) return checkTensors(receipt, path, body);
  const sent = parseJson(utf8(body));
  return outputMember(path) ? checkData(receipt, path, sent) : checkGeneration(receipt, path, sent);
}

/** @return the JCS of the effective request */
export function checkRequest(receipt, path, body, nonce) {
  same('path', receipt.req.path, path);
  same('request body', hex(receipt.req.body), hex(sha256(body)));
  const effective = effectiveRequest(receipt, path, body);
  same('effective request', hex(receipt.req.eff), jcsDigest(effective));
  same('client nonce', receipt.nonce ? hex(receipt.nonce) : 'none', nonce ?? 'none');
  return jcs(effective);
}
