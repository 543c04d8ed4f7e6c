"""The checks of check-deploy.sh that need Python. Prints OK, SKIPPED (with the reason) or FINDING lines; ends with 1 after a finding.

    python3 deploy/check_deploy.py [FOLDER_OF_SPARKS_JARS] [FOLDER_OF_SPARK_OPERATORS_CRDS]
"""

import glob
import importlib
import json
import os
import re
import subprocess
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEPLOY = os.path.join(ROOT, "deploy")
# Keys that differ between the platforms for a reason that their files give.
OWN = {"spark.executor.cores", "spark.task.cpus", "spark.executor.resource.gpu.discoveryScript", "spark.executorEnv.INSTRUCTVIDEO_CACHE",
       "spark.executorEnv.DJL_CACHE_DIR"}
# Keys below these are free.
FREE = ("spark.executorEnv.", "spark.yarn.appMasterEnv.", "spark.kubernetes.driverEnv.", "spark.hadoop.", "spark.kubernetes.driver.secretKeyRef.",
        "spark.kubernetes.executor.secretKeyRef.", "spark.kubernetes.authenticate.", "spark.executor.resource.gpu.", "spark.task.resource.gpu.", "spark.worker.resource.gpu.",
        "spark.instructvideo.")
findings = 0


def finding(text):
    global findings
    findings += 1
    print("FINDING", text)


def failed():
    return findings > 0


def ok(text):
    print("OK", text)


def skipped(what, why):
    print("SKIPPED", what + ":", why)


def load(module, what):
    try:
        return importlib.import_module(module)
    except ImportError:
        skipped(what, f"Python has no {module}")
        return None


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def relative(path):
    return os.path.relpath(path, ROOT)


def find(pattern):
    return sorted(glob.glob(os.path.join(DEPLOY, "**", pattern), recursive=True))


def dry_run(*command):
    """What a script would do: the lines that DRY_RUN=1 prints."""
    environment = dict(os.environ, DRY_RUN="1")
    result = subprocess.run([os.path.join(DEPLOY, command[0]), *command[1:]], env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        finding(f"DRY_RUN=1 {' '.join(command)} ends with {result.returncode}: {result.stderr.strip()[-300:]}")
    return result.stdout


def check_json():
    files = find("*.json")
    for path in files:
        try:
            json.loads(read(relative(path)))
        except ValueError as error:
            finding(f"{relative(path)} is no JSON: {error}")
    ok(f"JSON syntax of {len(files)} files")


def check_aws():
    session = load("botocore.session", "requests to AWS")
    if not session:
        return
    validate = importlib.import_module("botocore.validate")
    version = importlib.import_module("botocore").__version__
    models = session.get_session()

    def check(name, service, operation, request):
        shape = models.get_service_model(service).operation_model(operation).input_shape
        report = validate.ParamValidator().validate(request, shape)
        if report.has_errors():
            finding(f"{name} is no {operation} of {service}: {report.generate_report()}")
        else:
            ok(f"{name}: {service} {operation} (model of botocore {version})")

    schedule = json.loads(dry_run("emr/schedule.sh", "my-bucket", "subnet-0123", "3"))
    check("emr/schedule.json", "scheduler", "CreateSchedule", schedule)
    check("emr/run-job-flow.json with configurations.json", "emr", "RunJobFlow", json.loads(schedule["Target"]["Input"]))
    for name in ("steps.json", "score-steps.json"):
        steps = json.loads(read(f"deploy/emr/{name}"))
        api = [{"Name": step["Name"], "ActionOnFailure": step["ActionOnFailure"], "HadoopJarStep": {"Jar": step["Jar"], "Args": step["Args"]}}
               for step in steps]
        check(f"emr/{name}", "emr", "AddJobFlowSteps", {"JobFlowId": "j-1", "Steps": api})
    check("emr-eks/virtual-cluster.json", "emr-containers", "CreateVirtualCluster",
          dict(json.loads(read("deploy/emr-eks/virtual-cluster.json")), clientToken="token"))
    check("emr-eks/start-job-run.json", "emr-containers", "StartJobRun",
          dict(json.loads(read("deploy/emr-eks/start-job-run.json")), clientToken="token"))


def check_dataproc():
    yaml = load("yaml", "Dataproc's workflow")
    dataproc = yaml and load("google.cloud.dataproc_v1", "Dataproc's workflow")
    if not dataproc:
        return
    json_format = importlib.import_module("google.protobuf.json_format")
    template = yaml.safe_load(read("deploy/dataproc/workflow-template.yaml"))
    try:
        json_format.ParseDict(template, dataproc.WorkflowTemplate.pb(dataproc.WorkflowTemplate()))
        ok("dataproc/workflow-template.yaml (google-cloud-dataproc's messages)")
    except json_format.ParseError as error:
        finding(f"dataproc/workflow-template.yaml: {error}")
    arguments = template["jobs"][0]["sparkJob"]["args"]
    for field in template["parameters"][0]["fields"]:
        index = int(re.search(r"args\[(\d+)\]", field).group(1))
        if arguments[index - 1] != "--videos":
            finding(f"dataproc/workflow-template.yaml: {field} is not what follows --videos")


def check_kubernetes(crds):
    yaml = load("yaml", "Kubernetes' files")
    if not yaml:
        return
    validate = load("kubernetes_validate", "Kubernetes' own kinds")
    schemas = operator_schemas(yaml, crds) if crds else None
    if not crds:
        skipped("spark-operator's kinds", "give a folder of its CRDs (config/crd/bases of kubeflow/spark-operator) as the second argument")
    for path in [*find("kubernetes/*.yaml"), *find("emr-eks/*.yaml")]:
        for document in yaml.safe_load_all(read(relative(path))):
            name = f"{relative(path)} {document['kind']}"
            if document["apiVersion"].startswith("sparkoperator"):
                if schemas:
                    check_schema(name, document, schemas[document["kind"]])
            elif validate:
                version = validate.latest_version()
                try:
                    validate.validate(document, version, strict=True)
                    ok(f"{name} (Kubernetes {version})")
                except validate.ValidationError as error:
                    finding(f"{name}: {error.message}")


def operator_schemas(yaml, folder):
    schemas = {}
    for path in glob.glob(os.path.join(folder, "*.yaml")):
        with open(path, encoding="utf-8") as file:
            crd = yaml.safe_load(file)
        if crd and crd.get("kind") == "CustomResourceDefinition":
            version = next(version for version in crd["spec"]["versions"] if version["storage"])
            schema = version["schema"]["openAPIV3Schema"]
            schema["properties"]["metadata"] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
            close(schema)
            schemas[crd["spec"]["names"]["kind"]] = schema
    return schemas


def close(schema):
    """Makes unknown fields an error, as the API server warns of them and drops them."""
    if isinstance(schema, dict):
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields") and isinstance(schema["properties"], dict):
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)


def check_schema(name, document, schema):
    jsonschema = load("jsonschema", name)
    if jsonschema:
        errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
        for error in errors:
            finding(f"{name}: {'.'.join(map(str, error.path))}: {error.message[:200]}")
        if not errors:
            ok(f"{name} (the operator's CRD)")


def settings():
    """Spark's settings of each platform."""
    lines = re.compile(r"^(spark\.\S+)\s+(.+)$", re.MULTILINE)
    eks = json.loads(read("deploy/emr-eks/start-job-run.json"))["configurationOverrides"]["applicationConfiguration"]
    found = {
        "conf/spark-defaults.conf": dict(lines.findall(read("conf/spark-defaults.conf"))),
        "deploy/kubernetes/spark.conf": dict(lines.findall(read("deploy/kubernetes/spark.conf"))),
        "deploy/emr/configurations.json": json.loads(read("deploy/emr/configurations.json"))[-1]["Properties"],
        "deploy/emr-eks/start-job-run.json": eks[0]["properties"],
    }
    pairs = re.compile(r"^ +(spark\.[^:\s]+): \"?([^\"\n]+)\"?$", re.MULTILINE)
    for name in ("dataproc/workflow-template.yaml", "kubernetes/sparkapplication.yaml", "kubernetes/score-daily.yaml"):
        found["deploy/" + name] = dict(pairs.findall(read("deploy/" + name)))
    return found


def check_settings(jars):
    all_settings = settings()
    common = all_settings["conf/spark-defaults.conf"]
    for name, found in all_settings.items():
        for key, value in found.items():
            if key in common and key not in OWN and value.strip() != common[key].strip():
                finding(f"{name}: {key} is {value}, in conf/spark-defaults.conf {common[key]}")
        cores = found.get("spark.executor.cores")
        if cores and cores != found.get("spark.task.cpus"):
            finding(f"{name}: spark.executor.cores is not spark.task.cpus, so that two tasks share an executor or cores idle")
    ok(f"Spark's settings of {len(all_settings)} files agree")
    if not jars or not glob.glob(os.path.join(jars, "spark-core_*.jar")):
        skipped("names of Spark's settings", "give the folder of a Spark distribution's jars as the first argument")
        return
    known = known_keys(jars)
    missing = [module for module in ("yarn", "kubernetes") if not glob.glob(os.path.join(jars, f"spark-{module}_*.jar"))]
    for module in missing:
        skipped(f"names of spark.{module}.*", f"{jars} has no spark-{module}")
    for name, found in all_settings.items():
        for key in found:
            if key not in known and not key.startswith(FREE) and not any(key.startswith(f"spark.{module}.") for module in missing):
                finding(f"{name}: Spark has no {key}")
    ok(f"names of Spark's settings, against the classes of {jars}")


def known_keys(jars):
    keys = set()
    for jar in glob.glob(os.path.join(jars, "spark-*.jar")):
        with zipfile.ZipFile(jar) as file:
            for name in file.namelist():
                if name.endswith(".class"):
                    keys.update(key.decode() for key in re.findall(rb"spark\.[A-Za-z0-9.]*[A-Za-z0-9]", file.read(name)))
    return keys


def check_commands():
    """Every subcommand and flag of the files is one of the job's."""
    flags = set(re.findall(r"\[(--[a-z0-9-]+)\]", read("job/src/main/resources/reference.conf"))) | {"--conf-file", "--set", "--conf", "--help"}
    commands = set()
    for path in glob.glob(os.path.join(ROOT, "job/src/main/java/**/*Command.java"), recursive=True):
        commands.update(re.findall(r"String name\(\) \{\s+return \"([a-z ]+)\"", read(relative(path))))
    lines = []
    for name in ("steps.json", "score-steps.json"):
        lines += [step["Args"][step["Args"].index("s3://BUCKET/instructvideo/instructvideo.jar") + 1:]
                  for step in json.loads(read(f"deploy/emr/{name}"))]
    lines.append(json.loads(read("deploy/emr-eks/start-job-run.json"))["jobDriver"]["sparkSubmitJobDriver"]["entryPointArguments"])
    lines.append(dry_run("emr/score-day.sh", "s3://my-bucket", "2026-03-01T02:17:00Z").split("instructvideo.jar ")[-1].split())
    if "dt=2026-02-28" not in " ".join(lines[-1]):
        finding("emr/score-day.sh does not take the day before")
    for name in ("dataproc/workflow-template.yaml", "kubernetes/sparkapplication.yaml", "kubernetes/score-daily.yaml"):
        block = re.search(r"\n +(?:args|arguments):\n((?: +- .*\n)+)", read("deploy/" + name)).group(1)
        lines.append([line.strip()[2:].strip('"') for line in block.splitlines()])
    lines.append(re.search(r" -- (score .*)'", read("deploy/standalone/instructvideo-score.service")).group(1).split())
    for line in lines:
        unknown = [word for word in line if word.startswith("--") and word not in flags]
        if line[0] not in commands or unknown:
            finding(f"the job has no {line[0]} with {unknown}: {' '.join(line)}")
    ok(f"subcommands and flags of {len(lines)} command lines")


def check_versions():
    pom = read("pom.xml")
    version = {name: re.search(f"<{name}.version>(.+)</", pom).group(1) for name in ("pytorch", "spark")}
    expected = {r"torch==(\d[\d.]*\d)": version["pytorch"], r"pytorch-native-cpu-(\d[\d.]*\d)-": version["pytorch"],
                r"PYTORCH_VERSION\W+(\d[\d.]*\d)": version["pytorch"], r"sparkVersion: (\S+)": version["spark"],
                r"apache/spark:(\d[\d.]*\d)": version["spark"], r"emr-(\d+\.\d+\.\d+)": re.search(r"emr-([\d.]+)\"", read("deploy/emr/run-job-flow.json")).group(1)}
    for path in [name for name in find("*") if os.path.isfile(name) and "/target/" not in name and not name.endswith((".py", ".pyc"))]:
        for pattern, value in expected.items():
            for found in re.findall(pattern, read(relative(path))):
                if found != value:
                    finding(f"{relative(path)}: {pattern} finds {found}, not {value}")
    ok("versions of PyTorch, Spark and EMR are the same everywhere")


def main():
    jars = sys.argv[1] if len(sys.argv) > 1 else None
    crds = sys.argv[2] if len(sys.argv) > 2 else None
    check_json()
    check_versions()
    check_commands()
    check_settings(jars)
    check_aws()
    check_dataproc()
    check_kubernetes(crds)
    sys.exit(1 if failed() else 0)


if __name__ == "__main__":
    main()
