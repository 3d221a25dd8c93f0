//! Kubernetes quantities: cores and bytes.

use minijinja::{Environment, Error, ErrorKind, Value};

pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("cpu", cpu);
    env.add_filter("bytes", bytes);
    env.add_filter("memory", memory);
}

/// The suffixes of a quantity of bytes, largest first: binary ones with an `i`, decimal ones without.
const SUFFIXES: [(&str, u64); 9] = [
    ("Ti", 1 << 40),
    ("Gi", 1 << 30),
    ("Mi", 1 << 20),
    ("Ki", 1 << 10),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
    ("", 1),
];

/// A number of cores as a quantity: whole ones as they are, others rounded up to thousandths (`1500m`).
fn cpu(cores: f64) -> Result<String, Error> {
    if !cores.is_finite() || cores < 0.0 {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("`cpu` takes a number of cores, not {cores}"),
        ));
    }
    // a sum such as 0.1 + 0.2 must not round up to 301
    let millis = (cores * 1000.0 - 1e-6).ceil().abs();
    if millis % 1000.0 == 0.0 { Ok(format!("{}", millis / 1000.0)) } else { Ok(format!("{millis}m")) }
}

/// The bytes that a quantity such as `512Mi` or `1G` is; numbers are bytes already.
fn bytes(quantity: &Value) -> Result<u64, Error> {
    let wrong = || {
        let what = format!("`bytes` takes a quantity such as 512Mi, not {quantity}");
        Error::new(ErrorKind::InvalidOperation, what)
    };
    let Some(text) = quantity.as_str() else { return u64::try_from(quantity.clone()).map_err(|_| wrong()) };
    let (digits, factor) = SUFFIXES
        .iter()
        .find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor)))
        .ok_or_else(wrong)?;
    let number: f64 = digits.parse().map_err(|_| wrong())?;
    if !number.is_finite() || number < 0.0 {
        return Err(wrong());
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "checked; quantities stay below 2^53"
    )]
    Ok((number * factor as f64).ceil() as u64)
}

/// Bytes as the largest binary quantity that is exact, at least in whole `Mi`, rounded up.
fn memory(bytes: f64) -> Result<String, Error> {
    if !bytes.is_finite() || bytes < 0.0 {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("`memory` takes bytes, not {bytes}")));
    }
    let mebibytes = (bytes / 1_048_576.0 - 1e-9).ceil().abs();
    if mebibytes > 0.0 && mebibytes % 1024.0 == 0.0 {
        Ok(format!("{}Gi", mebibytes / 1024.0))
    } else {
        Ok(format!("{mebibytes}Mi"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores() {
        let printed: Vec<_> = [0.0, 0.1 + 0.2, 1.0, 1.5, 2.0001].map(|c| cpu(c).unwrap_or_default()).into();
        assert_eq!(printed, ["0", "300m", "1", "1500m", "2001m"]);
        assert!(cpu(-1.0).is_err());
    }

    #[test]
    fn amounts() {
        let read = |q: &str| bytes(&Value::from(q)).ok();
        assert_eq!(read("512Mi"), Some(512 << 20));
        assert_eq!(read("1.5G"), Some(1_500_000_000));
        assert_eq!(read("64k"), Some(64_000));
        assert_eq!(read("12"), Some(12));
        assert_eq!(read("much"), None);
        assert_eq!(memory(1024.0 * 1024.0 * 1024.0 * 2.0).ok().as_deref(), Some("2Gi"));
        assert_eq!(memory(1_048_577.0).ok().as_deref(), Some("2Mi"));
    }
}
