"""Training runs as TensorBoard and MLflow show them; run by check-tracking.sh.

usage: check_tracking.py REPOSITORY WORK [SCENARIO ...]
"""

import glob
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pyarrow.parquet
from mlflow.tracking import MlflowClient
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROUNDS = 4
ARTIFACTS = ["adapter/adapter_config.json", "adapter/adapter_model.safetensors", "run.json"]
root, work, *chosen = sys.argv[1:]
fixture = f"{root}/udf/src/test/resources/fixtures/cases/square"
models = [
    *("--model", f"{fixture}/pipeline", "--reward", f"hpsv2={fixture}/reward/HPS_v2.pt"),
    *("--set", f"reward.config={fixture}/reward/config.json", "--segments", "2", "--ddim-steps", "4"),
    *("--threads", "1", "--master", "local[2]"),
]
environment = dict(os.environ, SPARK_LOCAL_IP="127.0.0.1", MLFLOW_TRACKING_USERNAME="reader", MLFLOW_TRACKING_PASSWORD="secret")
started = []
servers = []
os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"  # four processes that nothing here needs


def check(what, found, expected):
    if found != expected:
        sys.exit(f"error: {what}: {found}, not {expected}")


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def start(command, name):
    with open(f"{work}/{name}.log", "a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=work, start_new_session=True)
    started.append(process)
    return process


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def wait_for(what, condition, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = condition()
            if found:
                return found
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(0.5)
    sys.exit(f"error: {what}: not seen in {seconds} s; logs are in {work}")


def instructvideo(*arguments):
    command = [f"{root}/bin/instructvideo", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run(*arguments):
    process = instructvideo(*arguments)
    out, err = process.communicate(timeout=300)
    with open(f"{work}/instructvideo.log", "a") as log:
        log.write(f"$ {' '.join(arguments)}\n{out}{err}")
    if process.returncode:
        sys.exit(f"error: {arguments[0]} ended with {process.returncode}:\n{err}")
    return err


def train(out, port, rounds=ROUNDS, *more):
    return [
        *("train", *models, "--data", f"{work}/table", "--out", f"{work}/{out}", "--rounds", str(rounds), "--local-steps", "1"),
        *("--batch", "1", "--tensorboard", "--mlflow", f"http://user:pass%40word@127.0.0.1:{port}"),
        *more,
    ]


def read_until(process, text):
    lines = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    sys.exit(f"error: {text!r} was not printed:\n{''.join(lines)}")


def table(out):
    """What the run itself says: {name: {round: value}}."""
    values = {}
    for part in sorted(glob.glob(f"{work}/{out}/metrics/round=*")):
        number = int(part[-5:])
        row = pyarrow.parquet.ParquetFile(glob.glob(f"{part}/*.parquet")[0]).read().to_pylist()[0]
        for column, value in row.items():
            if column not in ("step", "round") and value is not None:
                name = column.replace("seconds_", "seconds/") if column.startswith("seconds_") else f"train/{column}"
                values.setdefault(name, {})[number] = float(value)
    return values


def same(what, found, expected, tolerance):
    """found: {name: [(step, value), ...]}."""
    check(f"{what}: names", sorted(found), sorted(expected))
    for name, points in found.items():
        check(f"{what}: steps of {name}", sorted(step for step, _ in points), sorted(expected[name]))
        for step, value in points:
            if not math.isclose(value, expected[name][step], rel_tol=tolerance, abs_tol=1e-12):
                sys.exit(f"error: {what}: {name} of round {step} is {value}, the table has {expected[name][step]}")


def tensorboard(out, *options):
    port = free_port()
    process = start(
        [sys.executable, "-m", "tensorboard.main", "--logdir", f"{work}/{out}/tensorboard", "--host", "127.0.0.1", "--port", str(port)]
        + ["--reload_interval", "1", *options],
        "tensorboard",
    )
    wait_for("TensorBoard", lambda: get(f"http://127.0.0.1:{port}/data/environment"))
    return process, f"http://127.0.0.1:{port}"


def scalars(url):
    tags = json.loads(get(f"{url}/data/plugin/scalars/tags"))
    found = {}
    for run_name, names in tags.items():
        for name in names:
            query = urllib.parse.urlencode({"tag": name, "run": run_name})
            found[name] = [(point[1], point[2]) for point in json.loads(get(f"{url}/data/plugin/scalars/scalars?{query}"))]
    return found


def check_tensorboard(out, url, what):
    expected = table(out)
    rounds = sorted(expected["train/loss"])

    def complete():
        found = scalars(url)
        return found if found and sorted(step for step, _ in found.get("train/loss", [])) == rounds else None

    same(what, wait_for(what, complete), expected, 1e-6)
    check(f"{what}: text", "run/parameters" in str(get(f"{url}/data/plugin/text/tags")), True)
    request = urllib.request.Request(f"{url}/data/plugin/hparams/experiment", json.dumps({"experimentName": "", "hparamsLimit": 100}).encode())
    request.add_header("Content-Type", "application/json")
    names = [info["name"] for info in json.loads(urllib.request.urlopen(request, timeout=10).read())["hparamInfos"]]
    check(f"{what}: hyperparameters", "optimizer.lr" in names, True)
    print(f"OK: {what}: {len(expected)} scalars of {len(rounds)} rounds, parameters, hyperparameters", flush=True)


def check_events(out):
    events = EventAccumulator(f"{work}/{out}/tensorboard").Reload()
    found = {tag: [(point.step, point.value) for point in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
    same(f"EventAccumulator, {out}", found, table(out), 1e-6)
    print(f"OK: EventAccumulator reads {out}", flush=True)


def mlflow_server(port):
    process = start(
        [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{work}/mlflow.db", "--serve-artifacts"]
        + ["--artifacts-destination", f"{work}/artifacts", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
        "mlflow",
    )
    wait_for("the MLflow server", lambda: get(f"http://127.0.0.1:{port}/health") == b"OK", 120)
    return process


def check_mlflow(out, port, status, expected_artifacts):
    client = MlflowClient(f"http://127.0.0.1:{port}")
    runs = [
        found
        for found in client.search_runs([client.get_experiment_by_name("instructvideo").experiment_id])
        if found.info.run_name == out
    ]
    check(f"MLflow: runs named {out}", len(runs), 1)
    found = runs[0]
    check(f"MLflow: status of {out}", found.info.status, status)
    history = {
        key: [(point.step, point.value) for point in client.get_metric_history(found.info.run_id, key)] for key in found.data.metrics
    }
    if status != "KILLED":  # else a round may be in the table that nobody was told of
        same(f"MLflow, {out}", history, table(out), 0)
    record = json.load(open(f"{work}/{out}/run.json"))
    for key, value in record["settings"].items():
        check(f"MLflow: parameter {key}", found.data.params.get(key), value)
    check("MLflow: fingerprint", found.data.tags["fingerprint.unet"], record["fingerprints"]["unet"])
    artifacts = []
    folders = [""]
    while folders:
        for file in client.list_artifacts(found.info.run_id, folders.pop()):
            (folders if file.is_dir else artifacts).append(file.path)
    check(f"MLflow: artifacts of {out}", sorted(artifacts), expected_artifacts)
    print(f"OK: MLflow shows {out}, {status}: {len(history)} metrics, {len(found.data.params)} parameters, {len(artifacts)} artifacts", flush=True)
    return client, found.info.run_id


def killed(port):
    """Killed after a round, seen while it is dead, gone on with."""
    process = instructvideo(*train("killed", port))
    read_until(process, "round 2/4")
    process.send_signal(signal.SIGKILL)
    process.wait()
    board, url = tensorboard("killed", "--load_fast=false")
    fast, fast_url = tensorboard("killed", "--load_fast=true")
    wait_for("TensorBoard during a run", lambda: scalars(url)["train/loss"] and scalars(fast_url)["train/loss"])
    err = run(*train("killed", port))
    check("a resume", "Going on after round" in err, True)
    check_tensorboard("killed", url, "TensorBoard, reloaded")
    check_tensorboard("killed", fast_url, "TensorBoard with its Rust server, reloaded")
    stop(board)
    stop(fast)
    check_events("killed")
    client, run_id = check_mlflow("killed", port, "FINISHED", ARTIFACTS)
    path = client.download_artifacts(run_id, "adapter/adapter_model.safetensors", work)
    run("export", "--run", f"{work}/killed", "--out", f"{work}/adapter")
    check("the adapter", open(path, "rb").read() == open(f"{work}/adapter/adapter_model.safetensors", "rb").read(), True)
    print("OK: the adapter on MLflow is what export writes", flush=True)


def late(port):
    """The server is down at the start: one line, without the password. Back later: nothing is missing."""
    stop(servers.pop())
    process = instructvideo(*train("late", port, 8))
    lines = read_until(process, "round 1/8")
    servers.append(mlflow_server(port))
    out, err = process.communicate(timeout=300)
    err = "".join(lines) + err
    check(f"a run whose server is late: {err}", process.returncode, 0)
    warnings = [line for line in err.splitlines() if "Cannot write to MLflow" in line]
    check(f"warnings of {err}", len(warnings), 1)
    check("passwords in the output", "pass" in out + err or "secret" in out + err, False)
    if "are missing there" in err:  # the run was over before the server was up
        run(*train("late", port, 8))
    check_mlflow("late", port, "FINISHED", ARTIFACTS)


def hangs(port):
    """The server hangs from the middle to the end (SIGSTOP); the next start of the run tells it what it missed."""
    process = instructvideo(*train("hangs", port, 4, "--set", "tracking.mlflow.timeout=3"))
    read_until(process, "round 2/4")
    os.killpg(servers[-1].pid, signal.SIGSTOP)
    begun = time.monotonic()
    out, err = process.communicate(timeout=300)
    check(f"a run whose server hangs: {err}", process.returncode, 0)
    check(f"its warnings: {err}", "no answer in 3 s" in err, True)
    told = [line for line in err.splitlines() if "Cannot write" in line]
    print(f"OK: the server hangs, the run ends {time.monotonic() - begun:.0f} s later:", *told, sep="\n    ", flush=True)
    os.killpg(servers[-1].pid, signal.SIGCONT)
    run(*train("hangs", port, 4))
    check_mlflow("hangs", port, "FINISHED", ARTIFACTS)


def ended(port):
    """SIGTERM: the server knows."""
    process = instructvideo(*train("ended", port, 50))
    read_until(process, "round 2/50")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    check_mlflow("ended", port, "KILLED", ["run.json"])


def main():
    with open(f"{work}/prompts.txt", "w") as prompts:
        prompts.write("a cat walking\na dog\n")
    run("prepare", *models, "--prompts", f"{work}/prompts.txt", "--out", f"{work}/table", "--frames", "2", "--height", "32", "--width", "32")
    port = free_port()
    servers.append(mlflow_server(port))
    for scenario in (killed, late, hangs, ended):
        if not chosen or scenario.__name__ in chosen:
            scenario(port)


signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
try:
    main()
finally:
    for process in started:
        stop(process)
