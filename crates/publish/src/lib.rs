//! The service that sends enriched events to their public subjects: each event once on `events.public`, each report
//! of it on `mentions.public`.
//!
//! Nothing twice, however long anything was down: before the first event leaves, the article's end is written into
//! the ledger together with how far both streams had grown. Who finds that record already there (after a crash, or
//! with a second copy of the article) looks up which messages the streams hold since then, and sends the others.
#![forbid(unsafe_code)]

mod missing;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use async_nats::jetstream::stream::Stream as EventStream;
use entente_messages::headers::Kind;
use entente_messages::{EnrichedArticle, Event, Mention, Outcome, OutcomeRecord, Relation, Stage, Subject};
use entente_stage::topology::{StreamName, stream};
use entente_stage::{Claim, Config, Error, Failure, Handler, Input, Outgoing, Tools, run_service};

/// Room for headers beside the body of a message.
const HEADER_ROOM: usize = 4096;

/// Runs the service until `shutdown` completes.
///
/// # Errors
/// Where it can not run; see [`run_service`].
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    run_service(Stage::Publish, config, Publish::new, shutdown).await
}

struct Publish {
    tools: Tools,
    events: History,
    mentions: History,
}

/// A public stream, and a sequence number that it has reached for certain.
struct History {
    stream: EventStream,
    reached: AtomicU64,
}

impl History {
    async fn open(tools: &Tools, name: StreamName) -> Result<Self, Error> {
        let stream = stream(&tools.jetstream, name).await?;
        let reached = AtomicU64::new(stream.cached_info().state.last_sequence);
        Ok(Self { stream, reached })
    }
}

impl Publish {
    async fn new(tools: Tools) -> Result<Self, Error> {
        let events = History::open(&tools, StreamName::Events).await?;
        let mentions = History::open(&tools, StreamName::Mentions).await?;
        Ok(Self { tools, events, mentions })
    }

    /// What is still to be sent, once the article's end is in the ledger.
    async fn claim(
        &self,
        input: &Input,
        article_id: &str,
        events: Vec<Outgoing>,
        mentions: Vec<Outgoing>,
    ) -> Result<Vec<Outgoing>, Failure> {
        let record = OutcomeRecord {
            article_id: article_id.to_owned(),
            outcome: Outcome::Coded {
                events: u32::try_from(events.len()).unwrap_or(u32::MAX),
                events_after: self.events.reached.load(Ordering::Acquire),
                mentions_after: self.mentions.reached.load(Ordering::Acquire),
            },
            delivery: input.delivery.clone(),
        };
        let held = match self.tools.ledger.end(&record).await? {
            Claim::Written => return Ok(mentions.into_iter().chain(events).collect()),
            Claim::Held { record, .. } => record,
        };
        if held.delivery != input.delivery && input.deliveries == 1 {
            // Another copy of the article may be on its way out this moment: let it finish, then look.
            return Err(Failure::failed("in-other-hands", "another copy of the article is being published"));
        }
        match held.outcome {
            Outcome::Coded { events_after, mentions_after, .. } => {
                let mut left = missing::from(&self.mentions.stream, mentions_after, mentions).await?;
                left.extend(missing::from(&self.events.stream, events_after, events).await?);
                Ok(left)
            }
            Outcome::Rejected { .. } | Outcome::Dead { .. } => Ok(Vec::new()),
        }
    }

    /// Refuses before anything is recorded or sent what can not be sent as a whole.
    fn check_sizes(&self, messages: &[Outgoing]) -> Result<(), Failure> {
        let largest = self.tools.jetstream.client().max_payload().saturating_sub(HEADER_ROOM);
        let Some(message) = messages.iter().find(|message| message.body.len() > largest) else {
            return Ok(());
        };
        let size = message.body.len();
        let text =
            format!("{} has {size} bytes, the server takes {largest}: raise max_payload", message.subject);
        Err(Failure::hopeless("too-large-to-send", text))
    }
}

impl Handler for Publish {
    async fn handle(&self, input: &Input) -> Result<Vec<Outgoing>, Failure> {
        let mut enriched: EnrichedArticle = input.json()?;
        let mut seen = BTreeSet::new();
        enriched.events.retain(|event| seen.insert(event.id.clone()));
        let article_id = enriched.article.id;
        let events = enriched.events.iter().map(|event| first_report(event, &article_id));
        let events = events.collect::<Result<Vec<_>, _>>()?;
        let mentions = enriched.events.into_iter().map(|event| mention(event, &article_id));
        let mentions = mentions.collect::<Result<Vec<_>, _>>()?;
        self.check_sizes(&events)?;
        self.check_sizes(&mentions)?;
        let messages = self.claim(input, &article_id, events, mentions).await?;
        let acks = self.tools.outbox.send_all(&messages, input.lineage()).await?;
        for (message, ack) in messages.iter().zip(acks) {
            let history = if message.kind == Kind::Event { &self.events } else { &self.mentions };
            history.reached.fetch_max(ack.sequence, Ordering::AcqRel);
        }
        Ok(Vec::new())
    }
}

fn relation(event: &Event) -> Relation {
    Relation { source: event.source.country.clone(), root: event.root, target: event.target.country.clone() }
}

fn first_report(event: &Event, article_id: &str) -> Result<Outgoing, Failure> {
    let message = Outgoing::json(Subject::Event(relation(event)), Kind::Event, event.id.clone(), event)?;
    Ok(message.about(article_id))
}

fn mention(event: Event, article_id: &str) -> Result<Outgoing, Failure> {
    let subject = Subject::Mention(relation(&event));
    let id = event.id.clone();
    let mention = Mention { id: id.clone(), event_id: id.clone(), first: true, event };
    Ok(Outgoing::json(subject, Kind::Mention, id, &mention)?.about(article_id))
}
