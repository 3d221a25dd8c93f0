//! Archives that lead out of themselves or are too large are refused, and good ones are read.

use flate2::{Compression, write::GzEncoder};
use mwrender_helm::archive::unpack;
use std::io::{Read, Write};

/// Packs files; a name is written as it is, however bad.
fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
    for (name, data) in files {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *data).expect("an entry");
    }
    builder.into_inner().expect("an archive").finish().expect("a gzip stream")
}

fn fault(packed: &[u8]) -> String {
    unpack(packed).expect_err("a fault").text
}

#[test]
fn a_good_archive() {
    let files = unpack(&pack(&[("c/Chart.yaml", b"\xef\xbb\xbfname: c"), ("c/templates/a.yaml", b"x")]));
    let files = files.expect("files");
    assert_eq!((&*files[0].name, files[0].text()), ("Chart.yaml", Some("name: c")));
    assert!(!files[0].is_marked);
    assert_eq!(&*files[1].name, "templates/a.yaml");
}

#[test]
fn names_that_lead_elsewhere() {
    assert_eq!(fault(&pack(&[("c/../../etc/passwd", b"x")])), "chart illegally references parent directory");
    assert_eq!(fault(&pack(&[("c//etc/passwd", b"x")])), "chart illegally contains absolute paths");
}

#[test]
fn links_that_lead_elsewhere() {
    for target in ["../../etc/passwd", "/etc/passwd"] {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "c/values.yaml", target).expect("a link");
        let packed = builder.into_inner().expect("an archive").finish().expect("a gzip stream");
        assert_eq!(fault(&packed), "chart illegally contains a link out of it: \"c/values.yaml\"");
    }
}

#[test]
fn files_that_are_too_large() {
    let large = vec![0; 5 * 1024 * 1024 + 1];
    let text = "decompressed chart file \"c/big\" is larger than the maximum file size 5242880";
    assert_eq!(fault(&pack(&[("c/big", &large)])), text);
    let files: Vec<(&str, &[u8])> = vec![("c/f", &large[1..]); 20];
    let text = "decompressed chart is larger than the maximum file size 104857600";
    assert_eq!(fault(&pack(&files)), text);
}

#[test]
fn ten_gigabytes_of_zeros() {
    // the header says that they follow; not even the first of them is unpacked
    let mut header = tar::Header::new_gnu();
    header.set_path("c/zeros").expect("a name");
    header.set_size(10 << 30);
    header.set_cksum();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(header.as_bytes()).expect("a header");
    std::io::copy(&mut std::io::repeat(0).take(1 << 20), &mut gzip).expect("zeros");
    let packed = gzip.finish().expect("a gzip stream");
    assert_eq!(fault(&packed), "decompressed chart is larger than the maximum file size 104857600");
}

#[test]
fn what_is_no_archive() {
    assert_eq!(fault(b""), "EOF");
    assert_eq!(fault(b"not a gzip stream"), "gzip: invalid header");
    assert_eq!(fault(&pack(&[])), "no files in chart archive");
    let packed = pack(&[("c/Chart.yaml", b"name: c")]);
    for length in [10, 20, packed.len() / 2] {
        assert_eq!(fault(&packed[..length]), "unexpected EOF", "{length} bytes");
    }
}
