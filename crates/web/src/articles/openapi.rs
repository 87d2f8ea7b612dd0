//! The OpenAPI document: its schemas are made from the types that the handlers answer with.

use axum::Json;
use entente_messages::Submission;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::status::Status;
use super::submit::Receipt;

pub(super) async fn document() -> Json<Value> {
    Json(build())
}

fn build() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let submission = reference::<Submission>(&mut generator);
    let receipt = reference::<Receipt>(&mut generator);
    let status = reference::<Status>(&mut generator);
    let schemas = generator.take_definitions(true);
    let text = |said: &str| json!({ "description": said, "content": { "text/plain": { "schema": { "type": "string" } } } });
    let answer = |said: &str, schema: &Value| json!({ "description": said, "content": { "application/json": { "schema": schema } } });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Entente: articles",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Articles in by HTTP, and what became of them. With a token set, requests carry `Authorization: Bearer TOKEN`.",
        },
        "components": { "schemas": schemas, "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
        "security": [{}, { "bearer": [] }],
        "paths": {
            "/articles": { "post": {
                "summary": "Submit one article or many",
                "description": "JSON (an object, an array, or one object a line), plain text or a web page; `Content-Encoding: gzip` is understood. For one document the headers Entente-Id, Entente-Title, Entente-Source, Entente-Url, Entente-Language, Entente-Published-At and Entente-Byline give fields that the content lacks.",
                "requestBody": { "required": true, "content": {
                    "application/json": { "schema": { "anyOf": [submission, { "type": "array", "items": submission }] } },
                    "application/x-ndjson": { "schema": submission },
                    "text/plain": { "schema": { "type": "string" } },
                    "text/html": { "schema": { "type": "string" } },
                } },
                "responses": {
                    "202": answer("Stored; each article with its id and the address of its status", &receipt),
                    "400": text("The body is empty or its compression is broken"),
                    "401": text("The token is missing or wrong"),
                    "413": text("The request is too large, or holds too many articles"),
                    "415": text("The content encoding is not known"),
                    "422": answer("Nothing in the request is an article; each with its reason", &receipt),
                    "429": text("Too many articles a second; Retry-After tells when to come again"),
                    "503": text("The ingest stream does not take articles now"),
                },
            } },
            "/articles/{id}": { "get": {
                "summary": "What became of an article",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "description": "The article's id, percent-encoded" }],
                "responses": {
                    "200": answer("Its outcome, timings and events", &status),
                    "401": text("The token is missing or wrong"),
                    "404": text("Nothing is known of it"),
                    "503": text("NATS does not answer now"),
                },
            } },
        },
    })
}

fn reference<T: JsonSchema>(generator: &mut schemars::SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_to_a_schema() {
        fn follow(at: &Value, document: &Value, followed: &mut usize) {
            match at {
                Value::Object(fields) => {
                    for (name, value) in fields {
                        if let (true, Some(path)) = (name == "$ref", value.as_str()) {
                            let path = path.strip_prefix('#').expect("a local reference");
                            assert!(document.pointer(path).is_some(), "{path}");
                            *followed += 1;
                        }
                        follow(value, document, followed);
                    }
                }
                Value::Array(items) => items.iter().for_each(|item| follow(item, document, followed)),
                _ => {}
            }
        }
        let document = build();
        let mut followed = 0;
        follow(&document, &document, &mut followed);
        assert!(followed > 10, "{followed} references");
        assert!(document.pointer("/components/schemas/Submission/properties/body").is_some());
    }
}
