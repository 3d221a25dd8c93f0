//! What schemas of charts refer to on the network, or in files elsewhere.
//!
//! Helm asks for it with each render, so a chart whose schema is elsewhere needs the network; nothing else here uses it.

use mwrender_helm::schema::{Fetch, Unfetched};
use std::io::ErrorKind;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::Agent;

/// The network, with the proxies that the environment names and the certificates that the system trusts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network;

/// Helm waits so long for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// No schema is longer, in bytes.
const LONGEST: u64 = 16 << 20;

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .user_agent(concat!("mwrender/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls);
    config.build().into()
});

impl Fetch for Network {
    fn fetch(&self, address: &str) -> Result<Vec<u8>, Unfetched> {
        check(address)?;
        let mut answer = AGENT.get(address).call().map_err(|error| failed(error, address))?;
        let status = answer.status();
        if status != 200 {
            let reason = status.canonical_reason().unwrap_or_default();
            return Err(Unfetched::Status(format!("{} ({reason})", status.as_u16())));
        }
        let body = answer.body_mut().with_config().limit(LONGEST);
        body.read_to_vec().map_err(|error| failed(error, address))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| {
            let step = if error.kind() == ErrorKind::IsADirectory { "read" } else { "open" };
            format!("{step} {path}: {}", super::reason(&error))
        })
    }
}

/// Go's words for addresses that nobody is asked about.
fn check(address: &str) -> Result<(), Unfetched> {
    let (host, port) = host(address);
    if host.is_empty() {
        return Err(Unfetched::Failed("http: no Host in request URL".to_owned()));
    }
    if port.parse::<u16>().is_err() {
        return Err(Unfetched::Failed(format!("dial tcp: address {port}: invalid port")));
    }
    Ok(())
}

/// Why there is no answer, in Go's words where it has some.
fn failed(error: ureq::Error, address: &str) -> Unfetched {
    Unfetched::Failed(match error {
        ureq::Error::HostNotFound => unknown(address),
        // the standard library gives the resolver's answer no kind of its own
        ureq::Error::Io(error) if error.to_string().starts_with(LOOKUP) => unknown(address),
        ureq::Error::TooManyRedirects => "stopped after 10 redirects".to_owned(),
        ureq::Error::Timeout(_) => {
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".to_owned()
        }
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => {
                let (host, port) = host(address);
                format!("dial tcp {host}:{port}: connect: connection refused")
            }
            ErrorKind::UnexpectedEof => "EOF".to_owned(),
            _ => error.to_string(),
        },
        other => other.to_string(),
    })
}

/// How the standard library tells that a host has no address.
const LOOKUP: &str = "failed to lookup address information";

/// Go's words for a host without an address; they name the server that it asked.
fn unknown(address: &str) -> String {
    let known = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let server = known.lines().find_map(|line| line.strip_prefix("nameserver")).map(str::trim);
    let host = host(address).0;
    server.map_or_else(
        || format!("dial tcp: lookup {host}: no such host"),
        |server| format!("dial tcp: lookup {host} on {server}:53: no such host"),
    )
}

/// The host and the port of an address.
fn host(address: &str) -> (&str, &str) {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let default = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') && !port.is_empty() => (host, port),
        _ => (authority, default),
    }
}
