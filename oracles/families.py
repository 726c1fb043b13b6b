"""The tiny models: for each family one Hugging Face configuration and how its folder is written.

Every shape keeps what its family adds to the plain decoder: grouped heads, biases, norms of queries and keys, windows shorter than the prompt,
scaled rotary frequencies, soft caps, layers without rotation.
"""

from dataclasses import dataclass, field

WINDOW = 8
PROMPT = 36
ANSWER = 24
CONTEXT = 128


@dataclass(frozen=True)
class Family:
    """One golden model.

    kind: model_type of transformers; config: what differs from COMMON; dtype: of the safetensors; shards: files of the weights; tokenizer: which of
    tokenizers.py's; architecture: general.architecture of the GGUF file, none where llama.cpp has no such model; compared: whether llama.cpp computes
    the same function (it ignores the sliding windows of some).
    """

    name: str
    kind: str
    tokenizer: str
    config: dict = field(default_factory=dict)
    dtype: str = "float16"
    shards: int = 1
    architecture: str | None = None
    compared: bool = True


COMMON = dict(
    hidden_size=64,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=CONTEXT,
    rms_norm_eps=1e-5,
    rope_theta=10000.0,
    tie_word_embeddings=False,
    hidden_act="silu",
)

SMALL = dict(hidden_size=32, num_attention_heads=2, num_key_value_heads=1)

LLAMA3_SCALING = dict(
    rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)

GEMMA = dict(
    head_dim=32, rms_norm_eps=1e-6, hidden_activation="gelu_pytorch_tanh", tie_word_embeddings=True, sliding_window=WINDOW)
GEMMA.update(hidden_act="gelu_pytorch_tanh")

FAMILIES = [
    Family("llama2", "llama", "sp_bpe", architecture="llama"),
    Family("llama2_linear", "llama", "sp_bpe",
           dict(SMALL, rope_scaling=dict(rope_type="linear", factor=2.0), attention_bias=True), dtype="float32"),
    Family("llama3", "llama", "llama3",
           dict(rope_theta=500000.0, rope_scaling=LLAMA3_SCALING, head_dim=16), shards=3, architecture="llama"),
    Family("mistral", "mistral", "sp_bpe", dict(sliding_window=WINDOW, head_dim=32), architecture="llama", compared=False),
    Family("qwen2", "qwen2", "qwen2", dict(rope_theta=1000000.0, rms_norm_eps=1e-6), dtype="bfloat16", architecture="qwen2"),
    Family("qwen2_window", "qwen2", "qwen2",
           dict(SMALL, use_sliding_window=True, sliding_window=WINDOW, max_window_layers=1, tie_word_embeddings=True)),
    Family("qwen3", "qwen3", "qwen2",
           dict(head_dim=32, rope_theta=1000000.0, rms_norm_eps=1e-6, tie_word_embeddings=True), dtype="bfloat16", architecture="qwen3"),
    Family("qwen3_yarn", "qwen3", "qwen2",
           dict(head_dim=16, rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32)), architecture="qwen3"),
    Family("smollm2", "llama", "smollm",
           dict(rope_theta=100000.0, tie_word_embeddings=True), dtype="bfloat16", architecture="llama"),
    Family("smollm3", "smollm3", "llama3",
           dict(rope_theta=2000000.0, num_hidden_layers=4, tie_word_embeddings=True, rms_norm_eps=1e-6), architecture="smollm3"),
    Family("gemma2", "gemma2", "gemma",
           dict(GEMMA, num_hidden_layers=3, query_pre_attn_scalar=32, attn_logit_softcapping=50.0, final_logit_softcapping=30.0),
           dtype="bfloat16", architecture="gemma2"),
    Family("gemma3", "gemma3_text", "gemma",
           dict(GEMMA, head_dim=16, num_hidden_layers=6, query_pre_attn_scalar=16, rope_theta=1000000.0, rope_local_base_freq=10000.0,
                sliding_window_pattern=6, rope_scaling=dict(rope_type="linear", factor=8.0)),
           dtype="bfloat16", architecture="gemma3"),
    Family("gemma3_scalar", "gemma3_text", "gemma",
           dict(GEMMA, head_dim=16, num_hidden_layers=2, query_pre_attn_scalar=24, rope_theta=1000000.0, rope_local_base_freq=10000.0,
                layer_types=["full_attention", "sliding_attention"])),
    Family("phi3", "phi3", "sp_bpe", dict(sliding_window=None), dtype="bfloat16", architecture="phi3"),
    Family("phi3_window", "phi3", "sp_bpe", dict(SMALL, sliding_window=WINDOW)),
    Family("phi3_longrope", "phi3", "sp_bpe",
           dict(sliding_window=None, original_max_position_embeddings=32,
                rope_scaling=dict(type="longrope",
                                  short_factor=[1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35],
                                  long_factor=[1.1, 1.3, 1.6, 2.0, 2.5, 3.0, 3.5, 4.0])),
           architecture="phi3"),
]


def named(name):
    """The family called ``name``."""
    return next(family for family in FAMILIES if family.name == name)
