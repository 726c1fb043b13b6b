// Serves an embedding model by Transformers.js, as POST /v1/embeddings: {"input": text or texts} -> {"data": [{"embedding": [...]}]}
// usage: node transformers-server.mjs MODELS_FOLDER MODEL PORT   prints "ready" once it answers
import { createServer } from 'node:http';
import { env, pipeline } from '@huggingface/transformers';

const [models, model, port] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = models;
const embed = await pipeline('feature-extraction', model, { dtype: 'fp32' });

const answer = async (body) => {
  const { input } = JSON.parse(body);
  const vectors = (await embed(input, { pooling: 'mean', normalize: true })).tolist();
  return JSON.stringify({ object: 'list', data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) });
};

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    try {
      const body = await answer(Buffer.concat(parts).toString());
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    }
  });
});
// Connections must outlive the pauses in which the other peers are measured.
server.keepAliveTimeout = 3_600_000;
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
