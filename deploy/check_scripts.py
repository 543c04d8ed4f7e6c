"""Runs the scripts of deploy/ against programs that stand for aws, eksctl, gcloud, kubectl and nvidia-smi: they remember what was made,
refuse to make it twice, and know no network. Looks whether a second run goes through, whether wrong arguments and --help reach no
cloud, and whether gpu-discovery.sh says what is wrong. Prints OK or FINDING lines; ends with 1 after a finding.

    python3 deploy/check_scripts.py [FILE]     FILE: gets the commands that were run and those of docs/deploy.md, a line each, for a shell
"""

import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from check_deploy import DEPLOY, ROOT, failed, finding, ok, read

SUBNET = "subnet-0123456789abcdef0"
FOLDER = "s3://my-bucket/instructvideo"
GS = "gs://my-bucket/instructvideo"
# Scripts with arguments that are right, and with some that are wrong; the environment comes first.
RIGHT = [
    "emr/roles.sh my-bucket",
    f"SPOT=2 WHEELS=s3://my-bucket/wheels emr/create.sh {FOLDER} {SUBNET} 3",
    f"WHEELS=s3://my-bucket/wheels emr/schedule.sh my-bucket {SUBNET} 3",
    "emr-eks/setup.sh my-cluster eu-west-1 my-bucket",
    "dataproc/roles.sh my-project my-bucket",
    f"dataproc/create.sh my-project my-cluster europe-west4 {GS}",
    f"ZONE=europe-west4-b SUBNET=nat dataproc/create.sh my-project other europe-west4 {GS}/",
    f"dataproc/submit.sh my-project my-cluster europe-west4 {GS} score --videos gs://my-bucket/clips",
    "dataproc/schedule.sh my-project europe-west4 my-bucket",
]
WRONG = [
    "emr/roles.sh", "emr/roles.sh s3://my-bucket", "emr/roles.sh ''", "emr/roles.sh My_Bucket",
    f"emr/create.sh my-bucket {SUBNET}", f"emr/create.sh s3://my-bucket/elsewhere {SUBNET}", f"emr/create.sh {FOLDER} vpc-1",
    f"emr/create.sh {FOLDER} {SUBNET} many", f"SPOT=x emr/create.sh {FOLDER} {SUBNET}", f"emr/create.sh s3:///instructvideo {SUBNET}",
    f"emr/schedule.sh s3://my-bucket {SUBNET}", f"emr/schedule.sh my-bucket {SUBNET} 0",
    "emr-eks/setup.sh my-cluster eu-west-1 s3://my-bucket", "emr-eks/setup.sh my-cluster my-bucket eu-west-1",
    "dataproc/roles.sh 123456 my-bucket", "dataproc/roles.sh my-project gs://my-bucket",
    "dataproc/create.sh my-cluster europe-west4 my-project gs://my-bucket/x", f"ZONE=us-east1-b dataproc/create.sh my-project c europe-west4 {GS}",
    f"dataproc/submit.sh my-cluster europe-west4 {GS} score --videos gs://my-bucket/clips",
    "dataproc/schedule.sh my-project europe-west4", "dataproc/schedule.sh my-project europe-west4 gs://my-bucket",
]
# As the programs below answer.
VIRTUAL, ISSUER = "v0123456789abcdefghijklmn", "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
FILLED = {"VIRTUAL_CLUSTER": VIRTUAL, "BUCKET": "my-bucket", "ACCOUNT": "123456789012", "ISSUER": ISSUER}
# What asks for a thing, by the words of the command, and what makes it; the thing's name is the value of the option, or that word itself.
ASKS = {"iam get-role": "role", "iam get-instance-profile": "profile", "scheduler get-schedule": "schedule", "service-accounts describe": "account",
        "scheduler jobs describe": "job", "get namespace": "namespace", "list-virtual-clusters": "virtual"}
MAKES = {"iam create-role": "role", "iam create-instance-profile": "profile", "scheduler create-schedule": "schedule", "jobs create http": "job",
         "service-accounts create": "account", "create namespace": "namespace", "create-virtual-cluster": "virtual"}
CHANGES = {"iam update-assume-role-policy": "role", "scheduler update-schedule": "schedule", "jobs update http": "job", "add-role-to-instance-profile": None}


# What stands for a name in docs/deploy.md.
NAMES = {"EKS_CLUSTER": "my-cluster", "SUBNET": SUBNET, "PROJECT": "my-project", "BUCKET": "my-bucket", "NAME": "my-cluster", "ACCOUNT": "123456789012",
         "JOB": "0123456789abcdef", "STEP": "s-1", "file://steps.json": "file://deploy/emr/steps.json", "ID": "j-1ABCDEFGHIJKL"}


def documented():
    """The commands of the code blocks of docs/deploy.md, with names filled in."""
    lines = []
    for section in read("docs/deploy.md").split("\n## "):
        region = "europe-west4" if section.startswith("Dataproc") else "eu-west-1"
        for block in re.findall(r"```bash\n(.*?)```", section, re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                line = re.sub(r"\s+#\s.*", "", line)
                for name, value in {**NAMES, "REGION": region}.items():
                    line = re.sub(rf"(?<![A-Z_]){re.escape(name)}(?![A-Z_])", value, line)
                lines += re.split(r"; (?=aws|gcloud|kubectl)", line)
    return lines


def kinds_of_commands(lines):
    """Of the commands that were run and the documented ones, one of each kind: the same subcommand with the same options."""
    lines = lines + [line for line in documented() if line.startswith(("aws ", "gcloud ")) and not re.search(r" \| | > ", line)]
    # schedule.sh has removed its template.
    lines = [re.sub(r"--source \S+", "--source deploy/dataproc/workflow-template.yaml", line) for line in lines]
    return {(*shlex.split(line)[:4], *re.findall(r" --[a-z-]+", line)): line for line in lines}.values()


def thing(kind, words):
    if kind == "account":
        words = [word.split("@")[0] for word in words]
    names = ("instructvideo-emr-ec2", "instructvideo-scheduler", "instructvideo-emr-eks", "instructvideo-submit", "instructvideo-dataproc")
    return f"{kind} {next((name for name in names if name in words), '')}"


def stand_in(state, program, words):
    """One call of a program: notes it, and answers as the cloud would."""
    path = os.path.join(state, "things")
    things = set(open(path, encoding="utf-8").read().splitlines()) if os.path.exists(path) else set()
    text = " ".join(words)
    words = [json.dumps(json.loads(word)) if word.startswith(("{", "[\n")) else word for word in words]
    with open(os.path.join(state, "commands"), "a", encoding="utf-8") as file:
        file.write(shlex.join([program, *words]) + "\n")
    for group, there in ((ASKS, True), (CHANGES, True), (MAKES, False)):
        for start, kind in group.items():
            if kind and f" {start} " in f" {text} ":
                name = thing(kind, words)
                if kind != "virtual" and (name in things) != there:
                    sys.exit(f"{program}: {name} is {'not there' if there else 'there already'}")
                if group is MAKES:
                    with open(path, "a", encoding="utf-8") as file:
                        file.write(name + "\n")
                if kind == "virtual":
                    print(VIRTUAL if group is MAKES or name in things else "None")
    if "get-caller-identity" in words:
        print("123456789012")
    if "describe-cluster" in words:
        print(f"https://{ISSUER}")


class Sandbox:
    """A copy of deploy/ with a built job, and programs that stand for the clouds' first on the PATH."""

    def __init__(self, folder):
        self.folder = folder
        self.deploy = os.path.join(folder, "deploy")
        shutil.copytree(DEPLOY, self.deploy, ignore=shutil.ignore_patterns("target", "*.py", "__pycache__"))
        shutil.copytree(os.path.join(ROOT, "conf"), os.path.join(folder, "conf"))
        os.makedirs(os.path.join(folder, "job/target/natives"))
        for jar in ("instructvideo.jar", "natives/pytorch-native-cpu-2.7.1-linux-x86_64.jar"):
            open(os.path.join(folder, "job/target", jar), "wb").close()
        self.bin = os.path.join(folder, "bin")
        os.makedirs(self.bin)
        for program in ("aws", "eksctl", "gcloud", "kubectl"):
            self.program(program, f'exec {shlex.quote(sys.executable)} {shlex.quote(os.path.abspath(__file__))} --call {shlex.quote(folder)} {program} "$@"')

    def program(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/bash\n" + text + "\n")
        os.chmod(path, 0o755)

    def run(self, line, **more):
        environment = {"PATH": self.bin + os.pathsep + os.environ["PATH"], "HOME": self.folder, **more}
        words = shlex.split(line)
        while "=" in words[0]:
            key, value = words.pop(0).split("=", 1)
            environment[key] = value
        return subprocess.run([os.path.join(self.deploy, words[0]), *words[1:]], env=environment, capture_output=True, text=True, check=False)

    def commands(self):
        path = os.path.join(self.folder, "commands")
        return open(path, encoding="utf-8").read().splitlines() if os.path.exists(path) else []


def check_arguments(sandbox):
    for line in WRONG:
        result = sandbox.run(line)
        if result.returncode != 2 or not result.stderr.startswith("error: ") or sandbox.commands():
            finding(f"{line} ends with {result.returncode}, asks {len(sandbox.commands())} times, says {result.stderr.strip()[:100]}")
    scripts = sorted({word for line in RIGHT for word in line.split() if word.endswith(".sh")})
    for script in scripts:
        result = sandbox.run(f"{script} --help")
        if result.returncode or script not in result.stdout or sandbox.commands():
            finding(f"{script} --help ends with {result.returncode}, asks {len(sandbox.commands())} times")
    ok(f"{len(WRONG)} wrong command lines, and --help of {len(scripts)} scripts, reach no cloud")


def check_runs(sandbox):
    for attempt in ("first", "second"):
        for line in RIGHT:
            result = sandbox.run(line)
            if result.returncode:
                finding(f"{line}, {attempt} run: ends with {result.returncode}: {result.stderr.strip()[-300:]}")
    left = [line for line in sandbox.commands() if any(word in line for word in ("BUCKET", "ACCOUNT", "REGION", "PROJECT", "VIRTUAL_CLUSTER", "ISSUER", "SUBNET"))]
    for line in left:
        finding(f"a word was not filled in: {line[:200]}")
    used = "\n".join(sandbox.commands())
    for path in glob.glob(os.path.join(DEPLOY, "*/iam/*.json")):
        text = read(os.path.relpath(path, ROOT))
        for name, value in FILLED.items():
            text = text.replace(name, value)
        if json.dumps(json.loads(text)) not in used:
            finding(f"no script gives {os.path.relpath(path, ROOT)} to IAM")
    ok(f"{len(RIGHT)} command lines of scripts, twice each ({len(sandbox.commands())} commands)")


def check_documented(sandbox):
    lines = [line.removeprefix("deploy/") for line in documented() if re.match(r"deploy/(emr|emr-eks|dataproc)/", line)]
    for line in lines:
        result = sandbox.run(line)
        if result.returncode:
            finding(f"docs/deploy.md: {line}: ends with {result.returncode}: {result.stderr.strip()[-200:]}")
    ok(f"{len(lines)} command lines of docs/deploy.md that run scripts of deploy/")


def check_discovery(sandbox):
    driver = "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver."
    cases = [("printf '0\\n1\\n'", 0, '{"name": "gpu", "addresses": ["0", "1"]}'), ("exit 0", 0, '{"name": "gpu", "addresses": []}'),
             ("echo No devices were found; exit 6", 1, "No devices were found"), ("echo No devices were found", 1, "No devices were found"),
             (f"echo '{driver}'; exit 9", 1, driver), ("echo '[Unknown Error]'", 1, "[Unknown Error]")]
    for text, code, says in cases:
        sandbox.program("nvidia-smi", text)
        result = sandbox.run("gpu-discovery.sh")
        if result.returncode != code or says not in (result.stderr if code else result.stdout):
            finding(f"gpu-discovery.sh with a nvidia-smi that does {text}: {result.returncode} {result.stdout}{result.stderr}")
    ok(f"gpu-discovery.sh with {len(cases)} answers of nvidia-smi")


def main():
    if sys.argv[1:2] == ["--call"]:
        stand_in(sys.argv[2], sys.argv[3], sys.argv[4:])
        return
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(folder)
        check_arguments(sandbox)
        check_runs(sandbox)
        check_documented(sandbox)
        check_discovery(sandbox)
        if len(sys.argv) > 1:
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                file.write("\n".join(kinds_of_commands(sandbox.commands())) + "\n")
    sys.exit(1 if failed() else 0)


if __name__ == "__main__":
    main()
