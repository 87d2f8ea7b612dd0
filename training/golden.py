"""Writes what the float network says of a few own sentences, for the test of `crates/transformer` against it.

    python golden.py --base DIR --model model.pt --out crates/transformer/tests/golden.json
"""
import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

import export
from transformer import Encoder, Model

TEXTS = [
    "^ source : Ministers from Chad ^ accused ~ target : Libya ~ of arming rebels near the border.",
    "~ target : The mayor of Łódź ~ was praised on Tuesday by ^ source : the café owners' union ^ — twice.",
    "^ source : an actor ^ Some 1,200 dock workers were dismissed by their employer, ~ target : the union ~ said.",
    "^ source : Norway ^ has not ruled out sending €30m in aid to ~ target : Malawi ~ after last week's floods (officials say).",
]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--model", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    a = ap.parse_args()
    saved = torch.load(a.model, map_location="cpu", weights_only=True)
    state = saved["model"]
    for name, w in state.items():  # the eight-bit weights, so that only the rounding of activations differs
        if name == "words" or name.startswith("blocks.") and name.endswith(".weight") and w.dim() == 2:
            q, scale = export.rounded(w.float())
            state[name] = q.float() * scale[:, None]
    model = Model(load_file(a.base / "model.safetensors"), saved["layers"], {h: len(x) for h, x in saved["labels"].items()})
    model.load_state_dict(state)
    model.eval()
    enc = Encoder(a.base, 128)
    cases = []
    for text in TEXTS:
        e = enc.tok.encode(text)
        with torch.no_grad():
            scores = model(*enc.tensors([e.ids]))["root"][0].tolist()
        cases.append({"text": text, "pieces": e.tokens, "root": [round(s, 4) for s in scores]})
    a.out.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
