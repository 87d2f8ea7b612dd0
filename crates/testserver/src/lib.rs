//! A real nats-server for tests: free ports, own store, restart, clusters.
