#!/usr/bin/env python3
"""Runs the suite in containers, each way there is, and breaks it.

    docker/smoke.py [broker] [embedded] [rabbitmq] [cluster]

The broker alone is built and run as its README says. For each way of docker compose (all, if none is named): builds,
starts, waits for health, tries the README's curl of every service and the console, and then kills brokers while tasks are submitted: whatever was confirmed has to be done in the end. The embedded one also
scales the work queue and RPC services. Works beside a suite that runs already: the project's name and the ports are its
own. Whatever happens, the containers, networks and volumes it made are removed; the images stay.

Needs a Docker engine on this machine with compose 2.24 or newer, curl, and the right to kill the engine's processes.
"""

import contextlib
import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BROKER_README = (ROOT / "embedded-broker" / "README.md").read_text()
PROJECT = f"warren-smoke-{os.getpid()}"
FILES = {
    "embedded": ["docker-compose.yml"],
    "rabbitmq": ["docker-compose.yml", "docker-compose.rabbitmq.yml"],
    "cluster": ["docker-compose.yml", "docker-compose.cluster.yml"],
}
# The services by the variable with their ports, and the port the README knows them by.
PORTS = {
    "hello-service": ("HELLO_PORTS", 8081),
    "work-queue-service": ("WORK_QUEUE_PORTS", 8082),
    "logs-service": ("LOGS_PORTS", 8083),
    "rpc-service": ("RPC_PORTS", 8084),
    "postbox-service": ("POSTBOX_PORTS", 8085),
}
PORT_NUMBERS = itertools.count(20000 + os.getpid() % 10000)
STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:5.0f}s  {text}", flush=True)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def wait_until(condition, seconds, what):
    """Waits for what the condition gives, as soon as that is something, and returns it with the time it took."""
    began = time.monotonic()
    while not (result := condition()):
        check(time.monotonic() - began < seconds, f"not within {seconds} s: {what}")
        time.sleep(0.2)
    return result, time.monotonic() - began


def free_ports(count):
    """Free ports in a row, below those that the system gives to anybody. No port is given twice."""
    while True:
        ports = [next(PORT_NUMBERS) for _ in range(count)]
        with contextlib.ExitStack() as sockets:
            try:
                for port in ports:
                    sockets.enter_context(socket.socket()).bind(("127.0.0.1", port))
                return ports
            except OSError:
                continue


def request(port, path, body=None, method=None, timeout=30):
    """Status and JSON of an answer; status 0 if there is none."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)


class Suite:
    """The containers of one way to run Warren."""

    def __init__(self, way):
        self.way = way
        self.files = [argument for file in FILES[way] for argument in ("-f", file)]
        self.environment = dict(os.environ, COMPOSE_PROFILES="")
        self.ports = {}
        *brokers, self.console = free_ports(3)
        for variable, port in zip(("BROKER_AMQP_PORT", "BROKER_HTTP_PORT", "CONSOLE_PORT"), (*brokers, self.console)):
            self.environment[variable] = str(port)
        self.services = self.compose("config", "--services").split()
        for service in PORTS.keys() & set(self.services):
            self.publish(service, 1)

    def publish(self, service, count):
        self.ports[service] = ports = free_ports(count)
        self.environment[PORTS[service][0]] = str(ports[0]) if count == 1 else f"{ports[0]}-{ports[-1]}"

    def compose(self, *arguments, quiet=True):
        return self.run("docker", "compose", "-p", PROJECT, *self.files, *arguments, quiet=quiet)

    def docker(self, *arguments):
        return self.run("docker", *arguments)

    def run(self, *command, quiet=True):
        done = subprocess.run(command, cwd=ROOT, env=self.environment, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT if not quiet else subprocess.PIPE)
        check(done.returncode == 0, f"{' '.join(command)}: {done.stdout[-6000:]} {(done.stderr or '')[-6000:]}")
        return done.stdout

    def up(self, *arguments):
        began = time.monotonic()
        self.compose("up", "--wait", "--wait-timeout", "600", *arguments, quiet=False)
        return time.monotonic() - began

    def containers(self):
        return [json.loads(line) for line in self.compose("ps", "--all", "--format", "json").splitlines() if line]

    def container(self, service):
        return next(one["ID"] for one in self.containers() if one["Service"] == service)

    def sick(self):
        return [one["Name"] for one in self.containers() if one["Health"] != "healthy"]

    def await_health(self, seconds):
        return wait_until(lambda: not self.sick(), seconds, "all containers healthy")[1]

    def kill_process(self, service):
        """As the kernel does when memory is short: Docker sees a container that ended by itself."""
        self.run("kill", "-9", self.docker("inspect", "-f", "{{.State.Pid}}", self.container(service)).strip())

    def down(self):
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")


class Load(threading.Thread):
    """Submits tasks in small batches, and keeps account of those that were confirmed."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.confirmed = []
        self.answers = []  # (when it was asked, when it came, the status)
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.stopping.wait(0.1):
                asked = time.monotonic()
                status, receipt = request(self.port, "/tasks/batch", ["x" * 100] * 10)
                self.answers.append((asked, time.monotonic(), status))
                if status in (202, 207):
                    self.confirmed += confirmed_of(receipt)
        except BaseException as failure:
            self.failure = failure

    def accepted_since(self, when):
        check(self.failure is None, f"the load ended: {self.failure!r}")
        return [status for asked, _, status in self.answers if asked >= when and status == 202]

    def stop(self):
        self.stopping.set()
        self.join()
        check(self.failure is None, f"the load ended: {self.failure!r}")
        odd = {status for _, _, status in self.answers} - {202, 207, 503}
        check(not odd, f"the work queue service answered {odd}")


def confirmed_of(receipt):
    unconfirmed = {task["id"] for task in receipt["unconfirmed"]}
    ids = [f"{receipt['batch']}-{index}" for index in range(receipt["tasks"])]
    confirmed = [one for one in ids if one not in unconfirmed]
    check(len(confirmed) == receipt["confirmed"], "the receipt contradicts itself")
    return confirmed


def stop_workers(port):
    for worker in request(port, "/workers")[1]:
        request(port, f"/workers/{worker['id']}", method="DELETE")
    wait_until(lambda: request(port, "/workers")[1] == [], 30, "no workers")


def do_all(port, tasks):
    """Everything that was confirmed is done, after all. Nobody has worked so far."""
    request(port, "/dispatch", {"prefetch": 100}, method="PUT")
    for _ in range(2):
        check(request(port, "/workers", method="POST")[0] in (201, 202), "a worker does not start")
    left = set(tasks)

    def done():
        for task in list(left):
            status, found = request(port, f"/tasks/{task}")
            if status == 200 and found["state"] == "done":
                left.discard(task)
            else:
                return False
        return True

    wait_until(done, 180, f"{len(tasks)} confirmed tasks done")
    check(request(port, "/dead-letters")[1] == [], "there are dead letters")
    say(f"all {len(tasks)} confirmed tasks are done")


def try_curls(suite):
    """The first command of the README for every service."""
    for service, ports in sorted(suite.ports.items(), key=lambda entry: PORTS[entry[0]][1]):
        known = f"localhost:{PORTS[service][1]}"
        commands = re.findall(rf"^\$ (curl (?!-X DELETE)[^\n]*{known}[^\n]*)$", README, re.MULTILINE)
        check(commands, f"the README has no curl for {service}")
        command = commands[0].replace(known, f"127.0.0.1:{ports[0]}").replace("curl ", "curl -fsS ", 1)
        answer = suite.run("sh", "-c", command)
        say(f"{commands[0]}\n        {answer.strip()[:150]}")
        check(answer.strip()[:1] in "[{", "not JSON")


def try_console(suite):
    """The page, the broker through the console, and a message on a stream through it."""
    console = f"http://127.0.0.1:{suite.console}"
    with urllib.request.urlopen(f"{console}/lessons/hello", timeout=30) as page:
        check(b"importmap" in page.read(), "the console has no page")
    queue, _ = wait_until(lambda: request(suite.console, "/broker/api/queues/%2F/hello")[1], 30, "the queue hello")
    check(queue["name"] == "hello", f"the console's broker: {queue}")
    settings = request(suite.console, "/settings")[1]
    check(settings["services"]["hello"] == f"http://localhost:{suite.ports['hello-service'][0]}", f"settings: {settings}")
    with urllib.request.urlopen(f"{console}/hello/messages/stream", timeout=30) as stream:
        stream.readline()  # The first comment: from now on nothing is missed.
        check(request(suite.console, "/hello/messages", {"text": "Hello, console!"})[0] == 202, "not sent by the console")
        check(any(b"Hello, console!" in line for line in stream), "the stream ended without the message")
    say("the console's page, its broker, and a message on a stream through it")


def check_profile(suite):
    """Its images are not here, so that its containers are only looked at."""
    def configured(profiles):
        suite.environment["COMPOSE_PROFILES"] = profiles
        return json.loads(suite.compose("config", "--format", "json"))["services"]

    def traces(of):
        return {one["environment"]["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] for name, one in of.items() if name in PORTS}

    observed, alone = configured("observability"), configured("")
    check(traces(alone) == {""}, f"traces are sent to {traces(alone)} without a collector")
    check(traces(observed) == {"http://otel-collector:4318/v1/traces"}, f"traces are sent to {traces(observed)}")
    added = observed.keys() - set(suite.services)
    check(added == {"prometheus", "grafana", "otel-collector"}, f"the profile adds {added}")
    for name in added:
        service = observed[name]
        check(all(port["host_ip"] == "127.0.0.1" for port in service["ports"]), f"{name} is published")
        check(service["read_only"] and service["cap_drop"] == ["ALL"] and service["pids_limit"] and service["mem_limit"],
              f"{name} has no limits")
        for volume in service["volumes"]:
            check(volume["type"] == "volume" or volume["read_only"] and Path(volume["source"]).exists(), f"{name}: {volume}")


def figures(suite):
    stats = suite.docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}",
                         *[one["ID"] for one in suite.containers()])
    for line in sorted(stats.splitlines()):
        say("memory: " + line.replace(PROJECT + "-", ""))
    for image in sorted({one["Image"] for one in suite.containers()}):
        size = int(suite.docker("image", "inspect", "-f", "{{.Size}}", image))
        say(f"image: {image} {size / 1e6:.0f} MB")


def break_broker(suite, breaking, what):
    """Load, with nobody working, while the only broker goes and comes back."""
    port = suite.ports["work-queue-service"][0]
    stop_workers(port)
    load = Load(port)
    load.start()
    wait_until(lambda: len(load.accepted_since(0)) > 10, 60, "tasks accepted")
    broken = time.monotonic()
    breaking()
    wait_until(lambda: any(status == 503 for _, came, status in load.answers if came >= broken), 60, "503 meanwhile")
    _, seconds = wait_until(lambda: len(load.accepted_since(broken)) > 10, 180, "tasks accepted again")
    say(f"{what}: tasks are accepted again after {seconds:.0f} s")
    load.stop()
    say(f"all are healthy {suite.await_health(180):.0f} s later")
    do_all(port, load.confirmed)


def scale(suite):
    suite.publish("work-queue-service", 3)
    scaled = ["--scale", "work-queue-service=3"]
    if "rpc-service" in suite.ports:
        suite.publish("rpc-service", 2)
        scaled += ["--scale", "rpc-service=2"]
    say(f"up {' '.join(scaled)}: {suite.up(*scaled):.0f} s")
    ports = suite.ports["work-queue-service"]
    status, receipt = request(ports[0], "/tasks/batch", ["spread."] * 30)
    check(status == 202, f"{status} {receipt}")
    tasks = confirmed_of(receipt)

    def known(port):
        found = [request(port, f"/tasks/{task}") for task in tasks]
        return [task for status, task in found if status == 200 and task["state"] == "done"]

    for port in ports:
        (done, _) = wait_until(lambda: (all_done := known(port)) and len(all_done) == len(tasks) and all_done, 60,
                               f"every task known as done on port {port}")
        instances = [task["instance"] for task in done]
        shares = sorted(instances.count(instance) for instance in set(instances))
        check(len(shares) == 3, f"done by {len(shares)} instances")
    say(f"30 tasks, done by three instances: {shares}; each instance knows of every task")
    if "rpc-service" in suite.ports:
        ports = suite.ports["rpc-service"]
        for _ in range(20):
            status, answer = request(ports[0], "/fibonacci/30")
            check(status == 200 and answer["value"] == "832040", f"{status} {answer}")
        shares = [sum(server["answered"] for server in request(port, "/servers")[1]) for port in ports]
        check(all(shares), f"one caller's 20 calls were answered by the instances' servers as {shares}")
        say(f"20 calls of one caller, answered by the servers of two instances: {shares}")


def stop_in_time(suite):
    """With a task of a minute in hand: what Docker has to kill has the exit code 137."""
    check(request(suite.ports["work-queue-service"][0], "/tasks", {"text": "." * 60})[0] == 202, "the long task is not accepted")
    wait_until(lambda: any(worker["task"] for port in suite.ports["work-queue-service"]
                           for worker in request(port, "/workers")[1]), 20, "somebody at the long task")
    began = time.monotonic()
    suite.compose("stop")
    took = time.monotonic() - began
    codes = {one["Name"]: one["ExitCode"] for one in suite.containers()}
    check(137 not in codes.values(), f"killed, since they did not stop in time: {codes}")
    say(f"all stopped by themselves in {took:.0f} s")


def leader(suite, node):
    queues = suite.compose("exec", "-T", node, "rabbitmqctl", "-q", "--formatter", "json", "list_queues", "name", "leader")
    return next(queue["leader"] for queue in json.loads(queues) if queue["name"] == "task_queue").split("@")[1]


def break_cluster(suite):
    port = suite.ports["work-queue-service"][0]
    nodes = [f"rabbitmq-{number}" for number in (1, 2, 3)]
    stop_workers(port)
    first = leader(suite, nodes[0])
    second, third = [node for node in nodes if node != first]
    answers = []
    batch = threading.Thread(target=lambda: answers.append(
        request(port, "/tasks/batch", ["x" * 2000] * 5000, timeout=180)), daemon=True)
    load = Load(port)
    load.start()
    wait_until(lambda: len(load.accepted_since(0)) > 10, 60, "tasks accepted")
    queued = len(load.answers)
    batch.start()
    wait_until(lambda: len(load.answers) > queued, 30, "another answer")
    killed = time.monotonic()
    under_way = batch.is_alive()
    suite.docker("kill", suite.container(first))
    say(f"killed {first}, the leader of task_queue, "
        + ("during the batch" if under_way else "after the batch, which was too quick"))
    batch.join()
    status, receipt = answers[0]
    check(status in (202, 207), f"the batch: {status} {receipt}")
    say(f"the batch of 5,000: {status}, {receipt['confirmed']} confirmed, {len(receipt['unconfirmed'])} not")
    confirmed = confirmed_of(receipt)
    wait_until(lambda: load.answers[-1][0] > killed + 20, 60, "20 s of answers")
    errors = [came - killed for _, came, status in load.answers if came >= killed and status != 202]
    last = max(errors, default=0)
    say(f"{len(errors)} answers were errors, the last one {last:.1f} s after the kill")
    check(last < 15, "errors after 15 s")

    suite.docker("kill", suite.container(second))
    killed = time.monotonic()
    say(f"killed {second}, too")
    wait_until(lambda: load.answers[-1][0] > killed + 20, 120, "20 s of answers")
    statuses = {status for asked, _, status in load.answers if asked > killed}
    check(statuses == {503}, f"answers without a majority: {statuses}")
    slowest = max(came - asked for asked, came, _ in load.answers if asked > killed)
    say(f"without a majority every answer is 503, after {slowest:.1f} s at most")
    suite.docker("start", suite.container(second))
    back = time.monotonic()
    _, seconds = wait_until(lambda: load.accepted_since(back), 240, "tasks accepted again")
    say(f"{second} is back: tasks are accepted again after {seconds:.0f} s")
    # A service remembers the last 10,000 tasks: no more than that are submitted.
    load.stop()
    suite.docker("start", suite.container(first))
    say(f"all are healthy after {suite.await_health(240):.0f} s")
    do_all(port, confirmed + load.confirmed)


def handshake(port):
    """What the broker sends to a client that speaks AMQP 0-9-1, or nothing."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1)
    except OSError:
        return b""


def smoke_broker():
    """The image of the broker alone, by the commands of its README, on ports and with names of its own."""
    say("== broker")
    image, volume, (amqp, http_port) = f"{PROJECT}-broker", f"{PROJECT}-data", free_ports(2)
    commands = {}
    for verb in ("build", "run"):
        (command,) = re.findall(rf"^(docker {verb} .*)$", BROKER_README, re.MULTILINE)
        command = command.replace("warren/broker", image).replace("warren-data", volume)
        command = command.replace(":5672:", f":{amqp}:").replace(":15672:", f":{http_port}:")
        commands[verb] = command.replace("docker run", f"docker run --detach --name {image}")

    def docker(*arguments):
        done = subprocess.run(["docker", *arguments], cwd=ROOT, text=True, stdin=subprocess.DEVNULL, capture_output=True)
        check(done.returncode == 0, f"docker {' '.join(arguments)}: {(done.stdout + done.stderr)[-6000:]}")
        return done.stdout.strip()

    def start():
        docker(*commands["run"].split()[1:])
        wait_until(lambda: docker("inspect", "-f", "{{.State.Health.Status}}", image) == "healthy", 120, "healthy")
        check(handshake(amqp) == b"\x01", "no answer to AMQP 0-9-1")
        check(request(http_port, "/actuator/health")[0] == 200, "no answer to HTTP")

    try:
        began = time.monotonic()
        docker(*commands["build"].split()[1:])
        say(f"built in {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        start()
        say(f"healthy in {time.monotonic() - began:.0f} s")
        check(docker("exec", image, "id", "-u") != "0", "it runs as root")
        data = docker("exec", image, "find", "/warren/data", "-name", "*.jdb")
        check(data, "nothing in the volume")
        # The commands of the tutorials, as they stand there.
        docker("exec", image, "rabbitmqctl", "add_user", "ann", "secret")
        docker("exec", image, "rabbitmqctl", "set_permissions", "-p", "/", "ann", ".*", ".*", ".*")
        users = docker("exec", image, "rabbitmqctl", "-q", "list_users")
        check("ann" in users, f"rabbitmqctl list_users: {users}")
        size = int(docker("image", "inspect", "-f", "{{.Size}}", image))
        say(f"image: {size / 1e6:.0f} MB, memory: {docker('stats', '--no-stream', '--format', '{{.MemUsage}}', image)}")
        docker("stop", image)
        wait_until(lambda: image not in docker("ps", "--all", "--format", "{{.Names}}").split(), 30, "removed")
        start()
        again = docker("exec", image, "find", "/warren/data", "-name", "*.jdb")
        check(set(data.split()) <= set(again.split()), f"the volume had {data} and has {again}")
        check("ann" in docker("exec", image, "warrenctl", "-q", "list_permissions"), "no permissions after a restart")
    except BaseException:
        subprocess.run(["docker", "logs", "--tail", "60", image], stdin=subprocess.DEVNULL, check=False)
        raise
    finally:
        subprocess.run(["docker", "rm", "--force", image], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        subprocess.run(["docker", "volume", "rm", volume], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def smoke(way):
    say(f"== {way}")
    suite = Suite(way)
    check_profile(suite)
    try:
        began = time.monotonic()
        suite.compose("build", quiet=False)
        say(f"built in {time.monotonic() - began:.0f} s")
        say(f"all healthy in {suite.up():.0f} s: {', '.join(sorted(suite.services))}")
        check(not suite.sick(), f"not healthy: {suite.sick()}")
        try_curls(suite)
        try_console(suite)
        figures(suite)
        if way == "embedded":
            break_broker(suite, lambda: suite.kill_process("embedded-broker"), "kill -9 of the broker")
            scale(suite)
            stop_in_time(suite)
        elif way == "rabbitmq":
            def restart():
                suite.compose("stop", "rabbitmq")
                suite.compose("start", "rabbitmq")
            break_broker(suite, restart, "stop and start of RabbitMQ")
        else:
            break_cluster(suite)
    except BaseException:
        subprocess.run(["docker", "compose", "-p", PROJECT, *suite.files, "logs", "--tail", "60"], cwd=ROOT,
                       env=suite.environment, stdin=subprocess.DEVNULL, check=False)
        subprocess.run(["docker", "compose", "-p", PROJECT, *suite.files, "ps", "--all"], cwd=ROOT,
                       env=suite.environment, stdin=subprocess.DEVNULL, check=False)
        raise
    finally:
        suite.down()


def main():
    known = ["broker", *FILES]
    ways = sys.argv[1:] or known
    if unknown := set(ways) - set(known):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}\n\n{__doc__}")
    # So that what was started is stopped, too, when this is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for way in ways:
            smoke_broker() if way == "broker" else smoke(way)
    except AssertionError as failure:
        sys.exit(f"FAILED: {failure}")
    say("done")


if __name__ == "__main__":
    main()
