//! Connecting to the NATS server that a command is told about.

use anyhow::Context;
use async_nats::jetstream;

/// Which server to talk to.
#[derive(clap::Args)]
pub(crate) struct Server {
    /// Address of the NATS server.
    #[arg(long, value_name = "URL", env = "ENTENTE__NATS__URL", default_value = "nats://127.0.0.1:4222")]
    server: String,
    /// Credentials file of the NATS user.
    #[arg(long, value_name = "FILE")]
    creds: Option<std::path::PathBuf>,
}

impl Server {
    /// A connection, or an error that says how to start a server.
    pub(crate) async fn connect(&self) -> anyhow::Result<async_nats::Client> {
        let mut options = async_nats::ConnectOptions::new().name("entente command line");
        if let Some(file) = &self.creds {
            let named = || format!("credentials file {}", file.display());
            options = options.credentials_file(file).await.with_context(named)?;
        }
        connect(&self.server, options).await
    }

    /// The JetStream side of a connection.
    pub(crate) async fn jetstream(&self) -> anyhow::Result<jetstream::Context> {
        Ok(jetstream::new(self.connect().await?))
    }

    /// The address, for messages to people.
    pub(crate) fn url(&self) -> &str {
        &self.server
    }
}

/// Connects once, without retrying: a person waits.
pub(crate) async fn connect(
    url: &str,
    options: async_nats::ConnectOptions,
) -> anyhow::Result<async_nats::Client> {
    options.connect(url).await.with_context(|| {
        format!("no NATS server answers at {url}; start everything with `entente up`, or name another with --server")
    })
}
