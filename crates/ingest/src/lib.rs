//! The service that turns what users publish into accepted articles.
