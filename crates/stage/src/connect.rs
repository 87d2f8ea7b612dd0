//! The connection to NATS: kept up for ever, with jitter.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr};

use crate::Error;
use crate::config::{Config, Nats};

/// The first wait between attempts, and the longest.
const WAIT_MS: (u64, u64) = (50, 4000);

/// A wait that doubles with each attempt, between half and all of it, so that clients do not come back at once.
pub(crate) fn wait(attempt: usize) -> Duration {
    let exponent = u32::try_from(attempt.min(16)).unwrap_or(16);
    let longest = (WAIT_MS.0 << exponent).min(WAIT_MS.1);
    Duration::from_millis(fastrand::u64(longest / 2..=longest))
}

/// Connects once; the connection then reconnects by itself for ever.
///
/// # Errors
/// Where the address, a file or the credentials are wrong, or no server answers.
pub async fn connect(config: &Nats, name: &str) -> Result<Client, Error> {
    let refused = |detail: String| Error::Connect { url: shown(&config.url), detail };
    let addresses = config.url.split(',').map(|url| url.trim().parse::<ServerAddr>());
    let addresses: Vec<ServerAddr> =
        addresses.collect::<Result<_, _>>().map_err(|error| refused(error.to_string()))?;
    let mut options = ConnectOptions::new();
    if !config.credentials_file.as_os_str().is_empty() {
        let file = &config.credentials_file;
        options = ConnectOptions::with_credentials_file(file)
            .await
            .map_err(|error| refused(format!("nats.credentials_file {}: {error}", file.display())))?;
    }
    if !config.ca_file.as_os_str().is_empty() {
        options = options.add_root_certificates(config.ca_file.clone());
    }
    options
        .name(name)
        .request_timeout(Some(config.request_timeout()))
        .reconnect_delay_callback(wait)
        .max_reconnects(None)
        .event_callback(|event| async move { log(&event) })
        .connect(addresses)
        .await
        .map_err(|error| refused(error.to_string()))
}

/// Connects, however long that takes; `None` where `shutdown` comes first.
pub(crate) async fn connect_patiently(
    config: &Config,
    name: &str,
    shutdown: impl Future<Output = ()>,
) -> Result<Option<Client>, Error> {
    tokio::pin!(shutdown);
    let mut attempt = 0;
    loop {
        let error = match connect(&config.nats, name).await {
            Ok(client) => return Ok(Some(client)),
            Err(error) => error,
        };
        let pause = wait(attempt);
        tracing::warn!(%error, attempt, ?pause, "no connection to NATS, trying again");
        attempt += 1;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = &mut shutdown => return Ok(None),
        }
    }
}

/// Refuses a server that can not carry what this service sends.
pub(crate) fn check_server(client: &Client, config: &Config) -> Result<(), Error> {
    let info = client.server_info();
    if !info.jetstream {
        return Err(Error::NoJetStream(shown(&config.nats.url)));
    }
    let wanted_kb = config.ingest.max_article_kb;
    // The article itself may grow by escapes in JSON, and its events repeat their sentences.
    let needed = usize::try_from(wanted_kb.saturating_mul(1024)).unwrap_or(usize::MAX);
    if info.max_payload < needed {
        return Err(Error::MaxPayload { found: info.max_payload, needed, wanted_kb });
    }
    Ok(())
}

/// The address without user and password.
fn shown(url: &str) -> String {
    let hide = |url: &str| match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        (None, Some((_, host))) => host.to_owned(),
        _ => url.to_owned(),
    };
    url.split(',').map(|url| hide(url.trim())).collect::<Vec<_>>().join(",")
}

fn log(event: &Event) {
    match event {
        Event::Connected => tracing::info!("connected to NATS"),
        Event::Disconnected => tracing::warn!("lost the connection to NATS, reconnecting"),
        Event::LameDuckMode | Event::Draining | Event::Closed => tracing::info!(%event, "NATS connection"),
        other => tracing::warn!(event = %other, "NATS connection"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(shown("nats://me:secret@host:4222, nats://other"), "nats://host:4222,nats://other");
        assert_eq!(shown("me:secret@host"), "host");
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        for attempt in [0, 1, 5, 20, usize::MAX] {
            assert!(wait(attempt) <= Duration::from_millis(WAIT_MS.1));
        }
        assert!(wait(10) >= Duration::from_millis(WAIT_MS.1 / 2));
    }
}
