//! Puts the layers of the configuration on top of each other and checks each one by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use config::{File, FileFormat, Source, Value, ValueKind};
use entente_messages::Stage;

use super::Config;

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const PREFIX: &str = "ENTENTE__";

/// The configuration can not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file is not there, not readable or not TOML.
    #[error("configuration: {}: {detail}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Keys or values are wrong.
    #[error("configuration: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mistakes(Vec<Mistake>),
}

/// One wrong key or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file or environment variable it stands in.
    pub place: String,
    /// The key, as in `work.concurrency`.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` {}", self.place, self.key, self.problem)
    }
}

/// One source of settings: flat keys to values.
struct Layer {
    place: Place,
    values: BTreeMap<String, Value>,
}

enum Place {
    File(String),
    Environment,
}

impl Place {
    fn of(&self, key: &str) -> String {
        match self {
            Self::File(name) => name.clone(),
            Self::Environment => format!("environment {PREFIX}{}", key.to_uppercase().replace('.', "__")),
        }
    }
}

pub(super) fn load(
    stage: Stage,
    folder: Option<&Path>,
    environment: Vec<(String, String)>,
) -> Result<Config, ConfigError> {
    let default = parse("config/default.toml (built in)", DEFAULT)?;
    let mut layers = vec![];
    layers.extend(folder.map(|folder| read(&folder.join("default.toml"))).transpose()?.flatten());
    let own = folder.map(|folder| read(&folder.join(format!("{stage}.toml")))).transpose()?.flatten();
    layers.push(match own {
        Some(layer) => layer,
        None => parse(&format!("config/{stage}.toml (built in)"), built_in(stage))?,
    });
    layers.push(from_environment(&default, environment));

    let mistakes: Vec<Mistake> = layers.iter().flat_map(|layer| check(&default, layer)).collect();
    if !mistakes.is_empty() {
        return Err(ConfigError::Mistakes(mistakes));
    }
    layers.insert(0, default);
    let mut config = merge(&layers)?;
    config.ingest.feeds_file = folder.map(|folder| folder.join(&config.ingest.feeds_file)).unwrap_or(
        // Without a folder there is nothing that a relative path could start in.
        if config.ingest.feeds_file.is_absolute() { config.ingest.feeds_file } else { PathBuf::new() },
    );
    let wrong = config.out_of_range();
    if wrong.is_empty() {
        return Ok(config);
    }
    let mistakes = wrong.into_iter().map(|(key, problem)| Mistake {
        place: place_of(&layers, key),
        key: key.to_owned(),
        problem,
    });
    Err(ConfigError::Mistakes(mistakes.collect()))
}

const fn built_in(stage: Stage) -> &'static str {
    match stage {
        Stage::Ingest => include_str!("../../../../config/ingest.toml"),
        Stage::Extract => include_str!("../../../../config/extract.toml"),
        Stage::Enrich => include_str!("../../../../config/enrich.toml"),
        Stage::Publish => include_str!("../../../../config/publish.toml"),
    }
}

/// A file that is not there is no layer.
fn read(file: &Path) -> Result<Option<Layer>, ConfigError> {
    let wrong = |detail: String| ConfigError::File { file: file.to_owned(), detail };
    match std::fs::read_to_string(file) {
        Ok(text) => parse(&file.display().to_string(), &text).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn parse(name: &str, text: &str) -> Result<Layer, ConfigError> {
    let tables = File::from_str(text, FileFormat::Toml).collect().map_err(|error| ConfigError::File {
        file: name.into(),
        detail: error.to_string().trim_end().to_owned(),
    })?;
    let mut values = BTreeMap::new();
    for (key, value) in BTreeMap::from_iter(tables) {
        flatten(&key, value, &mut values);
    }
    Ok(Layer { place: Place::File(name.to_owned()), values })
}

fn flatten(prefix: &str, value: Value, into: &mut BTreeMap<String, Value>) {
    match value.kind {
        ValueKind::Table(table) => {
            for (key, value) in BTreeMap::from_iter(table) {
                flatten(&format!("{prefix}.{key}"), value, into);
            }
        }
        _ => {
            into.insert(prefix.to_owned(), value);
        }
    }
}

/// Values from the environment are text; each is read as the kind that its default has.
fn from_environment(default: &Layer, environment: Vec<(String, String)>) -> Layer {
    let mut values = BTreeMap::new();
    for (name, text) in environment {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let key = key.to_lowercase().replace("__", ".");
        let kind = match default.values.get(&key).map(|value| &value.kind) {
            Some(ValueKind::Array(_)) => {
                let items = text.split(',').map(|item| Value::new(None, scalar(item.trim())));
                ValueKind::Array(items.collect())
            }
            Some(ValueKind::String(_)) => ValueKind::String(text),
            _ => scalar(&text),
        };
        values.insert(key, Value::new(None, kind));
    }
    Layer { place: Place::Environment, values }
}

fn scalar(text: &str) -> ValueKind {
    if let Ok(number) = text.parse::<i64>() {
        return ValueKind::I64(number);
    }
    text.parse::<bool>().map_or_else(|_| ValueKind::String(text.to_owned()), ValueKind::Boolean)
}

fn check(default: &Layer, layer: &Layer) -> Vec<Mistake> {
    let mistake =
        |key: &str, problem: String| Mistake { place: layer.place.of(key), key: key.to_owned(), problem };
    let mut mistakes = Vec::new();
    for (key, value) in &layer.values {
        let Some(expected) = default.values.get(key) else {
            let problem = nearest(default, key).map_or_else(
                || "is not a setting".to_owned(),
                |near| format!("is not a setting; did you mean `{near}`?"),
            );
            mistakes.push(mistake(key, problem));
            continue;
        };
        if let Some(wanted) = wrong_kind(&expected.kind, &value.kind) {
            mistakes.push(mistake(key, format!("must be {wanted}, not {value}")));
        } else if let Some(allowed) = words(key).filter(|words| !words.contains(&value.to_string().as_str()))
        {
            mistakes.push(mistake(key, format!("must be one of {}, not {value}", allowed.join(", "))));
        }
    }
    mistakes
}

/// The values of settings that are a choice.
fn words(key: &str) -> Option<&'static [&'static str]> {
    match key {
        "log.format" => Some(&["human", "json"]),
        "streams.storage" => Some(&["file", "memory"]),
        _ => None,
    }
}

fn wrong_kind(expected: &ValueKind, found: &ValueKind) -> Option<&'static str> {
    let natural = |kind: &ValueKind| match kind {
        ValueKind::I64(number) => *number >= 0,
        ValueKind::U64(_) => true,
        _ => false,
    };
    match expected {
        ValueKind::I64(_) | ValueKind::U64(_) => (!natural(found)).then_some("a whole number, 0 or more"),
        ValueKind::Boolean(_) => (!matches!(found, ValueKind::Boolean(_))).then_some("true or false"),
        ValueKind::String(_) => (!matches!(found, ValueKind::String(_))).then_some("a text"),
        ValueKind::Array(_) => match found {
            ValueKind::Array(items) if items.iter().all(|item| natural(&item.kind)) => None,
            _ => Some("a list of whole numbers"),
        },
        _ => None,
    }
}

/// The known key that shares the most letters with `key`, if any is close.
fn nearest<'a>(default: &'a Layer, key: &str) -> Option<&'a str> {
    let near = default.values.keys().map(|known| (distance(known, key), known));
    near.min().filter(|(distance, _)| *distance <= 3).map(|(_, known)| known.as_str())
}

/// Levenshtein distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let change = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

fn merge(layers: &[Layer]) -> Result<Config, ConfigError> {
    let wrong = |error: config::ConfigError| ConfigError::File {
        file: "configuration".into(),
        detail: error.to_string(),
    };
    let mut builder = config::Config::builder();
    for layer in layers {
        for (key, value) in &layer.values {
            builder = builder.set_override(key, value.kind.clone()).map_err(wrong)?;
        }
    }
    builder.build().and_then(config::Config::try_deserialize).map_err(wrong)
}

fn place_of(layers: &[Layer], key: &str) -> String {
    layers
        .iter()
        .rfind(|layer| layer.values.contains_key(key))
        .map_or_else(String::new, |layer| layer.place.of(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(name: &str, text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), text).expect("written");
        load(Stage::Ingest, Some(folder.path()), vec![])
    }

    fn with_env(name: &str, value: &str) -> Result<Config, ConfigError> {
        load(Stage::Ingest, None, vec![(name.to_owned(), value.to_owned())])
    }

    fn error(result: Result<Config, ConfigError>) -> String {
        result.expect_err("a mistake").to_string()
    }

    #[test]
    fn the_defaults_of_every_stage_are_valid() {
        for stage in Stage::ALL {
            load(stage, None, vec![]).expect("valid");
        }
    }

    #[test]
    fn later_layers_win() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        write(
            "default.toml",
            "[nats]\nurl = \"nats://a\"\nrequest_timeout_ms = 111\n[work]\nconcurrency = 3\n",
        );
        write("ingest.toml", "[nats]\nurl = \"nats://b\"\nrequest_timeout_ms = 222\n");
        let env = vec![
            ("ENTENTE__NATS__URL".to_owned(), "nats://c".to_owned()),
            ("ENTENTE__WORK__BACKOFF_MS".to_owned(), "1, 2".to_owned()),
            ("ENTENTE_NATS_SERVER".to_owned(), "/not/a/setting".to_owned()),
        ];
        let config = load(Stage::Ingest, Some(folder.path()), env).expect("valid");
        assert_eq!(config.nats.url, "nats://c");
        assert_eq!(config.nats.request_timeout_ms, 222);
        assert_eq!(config.work.concurrency, 3);
        assert_eq!(config.work.backoff_ms, [1, 2]);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_file_and_the_nearest_one() {
        let message = error(with_file("ingest.toml", "[work]\nconcurency = 3\n"));
        assert!(message.contains("ingest.toml: `work.concurency` is not a setting"), "{message}");
        assert!(message.contains("did you mean `work.concurrency`?"), "{message}");
        let message = error(with_env("ENTENTE__NATS__HOST_NAME_OF_IT", "x"));
        assert!(
            message.contains("environment ENTENTE__NATS__HOST_NAME_OF_IT: `nats.host_name_of_it`"),
            "{message}"
        );
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let message = error(with_file(
            "default.toml",
            "[work]\nconcurrency = \"many\"\n[log]\nformat = \"xml\"\n[extract]\nstub = 1\n[nats]\nurl = 5\n",
        ));
        for part in [
            "default.toml: `work.concurrency` must be a whole number, 0 or more, not many",
            "`log.format` must be one of human, json, not xml",
            "`extract.stub` must be true or false, not 1",
            "`nats.url` must be a text, not 5",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }

    #[test]
    fn a_value_out_of_range_names_where_it_stands() {
        let message = error(with_env("ENTENTE__STREAMS__REPLICAS", "2"));
        assert_eq!(
            message,
            "configuration: environment ENTENTE__STREAMS__REPLICAS: `streams.replicas` must be 1, 3 or 5"
        );
        let message = error(with_file("ingest.toml", "[streams]\nduplicate_window_s = 10\n"));
        assert!(
            message.contains("ingest.toml: `streams.duplicate_window_s` must be longer than"),
            "{message}"
        );
    }

    #[test]
    fn broken_toml_names_file_and_line() {
        let message = error(with_file("ingest.toml", "[work]\nconcurrency = \n"));
        assert!(message.contains("ingest.toml") && message.contains("line 2"), "{message}");
    }
}
