"""Tutorial 6, the client: rpc_client.py N EXPECTED_REPLY"""
import os
import sys
import uuid

import pika

n, expected = sys.argv[1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

reply_queue = channel.queue_declare(queue="", exclusive=True).method.queue
correlation_id = str(uuid.uuid4())
replies = []


def receive(channel, method, properties, body):
    if properties.correlation_id == correlation_id:
        replies.append(body.decode())
        channel.stop_consuming()


channel.basic_consume(queue=reply_queue, on_message_callback=receive, auto_ack=True)
channel.basic_publish(
    exchange="",
    routing_key="rpc_queue",
    properties=pika.BasicProperties(reply_to=reply_queue, correlation_id=correlation_id),
    body=n,
)
print(f" [x] Requesting fib({n})")
channel.start_consuming()
connection.close()

print(f" [.] Got {replies[0]}")
if replies[0] != expected:
    sys.exit(f"fib({n}) is {expected}")
