"""Tutorials 3, 4 and 5, the receiver: receive_logs.py fanout|direct|topic BINDING_KEY... -- EXPECTED_KEY:TEXT..."""
import os
import sys

import amqp

EXCHANGES = {"fanout": "logs", "direct": "direct_logs", "topic": "topic_logs"}

exchange_type = sys.argv[1]
binding_keys = sys.argv[2:sys.argv.index("--")]
expected = sys.argv[sys.argv.index("--") + 1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()
channel.auto_decode = False

exchange = EXCHANGES[exchange_type]
channel.exchange_declare(exchange=exchange, type=exchange_type, auto_delete=False)
queue = channel.queue_declare(exclusive=True).queue
for key in binding_keys:
    channel.queue_bind(queue=queue, exchange=exchange, routing_key=key)


def receive(message):
    line = f"{message.delivery_info['routing_key']}:{message.body.decode()}"
    print(f" [x] {line}")
    if line != expected[0]:
        sys.exit(f"received {line!r} instead of {expected[0]!r}")
    del expected[0]


channel.basic_consume(queue=queue, callback=receive, no_ack=True)
print(" [*] Waiting for logs")
while expected:
    connection.drain_events()
connection.close()
