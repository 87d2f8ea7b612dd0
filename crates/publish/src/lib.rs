//! The service that sends enriched events to their public subjects.
