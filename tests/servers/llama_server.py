"""A seed goes in, llama.cpp's own server with a random tiny model comes out.

The model has a byte a token and random weights: what it says is gibberish,
but under a grammar its form is exact. It proves the transport, the dialect of
the schema and the refusals of a real server, and that gibberish is rejected.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

WIDTH, INNER, HEADS = 32, 64, 2
UNKNOWN, CONTROL, BYTE, NORMAL = 2, 3, 6, 1


def write_model(path: Path, *, context: int, seed: int = 0) -> None:
    """A llama of one layer over printable ASCII, 100 KB; odd bytes are left out, since the server cannot decode them."""
    letters = [b"\xe2\x96\x81" if code == 32 else bytes([code]) for code in range(32, 127)]
    tokens = [b"<unk>", b"<s>", b"</s>", b"<0x0A>", *letters]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * 3 + [-1.0] * (len(tokens) - 3))
    writer.add_token_types([UNKNOWN, CONTROL, CONTROL, BYTE] + [NORMAL] * len(letters))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template("{% for message in messages %}{{ message['content'] }}{% endfor %}")
    _add_tensors(writer, len(tokens), np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tensors(writer: gguf.GGUFWriter, vocabulary: int, random: np.random.Generator) -> None:
    shapes = {"token_embd": (vocabulary, WIDTH), "output": (vocabulary, WIDTH)}
    shapes |= {f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
    shapes |= {"blk.0.ffn_gate": (INNER, WIDTH), "blk.0.ffn_up": (INNER, WIDTH), "blk.0.ffn_down": (WIDTH, INNER)}
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", (random.standard_normal(shape) * 0.2).astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))


@contextmanager
def llama(folder: Path, *, context: int, key: str) -> Iterator[str]:
    """A running server; gives its base URL, up to and with ``/v1``."""
    path = folder / "tiny.gguf"
    write_model(path, context=context)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = context, 1, 1
    parameters.port, parameters.api_keys, parameters.warmup = port, [key], False
    server = xllamacpp.Server(parameters)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server
