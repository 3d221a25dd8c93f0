//! What each diagnostic of the checks means, at more length than a headline allows.

/// Id and explanation, by id.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "duplicate-container",
        "Two containers of one pod have one name, init containers included. Kubernetes refuses the pod.",
    ),
    ("duplicate-mount", "A container mounts two volumes at one path. Kubernetes refuses the pod."),
    (
        "duplicate-object",
        "Two manifests are about one object: the same group, kind, namespace and name. In one release the last one \
         wins; in two releases of a namespace each deployment takes the object from the other one, and removing one \
         release removes it for both.",
    ),
    (
        "duplicate-port",
        "Two containers that run side by side in a pod listen on one port with one protocol: they share one network, \
         so the second one fails to start. Within one container it is a warning: Kubernetes allows it, but merges \
         the list by the number, so that one of the two gets lost in a later update.",
    ),
    (
        "duplicate-variable",
        "A container sets an environment variable twice; the last one counts. The list is merged by the name, so that \
         a later update may lose either.",
    ),
    ("duplicate-volume", "Two volumes of one pod have one name. Kubernetes refuses the pod."),
    (
        "invalid-schedule",
        "The schedule of a CronJob has five fields (minute, hour, day of the month, month, day of the week) of numbers, \
         ranges, lists and steps, with the English names of months and days; or it is `@hourly`, `@daily`, `@weekly`, \
         `@monthly`, `@yearly` or `@every` with a duration. Days of the week go from 0 to 6: there is no 7. A time zone \
         belongs in `spec.timeZone`.",
    ),
    (
        "missing-config-map",
        "A pod refers to a ConfigMap that no release of its namespace has: it would not start. If something else makes \
         it, say so on the workload: `metadata.annotations[\"mwrender/provided-elsewhere\"]` is a list of `KIND/NAME` \
         (or `KIND/*`) separated by commas. References with `optional: true`, and `kube-root-ca.crt`, are let through.",
    ),
    (
        "missing-data-key",
        "A pod takes a key from a ConfigMap or Secret (in `env`, in the `items` of a volume, or as the `subPath` of a \
         mount) that it does not have. A Secret that a Certificate makes has `tls.crt`, `tls.key` and `ca.crt`. A \
         missing `subPath` is the quiet one: an empty directory is mounted in place of the file.",
    ),
    (
        "missing-scale-target",
        "An autoscaler's `scaleTargetRef` names no object of the namespace, by group, kind and name: nothing is scaled. \
         The annotation `mwrender/provided-elsewhere` of the autoscaler lets it through.",
    ),
    (
        "missing-secret",
        "A pod refers to a Secret that no release of its namespace has, and no Certificate makes (`spec.secretName`): it \
         would not start. If something else makes it, say so on the workload: \
         `metadata.annotations[\"mwrender/provided-elsewhere\"]` is a list of `KIND/NAME` (or `KIND/*`) separated by \
         commas. References with `optional: true` are let through.",
    ),
    (
        "missing-service-account",
        "A pod runs as a ServiceAccount that no release of its namespace has: no pod would be made. `default` is always \
         there; others made elsewhere are declared by the annotation `mwrender/provided-elsewhere` of the workload.",
    ),
    (
        "missing-volume-claim",
        "A pod mounts a PersistentVolumeClaim that no release of its namespace has: it would wait for it for ever. One \
         made elsewhere is declared by the annotation `mwrender/provided-elsewhere` of the workload.",
    ),
    (
        "node-port-collision",
        "Two Services of one environment ask for one port of the nodes with one protocol. It belongs to one Service of \
         the whole cluster, whatever the namespace: the second one cannot be made.",
    ),
    (
        "pool-without-failover",
        "A route of mcrouter fails over to other servers when one of its pool is marked dead, but the pool has no \
         `failover` servers.",
    ),
    (
        "port-collision",
        "Two enabled service proxies (`discovery.listeners`) have one local port, or one has a port of Envoy's own \
         (administration, telemetry, the public one), or one is enabled twice. `services_proxy` may define two with one \
         port as long as only one of them is enabled. Envoy refuses such a configuration.",
    ),
    (
        "replicas-with-autoscaler",
        "A workload sets `replicas` and an autoscaler scales it: each deployment sets the number back, until the \
         autoscaler changes it again.",
    ),
    (
        "selector-matches-nothing",
        "A Service, PodMonitor, ServiceMonitor, NetworkPolicy, PodDisruptionBudget or topology spread constraint selects \
         labels that nothing in its namespace has, in whichever release. Shown is the first label that the nearest one \
         does not have. For the peers of a NetworkPolicy (in its own namespace) it is a warning. Where not all releases \
         of the namespace were looked at it is a warning too. Pods made elsewhere are declared by the annotation \
         `mwrender/provided-elsewhere: Pod/*` of the object that selects them.",
    ),
    (
        "selector-mismatch",
        "A workload's selector asks for a label that its own pod template does not have. Kubernetes refuses it.",
    ),
    (
        "unknown-container",
        "An autoscaler measures a container (`containerResource`) that the pods of its target do not have: it would \
         never have a number to scale by.",
    ),
    (
        "unknown-listener",
        "`discovery.listeners` enables a service that `services_proxy` does not define. The first is written in \
         `mediawiki/tlsproxy.yaml`, the second in `general-ENVIRONMENT.yaml`.",
    ),
    (
        "unknown-pool",
        "A route of mcrouter goes to a pool that is not defined, in `cache.mcrouter` of the values or in the rendered \
         configuration. mcrouter refuses such a configuration and keeps the one it had; a new pod does not start. A \
         route that is `optional` in the values is left out instead.",
    ),
    (
        "unknown-port",
        "A probe, a Service or a monitor refers to a port that no container has. A probe's named port is one of its own \
         container's; a number may be any container's. A Service finds a named port in the pods that it selects, with \
         its protocol. Kubernetes does not ask that a number be declared, but then nobody can check it: declare each \
         port that a container listens on.",
    ),
    (
        "unknown-volume",
        "A container mounts a volume that its pod does not define, neither in `volumes` nor, for a StatefulSet, in \
         `volumeClaimTemplates`. Kubernetes refuses the pod.",
    ),
    (
        "unused-volume",
        "A pod has a volume that no container mounts. It does no harm, except that the pod waits for it.",
    ),
];
