"""Writes the logits OpenVINO's CPU plugin gives with its own defaults, float32, one row a token.

usage: python openvino_logits.py MODEL.gguf IDS.json OUT   IDS.json: a list of windows, each a list of token ids
The GGUF file is converted by OpenVINO GenAI itself, which leaves the converted model beside it.
"""
import json
import os
import sys

import numpy as np
import openvino as ov
import openvino_genai as genai

gguf, windows, out = sys.argv[1], json.load(open(sys.argv[2])), sys.argv[3]
converted = os.path.join(os.path.dirname(gguf), "openvino_model.xml")
if not os.path.exists(converted):
    scheduler = genai.SchedulerConfig()
    scheduler.cache_size = 1
    genai.ContinuousBatchingPipeline(gguf, scheduler, "CPU", {"enable_save_ov_model": True})
compiled = ov.Core().compile_model(converted, "CPU")
print({key: str(compiled.get_property(key)) for key in ("INFERENCE_PRECISION_HINT", "KV_CACHE_PRECISION")}, flush=True)
with open(out, "wb") as file:
    for window in windows:
        ids = np.array([window], dtype=np.int64)
        request = compiled.create_infer_request()
        request.infer({
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "position_ids": np.arange(len(window), dtype=np.int64)[None],
            "beam_idx": np.zeros(1, dtype=np.int32),
        })
        file.write(np.ascontiguousarray(request.get_tensor("logits").data[0], dtype=np.float32).tobytes())
