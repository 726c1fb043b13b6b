"""Makes the goldens: python make.py FOLDER [FAMILY …].

FOLDER/<family>/ gets the model as a Hugging Face folder (hf/), as model.gguf where llama.cpp has such a model, the logits of every position of a prompt
by transformers (logits.f32, little-endian [positions, vocabulary]), those of the last position by llama.cpp (llama_cpp.f32), and golden.json: prompt,
greedy answer, and how far the two implementations are apart at any position. FOLDER/tokenizers/ gets SentencePiece models and byte-level vocabularies with the ids of texts.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import llama_cpp
import numpy as np
import torch
import transformers

import gguf_file
import tokenizers_golden as tok
from families import ANSWER, COMMON, CONTEXT, FAMILIES, PROMPT
from strings import MARKED, STRINGS

SEED = 20261121
# Pre-tokenizers by the names that GGUF files carry (tokenizer.ggml.pre).
PRE_TOKENIZERS = [
    "default", "gpt-2", "mpt", "olmo", "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "llama-bpe", "llama3",
    "falcon3", "dbrx", "smaug-bpe", "qwen2", "deepseek-r1-qwen", "stablelm2", "tekken", "gpt-4o",
]


def random_model(family, vocabulary, specials):
    """A float32 model whose weights are exact in the family's dtype, seeded by the family's name."""
    config_class = transformers.CONFIG_MAPPING[family.kind]
    config = config_class(**{**COMMON, **family.config}, vocab_size=vocabulary, attn_implementation="eager", **specials)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    generator = torch.Generator().manual_seed(SEED + sum(family.name.encode()))
    gemma = family.kind.startswith("gemma")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if name.endswith("norm.weight"):
                values = 0.2 * noise + (0 if gemma else 1) + (2 if name == "model.norm.weight" and gemma else 0)
            elif name.endswith("bias"):
                values = 0.3 * noise
            elif "embed_tokens" in name:
                values = (0.1 if gemma else 0.4) * noise
            else:
                values = noise * (2.0 if "lm_head" in name else 1.2) / parameter.shape[-1] ** 0.5
            parameter.copy_(values.to(getattr(torch, family.dtype)).float())
    return model


def logits(model, ids):
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].float().numpy()


def greedy(model, prompt):
    """The answer's ids, and the smallest lead of a best logit over the second best."""
    ids, margin = list(prompt), float("inf")
    for _ in range(ANSWER):
        last = logits(model, ids)[-1]
        second, best = np.sort(last)[-2:]
        margin = min(margin, float(best - second))
        ids.append(int(last.argmax()))
    return ids[len(prompt):], margin


def llama_cpp_logits(path, prompt):
    llama = llama_cpp.Llama(str(path), n_ctx=CONTEXT, n_batch=CONTEXT, n_ubatch=CONTEXT, n_threads=1, type_k=0, type_v=0, logits_all=True, verbose="CANDOR_VERBOSE" in os.environ, flash_attn=False)
    llama.eval(prompt)
    values = np.array(llama.scores[: len(prompt)], np.float32)
    llama.close()
    return values


class Vocabulary:
    """A tokenizer in the forms that both kinds of file want."""

    def __init__(self, name):
        self.name = name
        self.sentence_piece = tok.SENTENCE_PIECES[name]() if name in tok.SENTENCE_PIECES else None
        self.fast = None if self.sentence_piece else tok.byte_level(name)

    def gguf(self):
        common = {"template": tok.CHATML}
        if self.sentence_piece:
            pieces = tok.piece_kinds(self.sentence_piece)
            tokens = [piece[0] for piece in pieces]
            gemma = self.name == "gemma"
            return common | dict(
                model="llama", tokens=tokens, scores=[piece[1] for piece in pieces], types=[piece[2] for piece in pieces],
                bos=tokens.index("<s>"), eos=tokens.index("<|im_end|>"), unk=tokens.index("<unk>"), add_bos_token=True,
                **({"add_space_prefix": False} if gemma else {}))
        data = json.loads(self.fast.to_str())
        tokens = byte_level_tokens(data)
        special = {token["id"] for token in data["added_tokens"]}
        return common | dict(
            model="gpt2", pre={"llama3": "llama-bpe"}.get(self.name, self.name), tokens=tokens,
            types=[3 if i in special else 1 for i in range(len(tokens))], merges=[" ".join(merge) for merge in data["model"]["merges"]],
            bos=tokens.index("<|endoftext|>"), eos=tokens.index("<|im_end|>"), add_bos_token=self.name == "llama3")

    def specials(self):
        described = self.gguf()
        return dict(bos_token_id=described["bos"], eos_token_id=described["eos"], pad_token_id=None)

    def write(self, folder, family):
        """The files of a Hugging Face folder: tokenizer.json or tokenizer.model, and tokenizer_config.json."""
        described = self.gguf()
        config = dict(bos_token=described["tokens"][described["bos"]], eos_token=described["tokens"][described["eos"]],
                      add_bos_token=described["add_bos_token"], tokenizer_class="LlamaTokenizer" if self.sentence_piece else "PreTrainedTokenizerFast")
        if family.name.startswith("mistral"):
            (folder / "chat_template.jinja").write_text(tok.CHATML, "utf-8")
        else:
            config["chat_template"] = tok.CHATML
        if self.sentence_piece:
            (folder / "tokenizer.model").write_bytes(self.sentence_piece)
        else:
            (folder / "tokenizer.json").write_text(self.fast.to_str() + "\n", "utf-8")
        tok.write_json(folder / "tokenizer_config.json", config)


def byte_level_tokens(data):
    ids = dict(data["model"]["vocab"]) | {token["content"]: token["id"] for token in data["added_tokens"]}
    return sorted(ids, key=ids.get)


def make_family(folder, family):
    vocabulary = Vocabulary(family.tokenizer)
    described = vocabulary.gguf()
    model = random_model(family, len(described["tokens"]), vocabulary.specials())
    prompt = np.random.default_rng(SEED).integers(0, len(described["tokens"]), PROMPT).tolist()
    answer, margin = greedy(model, prompt)
    folder.mkdir(parents=True, exist_ok=True)
    expected = logits(model, prompt)
    expected.astype("<f4").tofile(folder / "logits.f32")
    golden = dict(family=family.name, prompt=prompt, answer=answer, margin=round(margin, 5))
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    if family.architecture:
        gguf_file.write(folder / "model.gguf", family, model.config, state, described, CONTEXT, family.dtype)
    if family.architecture and family.compared:
        with tempfile.TemporaryDirectory() as temp:
            path = Path(temp) / "model.gguf"
            gguf_file.write(path, family, model.config, state, described, CONTEXT, "float32")
            other = llama_cpp_logits(path, prompt)
        other[-1].astype("<f4").tofile(folder / "llama_cpp.f32")
        golden["llama_cpp_largest_difference"] = float(np.abs(other - expected).max())
    hf = folder / "hf"
    size = sum(tensor.numel() for tensor in state.values()) * (4 if family.dtype == "float32" else 2)
    model.to(getattr(torch, family.dtype)).save_pretrained(hf, max_shard_size=size // family.shards + 1 if family.shards > 1 else "1GB")
    vocabulary.write(hf, family)
    tok.write_json(folder / "golden.json", golden)
    print(family.name, golden["margin"], golden.get("llama_cpp_largest_difference"), flush=True)


def llama_cpp_ids(described, texts):
    """Ids of the texts by llama.cpp, out of a file that holds a vocabulary alone."""
    with tempfile.TemporaryDirectory() as temp:
        path = Path(temp) / "vocabulary.gguf"
        writer = gguf_file.gguf.GGUFWriter(str(path), "llama")
        gguf_file.tokenizer_metadata(writer, described)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
        cases = [dict(text=text, ids=llama.tokenize(text.encode(), add_bos=False, special=True)) for text in texts]
        llama.close()
    return cases


def make_tokenizers(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in tok.SENTENCE_PIECES:
        vocabulary = Vocabulary(name)
        (folder / f"{name}.model").write_bytes(vocabulary.sentence_piece)
        golden = dict(sentencepiece=tok.pieces_golden(vocabulary.sentence_piece))
        if name != "unigram":
            golden["llama_cpp"] = llama_cpp_ids(vocabulary.gguf(), STRINGS + MARKED)
        tok.write_json(folder / f"{name}.json", golden)
    for name in tok.BYTE_LEVELS:
        tok.write_json(folder / f"{name}.json", dict(tokenizers=tok.fast_golden(Vocabulary(name).fast)))
    described = Vocabulary("llama3").gguf()
    cases = {}
    for pre in PRE_TOKENIZERS:
        cases[pre] = llama_cpp_ids(described | {"pre": pre}, STRINGS + MARKED)
    tok.write_json(folder / "pre_tokenizers.json", dict(
        tokens=described["tokens"], types=described["types"], merges=described["merges"],
        texts=STRINGS + MARKED, ids={pre: [case["ids"] for case in ids] for pre, ids in cases.items()}))


def main():
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    for family in FAMILIES:
        if not wanted or family.name in wanted:
            make_family(folder / family.name, family)
    if not wanted or "tokenizers" in wanted:
        make_tokenizers(folder / "tokenizers")


if __name__ == "__main__":
    main()
