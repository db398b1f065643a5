"""Tutorial 6, the client: rpc_client.py N EXPECTED_REPLY"""
import os
import sys
import uuid

import amqplib.client_0_8 as amqp

n, expected = sys.argv[1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()
channel.auto_decode = False

reply_queue = channel.queue_declare(exclusive=True)[0]
correlation_id = str(uuid.uuid4())
replies = []


def receive(message):
    if message.properties["correlation_id"] == correlation_id:
        replies.append(message.body.decode())


channel.basic_consume(queue=reply_queue, callback=receive, no_ack=True)
request = amqp.Message(n, reply_to=reply_queue, correlation_id=correlation_id)
channel.basic_publish(request, routing_key="rpc_queue")
print(f" [x] Requesting fib({n})")
while not replies:
    channel.wait()
connection.close()

print(f" [.] Got {replies[0]}")
if replies[0] != expected:
    sys.exit(f"fib({n}) is {expected}")
