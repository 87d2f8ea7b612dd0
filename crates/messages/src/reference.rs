//! The message reference under `docs/messages/`, generated from the types: a JSON Schema for each message and an
//! AsyncAPI 3 document of all subjects. `cargo xtask generate` writes it, a test holds it against the types.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::article::Submission;
use crate::headers::Kind;
use crate::{
    Acceptance, Article, CodedArticle, DeadLetter, EnrichedArticle, Event, Mention, OutcomeRecord, Rejection,
    subject,
};

/// A channel of the AsyncAPI document.
struct Channel {
    name: &'static str,
    address: &'static str,
    message: &'static str,
    /// `receive`: users send, Entente receives. `send`: Entente sends.
    action: &'static str,
    description: &'static str,
}

const CHANNELS: [Channel; 10] = [
    Channel {
        name: "articlesIngest",
        address: subject::INGEST,
        message: "submission",
        action: "receive",
        description: "Articles, from anybody: plain text, HTML, or JSON. Without a Content-Type header the content decides.",
    },
    Channel {
        name: "articlesRejected",
        address: subject::REJECTED,
        message: "rejection",
        action: "send",
        description: "Refused articles, with the reason in the header Entente-Reason and in the body.",
    },
    Channel {
        name: "articlesAccepted",
        address: "articles.accepted.{language}",
        message: "article",
        action: "send",
        description: "Accepted articles on their way to extract.",
    },
    Channel {
        name: "eventsExtracted",
        address: subject::EXTRACTED,
        message: "coded",
        action: "send",
        description: "Coded articles on their way to enrich, one message an article.",
    },
    Channel {
        name: "eventsEnriched",
        address: subject::ENRICHED,
        message: "enriched",
        action: "send",
        description: "Enriched articles on their way to publish, one message an article.",
    },
    Channel {
        name: "eventsPublic",
        address: "events.public.{source}.{root}.{target}",
        message: "event",
        action: "send",
        description: "Each event once, at its first report. An actor without a country or organisation code stands as `---`.",
    },
    Channel {
        name: "mentionsPublic",
        address: "mentions.public.{source}.{root}.{target}",
        message: "mention",
        action: "send",
        description: "Every report of every event.",
    },
    Channel {
        name: "dead",
        address: "dead.{stage}",
        message: "deadLetter",
        action: "send",
        description: "What a stage gave up: the original body, byte for byte; the error in Entente-* headers; the original headers under Entente-Original-*.",
    },
    Channel {
        name: "ledgerAccepted",
        address: "ledger.accepted.{article}",
        message: "acceptance",
        action: "send",
        description: "That an article was accepted; one record for each article id.",
    },
    Channel {
        name: "ledgerOutcome",
        address: "ledger.outcome.{article}",
        message: "outcome",
        action: "send",
        description: "How an article ended; one record for each article id.",
    },
];

/// File names under `docs/messages/`, with their contents.
#[must_use]
pub fn files() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        schemas().into_iter().map(|(name, schema)| (file(name), pretty(&schema.to_value()))).collect();
    files.insert("asyncapi.json".to_owned(), pretty(&asyncapi()));
    files
}

fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("submission", read::<Submission>()),
        ("article", written::<Article>()),
        ("coded", written::<CodedArticle>()),
        ("enriched", written::<EnrichedArticle>()),
        ("event", written::<Event>()),
        ("mention", written::<Mention>()),
        ("rejection", written::<Rejection>()),
        ("deadLetter", written::<DeadLetter>()),
        ("acceptance", written::<Acceptance>()),
        ("outcome", written::<OutcomeRecord>()),
    ]
}

/// The schema of what Entente writes: every field that is always there is required.
fn written<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// The schema of what Entente reads.
fn read<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
}

fn file(name: &str) -> String {
    format!("{name}.schema.json")
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn asyncapi() -> Value {
    let channels = CHANNELS.iter().map(|channel| (channel.name.to_owned(), described(channel)));
    let operations = CHANNELS.iter().map(|channel| {
        let operation = json!({
            "action": channel.action,
            "channel": {"$ref": format!("#/channels/{}", channel.name)},
            "summary": channel.description,
        });
        (format!("{}{}", channel.action, capital(channel.name)), operation)
    });
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Entente",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "News articles in, relationship events out. Messages carry CloudEvents 1.0 attributes as NATS headers (binary mode) and W3C trace context.",
        },
        "defaultContentType": "application/json",
        "channels": channels.collect::<BTreeMap<_, _>>(),
        "operations": operations.collect::<BTreeMap<_, _>>(),
        "components": {"messages": messages(), "schemas": {"headers": headers_schema()}},
    })
}

fn described(channel: &Channel) -> Value {
    let parameters: BTreeMap<&str, Value> = channel
        .address
        .split('.')
        .filter_map(|token| token.strip_prefix('{')?.strip_suffix('}'))
        .map(|token| (token, json!({"description": parameter(token)})))
        .collect();
    json!({
        "address": channel.address,
        "description": channel.description,
        "parameters": parameters,
        "messages": {channel.message: {"$ref": format!("#/components/messages/{}", channel.message)}},
    })
}

fn parameter(token: &str) -> &'static str {
    match token {
        "language" => "ISO 639-1 code of the article's language, `und` where it is unknown.",
        "source" => "Country or organisation code of the actor who acts; `---` for none.",
        "target" => "Country or organisation code of the actor acted upon; `---` for none.",
        "root" => "PLOVER root.",
        "stage" => "The stage that gave up: ingest, extract, enrich, publish.",
        _ => "First 16 bytes of the SHA-256 of the article's id, in hex.",
    }
}

fn messages() -> BTreeMap<&'static str, Value> {
    let kind = |name: &str| match name {
        "article" => Some(Kind::Article),
        "coded" => Some(Kind::Coded),
        "enriched" => Some(Kind::Enriched),
        "event" => Some(Kind::Event),
        "mention" => Some(Kind::Mention),
        "rejection" => Some(Kind::Rejection),
        "acceptance" => Some(Kind::Acceptance),
        "outcome" => Some(Kind::Outcome),
        _ => None,
    };
    let message = |name: &'static str| {
        let schema = json!({"$ref": format!("./{}", file(name))});
        let mut message = match name {
            // A dead letter's type describes its headers; its body is whatever the original was.
            "deadLetter" => json!({"headers": schema, "contentType": "application/octet-stream"}),
            _ => json!({"payload": schema}),
        };
        if let Some(kind) = kind(name) {
            message["name"] = json!(kind.name());
            message["headers"] = json!({"$ref": "#/components/schemas/headers"});
        }
        (name, message)
    };
    CHANNELS.iter().map(|channel| message(channel.message)).collect()
}

fn headers_schema() -> Value {
    use crate::headers::{
        CE_DATACONTENTTYPE, CE_ID, CE_SOURCE, CE_SPECVERSION, CE_SUBJECT, CE_TIME, CE_TYPE, TRACEPARENT,
    };
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    json!({
        "type": "object",
        "required": [CE_ID, CE_SOURCE, CE_SPECVERSION, CE_TYPE, CE_TIME],
        "properties": {
            CE_ID: {"type": "string", "description": "Unique together with the source; percent-encoded."},
            CE_SOURCE: {"type": "string", "examples": ["/entente/publish"]},
            CE_SPECVERSION: {"const": "1.0"},
            CE_TYPE: {"enum": kinds},
            CE_TIME: {"type": "string", "format": "date-time"},
            CE_SUBJECT: {"type": "string", "description": "The article's id, percent-encoded."},
            CE_DATACONTENTTYPE: {"const": "application/json"},
            TRACEPARENT: {"type": "string", "description": "W3C trace context."},
            "Nats-Msg-Id": {"type": "string", "description": "The same for the same content."},
        },
    })
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
