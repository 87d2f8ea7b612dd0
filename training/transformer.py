"""Fine-tunes the small transformer of the balanced tier, or measures it on one held-out fold.

    python transformer.py --base DIR --corpus pairs.tsv [--pairs pairs_train.tsv] --out DIR [--fold K --folds 5]

With --fold the fold's rows (of both files) are left out and scored; without, all rows train. Writes `model.pt` and, for a fold,
`held-out.ndjson` (one row a line: id, gold root, logits). Settings: docs/measurements.md says what each was chosen over.
"""
import argparse
import json
import math
import random
import time
from collections import Counter
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

import data

HIDDEN, HEADS, INNER = 384, 12, 1536


class Block(nn.Module):
    """One BERT layer, post-norm."""

    def __init__(self, drop):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.up, self.down = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x, mask):
        b, n, _ = x.shape
        q, k, v = (f(x).view(b, n, HEADS, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=self.drop.p if self.training else 0.0)
        x = self.norm1(x + self.drop(self.o(a.transpose(1, 2).reshape(b, n, HIDDEN))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Model(nn.Module):
    """Frozen embeddings, the blocks, and linear heads on [mean of all; mean at ^; mean at ~]."""

    def __init__(self, base, layers, heads, drop=0.1):
        super().__init__()
        self.blocks = nn.ModuleList(Block(drop) for _ in range(layers))
        self.heads = nn.ModuleDict({name: nn.Linear(3 * HIDDEN, n) for name, n in heads.items()})
        self.drop = nn.Dropout(drop)
        self.norm0 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.register_buffer("words", base["embeddings.word_embeddings.weight"].clone())
        self.register_buffer("places", (base["embeddings.position_embeddings.weight"]
                                        + base["embeddings.token_type_embeddings.weight"][0]).clone())
        copy = lambda to, name: to.load_state_dict({k: base[f"{name}.{k}"] for k in ("weight", "bias")})
        copy(self.norm0, "embeddings.LayerNorm")
        for p in self.norm0.parameters():
            p.requires_grad = False
        for i, b in enumerate(self.blocks):
            at = f"encoder.layer.{i}"
            for to, name in ((b.q, "attention.self.query"), (b.k, "attention.self.key"), (b.v, "attention.self.value"),
                             (b.o, "attention.output.dense"), (b.norm1, "attention.output.LayerNorm"),
                             (b.up, "intermediate.dense"), (b.down, "output.dense"), (b.norm2, "output.LayerNorm")):
                copy(to, f"{at}.{name}")

    def forward(self, ids, live, at_source, at_target):
        x = self.drop(self.norm0(self.words[ids] + self.places[: ids.shape[1]]))
        mask = torch.zeros_like(live).masked_fill(live == 0, -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask)
        x = x.float()
        pool = lambda w: (x * w[:, :, None]).sum(1) / w.sum(1, keepdim=True).clamp(min=1)
        h = self.drop(torch.cat([pool(live), pool(at_source), pool(at_target)], 1))
        return {name: head(h.to(head.weight.dtype)).float() for name, head in self.heads.items()}


class Encoder:
    """Rows to padded tensors."""

    def __init__(self, base, longest):
        self.tok = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.tok.no_padding()
        self.tok.enable_truncation(longest)
        self.caret, self.tilde = self.tok.token_to_id("^"), self.tok.token_to_id("~")

    def ids(self, rows):
        return [e.ids for e in self.tok.encode_batch([data.mark(r.sentence, *data.spans(r)) for r in rows])]

    def tensors(self, ids):
        n = max(map(len, ids))
        t = torch.zeros(len(ids), n, dtype=torch.long)
        live = torch.zeros(len(ids), n)
        for i, x in enumerate(ids):
            t[i, : len(x)] = torch.tensor(x)
            live[i, : len(x)] = 1
        return t, live, (t == self.caret).float(), (t == self.tilde).float()


def labels_of(rows, least=8):
    """The label lists of the heads; a CAMEO code or mode of fewer than `least` rows falls back to its shorter code, or out."""
    codes = Counter(r.cameo for r in rows if r.cameo)
    short = Counter(c if codes[c] >= least else c[:3] for c in codes.elements())
    cameo = sorted(c for c, n in short.items() if n >= least)
    modes = Counter(r.mode for r in rows if r.own and r.root != "NONE")
    mode = sorted(m for m, n in modes.items() if n >= least)
    return {"root": data.ROOTS, "modality": data.MODALITIES, "cameo": cameo, "mode": mode}


def targets_of(rows, labels):
    index = {h: {x: i for i, x in enumerate(xs)} for h, xs in labels.items()}
    out = {h: torch.full((len(rows),), -100) for h in labels}
    for i, r in enumerate(rows):
        out["root"][i] = index["root"][r.root]
        if r.own and r.root != "NONE":
            c = r.cameo
            while c and c not in index["cameo"]:
                c = c[:-1]
            for h, v in (("modality", r.modality), ("mode", r.mode), ("cameo", c)):
                out[h][i] = index[h].get(v, -100)
    return out


def batches(lengths, size, rng):
    """Shuffled batches of rows of like length: little padding, order still random."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    pools = [order[i: i + size * 50] for i in range(0, len(order), size * 50)]
    out = []
    for pool in pools:
        pool.sort(key=lambda i: lengths[i])
        out += [pool[i: i + size] for i in range(0, len(pool), size)]
    rng.shuffle(out)
    return out


def predict(model, enc, rows, half):
    model.eval()
    ids = enc.ids(rows)
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out = {}
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
        for at in range(0, len(order), 32):
            part = order[at: at + 32]
            for name, logits in model(*enc.tensors([ids[i] for i in part])).items():
                for i, l in zip(part, logits):
                    out.setdefault(i, {})[name] = l.tolist()
    return [out[i] for i in range(len(ids))]


def macro_f1(gold, pred, classes):
    f1 = []
    for c in classes:
        tp = sum(g == c == p for g, p in zip(gold, pred))
        if c in gold or c in pred:
            f1.append(2 * tp / (gold.count(c) + pred.count(c)))
    return sum(f1) / len(f1)


def report(rows, logits, name):
    if not rows:
        return
    gold = [r.root for r in rows]
    forced = [data.ROOTS[max(range(15), key=lambda k: l["root"][k])] for l in logits]
    free = [data.ROOTS[max(range(16), key=lambda k: l["root"][k])] for l in logits]
    acts = [(g, p) for g, p in zip(gold, forced) if g != "NONE"]
    print(f"{name}: {len(rows)} rows; root macro-F1, NONE left out {macro_f1(*map(list, zip(*acts)), data.ROOTS[:15]):.4f}, "
          f"accuracy {sum(g == p for g, p in acts) / len(acts):.4f}; with NONE {macro_f1(gold, free, data.ROOTS):.4f}, "
          f"accuracy {sum(g == p for g, p in zip(gold, free)) / len(gold):.4f}", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--corpus", action="append", default=[])
    ap.add_argument("--pairs")
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--fold", type=int)
    ap.add_argument("--folds", type=int, default=5)
    ap.add_argument("--epochs", type=int, default=4)
    ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--own-weight", type=float, default=0.6)
    ap.add_argument("--extra", type=float, default=0.2, help="weight of the heads for CAMEO code, mode and modality")
    ap.add_argument("--longest", type=int, default=112)
    ap.add_argument("--full-precision", action="store_true")
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    rng = random.Random(a.seed)
    rows = [r for c in a.corpus for r in data.read(c, True)] + (data.read(a.pairs, False) if a.pairs else [])
    labels = labels_of(rows)
    held = [r for r in rows if a.fold is not None and data.fold_of(r.sentence, a.folds) == a.fold]
    gone = set(held)
    rows = [r for r in rows if r not in gone]
    enc = Encoder(a.base, a.longest)
    model = Model(load_file(a.base / "model.safetensors"), a.layers, {h: len(x) for h, x in labels.items()})
    heads = list(model.heads.parameters())
    body = [p for p in model.blocks.parameters()]
    opt = torch.optim.AdamW([{"params": body, "lr": 1.5e-4}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    ids, targets = enc.ids(rows), targets_of(rows, labels)
    weight = torch.tensor([a.own_weight if r.own else 1.0 for r in rows])
    count = Counter(r.root for r in rows)
    by_class = torch.tensor([1 / math.sqrt(max(count[c], 1)) for c in data.ROOTS])
    by_class /= (by_class[targets["root"]]).mean()
    per_epoch = math.ceil(len(rows) / 16)
    total, step, start = per_epoch * a.epochs, 0, time.time()
    print(f"{len(rows)} rows train, {len(held)} held out, {total} steps, labels { {h: len(x) for h, x in labels.items()} }", flush=True)
    half = not a.full_precision
    for epoch in range(a.epochs):
        model.train()
        losses = []
        for part in batches([len(x) for x in ids], 16, rng):
            step += 1
            scale = min(step / (0.1 * total), (total - step) / (0.9 * total))
            for g, lr in zip(opt.param_groups, (1.5e-4, 1e-3)):
                g["lr"] = lr * max(scale, 0)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                out = model(*enc.tensors([ids[i] for i in part]))
            each = F.cross_entropy(out["root"], targets["root"][part], label_smoothing=0.1, reduction="none")
            loss = (each * by_class[targets["root"][part]] * weight[part]).mean()
            losses.append(loss.item())
            for h in ("modality", "cameo", "mode"):
                if a.extra and (targets[h][part] >= 0).any():
                    loss = loss + a.extra * F.cross_entropy(out[h], targets[h][part], label_smoothing=0.1)
            loss.backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            opt.step()
            opt.zero_grad()
            if step % 100 == 0:
                print(f"step {step}/{total} loss {sum(losses[-100:]) / len(losses[-100:]):.3f} {time.time() - start:.0f} s", flush=True)
        if held and epoch + 1 in (a.epochs, a.epochs // 2):
            logits = predict(model, enc, held, half)
            for name, own in (("pairs", False), ("own", True)):
                report([r for r in held if r.own == own], [l for r, l in zip(held, logits) if r.own == own], f"epoch {epoch + 1} {name}")
    a.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "labels": labels, "layers": a.layers}, a.out / "model.pt")
    if held:
        with open(a.out / "held-out.ndjson", "w") as f:
            for r, l in zip(held, predict(model, enc, held, half)):
                f.write(json.dumps({"id": r.id, "own": r.own, "root": r.root, **l}) + "\n")


if __name__ == "__main__":
    main()
