"""Tutorial 1, the receiver: receive.py EXPECTED_TEXT..."""
import os
import sys

import pika

import edition

expected = sys.argv[1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="hello", **edition.queue(durable=False))


def receive(channel, method, properties, body):
    print(f" [x] Received {body.decode()}")
    if body.decode() != expected[0]:
        sys.exit(f"received {body.decode()!r} instead of {expected[0]!r}")
    del expected[0]
    if not expected:
        channel.stop_consuming()


channel.basic_consume(queue="hello", on_message_callback=receive, auto_ack=True)
print(" [*] Waiting for messages")
channel.start_consuming()
connection.close()
