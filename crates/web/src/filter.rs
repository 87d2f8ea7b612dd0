//! Which events a reader wants: the same words in the page's address, the API and the live feed.

use entente_messages::Event;
use entente_ontology::{QuadClass, Root};
use serde::{Deserialize, Deserializer};

/// Filters of a query string; what is absent or empty matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    /// Country or organisation code of the source.
    #[serde(default)]
    source: String,
    /// Country or organisation code of the target.
    #[serde(default)]
    target: String,
    /// Code of either side.
    #[serde(default)]
    actor: String,
    /// PLOVER root.
    #[serde(default, deserialize_with = "empty_is_none")]
    root: Option<Root>,
    /// Quad class.
    #[serde(default, deserialize_with = "empty_is_none")]
    quad: Option<QuadClass>,
    /// Lowest confidence, 0 to 1.
    #[serde(default, deserialize_with = "empty_is_none")]
    min_confidence: Option<f32>,
    /// Words of the sentence, the headline or an actor's name.
    #[serde(default)]
    text: String,
    /// At most so many events.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub(crate) limit: Option<usize>,
}

/// A form sends every field, the empty ones too.
fn empty_is_none<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    let value = serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
    serde_json::from_value(value).map(Some).map_err(serde::de::Error::custom)
}

impl Filter {
    /// Whether the reader wants this event.
    pub(crate) fn wants(&self, event: &Event) -> bool {
        let code = |wanted: &str, code: &Option<String>| {
            wanted.is_empty() || code.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(wanted))
        };
        code(&self.source, &event.source.country)
            && code(&self.target, &event.target.country)
            && (code(&self.actor, &event.source.country) || code(&self.actor, &event.target.country))
            && self.root.is_none_or(|root| root == event.root)
            && self.quad.is_none_or(|quad| quad == event.quad_class)
            && self.min_confidence.is_none_or(|least| event.confidence >= least)
            && self.has_text(event)
    }

    fn has_text(&self, event: &Event) -> bool {
        let wanted = self.text.to_lowercase();
        let fields = [&event.sentence.text, &event.article.title, &event.source.name, &event.target.name];
        wanted.is_empty() || fields.iter().any(|field| field.to_lowercase().contains(&wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Filter, String> {
        let uri: axum::http::Uri = format!("/?{query}").parse().unwrap();
        axum::extract::Query::<Filter>::try_from_uri(&uri)
            .map(|query| query.0)
            .map_err(|error| error.body_text())
    }

    #[test]
    fn a_form_with_empty_fields_matches_everything() {
        let filter = parse("source=&root=&quad=&min_confidence=&limit=").unwrap();
        assert!(filter.root.is_none() && filter.quad.is_none() && filter.limit.is_none());
    }

    #[test]
    fn values_are_read_and_wrong_ones_named() {
        let filter = parse("root=SANCTION&quad=verbal_conflict&min_confidence=0.5&limit=20").unwrap();
        assert_eq!((filter.root, filter.quad), (Some(Root::Sanction), Some(QuadClass::VerbalConflict)));
        assert_eq!((filter.min_confidence, filter.limit), (Some(0.5), Some(20)));
        assert!(parse("root=SHOUT").unwrap_err().contains("SHOUT"));
        assert!(parse("colour=red").unwrap_err().contains("colour"));
    }
}
