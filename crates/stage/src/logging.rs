//! Log lines, for people or as JSON, on standard error.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::Error;
use crate::config::{Config, LogFormat};

/// Sets up log lines for this process. A second call changes nothing.
///
/// # Errors
/// Where the filter can not be read, or traces are asked for that this build can not export.
pub fn init(config: &Config) -> Result<(), Error> {
    let filter = EnvFilter::try_new(&config.log.filter).map_err(|error| Error::Log(error.to_string()))?;
    if !config.telemetry.otlp_endpoint.is_empty() {
        return Err(Error::Otlp("this build can not export traces; leave it empty".to_owned()));
    }
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match config.log.format {
        LogFormat::Human => lines.finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    Ok(())
}
