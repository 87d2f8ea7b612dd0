//! The service that resolves actors, places and dates of coded articles.
