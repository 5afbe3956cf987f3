//! The integration tests, one binary, by topic.
