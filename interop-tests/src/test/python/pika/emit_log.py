"""Tutorials 3, 4 and 5, the sender: emit_log.py fanout|direct|topic KEY:TEXT..."""
import os
import sys

import pika

EXCHANGES = {"fanout": "logs", "direct": "direct_logs", "topic": "topic_logs"}

exchange_type, *logs = sys.argv[1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

exchange = EXCHANGES[exchange_type]
channel.exchange_declare(exchange=exchange, exchange_type=exchange_type)

for log in logs:
    key, text = log.split(":", 1)
    channel.basic_publish(exchange=exchange, routing_key=key, body=text)
    print(f" [x] Sent {log}")
connection.close()
