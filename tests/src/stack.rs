//! The whole stack: a server and four services.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use async_nats::jetstream;
use entente_messages::{Stage, subject};
use entente_stage::account::{self, Account};
use entente_testserver::{NatsServer, Options};
use tempfile::TempDir;

use crate::Service;

/// How long anything may take on a busy machine before a test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running stack; all of it goes when dropped.
#[derive(Debug)]
pub struct Stack {
    /// The server.
    pub server: NatsServer,
    services: Vec<Service>,
    folder: TempDir,
    settings: Vec<(String, String)>,
}

impl Stack {
    /// A server and all four services with short waits for redelivery.
    ///
    /// # Errors
    /// Where something does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(Options::default(), &[]).await
    }

    /// As [`Stack::start`], with other settings: `("work.ack_wait_ms", "2000")`.
    ///
    /// # Errors
    /// Where something does not start.
    pub async fn start_with(options: Options, settings: &[(&str, &str)]) -> Result<Self> {
        let mut stack = Self::server_only(options, settings)?;
        for stage in Stage::ALL {
            stack.start_service(stage)?;
        }
        stack.wait_until_ready().await?;
        Ok(stack)
    }

    /// A server without services.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn server_only(options: Options, settings: &[(&str, &str)]) -> Result<Self> {
        let short = [
            ("work.ack_wait_ms", "3000"),
            ("work.backoff_ms", "50,100,200"),
            ("nats.request_timeout_ms", "2000"),
            ("streams.queue_max_mb", "128"),
            ("streams.history_max_mb", "128"),
            ("streams.records_max_mb", "64"),
        ];
        let variable = |(key, value): &(&str, &str)| {
            (format!("ENTENTE__{}", key.to_uppercase().replace('.', "__")), (*value).to_owned())
        };
        Ok(Self {
            server: NatsServer::start_with(options)?,
            services: Vec::new(),
            folder: tempfile::Builder::new().prefix("entente-stack-").tempdir()?,
            settings: short.iter().chain(settings).map(variable).collect(),
        })
    }

    /// Starts one service more.
    ///
    /// # Errors
    /// Where its binary is not there.
    pub fn start_service(&mut self, stage: Stage) -> Result<&mut Service> {
        let service = Service::start(stage, &self.server.url(), self.folder.path(), &self.settings)?;
        self.services.push(service);
        self.services.last_mut().context("just pushed")
    }

    /// Overrides a setting for services started from now on.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.push((format!("ENTENTE__{}", key.to_uppercase().replace('.', "__")), value.to_owned()));
    }

    /// The first service of a stage.
    ///
    /// # Errors
    /// Where there is none.
    pub fn service(&mut self, stage: Stage) -> Result<&mut Service> {
        self.services.iter_mut().find(|service| service.stage == stage).with_context(|| format!("no {stage}"))
    }

    /// All services.
    pub fn services(&mut self) -> &mut [Service] {
        &mut self.services
    }

    /// Kills the first service of a stage (SIGKILL) and starts another.
    ///
    /// # Errors
    /// Where there is none.
    pub fn kill_and_restart(&mut self, stage: Stage) -> Result<()> {
        let at = self.services.iter().position(|service| service.stage == stage);
        let mut killed = self.services.remove(at.with_context(|| format!("no {stage}"))?);
        killed.kill()?;
        self.start_service(stage)?;
        Ok(())
    }

    /// Takes the first service of a stage out of the stack's hands.
    ///
    /// # Errors
    /// Where there is none.
    pub fn take(&mut self, stage: Stage) -> Result<Service> {
        let at = self.services.iter().position(|service| service.stage == stage);
        Ok(self.services.remove(at.with_context(|| format!("no {stage}"))?))
    }

    /// A client as any user has one.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub async fn client(&self) -> Result<async_nats::Client> {
        let options = async_nats::ConnectOptions::new().max_reconnects(None);
        Ok(options.connect(self.server.url()).await?)
    }

    /// JetStream over a client of its own.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub async fn jetstream(&self) -> Result<jetstream::Context> {
        Ok(jetstream::new(self.client().await?))
    }

    /// Publishes one document on `articles.ingest` and waits until it is stored.
    ///
    /// # Errors
    /// Where it is not stored.
    pub async fn send(
        &self,
        jetstream: &jetstream::Context,
        document: impl Into<bytes::Bytes>,
    ) -> Result<()> {
        jetstream.publish(subject::INGEST, document.into()).await?.await?;
        Ok(())
    }

    /// Waits until every service works.
    ///
    /// # Errors
    /// With the log of the one that does not.
    pub async fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        for service in &mut self.services {
            while !service.log().contains("\"message\":\"working\"") {
                if !service.is_alive() || begun.elapsed() > PATIENCE {
                    bail!("{} does not come up: {}", service.stage, service.log());
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Ok(())
    }

    /// Waits until nothing is queued and every accepted article has its end; gives the account.
    ///
    /// # Errors
    /// With the account and the logs, where that does not happen.
    pub async fn settle(&self, jetstream: &jetstream::Context, accepted: u64) -> Result<Account> {
        let mut last = Account::default();
        let settled = until(PATIENCE, async || {
            let Ok(account) = account::balance(jetstream).await else { return false };
            last = account;
            account.accepted >= accepted
                && account.in_flight == 0
                && account.queued == 0
                && account.waiting == 0
        });
        if settled.await {
            return Ok(last);
        }
        bail!("the stack does not settle: {last}\n{}", self.logs())
    }

    /// The ends of all logs.
    #[must_use]
    pub fn logs(&self) -> String {
        let end = |service: &Service| {
            let log = service.log();
            let lines: Vec<&str> = log.lines().collect();
            format!("--- {}\n{}\n", service.stage, lines[lines.len().saturating_sub(15)..].join("\n"))
        };
        self.services.iter().map(end).collect()
    }
}

/// Asks again and again whether something holds; false where it does not within `patience`.
pub async fn until(patience: Duration, mut holds: impl AsyncFnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if holds().await {
            return true;
        }
        if begun.elapsed() > patience {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
