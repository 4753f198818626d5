"""The manifests of both overlays: taken by Kubernetes's schemas, fitting each other and the program; and that the checks
find what is wrong when something is."""

import copy
import os
import re
import shutil
import subprocess
import tomllib
import unittest
from pathlib import Path

from ruamel.yaml import YAML

import references
import schemas

HERE = Path(__file__).resolve().parent
K8S = HERE.parent
ROOT = K8S.parent
OVERLAYS = ("demo", "prod")


def load(path):
    return [manifest for manifest in YAML(typ="safe", pure=True).load_all(path.read_text(encoding="utf-8")) if manifest]


RENDERED = {overlay: load(K8S / "rendered" / f"{overlay}.yaml") for overlay in OVERLAYS}


def secrets():
    """Keys of the secrets that the city makes itself."""
    (secret,) = load(K8S / "overlays/prod/secret.example.yaml")
    return {secret["metadata"]["name"]: set(secret["stringData"])}


def ways():
    """Path → role, from the table by which the tests' own ingress leads."""
    table = (ROOT / "e2e/src/cluster/table.rs").read_text(encoding="utf-8")
    known = dict(re.findall(r'\("(/[^"]*)", Role::(\w+)\)', table.partition("const WAYS")[2].partition("];")[0]))
    roles = {"Booking": "booking", "Queue": "queue", "Display": "display", "SmsGateway": "sms-gateway"}
    return {path: roles[role] for path, role in known.items()} | {"/t": "display", "/": "booking", "/metrics": "nothing"}


def settings():
    """Every setting of the program, as a variable of the environment."""
    said = subprocess.run([os.environ["OKIENKO_BIN"], "serve", "--defaults"], capture_output=True, text=True, check=True)
    sections = tomllib.loads(said.stdout)
    return {f"OKIENKO__{section}__{key}".upper() for section, keys in sections.items() for key in keys}


def by_name(manifests):
    return {(it["kind"], it["metadata"]["name"]): it for it in manifests if it}


def wrong(overlay, manifests):
    outside = secrets() if overlay == "prod" else {}
    return references.Installation(overlay, manifests, outside, ways()).faults()


class Manifests(unittest.TestCase):
    maxDiff = None

    def test_kubernetes_takes_every_manifest(self):
        for overlay, manifests in RENDERED.items():
            for version in schemas.VERSIONS:
                found = [fault for manifest in manifests for fault in schemas.faults(manifest, version)]
                self.assertEqual(found, [], f"{overlay}, {version}")

    def test_manifests_fit_each_other_and_the_program(self):
        for overlay, manifests in RENDERED.items():
            self.assertEqual(wrong(overlay, manifests), [], overlay)

    def test_what_is_rendered_is_what_the_sources_say(self):
        kubectl = shutil.which("kubectl")
        said = subprocess.run([kubectl, "version", "--client"], capture_output=True, text=True).stdout if kubectl else ""
        if not re.search(r"Kustomize Version: v[5-9]", said):
            self.skipTest("no kubectl with Kustomize 5 is at hand")
        for overlay in OVERLAYS:
            made = subprocess.run([kubectl, "kustomize", K8S / "overlays" / overlay], capture_output=True, text=True)
            self.assertEqual(made.returncode, 0, made.stderr)
            # Another version of the tool may write the same in another form.
            same = by_name(YAML(typ="safe", pure=True).load_all(made.stdout)) == by_name(RENDERED[overlay])
            self.assertTrue(same, f"kubectl kustomize k8s/overlays/{overlay} > k8s/rendered/{overlay}.yaml")

    def test_the_settings_are_good_settings(self):
        program = os.environ["OKIENKO_BIN"]
        for overlay in OVERLAYS:
            settings = K8S / "overlays" / overlay / "settings.toml"
            # Secrets and the pod's own address come from the environment, as in the manifests.
            given = os.environ | {
                "OKIENKO__POSTGRES__URL": "postgres://okienko@postgres/okienko",
                "OKIENKO__KEYS__SECRET": "0123456789abcdef0123456789abcdef",
                "OKIENKO__SMS__TOKEN": "a-token",
                "OKIENKO__SERVE__ADVERTISE": "http://10.0.0.7:9090",
            }
            said = subprocess.run([program, "check", settings], capture_output=True, text=True, env=given)
            self.assertEqual(said.returncode, 0, said.stdout)
        # The folder of the office's file and the provider's token are on the office's PC.
        here = os.environ | {"OKIENKO__OFFICES__DIR": str(ROOT / "deploy/offices"), "OKIENKO__SMS__TOKEN": "a-token"}
        sample = ROOT / "deploy/one-pc/settings.toml"
        said = subprocess.run([program, "check", sample], capture_output=True, text=True, env=here)
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_every_variable_that_is_given_is_a_setting(self):
        known = settings()
        given = {
            (overlay, variable["name"])
            for overlay, manifests in RENDERED.items()
            for pod in references.Installation(overlay, manifests, {}, {}).pods.values()
            for container in pod["spec"]["containers"]
            for variable in container.get("env", [])
        }
        services = load(ROOT / "deploy/one-host/compose.yaml")[0]["services"]
        given |= {(name, key) for name, service in services.items() for key in service.get("environment", {})}
        unknown = {(where, name) for where, name in given if name.startswith("OKIENKO__")} - {
            (where, name) for where, name in given if name in known
        }
        self.assertEqual(unknown, set())
        self.assertGreater(len(given), 20)

    def test_the_services_of_one_host_name_each_other(self):
        services = load(ROOT / "deploy/one-host/compose.yaml")[0]["services"]
        proxy = (ROOT / "deploy/one-host/Caddyfile").read_text(encoding="utf-8")
        named = set(re.findall(r"reverse_proxy ([a-z-]+):8080", proxy))
        named |= {name for service in services.values() for name in service.get("depends_on", {})}
        for service in services.values():
            for value in service.get("environment", {}).values():
                named |= set(re.findall(r"(?://|@)([a-z-]+):\d+", str(value)))
        self.assertEqual(named - services.keys(), set())
        matched = {path for path in re.findall(r"(/[^ *\n]*?)(?:/\*)?(?= |\n)", proxy) if path in ways()}
        self.assertEqual(ways().keys() - matched - {"/", "/metrics"}, set(), "paths of the program that the proxy does not lead")


class PlantedFaults(unittest.TestCase):
    """Each fault is planted by hand into the prod overlay, and found for what it is."""

    def setUp(self):
        self.manifests = copy.deepcopy(RENDERED["prod"])

    def of(self, kind, name):
        (found,) = [it for it in self.manifests if it["kind"] == kind and it["metadata"]["name"] == name]
        return found

    def is_found(self, *parts):
        found = wrong("prod", self.manifests)
        self.assertTrue(
            any(all(part in fault for part in parts) for fault in found), f"{parts} is not among {found}"
        )

    def test_a_wrong_name_of_a_port(self):
        self.of("Service", "booking")["spec"]["ports"][0]["targetPort"] = "htpp"
        self.is_found("Service booking", "'htpp'")

    def test_a_probe_of_a_port_that_is_not_there(self):
        container = self.of("Deployment", "queue")["spec"]["template"]["spec"]["containers"][0]
        container["readinessProbe"]["httpGet"]["port"] = "web"
        self.is_found("Deployment queue", "readinessProbe", "'web'")

    def test_a_missing_key_of_a_secret(self):
        volumes = self.of("Deployment", "sms-gateway")["spec"]["template"]["spec"]["volumes"]
        (volume,) = [it for it in volumes if it["name"] == "secrets"]
        volume["secret"]["items"].append({"key": "sms-tokn", "path": "sms-tokn"})
        self.is_found("Deployment sms-gateway", "'sms-tokn'")

    def test_a_secret_file_that_is_not_mounted(self):
        volumes = self.of("Deployment", "booking")["spec"]["template"]["spec"]["volumes"]
        (volume,) = [it for it in volumes if it["name"] == "secrets"]
        volume["secret"]["items"] = [it for it in volume["secret"]["items"] if it["key"] != "nats-url"]
        self.is_found("Deployment booking", "NATS__URL_FILE", "not mounted")

    def test_a_config_map_that_is_not_there(self):
        volumes = self.of("Deployment", "booking")["spec"]["template"]["spec"]["volumes"]
        (volume,) = [it for it in volumes if it["name"] == "offices"]
        volume["configMap"]["name"] = "offices"
        self.is_found("Deployment booking", "ConfigMap offices")

    def test_a_policy_without_peers(self):
        del self.of("NetworkPolicy", "booking")["spec"]["ingress"][0]["from"]
        self.is_found("NetworkPolicy booking", "too open")

    def test_a_policy_for_every_namespace(self):
        rule = self.of("NetworkPolicy", "queue")["spec"]["ingress"][0]
        rule["from"].append({"namespaceSelector": {}})
        self.is_found("NetworkPolicy queue", "every namespace")

    def test_an_arrow_that_the_design_has_not(self):
        peer = {"podSelector": {"matchLabels": {references.COMPONENT: "display"}}}
        self.of("NetworkPolicy", "postgres")["spec"]["ingress"][0]["from"].append(peer)
        self.is_found("display may reach postgres on 5432")

    def test_an_arrow_that_is_open_at_one_end_only(self):
        rules = self.of("NetworkPolicy", "booking")["spec"]["egress"]
        rules[:] = [it for it in rules if it["ports"][0]["port"] != 6379]
        self.is_found("booking may not reach out to redis on 6379")

    def test_a_port_of_the_settings_that_is_not_the_pods(self):
        for manifest in self.manifests:
            if manifest["kind"] == "ConfigMap" and "settings.toml" in manifest["data"]:
                manifest["data"]["settings.toml"] = manifest["data"]["settings.toml"].replace(":8080", ":8081")
        self.is_found("Deployment booking", "serve.listen is 8081")

    def test_a_path_that_leads_to_another_role(self):
        paths = self.of("Ingress", "okienko")["spec"]["rules"][0]["http"]["paths"]
        paths[0]["backend"]["service"]["name"] = "booking"
        self.is_found("Ingress okienko", "paths and roles")

    def test_a_pod_that_may_run_as_root(self):
        self.of("Deployment", "display")["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] = False
        self.is_found("Deployment display", "as root")

    def test_a_misspelt_field_and_a_wrong_kind_of_value(self):
        deployment = self.of("Deployment", "booking")
        deployment["spec"]["replica"] = 2
        deployment["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"] = "8080"
        found = " ".join(schemas.faults(deployment, schemas.VERSIONS[-1]))
        self.assertIn("replica", found)
        self.assertIn("containerPort", found)

    def test_a_kind_that_is_not_of_this_version(self):
        scaler = self.of("HorizontalPodAutoscaler", "booking")
        scaler["apiVersion"] = "autoscaling/v2beta2"
        self.assertIn("knows no autoscaling/v2beta2", schemas.faults(scaler, schemas.VERSIONS[-1])[0])


if __name__ == "__main__":
    unittest.main()
