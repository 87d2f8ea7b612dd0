"""Writes the fine-tuned transformer in eight bits for `crates/transformer`.

    python export.py --base DIR --model model.pt --out balanced.safetensors [--longest 128]

Weights are rounded symmetrically, one scale an output; word vectors one scale a word. Pieces in scripts that the model has hardly
seen are left out of the vocabulary (they become the unknown piece).
"""
import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

SPECIAL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}


def kept(piece):
    """Latin letters, digits, punctuation and currency; no reserved pieces."""
    if piece.startswith("[") and len(piece) > 1:
        return piece in SPECIAL
    return all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x20D0 for c in piece)


def rounded(w):
    """Rows to eight bits, each with its own scale."""
    scale = w.abs().amax(1).clamp(min=1e-12) / 127
    return (w / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale.float()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--model", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--longest", type=int, default=128)
    a = ap.parse_args()
    saved = torch.load(a.model, map_location="cpu", weights_only=True)
    m, labels, blocks = saved["model"], saved["labels"], saved["layers"]
    pieces = (a.base / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    keep = [i for i, p in enumerate(pieces) if kept(p)]
    out = {"vocabulary": torch.frombuffer(bytearray("\n".join(pieces[i] for i in keep).encode()), dtype=torch.uint8)}
    out["words.rounded"], out["words.scale"] = rounded(m["words"][keep].float())
    out["places"] = m["places"][: a.longest].float().contiguous()

    def norm(name, source):
        for part in ("weight", "bias"):
            out[f"{name}.{part}"] = m[f"{source}.{part}"].float().contiguous()

    def dense(name, *sources):
        w = torch.cat([m[f"{s}.weight"] for s in sources]).float()
        out[f"{name}.rounded"], out[f"{name}.scale"] = rounded(w)
        out[f"{name}.bias"] = torch.cat([m[f"{s}.bias"] for s in sources]).float().contiguous()

    norm("norm", "norm0")
    for b in range(blocks):
        at = f"blocks.{b}"
        dense(f"{at}.qkv", f"{at}.q", f"{at}.k", f"{at}.v")
        dense(f"{at}.output", f"{at}.o")
        dense(f"{at}.up", f"{at}.up")
        dense(f"{at}.down", f"{at}.down")
        norm(f"{at}.norm1", f"{at}.norm1")
        norm(f"{at}.norm2", f"{at}.norm2")
    for name in labels:
        norm(f"heads.{name}", f"heads.{name}")
    hidden = m["words"].shape[1]
    metadata = {"hidden": str(hidden), "inner": str(m["blocks.0.up.weight"].shape[0]), "attention_heads": "12",
                "longest": str(a.longest), "blocks": str(blocks), "heads": json.dumps(list(labels.items()))}
    save_file(out, a.out, metadata)
    print(f"{a.out}: {a.out.stat().st_size / 1e6:.1f} MB, {len(keep)} of {len(pieces)} pieces")


if __name__ == "__main__":
    main()
