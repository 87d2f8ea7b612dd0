"""Fits the weights of event/confidence.rs: a logistic regression over what the coder proposes for the corpus articles.

    cargo run --release -p entente-coder --example code -- ARTICLES.ndjson candidates > CANDIDATES.ndjson
    python3 crates/coder/training/confidence.py GOLD.ndjson CANDIDATES.ndjson [--folds] > crates/coder/src/event/weights.rs

A candidate is right where score.py would match root and actors with an event of the article. Plain Python, no
dependencies; deterministic. `--folds` prints to stderr what each half of the articles reaches with weights from the other.
"""
import importlib.util
import json
import math
import os
import sys
from collections import defaultdict


def load_scorer():
    path = os.environ.get("SCORER", "../shared/eval/score.py")
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROOTS = 16  # the last features say which root it is; few examples each, so they are held back more


def fit(rows, l2=1.5, steps=400):
    n = len(rows[0][0])
    weight = [0.0] + [l2] * (n - 1 - ROOTS) + [l2 * 4] * ROOTS
    w = [0.0] * n
    rate = 2.0 / len(rows)
    velocity = [0.0] * n
    for _ in range(steps):
        grad = [-a * x for a, x in zip(weight, w)]
        for f, y in rows:
            z = sum(a * b for a, b in zip(f, w))
            d = y - 1 / (1 + math.exp(-max(-30, min(30, z))))
            for i, x in enumerate(f):
                if x:
                    grad[i] += d * x
        for i in range(n):
            velocity[i] = 0.9 * velocity[i] + rate * grad[i] * 0.2
            w[i] += velocity[i]
    return w


def main():
    score = load_scorer()
    gold = defaultdict(list)
    for g in score.ndjson(sys.argv[1]):
        gold[score.article_of(g)] += [g] if g.get("roots") else []
    rows = []
    for p in score.ndjson(sys.argv[2]):
        a = score.article_of(p)
        if a in gold:
            rows.append((a, p["features"], float(any(score.direction(g, p, True) for g in gold[a]))))
    if "--folds" in sys.argv:
        names = sorted(gold)
        for half in (0, 1):
            train = [(f, y) for a, f, y in rows if names.index(a) % 2 != half]
            w = fit(train)
            test = [(sum(x * y for x, y in zip(f, w)), y) for a, f, y in rows if names.index(a) % 2 == half]
            loss = sum(math.log1p(math.exp(-z if y else z)) for z, y in test) / len(test)
            print(f"half {half}: {len(test)} candidates, {sum(y for _, y in test):.0f} right, log loss {loss:.3f}", file=sys.stderr)
    only = os.environ.get("ONLY")
    w = fit([(f, y) for a, f, y in rows if not only or a[0] in only])
    print("//! Written by `training/confidence.py`; see there.\n")
    print("/// One weight for each of [`super::confidence::FEATURES`].")
    print("#[rustfmt::skip]")
    print(f"pub(crate) const WEIGHTS: [f32; {len(w)}] = [")
    for x in w:
        print(f"    {x:.3f},")
    print("];")


main()
