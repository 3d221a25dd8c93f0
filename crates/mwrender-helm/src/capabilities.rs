//! What the cluster can do, and what Helm is: `.Capabilities`.

use crate::error::{Error, ErrorKind, quoted};
use crate::metadata::Metadata;
use crate::version::{Constraint, Version};
use mwrender_diagnostic::{Diagnostic, Span};

/// `.Capabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions: groups with versions, and kinds only where they were given.
    pub api_versions: Vec<String>,
    /// The version of Helm, with a `v`.
    pub helm_version: String,
    /// The version of Go that it was built with.
    pub go_version: String,
}

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// The whole, with a `v`.
    pub version: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}

/// What client-go of Helm 3.19.5 knows, in its order.
const API_VERSIONS: [&str; 57] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1alpha1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

impl Default for Capabilities {
    /// What `helm template` of Helm 3.19.5 has without flags.
    fn default() -> Capabilities {
        Capabilities {
            kube_version: KubeVersion { version: "v1.34.0".into(), major: "1".into(), minor: "34".into() },
            api_versions: API_VERSIONS.map(str::to_owned).to_vec(),
            helm_version: "v3.19.5".into(),
            go_version: "go1.24.11".into(),
        }
    }
}

impl Capabilities {
    /// Whether an API version is there; `apps/v1/Deployment` is only if it was given.
    pub fn has(&self, api_version: &str) -> bool {
        self.api_versions.iter().any(|known| known == api_version)
    }

    /// Whether the cluster is one that a chart is for.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self, metadata: &Metadata) -> Result<(), Error> {
        let wanted = &metadata.kube_version;
        let meets = |version| Constraint::parse(wanted).is_ok_and(|c| c.matches(&version));
        if wanted.is_empty() || Version::parse(&self.kube_version.version).is_some_and(meets) {
            return Ok(());
        }
        let version = &self.kube_version.version;
        let text =
            format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}");
        let error = Error::new(ErrorKind::Capabilities, text);
        let Some(place) = metadata.origins.get("kubeVersion").filter(|p| p.is_some()) else {
            return Err(error);
        };
        let headline = format!("chart `{}` is not for Kubernetes {version}", metadata.name);
        Err(error.with(
            Diagnostic::error("kube-version", headline).primary(Span::new(*place, wanted.len() as u32), ""),
        ))
    }
}

impl KubeVersion {
    /// Reads `--kube-version` as Helm 3.19 does: two or more numbers; what follows them is dropped.
    ///
    /// ```
    /// use mwrender_helm::capabilities::KubeVersion;
    /// assert_eq!(KubeVersion::parse("1.31.2-gke.1").unwrap().version, "v1.31.2");
    /// let fault = KubeVersion::parse("1").unwrap_err();
    /// assert_eq!(fault.to_string(), r#"illegal version string "1""#);
    /// ```
    ///
    /// # Errors
    /// The text is no such version.
    pub fn parse(text: &str) -> Result<KubeVersion, Error> {
        let fault = |text: String| Error::new(ErrorKind::Capabilities, text);
        let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
        let rest = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        // the longest run of numbers with single dots between them
        let run = &rest[..end];
        let run = run.find("..").map_or(run, |at| &run[..at]).trim_end_matches('.');
        if run.is_empty() || run.starts_with('.') {
            return Err(fault(format!("could not parse {} as version", quoted(text))));
        }
        let parts: Vec<&str> = run.split('.').collect();
        if parts.len() < 2 {
            return Err(fault(format!("illegal version string {}", quoted(text))));
        }
        if parts[0].starts_with('0') && parts[0] != "0" {
            let text =
                format!("illegal zero-prefixed version component {} in {}", quoted(parts[0]), quoted(text));
            return Err(fault(text));
        }
        let mut numbers = Vec::with_capacity(parts.len());
        for part in parts {
            let Ok(number) = part.parse::<u64>() else {
                let (part, text) = (quoted(part), quoted(text));
                let why = format!("strconv.ParseUint: parsing {part}: value out of range");
                return Err(fault(format!("illegal non-numeric version component {part} in {text}: {why}")));
            };
            numbers.push(number.to_string());
        }
        let (major, minor) = (numbers[0].clone(), numbers[1].clone());
        Ok(KubeVersion { version: format!("v{}", numbers.join(".")), major, minor })
    }
}
