//! Published events read from the stream: from now, from the beginning, or from a point in time.

use anyhow::Context as _;
use async_nats::jetstream::consumer::{DeliverPolicy, pull::OrderedConfig};
use async_nats::jetstream::{self, stream::Stream as JetStreamStream};
use entente_messages::{Event, subject};
use entente_ontology::Root;
use futures::{Stream, StreamExt};
use jiff::Timestamp;

/// Which events: filters by what stands in the subject and in the event.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Filter {
    /// Country or organisation code of the source, for example CHN.
    #[arg(long, value_name = "CODE")]
    pub(crate) source: Option<String>,
    /// PLOVER root, for example SANCTION.
    #[arg(long)]
    pub(crate) root: Option<Root>,
    /// Country or organisation code of the target.
    #[arg(long, value_name = "CODE")]
    pub(crate) target: Option<String>,
    /// Only events that are at least this sure, 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    pub(crate) min_confidence: f32,
}

impl Filter {
    fn subject(&self) -> String {
        let code = |code: &Option<String>| code.as_ref().map(|code| code.to_uppercase());
        let (source, target) = (code(&self.source), code(&self.target));
        subject::event_filter(source.as_deref(), self.root, target.as_deref())
    }

    fn wants(&self, event: &Event) -> bool {
        event.confidence >= self.min_confidence
    }
}

/// Where to begin.
#[derive(Clone, Copy)]
pub(crate) enum Start {
    /// Only what is published from now on.
    Now,
    /// The oldest event that the stream still holds.
    Beginning,
    /// The first event published at or after this time.
    At(Timestamp),
}

impl Start {
    fn policy(self) -> anyhow::Result<DeliverPolicy> {
        Ok(match self {
            Self::Now => DeliverPolicy::New,
            Self::Beginning => DeliverPolicy::All,
            Self::At(time) => {
                let start_time = async_nats::datetime::parse_rfc3339(&time.to_string())
                    .map_err(|error| anyhow::anyhow!("the time {time}: {error}"))?;
                DeliverPolicy::ByStartTime { start_time }
            }
        })
    }
}

/// The stream that holds the public events.
pub(crate) async fn stream(jetstream: &jetstream::Context) -> anyhow::Result<JetStreamStream> {
    let none =
        "the server has no stream of public events; did the services ever run? Start them with `entente up`";
    let name = jetstream.stream_by_subject(subject::EVENTS_ALL).await.context(none)?;
    jetstream.get_stream(name).await.context(none)
}

/// Events in the order they were published. Ends only with the connection.
pub(crate) async fn follow(
    jetstream: &jetstream::Context,
    filter: Filter,
    start: Start,
) -> anyhow::Result<impl Stream<Item = anyhow::Result<Event>>> {
    let config = OrderedConfig {
        filter_subject: filter.subject(),
        deliver_policy: start.policy()?,
        ..OrderedConfig::default()
    };
    let consumer = stream(jetstream).await?.create_consumer(config).await.context("making a consumer")?;
    let messages = consumer.messages().await.context("following the stream")?;
    Ok(messages.filter_map(move |message| {
        let event = message.context("reading the stream").and_then(|message| decode(&message));
        let wanted = event.as_ref().map_or(true, |event| filter.wants(event));
        std::future::ready(wanted.then_some(event))
    }))
}

/// The events that the stream holds now, up to its end.
pub(crate) async fn history(
    jetstream: &jetstream::Context,
    filter: Filter,
    start: Start,
    mut each: impl FnMut(Event) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = OrderedConfig {
        filter_subject: filter.subject(),
        deliver_policy: start.policy()?,
        ..OrderedConfig::default()
    };
    let mut consumer = stream(jetstream).await?.create_consumer(config).await.context("making a consumer")?;
    if consumer.info().await.context("asking how many events there are")?.num_pending == 0 {
        return Ok(());
    }
    let mut messages = consumer.messages().await.context("reading the stream")?;
    while let Some(message) = messages.next().await {
        let message = message.context("reading the stream")?;
        let left =
            message.info().map_err(|error| anyhow::anyhow!("a message without its place: {error}"))?.pending;
        let event = decode(&message)?;
        if filter.wants(&event) {
            each(event)?;
        }
        if left == 0 {
            break;
        }
    }
    Ok(())
}

fn decode(message: &jetstream::Message) -> anyhow::Result<Event> {
    serde_json::from_slice(&message.payload)
        .with_context(|| format!("the message on {} is not an event of this version", message.subject))
}
