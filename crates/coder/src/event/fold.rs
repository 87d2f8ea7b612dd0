//! One event a real-world act, however often the article tells of it.

use entente_ontology::Root;

use super::propose::Proposal;
use super::who::Context;
use crate::mention::EntityId;

/// Folds repetitions; the surest telling stands for all, at its own place in the text.
pub(crate) fn fold(context: Context<'_>, proposals: Vec<Proposal>) -> Vec<Proposal> {
    let mut kept: Vec<Proposal> = Vec::new();
    for proposal in proposals {
        match kept.iter_mut().find(|k| same_act(context, k, &proposal)) {
            Some(known) => {
                let (symmetric, confidence) =
                    (known.symmetric || proposal.symmetric, known.confidence.max(proposal.confidence));
                if proposal.confidence > known.confidence + 0.05 {
                    *known = proposal;
                }
                known.symmetric = symmetric;
                known.confidence = confidence;
            }
            None => kept.push(proposal),
        }
    }
    kept.sort_by_key(|e| (e.sentence, e.token));
    kept
}

/// Roots that tell of one act from two sides ("agreed on a pact", "signed it").
fn kin(a: &Proposal, b: &Proposal) -> bool {
    if a.root == b.root {
        return true;
    }
    let pair = |x: Root, y: Root| a.root == x && b.root == y || a.root == y && b.root == x;
    let signed = |p: &Proposal| p.cameo == "057" || p.cameo.starts_with("030") || p.cameo.starts_with("031");
    if pair(Root::Agree, Root::Support) {
        return signed(a) && signed(b);
    }
    pair(Root::Concede, Root::Retreat) && a.cameo.get(..3) == b.cameo.get(..3)
        || pair(Root::Sanction, Root::Coerce) && (a.cameo == "163" || b.cameo == "163")
}

fn same_act(context: Context<'_>, a: &Proposal, b: &Proposal) -> bool {
    if !kin(a, b) || a.modality != b.modality && a.root != Root::Agree {
        return false;
    }
    let forward = same(context, a.source.entity, b.source.entity, b)
        && same(context, a.target.entity, b.target.entity, b);
    // Offer and answer are two acts; a meeting told from either side is one.
    let mutual = if a.root == Root::Agree { a.symmetric && b.symmetric } else { a.symmetric || b.symmetric };
    let back = mutual
        && same(context, a.source.entity, b.target.entity, b)
        && same(context, a.target.entity, b.source.entity, b);
    forward || back
}

/// One actor, or two of one state where the act is between states.
fn same(context: Context<'_>, a: EntityId, b: EntityId, of: &Proposal) -> bool {
    if a == b {
        return true;
    }
    let country = |e: EntityId| context.actors.entity(e).country;
    let domestic =
        country(of.source.entity).is_some() && country(of.source.entity) == country(of.target.entity);
    if domestic {
        return false;
    }
    match (country(a), country(b)) {
        (Some(x), Some(y)) => x == y,
        (None, None) => context.actors.entity(a).name.eq_ignore_ascii_case(&context.actors.entity(b).name),
        _ => false,
    }
}
