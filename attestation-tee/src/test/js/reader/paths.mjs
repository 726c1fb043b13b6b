// What a request's path asks for, as far as the rules of a receipt differ.

const TENSORS = /^\/v2\/models\/(.+)\/infer$/;

/** The member that holds the answer where no tokens are generated. */
const OUTPUTS = { '/v1/embeddings': 'data', '/v1/classify': 'data', '/v1/replay': 'data', '/v1/rerank': 'results' };

/** Undefined where tokens are generated, or tensors go in. */
export const outputMember = (path) => (Object.hasOwn(OUTPUTS, path) ? OUTPUTS[path] : undefined);

/** The model that a path of tensors names, or undefined at any other path. */
export function tensorModel(path) {
  const named = TENSORS.exec(path);
  return named ? decodeURIComponent(named[1].replace(/\/versions\/([^/]+)$/, '@$1')) : undefined;
}
