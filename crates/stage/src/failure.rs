//! What can go wrong with one message, and what that means for trying again.

use std::panic::AssertUnwindSafe;

/// Whether the same message can succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The input is at fault and will stay so: it is rejected with its reason.
    Refused,
    /// The work failed; another attempt may succeed.
    Failed,
    /// The work can never succeed, though the input is not at fault (a result larger than any message may be).
    Hopeless,
    /// Something around us is away (NATS, a full queue): hold the message and try again, however long it takes.
    Unavailable,
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never: the same again gives the same.
    Never,
    /// With a growing wait, a limited number of times.
    Limited,
    /// With a growing wait, until it succeeds.
    Forever,
}

/// Why a message could not be worked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    class: Class,
    code: &'static str,
    message: String,
    /// The field at fault.
    pub field: Option<String>,
    /// The article's id, where it could be read.
    pub article_id: Option<String>,
    /// The ledger holds the article as accepted, so that its end must be recorded.
    pub accepted: bool,
}

impl Failure {
    fn new(class: Class, code: &'static str, message: impl Into<String>) -> Self {
        Self { class, code, message: message.into(), field: None, article_id: None, accepted: false }
    }

    /// The input is at fault.
    #[must_use]
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::Refused, code, message)
    }

    /// The work failed and may succeed later.
    #[must_use]
    pub fn failed(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::Failed, code, message)
    }

    /// The work can never succeed.
    #[must_use]
    pub fn hopeless(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::Hopeless, code, message)
    }

    /// Something around us is away.
    #[must_use]
    pub fn unavailable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Class::Unavailable, code, message)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: Option<impl Into<String>>) -> Self {
        self.field = field.map(Into::into);
        self
    }

    /// Names the article.
    #[must_use]
    pub fn of_article(mut self, id: Option<impl Into<String>>, accepted: bool) -> Self {
        self.article_id = id.map(Into::into);
        self.accepted = accepted;
        self
    }

    /// The class.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// A stable word for metrics, headers and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What to do next.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self.class {
            Class::Refused | Class::Hopeless => Retry::Never,
            Class::Failed => Retry::Limited,
            Class::Unavailable => Retry::Forever,
        }
    }
}

/// Runs CPU work where it does not hold up the network; a panic becomes a [`Failure`].
///
/// # Errors
/// Where `work` panics.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let guarded = move || std::panic::catch_unwind(AssertUnwindSafe(work));
    match tokio::task::spawn_blocking(guarded).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => Err(panicked(panic.as_ref())),
        Err(error) => Err(Failure::failed("cancelled", error.to_string())),
    }
}

/// Work on more bytes than this goes to a thread of its own: below, the hop costs more than the work.
const INLINE_BYTES: usize = 32 * 1024;

/// Runs CPU work that grows with an input of `size` bytes: small inputs at once, large ones as [`blocking`] does.
///
/// # Errors
/// Where `work` panics on its own thread; a panic at once is caught where the handler was called.
pub async fn compute<T: Send + 'static>(
    size: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    if size <= INLINE_BYTES { Ok(work()) } else { blocking(work).await }
}

pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Failure::failed("panic", format!("the handler panicked: {text}"))
}
