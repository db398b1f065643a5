"""Tutorial 2, a worker that is killed in the middle of its first task: dying_worker.py EXPECTED_TASK"""
import os
import signal
import sys

import pika

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="task_queue", durable=True)
channel.basic_qos(prefetch_count=1)


def die(channel, method, properties, body):
    print(f" [x] Received {body.decode()}")
    if body.decode() != sys.argv[1]:
        sys.exit(f"received {body.decode()!r} instead of {sys.argv[1]!r}")
    os.kill(os.getpid(), signal.SIGKILL)


channel.basic_consume(queue="task_queue", on_message_callback=die)
print(" [*] Waiting for tasks")
channel.start_consuming()
