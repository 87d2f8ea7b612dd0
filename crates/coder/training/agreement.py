"""States the agreement of the blind second coding (crates/coder/corpus/second) with the first.

    python3 crates/coder/training/agreement.py [--list] [--revision COMMIT] > REPORT.md

Prints raw agreement, Cohen's kappa and Krippendorff's alpha (nominal, two coders) for each field, kappa by root, and the
root confusions; `--list` adds every row that differs. `--revision` reads the first coding as it was at a commit, so that later corrections
do not raise the figure. Mode, CAMEO and modality are compared where both coders gave the same root other than NONE.
Articles: `score.py events` of ../shared (environment variable SCORER). Plain Python, deterministic.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

CORPUS = "crates/coder/corpus/"
CONCEDE = ("080", "081", "082", "083")


def text(path, revision):
    if revision:
        return subprocess.run(["git", "show", f"{revision}:{path}"], check=True, capture_output=True, text=True).stdout
    with open(path, encoding="utf-8") as file:
        return file.read()


def table(path, revision=None):
    lines = [line.split("\t") for line in text(path, revision).split("\n") if line]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def apart(row):
    """YIELD told apart: the CAMEO codes up to 083 are verbal, the others material."""
    if row["root"] != "YIELD":
        return row["root"]
    verbal = row["cameo"][:3] in CONCEDE and row["cameo"] not in ("0813", "0814") and row["mode"] != "resign"
    return "CONCEDE" if verbal else "RETREAT"


def fold(root):
    return "YIELD" if root in ("CONCEDE", "RETREAT") else root


def kappa(pairs):
    n = len(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(a == b for a, b in pairs) / n
    expected = sum(left[k] * right[k] for k in left) / n / n
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def alpha(pairs):
    """Krippendorff's alpha, nominal, two coders, no missing values."""
    n = 2 * len(pairs)
    share = Counter(x for pair in pairs for x in pair)
    disagreement = sum(a != b for a, b in pairs) / len(pairs)
    expected = 1 - sum(c * (c - 1) for c in share.values()) / (n * (n - 1))
    return 1.0 if expected == 0 else 1 - disagreement / expected


def line(name, pairs):
    raw = sum(a == b for a, b in pairs)
    print(f"| {name} | {raw} of {len(pairs)} | {raw / len(pairs):.3f} | {kappa(pairs):.3f} | {alpha(pairs):.3f} |")


def rows(revision, listing):
    every = table(CORPUS + "pairs.tsv", revision)
    first = {row["id"]: row for row in every}
    second = table(CORPUS + "second/pairs.tsv")
    both = [(first[row["id"]], row) for row in second if row["id"] in first]
    print("| field | same | share | Cohen's kappa | Krippendorff's alpha |\n|---|---|---|---|---|")
    told = [(apart(a), apart(b)) for a, b in both]
    line("root, 16 and NONE", told)
    line("root, YIELD as one", [(fold(a), fold(b)) for a, b in told])
    line("an act or NONE", [(a == "NONE", b == "NONE") for a, b in told])
    same = [(a, b) for a, b in both if apart(a) == apart(b) != "NONE"]
    line("mode", [(a["mode"], b["mode"]) for a, b in same])
    line("modality", [(a["modality"], b["modality"]) for a, b in same])
    acting = [(a, b) for a, b in both if "NONE" not in (a["root"], b["root"])]
    line("CAMEO, two digits, both see an act", [(a["cameo"][:2], b["cameo"][:2]) for a, b in acting])
    line("CAMEO, three digits, root the same", [(a["cameo"][:3], b["cameo"][:3]) for a, b in same])
    line("CAMEO in full, root the same", [(a["cameo"], b["cameo"]) for a, b in same])
    weight, size = Counter(apart(row) for row in every if "direction" not in row["tags"]), Counter(a for a, _ in told)
    hit = Counter(a for a, b in told if a == b)
    whole = sum(weight.values())
    print(f"\nRoot agreement weighted by the roots' shares of the corpus: {sum(weight[k] / whole * hit[k] / size[k] for k in size):.3f}")
    print("\n| root | first | second | both | kappa |\n|---|---|---|---|---|")
    for root in sorted(set(a for a, _ in told) | set(b for _, b in told)):
        yes = [(a == root, b == root) for a, b in told]
        print(f"| {root} | {sum(a for a, _ in yes)} | {sum(b for _, b in yes)} | {sum(a and b for a, b in yes)} | {kappa(yes):.3f} |")
    print("\n| first | second | rows |\n|---|---|---|")
    for (a, b), n in sorted(Counter(p for p in told if p[0] != p[1]).items(), key=lambda x: (-x[1], x[0])):
        print(f"| {a} | {b} | {n} |")
    if listing:
        for field in ("root", "modality", "mode", "cameo"):
            print(f"\n## {field}")
            for a, b in both:
                left, right = (apart(a), apart(b)) if field == "root" else (a[field], b[field])
                if left != right and (field == "root" or apart(a) == apart(b) != "NONE"):
                    coded = "/".join(a[k] for k in ("mode", "cameo", "modality"))
                    print(f"{a['id']} [{a['source']} >> {a['target']}] {left} ({coded}) : {right} :: {a['sentence']}")


def sentences(listing):
    act = {row["id"] for row in table(CORPUS + "none.tsv")}
    coded = table(CORPUS + "second/events.tsv")
    pairs = [("no" if row["id"] in act else "yes", row["event"]) for row in coded]
    print("\n| sentence | same | share | Cohen's kappa | Krippendorff's alpha |\n|---|---|---|---|---|")
    line("holds an event", pairs)
    for row, (a, b) in zip(coded, pairs):
        if a != b and listing:
            print(f"\n{row['id']}: first {a}, second {b}")


def articles(revision, listing):
    second = CORPUS + "second/articles.ndjson"
    named = {json.loads(x)["article"] for x in text(second, None).splitlines()} | {"U-8"}
    gold = [x for x in text(CORPUS + "articles_test_gold.ndjson", revision).splitlines() if json.loads(x)["article"] in named]
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", delete=False) as file:
        file.write("\n".join(gold) + "\n")
    scorer = os.environ.get("SCORER", "../shared/eval/score.py")
    print(flush=True)
    subprocess.run([sys.executable, scorer, "events", file.name, second] + ["--misses"] * listing, check=True)
    os.unlink(file.name)


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--list", action="store_true")
    parse.add_argument("--revision")
    options = parse.parse_args()
    rows(options.revision, options.list)
    sentences(options.list)
    articles(options.revision, options.list)


if __name__ == "__main__":
    main()
