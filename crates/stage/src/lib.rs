//! How a service runs: configuration, streams and consumers, decisions, telemetry, shutdown.
