"""Writes a golden model as GGUF, in the way llama.cpp's own converter lays its families out."""

import math

import gguf
import numpy as np

LAYER = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.qkv_proj": "attn_qkv",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.gate_up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
GEMMA_LAYER = {
    **LAYER,
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
TOP = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
PERMUTED = {"llama", "smollm3"}


def tensor_name(name, gemma):
    stem, kind = name.rsplit(".", 1)
    if stem in TOP:
        return f"{TOP[stem]}.{kind}"
    _, _, layer, part = stem.split(".", 3)
    return f"blk.{layer}.{(GEMMA_LAYER if gemma else LAYER)[part]}.{kind}"


def permuted(rows, heads):
    """Rows of a rotated projection from halves (Hugging Face) to pairs (llama.cpp's llama)."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def llama3_divisors(config):
    """Divisors of the rotary frequencies, as transformers computes them for rope_type llama3."""
    scaling = config.rope_scaling
    dims = config.head_dim
    frequencies = 1.0 / config.rope_theta ** (np.arange(0, dims, 2, dtype=np.float64) / dims)
    old = scaling["original_max_position_embeddings"]
    low, high, factor = old / scaling["low_freq_factor"], old / scaling["high_freq_factor"], scaling["factor"]
    divisors = []
    for frequency in frequencies:
        length = 2 * math.pi / frequency
        if length < high:
            divisors.append(1.0)
        elif length > low:
            divisors.append(factor)
        else:
            smooth = (old / length - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
            divisors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(divisors, np.float32)


def metadata(writer, architecture, config, context):
    writer.add_context_length(context)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_theta)
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_key_length(size)
    writer.add_value_length(size)
    if architecture in ("llama", "smollm3", "phi3"):
        writer.add_rope_dimension_count(size)
    if architecture in ("llama", "phi3", "gemma2", "gemma3") and getattr(config, "sliding_window", None):
        writer.add_sliding_window(config.sliding_window)
    if architecture == "phi3" and not config.sliding_window:
        writer.add_sliding_window(0)
    if architecture == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    scaling = getattr(config, "rope_scaling", None) or {}
    kind = scaling.get("rope_type", scaling.get("type"))
    if kind in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(kind))
        writer.add_rope_scaling_factor(scaling["factor"])
    if kind == "yarn":
        writer.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
    if kind == "longrope":
        factor = context / config.original_max_position_embeddings
        writer.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(factor) / math.log(config.original_max_position_embeddings)))


def factors(config):
    """The tensors of rotary factors that llama.cpp reads beside the weights."""
    scaling = getattr(config, "rope_scaling", None) or {}
    kind = scaling.get("rope_type", scaling.get("type"))
    if kind == "llama3":
        yield "rope_freqs.weight", llama3_divisors(config)
    if kind == "longrope":
        yield "rope_factors_long.weight", np.array(scaling["long_factor"], np.float32)
        yield "rope_factors_short.weight", np.array(scaling["short_factor"], np.float32)


def tokenizer_metadata(writer, tokenizer):
    """``tokenizer``: a gguf-facing description, see make.py."""
    writer.add_tokenizer_model(tokenizer["model"])
    if tokenizer.get("pre"):
        writer.add_tokenizer_pre(tokenizer["pre"])
    writer.add_token_list(tokenizer["tokens"])
    if "scores" in tokenizer:
        writer.add_token_scores(tokenizer["scores"])
    writer.add_token_types(tokenizer["types"])
    if "merges" in tokenizer:
        writer.add_token_merges(tokenizer["merges"])
    for key in ("bos", "eos", "unk", "pad"):
        if key in tokenizer:
            getattr(writer, f"add_{key}_token_id")(tokenizer[key])
    for flag in ("add_bos_token", "add_eos_token", "add_space_prefix"):
        if flag in tokenizer:
            getattr(writer, f"add_{flag}")(tokenizer[flag])
    writer.add_chat_template(tokenizer["template"])


def write(path, family, config, state, tokenizer, context, dtype):
    """``dtype``: of the matrices, float32, float16 or bfloat16."""
    architecture = family.architecture
    gemma = architecture.startswith("gemma")
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_name("Candor golden")  # llama.cpp reads vocabulary quirks out of names like phi-3
    metadata(writer, architecture, config, context)
    tokenizer_metadata(writer, tokenizer)
    for name, values in factors(config):
        writer.add_tensor(name, values)
    for name, tensor in state.items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = tensor.float().numpy()
        if architecture in PERMUTED:
            heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(name.split(".")[-2])
            values = permuted(values, heads) if heads else values
        if gemma and name.endswith("norm.weight"):
            values = values + 1
        add(writer, tensor_name(name, gemma), np.ascontiguousarray(values, np.float32), dtype)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add(writer, name, values, dtype):
    if values.ndim == 1 or dtype == "float32":
        writer.add_tensor(name, values)
    elif dtype == "float16":
        writer.add_tensor(name, values.astype(np.float16))
    else:
        kind = gguf.GGMLQuantizationType.BF16
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
