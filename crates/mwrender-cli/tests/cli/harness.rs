//! A small project, and what the binary says about it.

use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A project in a temporary directory: the files of `tests/cli/project`, golden files not among them.
pub(crate) struct Project {
    directory: TempDir,
}

/// The files of the project that tests start from.
fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/project")
}

impl Project {
    /// The project without golden files.
    pub(crate) fn new() -> Project {
        let project = Project { directory: TempDir::new().unwrap() };
        copy(&template(), project.path());
        project
    }

    /// The project with golden files as rendered.
    pub(crate) fn accepted() -> Project {
        let project = Project::new();
        project.run("golden accept").expect(0);
        project
    }

    /// The project as the first commit of a git repository, golden files included.
    pub(crate) fn committed() -> Project {
        let project = Project::accepted();
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.commit("first");
        project
    }

    /// The repository's own project as the first commit, with the files that examples in help texts name.
    pub(crate) fn repository() -> Project {
        let project = Project { directory: TempDir::new().unwrap() };
        let root = crate::repository::root();
        for part in ["values", "templates", "schemas", "golden"] {
            copy(&root.join(part), &project.path().join(part));
        }
        copy(&root.join("golden"), &project.path().join("rendered"));
        copy(&root.join("crates/mwrender-helm/tests/charts/starter"), &project.path().join("chart"));
        std::fs::copy(root.join("mwrender.yaml"), project.path().join("mwrender.yaml")).unwrap();
        for name in ["prod.json", "change.json"] {
            let path = "helmfile-defaults/general-eqiad.yaml";
            let content = project.read(&format!("values/{path}"));
            let file =
                json!({"type": "File", "title": format!("/etc/{path}"), "parameters": {"content": content}});
            let text = json!({"name": "deploy1.example", "resources": [file]}).to_string();
            project.write(name, text);
        }
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.commit("first");
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Commits all there is.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .expect("git is there");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Project {
        let full = self.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn remove(&self, path: &str) -> &Project {
        std::fs::remove_file(self.path().join(path)).unwrap();
        self
    }

    /// Replaces a text that is in a file once.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) -> &Project {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        self.write(path, text.replace(from, to))
    }

    /// Adds a private layer to the releases of `shop`.
    pub(crate) fn with_secret(&self, secret: &str) -> &Project {
        self.write("puppet/private/shop.yaml", format!("secrets:\n  password: {secret}\n"))
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mwrender"));
        clean(&mut command);
        command.current_dir(self.path());
        command
    }

    /// Runs the binary with arguments that have no spaces in them.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        let mut command = self.command();
        command.args(arguments.split_whitespace());
        self.finish(arguments, command.output().unwrap())
    }

    /// Runs the binary with a text on standard input.
    pub(crate) fn run_with(&self, arguments: &str, stdin: &[u8]) -> Run {
        let mut command = self.command();
        command.args(arguments.split_whitespace());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        self.finish(arguments, child.wait_with_output().unwrap())
    }

    pub(crate) fn finish(&self, arguments: &str, output: Output) -> Run {
        Run::new(arguments, output, self.path())
    }
}

/// Takes away what would make output depend on where it is made.
pub(crate) fn clean(command: &mut Command) {
    command.stdin(Stdio::null()).env("KUBECONFIG", "none");
    for name in ["CI", "NO_COLOR", "COLUMNS", "GIT_DIR", "GIT_WORK_TREE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Hashes are right or wrong, but nobody can review one.
fn hide_hashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let digits = rest[start..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len() - start);
        out.push_str(&rest[..start]);
        out.push_str(if digits == 64 { "[SHA256]" } else { &rest[start..start + digits] });
        rest = &rest[start + digits..];
    }
    out + rest
}

/// Fingerprints are others in each run: they are numbered in the order in which they appear.
fn number_fingerprints(text: &str) -> String {
    const MARK: &str = "<fingerprint ";
    let mut seen: Vec<&str> = Vec::new();
    let mut parts = text.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (digits, rest) = part.split_once('>').expect("a fingerprint ends");
        let number = seen.iter().position(|s| *s == digits).unwrap_or_else(|| {
            seen.push(digits);
            seen.len() - 1
        });
        write!(out, "{MARK}#{}>{rest}", number + 1).unwrap();
    }
    out
}

/// What one run of the binary did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) arguments: String,
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn new(arguments: &str, output: Output, directory: &Path) -> Run {
        let directory = directory.display().to_string();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("output is UTF-8");
            number_fingerprints(&hide_hashes(&text.replace(&directory, "[DIR]")))
        };
        Run {
            arguments: arguments.replace(&directory, "[DIR]"),
            status: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Insists on an exit status. A panic has none of ours: it is 101.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Run {
        assert_eq!(self.status, Some(status), "{self}");
        self
    }

    /// Insists on a fault that is told and leaves nothing on stdout but the fault itself, for programs.
    #[track_caller]
    pub(crate) fn fails(self) -> Run {
        let run = self.expect(1);
        let told = run.stdout.starts_with("{\n  \"schema\": \"mwrender.error/v1\"");
        assert!(run.stdout.is_empty() || told, "output beside a fault: {run}");
        assert!(run.stderr.starts_with("error"), "{run}");
        run
    }

    /// Both streams.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Insists that a text is somewhere in the output.
    #[track_caller]
    pub(crate) fn has(self, text: &str) -> Run {
        assert!(self.all().contains(text), "no {text:?} in {self}");
        self
    }

    /// Compares status, stdout and stderr with a snapshot.
    #[track_caller]
    pub(crate) fn snapshot(self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, self.to_string()));
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = format!("$ mwrender {}\nstatus: {}\n", self.arguments, self.status.unwrap_or(-1));
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                write!(text, "----- {name} -----\n{stream}")?;
            }
        }
        f.write_str(text.trim_end())
    }
}
