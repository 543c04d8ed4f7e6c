"""Facts of the clouds that no schema knows, and what has to be said twice in deploy/. Prints OK or FINDING lines; ends with 1 after a
finding. Each was an error once; where it is documented stands beside it.

    python3 deploy/check_facts.py
"""

import importlib.metadata
import json
import re
import sys

from check_deploy import failed, find, finding, load, ok, read, relative


def expect(what, passed):
    if not passed:
        finding(what)


def classification(name, configurations):
    return next(entry for entry in configurations if entry["Classification"] == name)


def check_policies():
    files = find("iam/*.json")
    for path in files:
        policy = json.loads(read(relative(path)))
        for statement in policy["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            unknown = set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
            target = "Principal" if path.endswith("trust.json") else "Resource"
            if policy.get("Version") != "2012-10-17" or unknown or target not in statement or any("*" in action for action in actions):
                finding(f"{relative(path)}: a statement with {unknown or actions}, without {target}, or of another version")
    ok(f"IAM policies of {len(files)} files: no wildcard of actions")
    parliament = load("parliament", "names of IAM's actions, resources and conditions")
    if parliament:
        usable = {"RESOURCE_STAR", "MISMATCHED_TYPE_BUT_USABLE"}
        for path in [name for name in files if name.endswith("policy.json")]:
            text = read(relative(path)).replace("ACCOUNT", "123456789012").replace("BUCKET", "my-bucket").replace("VIRTUAL_CLUSTER", "v0123")
            for problem in parliament.analyze_policy_string(text).findings:
                if problem.issue not in usable:
                    finding(f"{relative(path)}: {problem.issue} {problem.detail}")
        ok(f"names of IAM's actions, resources and conditions (parliament {importlib.metadata.version('parliament')})")


def check_emr():
    configurations = json.loads(read("deploy/emr/configurations.json"))
    bootstrap = read("deploy/emr/bootstrap.sh")
    yarn = classification("yarn-site", configurations)["Properties"]
    spark = classification("spark-defaults", configurations)["Properties"]
    driver = classification("spark-env", configurations)["Configurations"][0]["Properties"]
    cgroup = re.search(r"^cgroup=(\S+)", bootstrap, re.MULTILINE).group(1)
    root = classification("container-executor", configurations)["Configurations"][1]["Properties"]["root"]
    expect("emr: bootstrap.sh mounts another cgroup than configurations.json names",
           cgroup == root == yarn["yarn.nodemanager.linux-container-executor.cgroups.mount-path"])
    # Amazon Linux 2023, User Guide, /tmp: "by default /tmp is now tmpfs", half of the memory.
    in_memory = [key for key, value in spark.items() if "/tmp" in value]
    expect(f"emr/configurations.json: {in_memory} below /tmp, which is memory on Amazon Linux 2023", not in_memory)
    cache = spark["spark.executorEnv.INSTRUCTVIDEO_CACHE"]
    expect("emr: the driver, too, copies models: INSTRUCTVIDEO_CACHE of spark-env", driver.get("INSTRUCTVIDEO_CACHE") == cache)
    expect(f"emr/bootstrap.sh does not make {cache}", f" {cache}\n" in bootstrap)
    # pip takes a --platform by its name; torch is of 2_28, NVIDIA's wheels are of 2_27 and 2014.
    download = [tag for tag in ("manylinux_2_28", "manylinux_2_27", "manylinux2014") if f"--platform {tag}_x86_64" not in bootstrap]
    expect(f"emr/bootstrap.sh: pip download without --platform {download}", not download)
    for name in ("schedule.sh", "create.sh"):
        expect(f"emr/{name} knows no WHEELS", "WHEELS" in read(f"deploy/emr/{name}"))
    policy = read("deploy/emr/iam/scheduler-policy.json")
    flow = json.loads(read("deploy/emr/run-job-flow.json"))
    for role in (flow["ServiceRole"], flow["JobFlowRole"]):
        expect(f"emr/iam/scheduler-policy.json passes no {role}", f":role/{role}\"" in policy)
    # EMR, Management Guide, service-linked roles for cleanup: made with an account's first cluster by whoever starts it.
    expect("emr/iam/scheduler-policy.json: the account's first cluster needs iam:CreateServiceLinkedRole", "iam:CreateServiceLinkedRole" in policy)
    ok("emr: cgroup, disks, wheels, roles")


def check_dataproc():
    yaml = load("yaml", "Dataproc's workflow against create.sh")
    if not yaml:
        return
    template = yaml.safe_load(read("deploy/dataproc/workflow-template.yaml"))
    config = template["placement"]["managedCluster"]["config"]
    create = read("deploy/dataproc/create.sh")
    machines = config["gceClusterConfig"]
    # Dataproc, network configuration: machines of images 2.2 and later get internal addresses only, the actions need the internet.
    expect("dataproc/workflow-template.yaml: internalIpOnly is not said, the default is true", machines.get("internalIpOnly") is False)
    expect("dataproc/create.sh says neither --public-ip-address nor --no-address", "--public-ip-address" in create and "--no-address" in create)
    # The default account of Compute Engine has no rights in new projects.
    expect("dataproc/create.sh: no --service-account", "--service-account \"instructvideo-dataproc@" in create)
    expect("dataproc/workflow-template.yaml: no serviceAccount", machines["serviceAccount"].startswith("instructvideo-dataproc@"))
    worker = config["workerConfig"]
    said = [config["softwareConfig"]["imageVersion"], config["masterConfig"]["machineTypeUri"], worker["machineTypeUri"],
            f"type={worker['accelerators'][0]['acceleratorTypeUri']},count={worker['accelerators'][0]['acceleratorCount']}",
            f"{worker['diskConfig']['bootDiskSizeGb']}GB", *[f"{key}={value}" for key, value in machines["metadata"].items()]]
    for text in said:
        expect(f"dataproc/create.sh does not say {text}, as workflow-template.yaml does", text in create)
    # The action's README: kernel modules are compiled by the first cluster of an image.
    for action in config["initializationActions"]:
        if action["executableFile"].endswith("install_gpu_driver.sh"):
            expect("dataproc/workflow-template.yaml: less than an hour for the driver", action["executionTimeout"] == "3600s")
    expect("dataproc/create.sh: less than an hour for the driver", "--initialization-action-timeout 60m" in create)
    ok("dataproc: network, accounts, the same machines by workflow and by create.sh")


def check_kubernetes():
    # Kubernetes, "Specifying a Disruption Budget": pods without a controller take minAvailable only, and only as a number.
    expect("kubernetes/driver-pdb.yaml: drivers have no controller, so no maxUnavailable", not re.search(r"^ +maxUnavailable:", read("deploy/kubernetes/driver-pdb.yaml"), re.MULTILINE))
    expect("kubernetes/driver-pdb.yaml: minAvailable is no number", re.search(r"minAvailable: \d+$", read("deploy/kubernetes/driver-pdb.yaml"), re.MULTILINE))
    for name in ("spark.conf", "sparkapplication.yaml", "score-daily.yaml"):
        # Hadoop 3.3.4's S3AUtils.STANDARD_AWS_PROVIDERS has no web identity: IRSA's token would be left, the node's role taken.
        expect(f"kubernetes/{name}: S3A would not take the role of the pod's account",
               re.search(r"fs\.s3a\.aws\.credentials\.provider:? +com\.amazonaws\.auth\.DefaultAWSCredentialsProviderChain$", read(f"deploy/kubernetes/{name}"),
                         re.MULTILINE))
    # GKE's device plugin mounts the driver there and sets no path; CUDA's images have these, this one lies on Ubuntu.
    for text in ("LD_LIBRARY_PATH=/usr/local/nvidia/lib64", "PATH=$PATH:/usr/local/nvidia/bin"):
        expect(f"Dockerfile: {text}, for GKE", text in read("deploy/Dockerfile"))
    for name in ("Dockerfile", "emr-eks/Dockerfile"):
        expect(f"{name}: NVIDIA_DRIVER_CAPABILITIES without utility, so no nvidia-smi", "NVIDIA_DRIVER_CAPABILITIES=compute,utility" in read(f"deploy/{name}"))
    expect("Dockerfile: web identity needs aws-java-sdk-sts", "aws-java-sdk-*.jar" in read("deploy/Dockerfile"))
    ok("kubernetes: disruption budget, the pods' role, the driver's place")


def main():
    check_policies()
    check_emr()
    check_dataproc()
    check_kubernetes()
    sys.exit(1 if failed() else 0)


if __name__ == "__main__":
    main()
