//! `--post-renderer`: a program that gets the manifests, without hooks, and gives others.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// A program that was found, and what it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRenderer {
    /// Its path, which is absolute.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// Finds a program as Helm does: by its path if there is a slash in it, else on `$PATH`; nothing for no name.
///
/// # Errors
/// It is not there or cannot be started; the error is Helm's text behind `flag: `.
pub fn find(name: &str) -> Result<Option<PathBuf>, String> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = if name.contains('/') { by_path(name) } else { on_path(name) };
    let found = found.map_err(|why| {
        let quoted = mwrender_helm::engine::quoted(name);
        format!("unable to find binary at {name}: exec: {quoted}: {why}")
    })?;
    std::path::absolute(&found).map(Some).map_err(|error| error.to_string())
}

fn by_path(name: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(name);
    let metadata =
        std::fs::metadata(&path).map_err(|error| format!("stat {name}: {}", super::reason(&error)))?;
    if metadata.is_dir() {
        return Err("is a directory".to_owned());
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        return Err("permission denied".to_owned());
    }
    Ok(path)
}

fn on_path(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let here = |folder: PathBuf| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let found =
        std::env::split_paths(&path).map(|folder| here(folder).join(name)).find(|path| is_program(path));
    match found {
        None => Err("executable file not found in $PATH".to_owned()),
        // a program of the current directory is not started by its bare name
        Some(path) if !path.is_absolute() => {
            Err("cannot run executable found relative to current directory".to_owned())
        }
        Some(path) => Ok(path),
    }
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

impl PostRenderer {
    /// Gives a text to the program, and takes what it prints.
    ///
    /// # Errors
    /// It does not start, or ends with another status than 0; the error is Helm's text.
    pub(super) fn run(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let failed = |said: &[u8], why: String| {
            let (program, said) = (self.program.display(), String::from_utf8_lossy(said));
            format!(
                "error while running post render on files: error while running command {program}. error \
                 output:\n{said}: {why}"
            )
        };
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            failed(b"", format!("fork/exec {}: {}", self.program.display(), super::reason(&error)))
        })?;
        let input = child.stdin.take();
        let output = std::thread::scope(|scope| {
            scope.spawn(|| {
                // a program that does not read to the end may still be content
                let _ = input.map(|mut input| input.write_all(text));
            });
            child.wait_with_output()
        });
        let output = output.map_err(|error| failed(b"", super::reason(&error)))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(failed(&output.stderr, ending(output.status)))
    }
}

/// How a program ended, in Go's words.
fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(6)) => "signal: aborted".to_owned(),
        (None, Some(9)) => "signal: killed".to_owned(),
        (None, Some(11)) => "signal: segmentation fault".to_owned(),
        (None, Some(15)) => "signal: terminated".to_owned(),
        (None, Some(number)) => format!("signal: {number}"),
        (None, None) => status.to_string(),
    }
}
