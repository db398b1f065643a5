"""Tutorials 3, 4 and 5, the receiver: receive_logs.py fanout|direct|topic BINDING_KEY... -- EXPECTED_KEY:TEXT..."""
import os
import sys

import pika

EXCHANGES = {"fanout": "logs", "direct": "direct_logs", "topic": "topic_logs"}

exchange_type = sys.argv[1]
binding_keys = sys.argv[2:sys.argv.index("--")]
expected = sys.argv[sys.argv.index("--") + 1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

exchange = EXCHANGES[exchange_type]
channel.exchange_declare(exchange=exchange, exchange_type=exchange_type)
queue = channel.queue_declare(queue="", exclusive=True).method.queue
for key in binding_keys:
    channel.queue_bind(exchange=exchange, queue=queue, routing_key=key)


def receive(channel, method, properties, body):
    line = f"{method.routing_key}:{body.decode()}"
    print(f" [x] {line}")
    if line != expected[0]:
        sys.exit(f"received {line!r} instead of {expected[0]!r}")
    del expected[0]
    if not expected:
        channel.stop_consuming()


channel.basic_consume(queue=queue, on_message_callback=receive, auto_ack=True)
print(" [*] Waiting for logs")
channel.start_consuming()
connection.close()
