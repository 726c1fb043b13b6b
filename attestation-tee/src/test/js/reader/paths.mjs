// What a request's path asks for, as far as the rules of a receipt differ.

const TENSORS = /^\/v2\/models\/(.+)\/infer$/;

/** The member that holds the answer where no tokens are generated. */
const OUTPUTS = { '/v1/embeddings': 'data', '/v1/classify': 'data', '/v1/replay': 'data', '/v1/rerank': 'results' };

/** The members of a request that limit the tokens of a choice. */
const LIMITS = { '/v1/completions': ['max_tokens'], '/v1/responses': ['max_output_tokens'] };

export const limitsOf = (path) => LIMITS[path] ?? ['max_tokens', 'max_completion_tokens'];

/** How the choices of an answer are made: `completion`, `response` or `chat`. */
export const kindOf = (path) => ({ '/v1/completions': 'completion', '/v1/responses': 'response' })[path] ?? 'chat';

/** How many choices a request asks for, and of how many candidates they are the best. */
export function candidates(path, sent) {
  const kind = kindOf(path);
  if (kind === 'response') return { choices: 1, drawn: 1 };
  const n = sent.n ?? 1;
  if (kind === 'chat') return { choices: n, drawn: n };
  const { prompt } = sent;
  const prompts = Array.isArray(prompt) && (typeof prompt[0] === 'string' || Array.isArray(prompt[0])) ? prompt.length : 1;
  return { choices: prompts * n, drawn: prompts * Math.max(n, sent.best_of ?? 1) };
}

/** Undefined where tokens are generated, or tensors go in. */
export const outputMember = (path) => (Object.hasOwn(OUTPUTS, path) ? OUTPUTS[path] : undefined);

/** The model that a path of tensors names, or undefined at any other path. */
export function tensorModel(path) {
  const named = TENSORS.exec(path);
  return named ? decodeURIComponent(named[1].replace(/\/versions\/([^/]+)$/, '@$1')) : undefined;
}
