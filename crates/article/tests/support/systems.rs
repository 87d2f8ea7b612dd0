//! The markup of common news systems.
