//! The account: every accepted article has one end, and the numbers add up.

use std::collections::BTreeMap;
use std::fmt;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::context::Context;
use entente_messages::{ArticleKey, Stage, Subject, headers};
use futures::StreamExt;

use crate::Error;
use crate::outbox::chain;
use crate::topology::{self, StreamName};

/// How many articles were accepted and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Articles accepted, as far back as the ledger reaches.
    pub accepted: u64,
    /// Of these: coded.
    pub coded: u64,
    /// Of these: rejected after they were accepted.
    pub rejected: u64,
    /// Of these: given up.
    pub dead: u64,
    /// Of these: without an end yet.
    pub in_flight: u64,
    /// Events that the coded ones brought.
    pub events: u64,
    /// Messages in the queues between the stages.
    pub queued: u64,
    /// Messages still waiting for ingest.
    pub waiting: u64,
}

impl Account {
    /// Articles without an end that are in no queue: lost. 0 in a healthy system; read it while nothing moves.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.in_flight.saturating_sub(self.queued + self.waiting)
    }

    /// Accepted = coded + rejected + dead + in flight, and nothing lost.
    #[must_use]
    pub const fn balances(&self) -> bool {
        self.accepted == self.coded + self.rejected + self.dead + self.in_flight && self.lost() == 0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, coded, rejected, dead, in_flight, events, queued, waiting } = self;
        writeln!(
            f,
            "accepted {accepted} = coded {coded} + rejected later {rejected} + dead {dead} + in flight {in_flight}"
        )?;
        writeln!(f, "events {events}, queued between stages {queued}, waiting for ingest {waiting}")?;
        match self.lost() {
            0 => write!(f, "the account balances"),
            lost => write!(f, "{lost} articles have no end and are in no queue"),
        }
    }
}

#[derive(Default)]
struct Entry {
    accepted: bool,
    outcome: Option<(String, u64)>,
}

/// Reads the ledger and adds it up.
///
/// # Errors
/// Where JetStream does not answer.
pub async fn balance(jetstream: &Context) -> Result<Account, Error> {
    // Queues before the ledger: what ends in between is then counted as ended, not as lost.
    let mut account =
        Account { waiting: messages_in(jetstream, StreamName::Ingest).await?, ..Account::default() };
    for stage in [Stage::Extract, Stage::Enrich, Stage::Publish] {
        account.queued += messages_in(jetstream, StreamName::input_of(stage)).await?;
    }
    for entry in read(jetstream).await?.into_values().filter(|entry| entry.accepted) {
        account.accepted += 1;
        match entry.outcome.as_ref().map(|(kind, events)| (kind.as_str(), events)) {
            None => account.in_flight += 1,
            Some(("coded", events)) => {
                account.coded += 1;
                account.events += events;
            }
            Some(("rejected", _)) => account.rejected += 1,
            Some(_) => account.dead += 1,
        }
    }
    Ok(account)
}

async fn messages_in(jetstream: &Context, name: StreamName) -> Result<u64, Error> {
    let stream = topology::stream(jetstream, name).await?;
    Ok(stream.cached_info().state.messages)
}

async fn read(jetstream: &Context) -> Result<BTreeMap<ArticleKey, Entry>, Error> {
    let failed = |error: &dyn std::error::Error| Error::request("reading the ledger", &chain(error));
    let stream = topology::stream(jetstream, StreamName::Ledger).await?;
    let mut left = stream.cached_info().state.messages;
    let mut entries: BTreeMap<ArticleKey, Entry> = BTreeMap::new();
    if left == 0 {
        return Ok(entries);
    }
    let config =
        pull::OrderedConfig { deliver_policy: DeliverPolicy::All, headers_only: true, ..Default::default() };
    let consumer = stream.create_consumer(config).await.map_err(|error| failed(&error))?;
    let mut messages = consumer.messages().await.map_err(|error| failed(&error))?;
    while left > 0 {
        let Some(message) = messages.next().await else { break };
        let message = message.map_err(|error| failed(&error))?;
        left = message.info().map_or(0, |info| info.pending);
        note(&mut entries, &message);
    }
    Ok(entries)
}

fn note(entries: &mut BTreeMap<ArticleKey, Entry>, message: &async_nats::Message) {
    let header = |name: &str| message.headers.as_ref()?.get(name).map(|value| value.as_str());
    match message.subject.parse() {
        Ok(Subject::LedgerAccepted(key)) => entries.entry(key).or_default().accepted = true,
        Ok(Subject::LedgerOutcome(key)) => {
            let kind = header(headers::OUTCOME).unwrap_or("dead").to_owned();
            let events = header(headers::EVENTS).and_then(|value| value.parse().ok()).unwrap_or(0);
            entries.entry(key).or_default().outcome = Some((kind, events));
        }
        _ => {}
    }
}
