// The output of /v1/responses: items, not choices.
import { need } from './bytes.mjs';
import { sseEvents } from './events.mjs';
import { parseJson } from './json.mjs';

function finishReason({ status, incomplete_details: details, output }) {
  if (status === 'completed') return output.some((item) => item?.type === 'function_call') ? 'tool_calls' : 'stop';
  need(status === 'incomplete' && details?.reason, `the response has not ended: ${status}`);
  return details.reason === 'max_output_tokens' ? 'length' : details.reason;
}

export function responseOutput(response) {
  need(Array.isArray(response?.output), 'the answer has no array output');
  return { choices: response.output, finish: [finishReason(response)] };
}

/** Where the text of a kind of delta stands in the output. */
const PLACES = {
  'response.output_text.delta': (output, e) => output[e.output_index]?.content?.[e.content_index]?.text,
  'response.reasoning_text.delta': (output, e) => output[e.output_index]?.content?.[e.content_index]?.text,
  'response.refusal.delta': (output, e) => output[e.output_index]?.content?.[e.content_index]?.refusal,
  'response.reasoning_summary_text.delta': (output, e) => output[e.output_index]?.summary?.[e.summary_index]?.text,
  'response.function_call_arguments.delta': (output, e) => output[e.output_index]?.arguments,
};

/** The last event has the output; what came piece by piece before it must be the same. */
export function streamedResponse(stream) {
  const deltas = new Map();
  let last;
  for (const { data } of sseEvents(stream)) {
    const event = parseJson(data);
    need(!('error' in event) && event.type !== 'error' && event.type !== 'response.failed', 'the stream carries an error');
    need(last === undefined, 'the stream goes on after the end of its response');
    if (event.type === 'response.completed' || event.type === 'response.incomplete') last = event.response;
    else if (Object.hasOwn(PLACES, event.type) && typeof event.delta === 'string') {
      const key = [event.type, event.output_index, event.content_index, event.summary_index].join();
      const made = deltas.get(key) ?? { event, text: '' };
      made.text += event.delta;
      deltas.set(key, made);
    }
  }
  const whole = responseOutput(last);
  for (const { event, text } of deltas.values()) need(PLACES[event.type](whole.choices, event) === text, 'the deltas of the stream are not its output');
  return whole;
}
