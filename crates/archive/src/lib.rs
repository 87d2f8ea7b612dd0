//! The projection of the public stream: store, queries, exports.
