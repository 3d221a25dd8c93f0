//! Packed charts: `.tgz`.
//!
//! Nothing is written anywhere, and no link is followed. What an archive may hold is limited, and what is read of it
//! is, too: 10 GB of zeros stop at the first limit.

use crate::error::{Error, ErrorKind, quoted};
use crate::file::File;
use flate2::read::MultiGzDecoder;
use std::io::Read;
use tar::{Archive, EntryType};

/// The most bytes that all files of an archive may have together: 100 MiB.
pub const MAX_CHART_SIZE: u64 = 100 * 1024 * 1024;

/// The most bytes that one file may have: 5 MiB. Helm holds folders to it, too.
pub const MAX_FILE_SIZE: u64 = 5 * 1024 * 1024;

/// The most bytes that are unpacked at all, headers of the archive included.
const MAX_UNPACKED: u64 = 2 * MAX_CHART_SIZE;

fn fault(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Archive, text)
}

/// What Go says where an archive cannot be read.
fn broken(error: &std::io::Error) -> String {
    match error.to_string().as_str() {
        _ if error.kind() == std::io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        "incomplete deflate stream" | "failed to read entire block" => "unexpected EOF".to_owned(),
        "archive header checksum mismatch" => "archive/tar: invalid tar header".to_owned(),
        other => other.to_owned(),
    }
}

fn too_large() -> Error {
    fault(format!("decompressed chart is larger than the maximum file size {MAX_CHART_SIZE}"))
}

/// The files of a packed chart, without the folder that they are all in.
///
/// # Errors
/// It is no archive, or it is larger than [`MAX_CHART_SIZE`] or one of its files than [`MAX_FILE_SIZE`], or a name in
/// it is absolute or leads out of it. Helm reads any link as an empty file. So do we, except that a link out of the
/// chart is an error here.
pub fn unpack(packed: &[u8]) -> Result<Vec<File>, Error> {
    if packed.is_empty() {
        return Err(fault("EOF"));
    }
    if packed.len() < 10 {
        return Err(fault("unexpected EOF"));
    }
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Err(fault("gzip: invalid header"));
    }
    let mut archive = Archive::new(MultiGzDecoder::new(packed).take(MAX_UNPACKED));
    let broken = |error: std::io::Error| fault(broken(&error));
    let mut files = Vec::new();
    let mut remaining = MAX_CHART_SIZE;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        match entry.header().entry_type() {
            EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => continue,
            _ if raw.ends_with('/') => continue,
            _ => {}
        }
        let name = inner_name(&raw)?;
        if let Ok(Some(target)) = entry.link_name() {
            let target = target.to_string_lossy();
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            if target.starts_with('/') || clean(&format!("{folder}/{target}")).starts_with("..") {
                return Err(fault(format!("chart illegally contains a link out of it: {}", quoted(&raw))));
            }
        }
        let size = entry.size();
        if size > remaining {
            return Err(too_large());
        }
        if size > MAX_FILE_SIZE {
            let text = format!(
                "decompressed chart file {} is larger than the maximum file size {MAX_FILE_SIZE}",
                quoted(&raw)
            );
            return Err(fault(text));
        }
        let mut data = Vec::new();
        if matches!(
            entry.header().entry_type(),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse
        ) {
            entry.by_ref().take(size).read_to_end(&mut data).map_err(broken)?;
            if (data.len() as u64) < size {
                return Err(fault("unexpected EOF"));
            }
        }
        remaining -= size;
        if remaining == 0 {
            return Err(too_large());
        }
        // Helm takes marks out of archives before it unpacks them
        files.push(File { is_marked: false, ..File::new(name, &data) });
    }
    if files.is_empty() {
        return Err(fault("no files in chart archive"));
    }
    Ok(files)
}

/// The name of a file within the chart's folder, if it is one.
fn inner_name(raw: &str) -> Result<String, Error> {
    // an archive that was made on Windows may have backslashes
    let delimiter = if raw.contains('\\') { '\\' } else { '/' };
    let (folder, inner) = raw.split_once(delimiter).unwrap_or((raw, ""));
    let inner = inner.replace(delimiter, "/");
    if inner.starts_with('/') {
        return Err(fault("chart illegally contains absolute paths"));
    }
    let name = clean(&inner);
    if name == "." {
        return Err(fault(format!(
            "chart illegally contains content outside the base directory: {}",
            quoted(raw)
        )));
    }
    if name.starts_with("..") {
        return Err(fault("chart illegally references parent directory"));
    }
    let bytes = name.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1..3) == Some(b":/") {
        return Err(fault("chart contains illegally named files"));
    }
    if folder == "Chart.yaml" {
        return Err(fault("chart yaml not in base directory"));
    }
    Ok(name)
}

/// The shortest name of the same place (Go's `path.Clean`, for names that are not absolute).
fn clean(name: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in name.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    if steps.is_empty() { ".".to_owned() } else { steps.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = |raw| inner_name(raw).map_err(|e| e.text);
        assert_eq!(name("c/templates//./a.yaml").unwrap(), "templates/a.yaml");
        assert_eq!(name("c\\templates\\a.yaml").unwrap(), "templates/a.yaml");
        assert_eq!(name("c/a/../b").unwrap(), "b");
        assert_eq!(name("c/../b").unwrap_err(), "chart illegally references parent directory");
        assert_eq!(name("c//etc/passwd").unwrap_err(), "chart illegally contains absolute paths");
        assert_eq!(name("c\\c:\\a").unwrap_err(), "chart contains illegally named files");
        assert_eq!(name("Chart.yaml/x").unwrap_err(), "chart yaml not in base directory");
        assert_eq!(
            name("Chart.yaml").unwrap_err(),
            "chart illegally contains content outside the base directory: \"Chart.yaml\""
        );
    }
}
