"""What llama.cpp makes of the demo model in 32-bit floats, and of texts with its tokenizer.

usage: python smollm2.py MODEL.gguf FOLDER   MODEL.gguf is the demo model's source (the node's cache keeps it); writes logits.json and tokens.json
"""

import ctypes
import json
import pathlib
import sys
import tempfile

import gguf
import llama_cpp
import numpy as np

from strings import MARKED, STRINGS

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
PROMPTS = ["How many legs has a spider?", "Name three colours of the rainbow.", "Translate to French: good morning"]
TEXTS = [
    "The harbour froze in 1963.", "x = [i**2 for i in range(10)]", "    indented\n\tand tabbed", "naïve café, Straße, Ångström", "1234567890 12 345",
    "don't we'll they've I'm", "line\r\nline\n\n\nline", "…—“quoted”—…", "日本語の文章です。", "эта строка", "👩‍🚀🚀", "a" * 70, " ", "\n", "CamelCaseAndsnake_case",
    "http://example.org/a?b=c&d=%20", "<|im_start|>user\nHi<|im_end|>\n", "١٢٣ ½ ²", "mixed\u00a0spaces\u2003here", "!!!???...",
]
GREEDY = 24


def floats(source, target):
    """Writes the model with every tensor as 32-bit floats."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type", "general.quantization_version"):
            continue
        kind = field.types[0]
        writer.add_key_value(name, field.contents(), kind, field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class Model:
    def __init__(self, path):
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(path.encode(), llama_cpp.llama_model_default_params())
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = options.n_batch = options.n_ubatch = 256
        options.n_threads = options.n_threads_batch = 2
        options.type_k = options.type_v = llama_cpp.GGML_TYPE_F32
        # Its fused attention computes in 16 bits what 32 are wanted of.
        options.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        self.context = llama_cpp.llama_init_from_model(self.model, options)
        self.vocabulary = llama_cpp.llama_model_get_vocab(self.model)

    def tokens(self, text):
        data = text.encode()
        ids = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(self.vocabulary, data, len(data), ids, len(ids), False, True)
        return list(ids[:count])

    def next_logits(self, ids):
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)
        batch = llama_cpp.llama_batch_init(len(ids), 0, 1)
        batch.n_tokens = len(ids)
        for i, token in enumerate(ids):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, i, 1, i == len(ids) - 1
            batch.seq_id[i][0] = 0
        if llama_cpp.llama_decode(self.context, batch) != 0:
            sys.exit("llama_decode failed")
        size = llama_cpp.llama_vocab_n_tokens(self.vocabulary)
        row = ctypes.cast(llama_cpp.llama_get_logits_ith(self.context, len(ids) - 1), ctypes.POINTER(ctypes.c_float * size))
        logits = np.frombuffer(row.contents, dtype=np.float32).copy()
        llama_cpp.llama_batch_free(batch)
        return logits

    def text(self, ids):
        out = b""
        for token in ids:
            buffer = ctypes.create_string_buffer(256)
            length = llama_cpp.llama_token_to_piece(self.vocabulary, token, buffer, 256, 0, False)
            out += buffer.raw[:length]
        return out.decode()


def case(model, prompt):
    rendered = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    ids = model.tokens(rendered)
    first = model.next_logits(ids)
    answer = []
    while len(answer) < GREEDY and (not answer or answer[-1] != 2):
        logits = model.next_logits(ids + answer)
        best = np.argsort(logits)[-2:]
        assert logits[best[1]] - logits[best[0]] > 0.01, "too near a tie to be a golden"
        answer.append(int(best[1]))
    top = [[int(token), round(float(first[token]), 4)] for token in np.argsort(first)[::-1][:8]]
    spoken = [token for token in answer if token != 2]
    return {"prompt": prompt, "rendered": rendered, "ids": ids, "top8_next_fp32": top, "greedy_fp32": answer, "text": model.text(spoken)}


def write(file, cases):
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases)
    file.write_text('{"cases": [\n' + lines + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        floating = str(pathlib.Path(temporary, "floats.gguf"))
        floats(sys.argv[1], floating)
        made = Model(floating)
        write(folder / "logits.json", [case(made, prompt) for prompt in PROMPTS])
        write(folder / "tokens.json", [{"text": text, "ids": made.tokens(text)} for text in [*STRINGS, *MARKED, *TEXTS]])
