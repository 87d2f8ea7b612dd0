//! The service that codes accepted articles.
