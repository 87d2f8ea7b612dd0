//! Running other programs, saying what is done and what failed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Material for measuring that never ends up in the repository, or `None` on a machine without it.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    path.exists().then_some(path)
}

/// A `cargo` command in the root of the repository.
pub(crate) fn cargo<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(args);
    command
}

/// Runs one step, naming it and the time it took.
pub(crate) fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    eprintln!("xtask: {name}");
    let begin = Instant::now();
    let status =
        command.status().with_context(|| format!("{name}: `{}` does not start", display(command)))?;
    if !status.success() {
        bail!("{name} failed ({status}); run it alone: {}", display(command));
    }
    eprintln!("xtask: {name}: ok, {:.0} s", begin.elapsed().as_secs_f32());
    Ok(())
}

fn display(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
