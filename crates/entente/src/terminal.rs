//! What a person sees while they wait: spinners and bars on stderr, plain lines where there is no terminal.

use std::borrow::Cow;
use std::time::Duration;

use entente_fetch::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A spinner that names the step under way; plain lines in a log.
pub(crate) struct Steps(ProgressBar);

impl Steps {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Names what is being done now.
    pub(crate) fn say(&self, step: impl Into<Cow<'static, str>>) {
        let step = step.into();
        if self.0.is_hidden() {
            eprintln!("entente: {step}");
        }
        self.0.set_message(step);
    }

    /// Ends the spinner; nothing of it stays on the screen.
    pub(crate) fn done(&self) {
        self.0.finish_and_clear();
    }

    /// Says what the fetcher does.
    pub(crate) fn fetching(&self, progress: Progress<'_>) {
        match progress {
            Progress::Downloading { tool, version } => self.say(format!("downloading {tool} {version}")),
            Progress::Verifying => self.say("verifying its hash"),
            Progress::Ready(path) => self.say(format!("ready at {}", path.display())),
        }
    }
}

/// A bar that counts `total` things called `what`.
pub(crate) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg} ({per_sec}, {eta} left)");
    ProgressBar::new(total)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(what)
}
