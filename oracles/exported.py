"""Makes the exported decoders: python exported.py FOLDER TOKENIZER_FOLDER [CASE …].

FOLDER/<case>/ gets a tiny decoder with random weights as an exporter writes it (model.onnx beside the configuration and tokenizer of a Hugging Face
folder), the logits of every position of a prompt by transformers (logits.f32, little-endian [positions, vocabulary]), and golden.json: the prompt and the
greedy answer. Cases: llama and llama16 (Optimum, with position_ids, 32 and 16 bit), bloom (Optimum, without), merged (with use_cache_branch, as
Optimum's merged decoders have it), groupquery (ONNX Runtime GenAI's builder: GroupQueryAttention behind an attention_mask).
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from onnx import TensorProto, helper
from onnxruntime_genai.models.builder import create_model
from optimum.exporters.onnx import main_export

SEED = 20261121
VOCABULARY = 416
PROMPT = 12
ANSWER = 8
SPECIALS = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)


def llama(heads=4):
    return transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=heads, num_key_value_heads=heads // 2,
        max_position_embeddings=96, tie_word_embeddings=True, **SPECIALS)


def bloom():
    return transformers.BloomConfig(vocab_size=VOCABULARY, hidden_size=32, n_layer=2, n_head=4, **SPECIALS)


def random_model(config):
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            norm = "norm" in name or "ln_" in name
            parameter.copy_(1 + 0.2 * noise if norm and name.endswith("weight") else 0.1 * noise if name.endswith("bias")
                            else 0.4 * noise if "embed" in name else 1.2 * noise / parameter.shape[-1] ** 0.5)
            parameter.copy_(parameter.half().float())
    return model


def merge(folder):
    """Puts the choice of a merged decoder in front: without the cache branch the past is not read, whatever it holds."""
    path = folder / "model.onnx"
    model = onnx.load(path)
    graph = model.graph
    nodes = [helper.make_node("Constant", [], ["branch.zero"], value=helper.make_tensor("", TensorProto.INT64, [1], [0])),
             helper.make_node("Constant", [], ["branch.axis"], value=helper.make_tensor("", TensorProto.INT64, [1], [2]))]
    for value in [value for value in graph.input if value.name.startswith("past_key_values.")]:
        name = value.name
        for node in graph.node:
            for i, read in enumerate(node.input):
                if read == name:
                    node.input[i] = name + ".read"
        kept = helper.make_graph([helper.make_node("Identity", [name], [name + ".kept"])], "kept", [], [helper.make_empty_tensor_value_info(name + ".kept")])
        none = helper.make_graph([helper.make_node("Slice", [name, "branch.zero", "branch.zero", "branch.axis"], [name + ".none"])], "none", [],
                                 [helper.make_empty_tensor_value_info(name + ".none")])
        nodes.append(helper.make_node("If", ["use_cache_branch"], [name + ".read"], then_branch=kept, else_branch=none))
    old = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + old)
    graph.input.append(helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1]))
    onnx.save(model, path)


def strip(path):
    """Takes away what exporters tell of the machine they ran on."""
    model = onnx.load(path, load_external_data=False)
    for part in [model, model.graph, *model.graph.node]:
        part.doc_string = ""
        del part.metadata_props[:]
    del model.graph.value_info[:]
    onnx.save(model, path)


def optimum(source, target, dtype=None):
    main_export(str(source), output=str(target), task="text-generation-with-past", do_validation=False, **({"dtype": dtype} if dtype else {}))


def genai(source, target):
    with tempfile.TemporaryDirectory() as cache:
        create_model("", str(source), str(target), "fp32", "cpu", cache)
    (target / "genai_config.json").unlink()


CASES = {
    "llama": (llama, lambda source, target: optimum(source, target)),
    "llama16": (llama, lambda source, target: optimum(source, target, "fp16")),
    "bloom": (bloom, lambda source, target: optimum(source, target)),
    "merged": (llama, lambda source, target: (optimum(source, target), merge(target))),
    # The operator takes heads of multiples of 16 only.
    "groupquery": (lambda: llama(2), lambda source, target: genai(source, target)),
}


def greedy(model, ids):
    answer = []
    with torch.no_grad():
        for _ in range(ANSWER):
            answer.append(int(model(input_ids=torch.tensor([ids + answer]), use_cache=False).logits[0, -1].argmax()))
    return answer


def make(name, target, tokenizer):
    config, export = CASES[name]
    model = random_model(config())
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        model.save_pretrained(source)
        for file in ["tokenizer.json", "tokenizer_config.json"]:
            shutil.copy(tokenizer / file, source / file)
        export(source, target)
        strip(target / "model.onnx")
        for file in ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"]:
            shutil.copy(source / file, target / file)
    for file in ["special_tokens_map.json", "chat_template.jinja"]:
        (target / file).unlink(missing_ok=True)
    prompt = [int(i) for i in np.random.default_rng(SEED).integers(3, VOCABULARY, PROMPT)]
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([prompt]), use_cache=False).logits[0].numpy()
    (target / "logits.f32").write_bytes(logits.astype("<f4").tobytes())
    (target / "golden.json").write_text(json.dumps({"prompt": prompt, "answer": greedy(model, prompt)}) + "\n")


def main():
    folder, tokenizer = Path(sys.argv[1]), Path(sys.argv[2])
    for name in sys.argv[3:] or CASES:
        make(name, folder / name, tokenizer)


main()
