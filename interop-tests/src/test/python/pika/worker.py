"""Tutorial 2, the worker: worker.py EXPECTED_TASK...

Does one task after the other, each dot a second, and acknowledges each when it is done.
"""
import os
import sys
import time

import pika

import edition

expected = sys.argv[1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="task_queue", **edition.queue(durable=True))
channel.basic_qos(prefetch_count=1)


def work(channel, method, properties, body):
    task = body.decode()
    print(f" [x] Received {task}" + (", redelivered" if method.redelivered else ""))
    if task != expected[0]:
        sys.exit(f"received {task!r} instead of {expected[0]!r}")
    if properties.delivery_mode != 2:
        sys.exit(f"{task!r} is not persistent")
    time.sleep(task.count("."))
    channel.basic_ack(delivery_tag=method.delivery_tag)
    print(" [x] Done")
    del expected[0]
    if not expected:
        channel.stop_consuming()


channel.basic_consume(queue="task_queue", on_message_callback=work)
print(" [*] Waiting for tasks")
channel.start_consuming()
connection.close()
