"""Groups the frequent words by meaning: k-means over the input vectors of the small transformer, at three finenesses.

    python word_classes.py --base DIR --out crates/classifier/model/classes.tsv

The linear models read the groups, so that a verb that no training row has still resembles those that some have.
"""
import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file

SIZES = (80, 300, 1200)


def k_means(x, k, seed, rounds=25):
    """Spherical k-means; an empty group takes the vector that is worst served."""
    g = torch.Generator().manual_seed(seed)
    centres = x[torch.randperm(len(x), generator=g)[:k]].clone()
    for _ in range(rounds):
        best, group = (x @ centres.T).max(1)
        sums = torch.zeros_like(centres).index_add_(0, group, x)
        count = torch.bincount(group, minlength=k)
        for empty in (count == 0).nonzero().flatten().tolist():
            worst = best.argmin()
            sums[empty] = x[worst]
            best[worst] = 2
        centres = torch.nn.functional.normalize(sums, dim=1)
    return group.tolist()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    a = ap.parse_args()
    torch.set_num_threads(1)
    pieces = (a.base / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    keep = [i for i, p in enumerate(pieces) if len(p) > 2 and p.isascii() and p.isalpha()]
    vectors = load_file(a.base / "model.safetensors")["embeddings.word_embeddings.weight"][keep].float()
    vectors = torch.nn.functional.normalize(vectors - vectors.mean(0), dim=1)
    groups = [k_means(vectors, k, seed) for seed, k in enumerate(SIZES, 1)]
    rows = sorted(zip((pieces[i] for i in keep), *groups))
    a.out.write_text("".join("\t".join(map(str, r)) + "\n" for r in rows), encoding="utf-8")
    print(f"{a.out}: {len(rows)} words")


if __name__ == "__main__":
    main()
