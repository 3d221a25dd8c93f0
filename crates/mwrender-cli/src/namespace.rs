//! The namespace of Helm's commands.

use crate::args::Kube;
use mwrender_core::helm::kubeconfig::{self, Found};
use std::path::{Path, PathBuf};

/// Where Kubernetes puts what a pod knows of itself.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// What the flag says, else `$HELM_NAMESPACE`, else the context of the kubeconfig, else the pod that this runs in.
pub(crate) fn of(flag: Option<&str>, kube: &Kube) -> String {
    let given = flag.filter(|name| !name.is_empty()).map(str::to_owned);
    let given = given.or_else(|| variable("HELM_NAMESPACE")).or_else(|| {
        let context = kube.kube_context.clone().or_else(|| variable("HELM_KUBECONTEXT"));
        match kubeconfig::namespace(files(kube.kubeconfig.as_deref()), &context.unwrap_or_default()) {
            Found::Namespace(name) => Some(name),
            Found::Nothing => of_pod(),
            Found::Fault => None,
        }
    });
    given.unwrap_or_else(|| "default".to_owned())
}

/// The kubeconfig files.
fn files(flag: Option<&str>) -> Vec<PathBuf> {
    if let Some(file) = flag.filter(|file| !file.is_empty()) {
        return vec![PathBuf::from(file)];
    }
    if let Some(paths) = variable("KUBECONFIG") {
        return std::env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty()).collect();
    }
    variable("HOME").map(|home| Path::new(&home).join(".kube/config")).into_iter().collect()
}

/// The namespace of the pod that this runs in.
fn of_pod() -> Option<String> {
    let account = Path::new(ACCOUNT);
    variable("KUBERNETES_SERVICE_HOST")?;
    variable("KUBERNETES_SERVICE_PORT")?;
    if !account.join("token").is_file() {
        return None;
    }
    variable("POD_NAMESPACE").or_else(|| {
        let name = std::fs::read_to_string(account.join("namespace")).ok()?;
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    })
}
