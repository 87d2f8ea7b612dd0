"""Reading and splitting the pair data: a sentence, two actors of it, and what the first does to the second.

Two sources, one row format (`Row`): Entente's own corpus (CC0, `crates/coder/corpus` or a file of its format) and, where
present, the academic pairs of the evaluation folder, which never enter the repository.
"""
import csv
import hashlib
from dataclasses import dataclass

ROOTS = ["AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID", "REQUEST", "ACCUSE", "REJECT",
         "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "NONE"]
MODALITIES = ["actual", "planned", "hypothetical", "negated"]
PLACEHOLDERS = {"An actor", "a recipient"}


@dataclass(frozen=True)
class Row:
    id: str
    sentence: str
    source: str
    target: str
    root: str
    mode: str
    cameo: str
    modality: str
    own: bool


def fold_of(sentence: str, folds: int) -> int:
    """The fold of a sentence: by hash, so that a row added elsewhere moves no other. Rust repeats this rule."""
    return int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:8], "big") % folds


def read(path: str, own: bool) -> list[Row]:
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    out = []
    for r in rows:
        root = "YIELD" if r["root"] in ("CONCEDE", "RETREAT") else r["root"]
        if root not in ROOTS:
            raise ValueError(f"{path}: row {r['id']}: root `{root}` is unknown")
        out.append(Row(r["id"], r["sentence"], r["source"], r["target"], root, r.get("mode") or "",
                       r.get("cameo") or "", r.get("modality") or "", own))
    return out


def find(sentence: str, span: str, other: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Where a span stands: its first occurrence at word edges that does not overlap `other`, else any first occurrence."""
    if span in PLACEHOLDERS and span not in sentence:
        return None
    best = None
    at = sentence.find(span)
    while at >= 0 and span:
        end = at + len(span)
        edges = (at == 0 or not sentence[at - 1].isalnum()) and (end == len(sentence) or not sentence[end].isalnum())
        apart = other is None or end <= other[0] or at >= other[1]
        rank = (not apart, not edges, at)
        if best is None or rank < best[0]:
            best = (rank, (at, end))
        at = sentence.find(span, at + 1)
    return best[1] if best else None


def spans(row: Row) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Character spans of source and target; the longer is placed first so that the shorter can avoid it."""
    if len(row.source) >= len(row.target):
        s = find(row.sentence, row.source)
        return s, find(row.sentence, row.target, s)
    t = find(row.sentence, row.target)
    return find(row.sentence, row.source, t), t


def mark(text: str, source, target) -> str:
    """The sentence with its two actors marked, as the transformer reads it. Rust repeats this rule."""
    cuts = []
    for span, opener, closer in ((source, "^ source : ", " ^"), (target, "~ target : ", " ~")):
        if span:
            # At one place closers come before openers; of two openers the longer span's comes first.
            cuts.append((span[0], 1, -span[1], opener))
            cuts.append((span[1], 0, -span[0], closer))
    out, at = [], 0
    for place, _, _, words in sorted(cuts):
        out += [text[at:place], words]
        at = place
    out.append(text[at:])
    head = "" if source else "^ source : an actor ^ "
    tail = "" if target else " ~ target : a recipient ~"
    return head + "".join(out) + tail
