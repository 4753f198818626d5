"""Whether manifests fit each other and the program: selectors, names of ports, keys of ConfigMaps and Secrets, the paths of
the ingress, and that network policies open the arrows of the design and nothing else. Knows no schema."""

import tomllib

COMPONENT = "app.kubernetes.io/component"
# What pods of servers carry, whoever runs them.
SERVER = "okienko.server"
NAMESPACE = "kubernetes.io/metadata.name"
WORKLOADS = ("Deployment", "StatefulSet", "Job")

# Who may reach whom, on which port: the arrows of ARCHITECTURE.md. Roles call each other by gRPC on 9090; replicas of one
# role too, because each key has its home in one of them.
ROLES = ("booking", "queue", "display", "sms-gateway")
ARROWS = {
    ("booking", "sms-gateway", 9090),
    ("queue", "booking", 9090),
    ("queue", "sms-gateway", 9090),
    ("display", "queue", 9090),
    ("booking", "booking", 9090),
    ("queue", "queue", 9090),
    ("sms-gateway", "sms-gateway", 9090),
    ("migrate", "postgres", 5432),
    *((role, "postgres", 5432) for role in ("booking", "queue", "sms-gateway")),
    *((role, "nats", 4222) for role in ROLES),
    *((role, "redis", 6379) for role in ("booking", "queue", "display")),
    *((f"namespace {who}", role, 8080) for who in ("ingress-nginx", "monitoring") for role in ROLES),
    ("sms-gateway", "internet", 443),
    ("sms-gateway", "internet", 587),
    ("*", "namespace kube-system", 53),
}
# What an overlay adds for its servers.
OF_SERVERS = {
    "demo": {("sms-gateway", "fake-provider", 8091), ("sms-gateway", "fake-provider", 8092)},
    "prod": {
        ("postgres", "postgres", 5432),
        ("postgres", "postgres", 8000),
        ("namespace cnpg-system", "postgres", 5432),
        ("namespace cnpg-system", "postgres", 8000),
        ("nats", "nats", 6222),
        ("*", "namespace monitoring", 4317),
        ("cnpg.io/cluster postgres", "network 0.0.0.0/0", 443),
        ("cnpg.io/cluster postgres", "network 0.0.0.0/0", 6443),
    },
}
# Networks that are nobody's on the internet.
PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}


class Installation:
    """The manifests of an overlay, and what is wrong between them."""

    def __init__(self, overlay, manifests, secrets, ways):
        """`secrets`: keys of Secrets that are made elsewhere, by name; `ways`: path → role, as the program's ingress has it."""
        self.overlay, self.manifests, self.secrets, self.ways = overlay, manifests, dict(secrets), ways
        self.found = []
        for secret in self.of("Secret"):
            self.secrets[self.name(secret)] = {*secret.get("data", {}), *secret.get("stringData", {})}
        self.pods = {
            f"{workload['kind']} {self.name(workload)}": workload["spec"]["template"]
            for workload in self.of(*WORKLOADS)
        }

    def of(self, *kinds):
        return [manifest for manifest in self.manifests if manifest["kind"] in kinds]

    @staticmethod
    def name(manifest):
        return manifest["metadata"]["name"]

    def wrong(self, where, what):
        self.found.append(f"{where}: {what}")

    def faults(self):
        self.workloads()
        self.services()
        self.selectors()
        self.ingress()
        self.settings()
        self.network()
        return self.found

    def matching(self, labels):
        return {
            name: pod for name, pod in self.pods.items() if labels.items() <= pod["metadata"].get("labels", {}).items()
        }

    @staticmethod
    def ports(pod):
        return {
            port["name"]: port["containerPort"] for it in pod["spec"]["containers"] for port in it.get("ports", [])
        }

    def workloads(self):
        for name, pod in self.pods.items():
            spec = pod["spec"]
            self.hardened(name, spec)
            volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
            claims = {
                claim["metadata"]["name"]
                for workload in self.of("StatefulSet")
                if name == f"StatefulSet {self.name(workload)}"
                for claim in workload["spec"].get("volumeClaimTemplates", [])
            }
            for volume in volumes.values():
                self.volume(name, volume)
            for container in spec["containers"]:
                ports = self.ports(pod)
                for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                    told = container.get(probe, {})
                    port = (told.get("httpGet") or told.get("tcpSocket") or {}).get("port")
                    if isinstance(port, str) and port not in ports:
                        self.wrong(name, f"{probe} asks the port {port!r}, which it has not")
                for mount in container.get("volumeMounts", []):
                    if mount["name"] not in volumes.keys() | claims:
                        self.wrong(name, f"mounts {mount['name']!r}, which is no volume of it")
                for variable in container.get("env", []):
                    self.variable(name, variable, volumes, container)

    def hardened(self, name, spec):
        if not spec.get("securityContext", {}).get("runAsNonRoot"):
            self.wrong(name, "may run as root")
        if spec.get("securityContext", {}).get("seccompProfile", {}).get("type") != "RuntimeDefault":
            self.wrong(name, "has no seccomp profile")
        if spec.get("automountServiceAccountToken") is not False:
            self.wrong(name, "is given a token of its service account")
        for container in spec["containers"]:
            own = container.get("securityContext", {})
            if not own.get("readOnlyRootFilesystem") or own.get("allowPrivilegeEscalation") is not False:
                self.wrong(name, "may write to its root file system, or gain rights")
            if own.get("capabilities", {}).get("drop") != ["ALL"]:
                self.wrong(name, "keeps capabilities")
            if "memory" not in container.get("resources", {}).get("limits", {}):
                self.wrong(name, "has no limit of memory")

    def volume(self, name, volume):
        if "configMap" in volume:
            self.config_map(name, volume["configMap"]["name"])
        if "secret" in volume:
            secret = volume["secret"]["secretName"]
            for item in volume["secret"].get("items", []):
                self.key(name, secret, item["key"])

    def config_map(self, name, wanted):
        known = [it for it in self.of("ConfigMap") if self.name(it) == wanted]
        if not known:
            self.wrong(name, f"wants the ConfigMap {wanted}, which is not there")
        return known[0].get("data", {}) if known else {}

    def key(self, name, secret, key):
        if key not in self.secrets.get(secret, ()):
            self.wrong(name, f"wants the key {key!r} of the Secret {secret!r}, which has it not")

    def variable(self, name, variable, volumes, container):
        source = variable.get("valueFrom", {}).get("secretKeyRef")
        if source:
            self.key(name, source["name"], source["key"])
        # A file that a setting names has to be mounted.
        value = variable.get("value", "")
        if variable["name"].endswith("_FILE"):
            mounts = [it for it in container.get("volumeMounts", []) if value.startswith(it["mountPath"] + "/")]
            paths = [
                item["path"]
                for mount in mounts
                for item in volumes.get(mount["name"], {}).get("secret", {}).get("items", [])
            ]
            if value.rpartition("/")[2] not in paths:
                self.wrong(name, f"{variable['name']} names {value}, which is not mounted")

    def services(self):
        for service in self.of("Service"):
            where = f"Service {self.name(service)}"
            # One without a selector leads nowhere, on purpose.
            if "selector" not in service["spec"]:
                continue
            pods = self.matching(service["spec"]["selector"])
            if not pods:
                self.wrong(where, f"selects no pod by {service['spec']['selector']}")
            for port in service["spec"]["ports"]:
                for name, pod in pods.items():
                    known = self.ports(pod)
                    target = port.get("targetPort", port["port"])
                    if target not in known and target not in known.values():
                        self.wrong(where, f"leads to the port {target!r}, which {name} has not")

    def selectors(self):
        for workload in self.of("Deployment", "StatefulSet"):
            labels = workload["spec"]["selector"]["matchLabels"]
            if not labels.items() <= workload["spec"]["template"]["metadata"]["labels"].items():
                self.wrong(f"{workload['kind']} {self.name(workload)}", "does not select its own pods")
        for budget in self.of("PodDisruptionBudget"):
            if not self.matching(budget["spec"]["selector"]["matchLabels"]):
                self.wrong(f"PodDisruptionBudget {self.name(budget)}", "selects no pod")
        known = {(it["kind"], self.name(it)) for it in self.of(*WORKLOADS)}
        for scaler in self.of("HorizontalPodAutoscaler"):
            target = scaler["spec"]["scaleTargetRef"]
            if (target["kind"], target["name"]) not in known:
                self.wrong(f"HorizontalPodAutoscaler {self.name(scaler)}", f"scales {target['name']}, which is not there")
        for monitor in self.of("ServiceMonitor"):
            (wanted,) = monitor["spec"]["selector"]["matchExpressions"]
            for value in wanted["values"]:
                ports = [
                    port["name"]
                    for service in self.of("Service")
                    if service["metadata"]["labels"].get(wanted["key"]) == value
                    for port in service["spec"]["ports"]
                ]
                for endpoint in monitor["spec"]["endpoints"]:
                    if endpoint["port"] not in ports:
                        self.wrong(f"ServiceMonitor {self.name(monitor)}", f"{value} has no port {endpoint['port']!r}")

    def ingress(self):
        ports = {self.name(it): {port["name"] for port in it["spec"]["ports"]} for it in self.of("Service")}
        for ingress in self.of("Ingress"):
            where, told = f"Ingress {self.name(ingress)}", {}
            for rule in ingress["spec"]["rules"]:
                for path in rule["http"]["paths"]:
                    service = path["backend"]["service"]
                    told[path["path"]] = service["name"]
                    if service["port"]["name"] not in ports.get(service["name"], ()):
                        self.wrong(where, f"{path['path']} leads to {service['name']}:{service['port']['name']}, which is not there")
            if told != self.ways:
                self.wrong(where, f"paths and roles are not the program's: {sorted(told.items() ^ self.ways.items())}")

    def settings(self):
        for deployment in self.of("Deployment"):
            volumes = deployment["spec"]["template"]["spec"].get("volumes", [])
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            if container["args"][0] != "serve":
                continue
            where = f"Deployment {self.name(deployment)}"
            named = next(it["configMap"]["name"] for it in volumes if it["name"] == "settings")
            settings = tomllib.loads(self.config_map(where, named).get("settings.toml", ""))
            ports = self.ports(deployment["spec"]["template"])
            for key, port in (("listen", "http"), ("grpc_listen", "grpc")):
                told = int(settings["serve"][key].rpartition(":")[2])
                if told != ports.get(port):
                    self.wrong(where, f"serve.{key} is {told}, its port {port!r} is {ports.get(port)}")
            for role, addresses in settings["ways"].items():
                for address in addresses:
                    host, _, port = address.removeprefix("http://").partition(":")
                    services = [it for it in self.of("Service") if self.name(it) == host]
                    known = {it["port"] for service in services for it in service["spec"]["ports"]}
                    if host != role.replace("_", "-") or int(port) not in known:
                        self.wrong(where, f"ways.{role} leads to {address}, where no service is")
            most = next(
                it["spec"]["maxReplicas"] for it in self.of("HorizontalPodAutoscaler") if self.name(it) == "booking"
            )
            if settings["limits"]["processes"] != most:
                self.wrong(where, f"limits.processes is {settings['limits']['processes']}, booking may have {most}")

    def network(self):
        into, out = set(), set()
        shut = False
        for policy in self.of("NetworkPolicy"):
            where, spec = f"NetworkPolicy {self.name(policy)}", policy["spec"]
            labels = spec["podSelector"].get("matchLabels", {})
            if not labels and not spec.get("ingress") and not spec.get("egress"):
                shut = set(spec["policyTypes"]) == {"Ingress", "Egress"}
                continue
            whose = self.who(labels) or "*"
            # Pods of servers may come from their operators.
            if COMPONENT in labels and not self.matching(labels):
                self.wrong(where, f"selects no pod by {labels}")
            for rule in spec.get("ingress", []):
                into |= {(who, whose, port) for who, port in self.ends(where, rule, "from")}
            for rule in spec.get("egress", []):
                out |= {(whose, who, port) for who, port in self.ends(where, rule, "to")}
        if not shut:
            self.wrong("network policies", "none of them shuts what the others do not open")
        allowed = ARROWS | OF_SERVERS[self.overlay]
        for arrow in sorted((into | out) - allowed):
            self.wrong("network policies", f"{arrow[0]} may reach {arrow[1]} on {arrow[2]}: no arrow of the design")
        # An arrow has to be open at both of its ends, where both are here.
        outside = lambda who: who in ("*", "internet") or who.startswith(("namespace ", "network "))
        for source, target, port in sorted(allowed):
            if not outside(source) and (source, target, port) not in out:
                self.wrong("network policies", f"{source} may not reach out to {target} on {port}")
            if not outside(target) and (source, target, port) not in into:
                self.wrong("network policies", f"{target} does not let {source} in on {port}")

    def ends(self, where, rule, side):
        """Whom a rule means, on which ports; one that names nobody or no port means all."""
        if not rule.get(side) or not rule.get("ports"):
            self.wrong(where, "is too open: a rule without peers or without ports means all of them")
            return
        for peer in rule[side]:
            for port in rule["ports"]:
                if "port" not in port or "endPort" in port:
                    self.wrong(where, "is too open: a range of ports")
                yield self.peer(where, peer), port.get("port")

    def peer(self, where, peer):
        if "ipBlock" in peer:
            block = peer["ipBlock"]
            if block["cidr"] == "0.0.0.0/0" and PRIVATE <= set(block.get("except", [])):
                return "internet"
            return f"network {block['cidr']}"
        namespace = peer.get("namespaceSelector")
        if namespace is not None:
            name = namespace.get("matchLabels", {}).get(NAMESPACE)
            if name is None:
                self.wrong(where, "is too open: a peer in every namespace")
            return f"namespace {name}"
        who = self.who(peer.get("podSelector", {}).get("matchLabels", {}))
        if who is None:
            self.wrong(where, "is too open: a peer that is every pod")
        return who or "every pod"

    @staticmethod
    def who(labels):
        """Whom labels mean, by a component, a server, or an operator's own name; nobody where they say nothing."""
        own = labels.get(COMPONENT) or labels.get(SERVER)
        return own or next((f"{key} {value}" for key, value in labels.items()), None)
