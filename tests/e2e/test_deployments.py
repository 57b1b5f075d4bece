"""The deployments are the same whether they are served or given to a work pool; what deploy/ holds can be started."""

import os
import re
import shutil
import subprocess
import sys

import click
import pytest
import yaml
from served import environment, request
from support import ROOT

from flows.deployments import DEPLOYMENTS, TIMEZONE
from nianbao.cli import main

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())


def known_command(words):
    """The command of the CLI that these words call, its options checked; fails if there is none."""
    command, context = main, click.Context(main)
    for position, word in enumerate(words):
        if word.startswith("-"):
            command.make_context("nianbao", list(words[position:]))
            return
        assert isinstance(command, click.Group), f"'{word}' is too much in {words}"
        command = command.get_command(context, word)
        assert command is not None, f"nianbao has no command {' '.join(words)}"
    assert not isinstance(command, click.Group) or command.invoke_without_command, words


def test_prefect_yaml_names_the_same_deployments_as_serve():
    listed = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert [each["name"] for each in listed] == [each.name for each in DEPLOYMENTS]
    assert len({each.full_name for each in DEPLOYMENTS}) == len(DEPLOYMENTS)
    for given, own in zip(listed, DEPLOYMENTS, strict=True):
        assert given["entrypoint"] == own.entrypoint
        assert given["parameters"] == dict(own.parameters)
        assert given["description"] == own.description
        crons = [{"cron": own.cron, "timezone": TIMEZONE}] if own.cron else []
        assert given["schedules"] == crons
        assert given["concurrency_limit"]["limit"] == 1
        assert given["work_pool"] == {"name": "nianbao"}


def test_deploy_all_gives_them_to_a_work_pool(prefect_api, tmp_path):
    settings = environment(
        tmp_path / "home", PREFECT_API_URL=prefect_api, PREFECT_HOME=str(tmp_path / "prefect")
    )
    for command in ("work-pool create nianbao --type process --overwrite", "--no-prompt deploy --all"):
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *command.split()],
            cwd=ROOT,
            env=settings,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    for each in DEPLOYMENTS:
        status, answer, _ = request(f"{prefect_api}/deployments/name/{each.full_name}")
        found = yaml.safe_load(answer)
        assert status == 200
        assert found["work_pool_name"] == "nianbao"
        assert found["entrypoint"] == each.entrypoint
        assert found["pull_steps"] in ([], None)
        assert [s["schedule"]["cron"] for s in found["schedules"]] == ([each.cron] if each.cron else [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_start_commands_that_exist_and_are_hardened(unit):
    text = unit.read_text()
    called = re.search(r"^ExecStart=/opt/nianbao/bin/nianbao (.+)$", text, re.MULTILINE)
    known_command(called[1].split())
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/nianbao",
        "User=nianbao",
    ):
        assert f"\n{line}\n" in text
    assert "EnvironmentFile=-/etc/nianbao/nianbao.env" in text
    assert not re.search(r"^Environment=.*(PASSWORD|URL|DATABASE)", text, re.MULTILINE), (
        "secrets are in the file"
    )


def test_systemd_takes_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    units = [*UNITS, *sorted((DEPLOY / "systemd").glob("*.timer"))]
    for unit in units:
        here = unit.read_text().replace("/opt/nianbao/bin/nianbao", sys.executable)
        (tmp_path / unit.name).write_text(here)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "nianbao" in line]
    assert said == []


def test_the_containers_start_commands_that_exist_and_listen_on_loopback():
    for name, service in COMPOSE["services"].items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), f"{name} is open to everybody"
        command = service.get("command", [])
        if command[:1] == ["nianbao"]:
            known_command(command[1:])
        for value in service.get("environment", {}).values():
            assert not re.search(r"://[^/\s]*:[^/\s]*@", value), f"{name} holds a password"
        for file in service.get("env_file", ()):
            assert (DEPLOY / "container" / f"{file}.example").is_file()
        if name != "database":
            assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER nianbao$", containerfile(), re.MULTILINE)


def test_the_container_is_made_of_files_that_exist():
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", containerfile(), re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    assert os.access(DEPLOY / "container" / "worker.sh", os.X_OK)
    called = re.search(r'^CMD \["nianbao", "(\w+)"\]$', containerfile(), re.MULTILINE)
    known_command([called[1]])


def containerfile():
    return (DEPLOY / "container" / "Containerfile").read_text()


def manifests(kind):
    """The objects of one kind in the manifest for Kubernetes, by name."""
    found = yaml.safe_load_all((DEPLOY / "kubernetes" / "nianbao.yaml").read_text())
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}


def test_the_manifest_for_kubernetes_runs_what_compose_runs_and_holds_no_secret():
    deployments = manifests("Deployment")
    assert set(deployments) == set(COMPOSE["services"]) - {"database"}
    claims, services = manifests("PersistentVolumeClaim"), manifests("Service")
    for name, each in deployments.items():
        pod = each["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert container["command"] == COMPOSE["services"][name]["command"]
        assert each["spec"]["selector"]["matchLabels"] == each["spec"]["template"]["metadata"]["labels"]
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} == set(container["resources"]["requests"])
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
        for volume in volumes.values():
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in claims
        # Everything that may be secret comes from secrets; what stands here is plain.
        assert {source["secretRef"]["name"] for source in container["envFrom"]} <= {"nianbao", "prefect"}
        assert not [v for v in container.get("env", []) if re.search("PASS|SECRET|KEY|DATABASE", v["name"])]
    # One writer at a time, also while a new version takes over; and the address by which it finds the server is a service.
    worker = deployments["worker"]["spec"]
    assert worker["replicas"] == 1 and worker["strategy"] == {"type": "Recreate"}
    (address,) = [
        variable["value"]
        for variable in worker["template"]["spec"]["containers"][0]["env"]
        if variable["name"] == "PREFECT_API_URL"
    ]
    assert address == f"http://prefect:{services['prefect']['spec']['ports'][0]['port']}/api"
