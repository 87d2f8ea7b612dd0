//! The network: embeddings, blocks, heads.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView;
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use crate::dense::{Dense, IntegerGemm, Scratch};
use crate::weights::{Weights, WeightsError};
use crate::wordpiece::WordPiece;

const EPSILON: f32 = 1e-12;
/// About how many pieces go through the network together; more do not fit the caches.
const TOGETHER: usize = 384;

/// A trained network with its tokenizer and heads.
pub struct Transformer {
    words: WordPiece,
    rounded: Vec<i8>,
    scales: Vec<f32>,
    places: Vec<f32>,
    norm: Norm,
    blocks: Vec<Block>,
    heads: Vec<Head>,
    shape: Shape,
    caret: u32,
    tilde: u32,
}

/// The products of a machine; cheap to make, bound to its thread.
struct Gemm {
    integers: IntegerGemm,
    floats: GemmExecutor,
}

/// Scores of one text: a list a head, in the order of [`Transformer::heads`].
pub type Scores = Vec<Vec<f32>>;

#[derive(Clone, Copy, Debug)]
struct Shape {
    hidden: usize,
    inner: usize,
    attention_heads: usize,
    longest: usize,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

struct Block {
    qkv: Dense,
    output: Dense,
    norm1: Norm,
    up: Dense,
    down: Dense,
    norm2: Norm,
}

struct Head {
    name: String,
    labels: Vec<String>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl std::fmt::Debug for Transformer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transformer").field("shape", &self.shape).field("blocks", &self.blocks.len()).finish()
    }
}

impl Transformer {
    /// Reads a file that `training/export.py` wrote.
    ///
    /// # Errors
    /// If the file is damaged or a tensor is missing or has another shape.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let weights = Weights::open(bytes)?;
        let number = |name| weights.text(name)?.parse::<usize>().map_err(|_| WeightsError::Metadata(name));
        let shape = Shape {
            hidden: number("hidden")?,
            inner: number("inner")?,
            attention_heads: number("attention_heads")?,
            longest: number("longest")?,
        };
        if shape.attention_heads == 0 || !shape.hidden.is_multiple_of(shape.attention_heads) {
            return Err(WeightsError::Metadata("attention_heads"));
        }
        let vocabulary = weights.lines("vocabulary")?;
        let count = vocabulary.len();
        let words = WordPiece::new(vocabulary.into_iter()).ok_or(WeightsError::Metadata("vocabulary"))?;
        let mark = |piece| words.piece(piece).ok_or(WeightsError::Metadata("vocabulary"));
        let (caret, tilde) = (mark("^")?, mark("~")?);
        let integers = IntegerGemm::new();
        let (h, i) = (shape.hidden, shape.inner);
        let block = |b: usize| -> Result<Block, WeightsError> {
            let dense =
                |part: &str, size| Dense::read(&weights, &integers, &format!("blocks.{b}.{part}"), size);
            Ok(Block {
                qkv: dense("qkv", (h, 3 * h))?,
                output: dense("output", (h, h))?,
                norm1: Norm::read(&weights, &format!("blocks.{b}.norm1"), h)?,
                up: dense("up", (h, i))?,
                down: dense("down", (i, h))?,
                norm2: Norm::read(&weights, &format!("blocks.{b}.norm2"), h)?,
            })
        };
        let labels: Vec<(String, Vec<String>)> =
            serde_json::from_str(weights.text("heads")?).map_err(|_| WeightsError::Metadata("heads"))?;
        let head = |(name, labels): (String, Vec<String>)| -> Result<Head, WeightsError> {
            let k = labels.len();
            let weight = weights.floats(&format!("heads.{name}.weight"), &[k, 3 * h])?;
            let bias = weights.floats(&format!("heads.{name}.bias"), &[k])?;
            Ok(Head { name, labels, weight, bias })
        };
        Ok(Self {
            rounded: weights.small("words.rounded", &[count, h])?,
            scales: weights.floats("words.scale", &[count])?,
            places: weights.floats("places", &[shape.longest, h])?,
            norm: Norm::read(&weights, "norm", h)?,
            blocks: (0..number("blocks")?).map(block).collect::<Result<_, _>>()?,
            heads: labels.into_iter().map(head).collect::<Result<_, _>>()?,
            words,
            shape,
            caret,
            tilde,
        })
    }

    /// The heads: name and labels.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.heads.iter().map(|head| (head.name.as_str(), head.labels.as_slice()))
    }

    /// The pieces that the network reads of a text.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<&str> {
        self.words.encode(text, self.shape.longest).into_iter().map(|p| self.words.name(p)).collect()
    }

    /// Scores each text, whose places of interest are marked by `^` and `~`.
    #[must_use]
    pub fn scores<T: AsRef<str>>(&self, texts: &[T]) -> Vec<Scores> {
        let pieces: Vec<Vec<u32>> =
            texts.iter().map(|t| self.words.encode(t.as_ref(), self.shape.longest)).collect();
        let mut out = Vec::with_capacity(texts.len());
        let gemm = Gemm { integers: IntegerGemm::new(), floats: GemmExecutor::new() };
        let mut from = 0;
        while from < pieces.len() {
            let mut until = from + 1;
            let mut total = pieces[from].len();
            while until < pieces.len() && total + pieces[until].len() <= TOGETHER {
                total += pieces[until].len();
                until += 1;
            }
            self.batch(&gemm, &pieces[from..until], &mut out);
            from = until;
        }
        out
    }

    fn batch(&self, gemm: &Gemm, texts: &[Vec<u32>], out: &mut Vec<Scores>) {
        let h = self.shape.hidden;
        let mut x: Vec<f32> = texts.iter().flat_map(|text| self.embedded(text)).collect();
        let (mut scratch, mut wide, mut narrow) = (Scratch::default(), Vec::new(), Vec::new());
        let mut context = vec![0.0; x.len()];
        for block in &self.blocks {
            block.qkv.apply(&gemm.integers, &x, &mut wide, &mut scratch);
            let mut from = 0;
            for text in texts {
                let until = from + text.len();
                self.attend(gemm, &wide[from * 3 * h..until * 3 * h], &mut context[from * h..until * h]);
                from = until;
            }
            block.output.apply(&gemm.integers, &context, &mut narrow, &mut scratch);
            block.norm1.add(&mut x, &narrow);
            block.up.apply(&gemm.integers, &x, &mut wide, &mut scratch);
            Gelu {}.map_mut(&mut wide);
            block.down.apply(&gemm.integers, &wide, &mut narrow, &mut scratch);
            block.norm2.add(&mut x, &narrow);
        }
        let mut from = 0;
        for text in texts {
            let until = from + text.len();
            let pooled = self.pooled(text, &x[from * h..until * h]);
            out.push(self.heads.iter().map(|head| head.scores(&pooled)).collect());
            from = until;
        }
    }

    fn embedded(&self, text: &[u32]) -> Vec<f32> {
        let h = self.shape.hidden;
        let mut x = Vec::with_capacity(text.len() * h);
        for (&piece, place) in text.iter().zip(self.places.chunks_exact(h)) {
            let at = piece as usize;
            let scale = self.scales[at];
            let word = &self.rounded[at * h..(at + 1) * h];
            x.extend(word.iter().zip(place).map(|(&w, p)| f32::from(w) * scale + p));
        }
        for row in x.chunks_exact_mut(h) {
            self.norm.apply(row);
        }
        x
    }

    /// Attention of one text: rows of queries, keys and values to rows of context.
    fn attend(&self, gemm: &Gemm, qkv: &[f32], context: &mut [f32]) {
        let h = self.shape.hidden;
        let d = h / self.shape.attention_heads;
        let n = context.len() / h;
        let all = NdTensorView::from_data([n, 3 * h], qkv);
        let mut weights = vec![0.0; n * n];
        let mut mixed = vec![0.0; n * d];
        #[allow(clippy::cast_precision_loss, reason = "a head has a few dozen dimensions")]
        let options = || GemmOptions { alpha: 1.0 / (d as f32).sqrt(), ..GemmOptions::default() };
        for head in 0..self.shape.attention_heads {
            let part = |which: usize| {
                let from = which * h + head * d;
                all.slice((.., from..from + d))
            };
            let (q, k, v) = (part(0), part(1), part(2));
            let product = |out: &mut [f32], a, b, options| {
                let (a, b) = (GemmInputA::Unpacked(a), GemmInputB::Unpacked(b));
                gemm.floats.gemm(out, a, b, options).expect("the shapes fit by construction");
            };
            product(&mut weights, q, k.transposed(), options());
            for row in weights.chunks_exact_mut(n) {
                Softmax::new_mut(row).dispatch();
            }
            product(
                &mut mixed,
                NdTensorView::from_data([n, n], weights.as_slice()),
                v,
                GemmOptions::default(),
            );
            for (row, part) in context.chunks_exact_mut(h).zip(mixed.chunks_exact(d)) {
                row[head * d..(head + 1) * d].copy_from_slice(part);
            }
        }
    }

    /// Means over all pieces, over the `^` and over the `~`.
    fn pooled(&self, text: &[u32], x: &[f32]) -> Vec<f32> {
        let h = self.shape.hidden;
        let mut pooled = vec![0.0; 3 * h];
        let chosen: [&dyn Fn(u32) -> bool; 3] = [&|_| true, &|p| p == self.caret, &|p| p == self.tilde];
        for (mean, chosen) in pooled.chunks_exact_mut(h).zip(chosen) {
            let mut count = 0_u16;
            for (_, row) in text.iter().zip(x.chunks_exact(h)).filter(|(p, _)| chosen(**p)) {
                count += 1;
                mean.iter_mut().zip(row).for_each(|(m, v)| *m += v);
            }
            mean.iter_mut().for_each(|m| *m /= f32::from(count.max(1)));
        }
        pooled
    }
}

impl Norm {
    fn read(weights: &Weights<'_>, name: &str, width: usize) -> Result<Self, WeightsError> {
        Ok(Self {
            weight: weights.floats(&format!("{name}.weight"), &[width])?,
            bias: weights.floats(&format!("{name}.bias"), &[width])?,
        })
    }

    #[allow(clippy::cast_precision_loss, reason = "a row has a few hundred values")]
    fn apply(&self, row: &mut [f32]) {
        let width = row.len() as f32;
        let mean = Sum::new(row).dispatch() / width;
        let variance = SumSquareSub::new(row, mean).dispatch() / width;
        let options = NormalizeOptions {
            pre_scale_bias: mean,
            scale: 1.0 / (variance + EPSILON).sqrt(),
            element_scale: Some(&self.weight),
            element_bias: Some(&self.bias),
            ..NormalizeOptions::default()
        };
        Normalize::new_mut(row, options).dispatch();
    }

    /// Adds `more` to `x` and norms the rows.
    fn add(&self, x: &mut [f32], more: &[f32]) {
        let width = self.weight.len();
        for (row, more) in x.chunks_exact_mut(width).zip(more.chunks_exact(width)) {
            row.iter_mut().zip(more).for_each(|(v, m)| *v += m);
            self.apply(row);
        }
    }
}

impl Head {
    fn scores(&self, pooled: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(pooled.len());
        rows.zip(&self.bias)
            .map(|(row, bias)| row.iter().zip(pooled).map(|(w, p)| w * p).sum::<f32>() + bias)
            .collect()
    }
}
