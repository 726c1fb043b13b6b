"""The tiny tokenizers: SentencePiece (BPE, unigram, Gemma's way) and byte-level BPE, trained on corpus.txt."""

import io
import json
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from strings import MARKED, STRINGS

CORPUS = Path(__file__).with_name("corpus.txt")
CHATML = (
    "{{ bos_token }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
MARKS = ["<|im_start|>", "<|im_end|>"]
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")


def sentence_piece(kind, size, **options):
    """A trained model's bytes."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS.read_text("utf-8").splitlines()),
        model_writer=out,
        model_type=kind,
        vocab_size=size,
        byte_fallback=True,
        character_coverage=0.98,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    return out.getvalue()


SENTENCE_PIECES = {
    "sp_bpe": lambda: sentence_piece(
        "bpe", 416, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True, control_symbols=MARKS),
    "gemma": lambda: sentence_piece(
        "bpe", 416, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True, add_dummy_prefix=False,
        allow_whitespace_only_pieces=True, pad_id=0, eos_id=1, bos_id=2, unk_id=3, control_symbols=MARKS,
        user_defined_symbols=["\n\n", "\n\n\n", "\t\t", "<b>", "</b>"]),
    "unigram": lambda: sentence_piece("unigram", 416, split_digits=True),
}


def byte_level(name):
    """A byte-level BPE as the family ``name`` has it."""
    regex = BYTE_LEVELS[name]
    tokenizer = Tokenizer(models.BPE())
    if name == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    if regex is None:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=413, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, special_tokens=[])
    tokenizer.train([str(CORPUS)], trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in ["<|endoftext|>", *MARKS]])
    return tokenizer


BYTE_LEVELS = {"llama3": LLAMA3, "qwen2": QWEN2, "smollm": None}


def piece_kinds(model_bytes):
    """(text, score, type) of each piece of a SentencePiece model."""
    model = proto.ModelProto()
    model.ParseFromString(model_bytes)
    return [(piece.piece, piece.score, piece.type) for piece in model.pieces]


def pieces_golden(model_bytes):
    """The strings' ids by SentencePiece itself."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model_bytes)
    return [{"text": text, "ids": processor.encode(text)} for text in STRINGS]


def fast_golden(tokenizer):
    """The strings' ids by the tokenizers library, without the tokens of its post-processor."""
    return [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in STRINGS + MARKED]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
