"""Tutorial 1, the receiver: receive.py EXPECTED_TEXT..."""
import os
import sys

import amqp

expected = sys.argv[1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()
channel.auto_decode = False

channel.queue_declare(queue="hello", auto_delete=False)


def receive(message):
    text = message.body.decode()
    print(f" [x] Received {text}")
    if text != expected[0]:
        sys.exit(f"received {text!r} instead of {expected[0]!r}")
    del expected[0]


channel.basic_consume(queue="hello", callback=receive, no_ack=True)
print(" [*] Waiting for messages")
while expected:
    connection.drain_events()
connection.close()
