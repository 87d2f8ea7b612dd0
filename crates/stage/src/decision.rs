//! What happens to a message next: facts in, one decision out. Pure; `delivery.rs` carries it out.

use crate::failure::Class;

/// What is known about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How often it has been delivered, this time included.
    pub deliveries: u64,
    /// How often it may be.
    pub max_deliveries: u64,
    /// The service is stopping.
    pub stopping: bool,
    /// How far it has come.
    pub progress: Progress,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has just arrived.
    Arrived,
    /// The handler gave its result, or an earlier publish of it is to be repeated.
    Handled,
    /// The handler or the publishing of its result failed.
    Failed(Class),
    /// All results are stored in their streams.
    Stored,
}

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Give it to the handler.
    Handle,
    /// Publish the result and wait until it is stored.
    Publish,
    /// Acknowledge it, and wait until the server has noted that.
    Acknowledge,
    /// Keep it, tell the server so, and try again after a wait.
    Hold,
    /// Give it back, to be delivered again after the back-off of this attempt.
    RetryLater,
    /// Give it back at once: another replica can work it while this one stops.
    GiveBack,
    /// Publish why it is refused, record the end, acknowledge.
    Reject,
    /// Keep it as a dead letter, record the end, acknowledge.
    Dead,
}

/// Decides.
#[must_use]
pub const fn decide(facts: Facts) -> Decision {
    let used_up = facts.deliveries >= facts.max_deliveries;
    match facts.progress {
        // Delivered more often than failures allow: handling it has killed the process again and again.
        Progress::Arrived if facts.deliveries > facts.max_deliveries => Decision::Dead,
        Progress::Arrived if facts.stopping => Decision::GiveBack,
        Progress::Arrived => Decision::Handle,
        Progress::Handled => Decision::Publish,
        Progress::Stored => Decision::Acknowledge,
        Progress::Failed(Class::Refused) => Decision::Reject,
        Progress::Failed(Class::Hopeless) => Decision::Dead,
        Progress::Failed(Class::Failed) if used_up => Decision::Dead,
        Progress::Failed(Class::Failed) => Decision::RetryLater,
        Progress::Failed(Class::Unavailable) if facts.stopping => Decision::GiveBack,
        Progress::Failed(Class::Unavailable) => Decision::Hold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table() {
        use Progress::{Arrived, Failed, Handled, Stored};
        #[rustfmt::skip]
        let table = [
            // progress, deliveries of 3, stopping, decision
            (Arrived,                    1, false, Decision::Handle),
            (Arrived,                    3, false, Decision::Handle),
            (Arrived,                    4, false, Decision::Dead),
            (Arrived,                    1, true,  Decision::GiveBack),
            (Arrived,                    4, true,  Decision::Dead),
            (Handled,                    1, false, Decision::Publish),
            (Handled,                    3, true,  Decision::Publish),
            (Stored,                     1, false, Decision::Acknowledge),
            (Stored,                     3, true,  Decision::Acknowledge),
            (Failed(Class::Refused),     1, false, Decision::Reject),
            (Failed(Class::Refused),     3, true,  Decision::Reject),
            (Failed(Class::Hopeless),    1, false, Decision::Dead),
            (Failed(Class::Failed),      1, false, Decision::RetryLater),
            (Failed(Class::Failed),      2, true,  Decision::RetryLater),
            (Failed(Class::Failed),      3, false, Decision::Dead),
            (Failed(Class::Unavailable), 1, false, Decision::Hold),
            (Failed(Class::Unavailable), 3, false, Decision::Hold),
            (Failed(Class::Unavailable), 3, true,  Decision::GiveBack),
        ];
        for (progress, deliveries, stopping, decision) in table {
            let facts = Facts { deliveries, max_deliveries: 3, stopping, progress };
            assert_eq!(decide(facts), decision, "{facts:?}");
        }
    }
}
