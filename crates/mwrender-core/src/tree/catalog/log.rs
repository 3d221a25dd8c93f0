//! What puppet writes around a catalog: log lines, which may be coloured.

use mwrender_diagnostic::Diagnostic;

/// The log lines of a text without their colours, and the text from its JSON on, if it has any.
pub(super) fn split(text: &str) -> (Vec<String>, Option<&str>) {
    let mut log = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let start = without_colour(rest);
        let mut characters = start.trim_start().chars().filter(|c| !c.is_whitespace());
        match (characters.next(), characters.next()) {
            // a log line may start with `[`
            (Some('{'), _) | (Some('['), Some('{' | ']')) => return (log, Some(start)),
            _ => {}
        }
        let (line, next) = rest.split_once('\n').unwrap_or((rest, ""));
        keep(&mut log, line);
        rest = next;
    }
    (log, None)
}

/// Adds a line to a log, unless there is nothing in it.
pub(super) fn keep(log: &mut Vec<String>, line: &str) {
    let mut plain = String::with_capacity(line.len());
    let mut pieces = line.split('\u{1b}');
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        // ESC [ parameters letter
        plain.push_str(
            piece
                .trim_start_matches(['[', ';', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
                .get(1..)
                .unwrap_or_default(),
        );
    }
    let plain = plain.trim();
    if !plain.is_empty() {
        log.push(plain.to_string());
    }
}

/// A text from behind the escape sequences that it starts with.
fn without_colour(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix("\u{1b}[") {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(rest.len());
        text = rest.get(end + 1..).unwrap_or_default();
    }
    text
}

/// The line that says why a catalog does not compile.
pub(super) fn failure(log: &[String]) -> Option<&str> {
    let errors = log.iter().filter(|l| {
        l.starts_with("Error: ")
            && !l.starts_with("Error: Facter: ")
            && !l.starts_with("Error: Try 'puppet help")
    });
    let telling =
        |l: &&String| l.contains("Evaluation Error") || l.contains("(file: ") || l.contains("compile");
    errors.clone().find(telling).or_else(|| errors.clone().next()).map(String::as_str)
}

/// Titles of the files whose content became another text, and what it was, from puppet's warnings:
/// `File[x]['content'] contains a Binary value. It will be converted to the String '...'`.
pub(super) fn converted(log: &[String]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in log {
        let title =
            line.strip_prefix("Warning: File[").and_then(|l| l.split_once("]['content'] contains a "));
        if let Some((title, rest)) = title
            && let Some((kind, _)) = rest.split_once(" value. It will be converted to the String")
        {
            found.push((title.to_string(), kind.to_string()));
        }
    }
    found
}

/// Why there is no catalog in a text.
pub(super) fn no_catalog(name: &str, log: &[String]) -> Diagnostic {
    let failed = |what: String| Diagnostic::error("catalog-failed", what);
    let levels = ["Error:", "Warning:", "Notice:", "Info:", "Debug:"];
    if let Some(line) = failure(log) {
        failed(format!("the catalog `{name}` did not compile")).note(line)
    } else if log.is_empty() {
        failed(format!("the catalog `{name}` is empty"))
            .note("puppet writes nothing to its standard output when a catalog does not compile")
    } else if log.iter().any(|l| levels.iter().any(|level| l.starts_with(level))) {
        failed(format!("there is no catalog in `{name}`, only puppet's log lines"))
            .note(format!("the last one: {}", log.last().map_or("", String::as_str)))
    } else {
        Diagnostic::error(
            "not-a-catalog",
            format!("`{name}` is not a puppet catalog: there is no JSON in it"),
        )
        .help("write one with `puppet catalog compile HOST --render-as rich_data_json`")
    }
}
