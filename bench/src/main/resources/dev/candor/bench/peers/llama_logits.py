"""Writes llama.cpp's logits, float32, one row a token.

usage: LLAMA_CPP_LIB_PATH=... python llama_logits.py MODEL.gguf IDS.json OUT THREADS   IDS.json: a list of windows, each a list of token ids
"""
import ctypes
import json
import sys

import llama_cpp
import numpy as np

gguf, windows, out, threads = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3], int(sys.argv[4])
longest = max(len(window) for window in windows)
llama_cpp.llama_backend_init()
model = llama_cpp.llama_model_load_from_file(gguf.encode(), llama_cpp.llama_model_default_params())
options = llama_cpp.llama_context_default_params()
options.n_ctx = options.n_batch = options.n_ubatch = longest
options.n_threads = options.n_threads_batch = threads
context = llama_cpp.llama_init_from_model(model, options)
vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
batch = llama_cpp.llama_batch_init(longest, 0, 1)
with open(out, "wb") as file:
    for window in windows:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
        batch.n_tokens = len(window)
        for i, token in enumerate(window):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, i, 1, 1
            batch.seq_id[i][0] = 0
        if llama_cpp.llama_decode(context, batch) != 0:
            sys.exit("llama_decode failed")
        for i in range(len(window)):
            row = ctypes.cast(llama_cpp.llama_get_logits_ith(context, i), ctypes.POINTER(ctypes.c_float * vocabulary))
            file.write(np.frombuffer(row.contents, dtype=np.float32).tobytes())
