"""Tutorial 2, a worker that is killed in the middle of its first task: dying_worker.py EXPECTED_TASK"""
import os
import signal
import sys

import amqplib.client_0_8 as amqp

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()
channel.auto_decode = False

channel.queue_declare(queue="task_queue", durable=True, auto_delete=False)
channel.basic_qos(prefetch_size=0, prefetch_count=1, a_global=False)


def die(message):
    task = message.body.decode()
    print(f" [x] Received {task}")
    if task != sys.argv[1]:
        sys.exit(f"received {task!r} instead of {sys.argv[1]!r}")
    os.kill(os.getpid(), signal.SIGKILL)


channel.basic_consume(queue="task_queue", callback=die)
print(" [*] Waiting for tasks")
while True:
    channel.wait()
