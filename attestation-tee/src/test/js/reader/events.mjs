// Server-sent events, as far as a node's streams have them.

/** The events of a stream that carry data, each with its type. */
export function* sseEvents(stream) {
  const blocks = stream.split(/\r\n\r\n|\n\n|\r\r/);
  for (const block of blocks.slice(0, -1)) {
    const lines = block.split(/\r\n|\n|\r/);
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
    const type = lines.filter((line) => line.startsWith('event:')).at(-1)?.slice(6).replace(/^ /, '');
    if (data.length > 0) yield { type: type || 'message', data: data.join('\n') };
  }
}
