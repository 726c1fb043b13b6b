"""Serves a GGUF model by OpenVINO GenAI's continuous batching, as POST /v1/chat/completions with streaming.

usage: python openvino_server.py MODEL.gguf PORT THREADS   prints "ready" once it answers
"""
import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openvino_genai as genai

MAX_BODY = 4 << 20


class Engine:
    """One thread steps the pipeline; requests come by a queue, and each gets its tokens by a queue of its own."""

    def __init__(self, model, threads):
        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = 2
        scheduler.max_num_seqs = 8
        scheduler.enable_prefix_caching = False
        self.pipeline = genai.ContinuousBatchingPipeline(model, scheduler, "CPU", {"INFERENCE_NUM_THREADS": threads})
        self.tokenizer = self.pipeline.get_tokenizer()
        self.words = {}
        self.arrivals = queue.Queue()
        threading.Thread(target=self.run, daemon=True).start()

    def submit(self, messages, max_tokens, ignore_eos):
        text = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True)
        ids = self.tokenizer.encode(text, add_special_tokens=False).input_ids
        config = genai.GenerationConfig()
        config.max_new_tokens = max_tokens
        config.do_sample = False
        config.ignore_eos = ignore_eos
        tokens = queue.Queue()
        self.arrivals.put((ids, config, tokens))
        return ids.shape[1], tokens

    def run(self):
        number, handles = 0, {}
        while True:
            while not self.arrivals.empty() or not handles:
                ids, config, tokens = self.arrivals.get()
                handles[number] = (self.pipeline.add_request(number, ids, config), tokens)
                number += 1
            self.pipeline.step()
            for key, (handle, tokens) in list(handles.items()):
                while handle.can_read():
                    for output in handle.read().values():
                        tokens.put(list(output.generated_ids))
                if handle.get_status() != genai.GenerationStatus.RUNNING and not handle.can_read():
                    tokens.put(None)
                    del handles[key]

    def text(self, ids):
        """Token by token, each decoded once: cheaper than any streamer of the library, and enough to be counted."""
        return "".join(self.words.get(token) or self.decode(token) for token in ids)

    def decode(self, token):
        try:
            self.words[token] = self.tokenizer.decode([token]) or "?"
        except UnicodeDecodeError:
            self.words[token] = "?"
        return self.words[token]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    engine = None

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if self.path != "/v1/chat/completions" or not 0 < length <= MAX_BODY:
            self.send_error(400)
            return
        body = json.loads(self.rfile.read(length))
        prompt, tokens = self.engine.submit(body["messages"], int(body["max_tokens"]), bool(body.get("ignore_eos", False)))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        count = 0
        while (ids := tokens.get()) is not None:
            count += len(ids)
            self.event({"choices": [{"index": 0, "delta": {"content": self.engine.text(ids)}}]})
        self.event({"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": count}})
        self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")

    def event(self, value):
        self.chunk(b"data: " + json.dumps(value).encode() + b"\n\n")

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Handler.engine = Engine(sys.argv[1], int(sys.argv[3]))
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    print("ready", flush=True)
    server.serve_forever()
