"""Tutorial 2, the worker: worker.py EXPECTED_TASK...

Does one task after the other, each dot a second, and acknowledges each when it is done.
"""
import os
import sys
import time

import amqplib.client_0_8 as amqp

expected = sys.argv[1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()
channel.auto_decode = False

channel.queue_declare(queue="task_queue", durable=True, auto_delete=False)
channel.basic_qos(prefetch_size=0, prefetch_count=1, a_global=False)


def work(message):
    task = message.body.decode()
    print(f" [x] Received {task}" + (", redelivered" if message.delivery_info["redelivered"] else ""))
    if task != expected[0]:
        sys.exit(f"received {task!r} instead of {expected[0]!r}")
    if message.properties["delivery_mode"] != 2:
        sys.exit(f"{task!r} is not persistent")
    time.sleep(task.count("."))
    channel.basic_ack(message.delivery_info["delivery_tag"])
    print(" [x] Done")
    del expected[0]


channel.basic_consume(queue="task_queue", callback=work)
print(" [*] Waiting for tasks")
while expected:
    channel.wait()
connection.close()
