//! The best tree under given scores of arcs.

/// Scores of the arcs of one sentence: `row(i)[0]` for word `i` as the root, `row(i)[h + 1]` for word `h` as its head.
#[derive(Debug)]
pub struct ArcScores<'a> {
    /// `words` rows, `stride` numbers apart.
    pub scores: &'a [f32],
    /// Distance of rows, at least `words + 1`.
    pub stride: usize,
    /// Number of words.
    pub words: usize,
}

/// Scores are cut to this size where a tree has to be searched for, so that no damage to a model can break one.
const LARGEST: f32 = 1e4;

/// What a second root costs: more than any difference between trees.
const ROOT_PENALTY: f64 = 1e9;

impl ArcScores<'_> {
    fn get(&self, word: usize, head: usize) -> f32 {
        self.scores[word * self.stride + head]
    }

    /// Heads of the best tree with exactly one root: 0 for the root, `h + 1` for word `h`.
    #[must_use]
    pub fn decode(&self) -> Vec<usize> {
        let mut heads: Vec<usize> = (0..self.words).map(|word| self.best_head(word)).collect();
        let roots = heads.iter().filter(|&&h| h == 0).count();
        if roots == 1 && !has_cycle(&heads) {
            return heads;
        }
        let nodes = self.words + 1;
        let mut matrix = vec![f64::NEG_INFINITY; nodes * nodes];
        for word in 0..self.words {
            for head in 0..nodes {
                if head != word + 1 {
                    let score = self.get(word, head);
                    let score = if score.is_nan() { 0.0 } else { f64::from(score.clamp(-LARGEST, LARGEST)) };
                    matrix[(word + 1) * nodes + head] = score - if head == 0 { ROOT_PENALTY } else { 0.0 };
                }
            }
        }
        let all = maximum_arborescence(&matrix, nodes);
        for (head, found) in heads.iter_mut().zip(&all[1..]) {
            *head = *found;
        }
        heads
    }

    fn best_head(&self, word: usize) -> usize {
        let mut best = usize::from(word == 0 && self.words > 1);
        if best == word + 1 {
            best = 0;
        }
        for head in 0..=self.words {
            if head != word + 1 && self.get(word, head) > self.get(word, best) {
                best = head;
            }
        }
        best
    }
}

/// Whether heads (0 for a root, `h + 1` for word `h`) run in a circle somewhere.
fn has_cycle(heads: &[usize]) -> bool {
    let mut seen = vec![0; heads.len()];
    for start in 0..heads.len() {
        let mut word = start;
        while seen[word] == 0 {
            seen[word] = start + 1;
            match heads[word] {
                0 => break,
                head => word = head - 1,
            }
        }
        if heads[word] != 0 && seen[word] == start + 1 && walks_back(heads, word) {
            return true;
        }
    }
    false
}

fn walks_back(heads: &[usize], start: usize) -> bool {
    let mut word = start;
    for _ in 0..heads.len() {
        match heads[word] {
            0 => return false,
            head if head - 1 == start => return true,
            head => word = head - 1,
        }
    }
    true
}

/// Chu-Liu/Edmonds over a dense matrix, `matrix[node * nodes + head]`; node 0 is the root. Gives the head of each node.
fn maximum_arborescence(matrix: &[f64], nodes: usize) -> Vec<usize> {
    let mut heads = vec![0; nodes];
    for node in 1..nodes {
        let row = &matrix[node * nodes..(node + 1) * nodes];
        heads[node] = (0..nodes).fold(0, |best, head| if row[head] > row[best] { head } else { best });
        if row[heads[node]] == f64::NEG_INFINITY {
            heads[node] = 0;
        }
    }
    let Some(cycle) = find_cycle(&heads) else { return heads };
    let mut inside = vec![false; nodes];
    for &node in &cycle {
        inside[node] = true;
    }
    // The circle becomes one node, the last; `names` maps the other nodes of the smaller graph back.
    let names: Vec<usize> = (0..nodes).filter(|&n| !inside[n]).collect();
    let size = names.len() + 1;
    let mut smaller = vec![f64::NEG_INFINITY; size * size];
    let mut enters = vec![(0, 0); size];
    let mut leaves = vec![0; size];
    for (a, &node) in names.iter().enumerate() {
        for (b, &head) in names.iter().enumerate() {
            smaller[a * size + b] = matrix[node * nodes + head];
        }
        let best = cycle.iter().copied().fold(cycle[0], |best, n| {
            if matrix[node * nodes + n] > matrix[node * nodes + best] { n } else { best }
        });
        leaves[a] = best;
        smaller[a * size + size - 1] = matrix[node * nodes + best];
        let gain = |n: usize| matrix[n * nodes + node] - matrix[n * nodes + heads[n]];
        let entry =
            cycle.iter().copied().fold(cycle[0], |best, n| if gain(n) > gain(best) { n } else { best });
        enters[a] = (entry, node);
        smaller[(size - 1) * size + a] = gain(entry);
    }
    let found = maximum_arborescence(&smaller, size);
    for (a, &node) in names.iter().enumerate() {
        heads[node] = if found[a] == size - 1 { leaves[a] } else { names[found[a]] };
    }
    let (entry, head) = enters[found[size - 1]];
    heads[entry] = head;
    heads
}

fn find_cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0; heads.len()];
    for start in 1..heads.len() {
        let mut node = start;
        while node != 0 && seen[node] == 0 {
            seen[node] = start;
            node = heads[node];
        }
        if node != 0 && seen[node] == start {
            let mut cycle = vec![node];
            let mut next = heads[node];
            while next != node {
                cycle.push(next);
                next = heads[next];
            }
            return Some(cycle);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::finish;

    fn total(scores: &ArcScores<'_>, heads: &[usize]) -> f32 {
        heads.iter().enumerate().map(|(word, &head)| scores.get(word, head)).sum()
    }

    /// Every assignment of heads that is a tree with one root.
    fn exhaustive(scores: &ArcScores<'_>) -> f32 {
        let words = scores.words;
        let mut best = f32::NEG_INFINITY;
        for code in 0..(words + 1).pow(words as u32) {
            let heads: Vec<usize> =
                (0..words).map(|w| code / (words + 1).pow(w as u32) % (words + 1)).collect();
            let single = heads.iter().filter(|&&h| h == 0).count() == 1;
            let selfless = heads.iter().enumerate().all(|(w, &h)| h != w + 1);
            if single && selfless && !has_cycle(&heads) {
                best = best.max(total(scores, &heads));
            }
        }
        best
    }

    #[test]
    fn finds_the_best_single_rooted_tree() {
        for seed in 0..300_u64 {
            let words = 1 + (seed % 5) as usize;
            let count = (words * (words + 1)) as u64;
            let scores: Vec<f32> = (0..count).map(|i| (finish(seed << 8 | i) % 100) as f32).collect();
            let scores = ArcScores { scores: &scores, stride: words + 1, words };
            let heads = scores.decode();
            assert_eq!(heads.iter().filter(|&&h| h == 0).count(), 1, "seed {seed}");
            assert!(!has_cycle(&heads), "seed {seed}");
            assert_eq!(total(&scores, &heads), exhaustive(&scores), "seed {seed}");
        }
    }

    #[test]
    fn damaged_scores_still_give_a_tree() {
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0] {
            let scores = vec![value; 30 * 31];
            let heads = ArcScores { scores: &scores, stride: 31, words: 30 }.decode();
            assert_eq!(heads.iter().filter(|&&h| h == 0).count(), 1);
            assert!(!has_cycle(&heads));
        }
    }
}
