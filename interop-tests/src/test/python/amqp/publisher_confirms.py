"""Tutorial 7, the sender: publisher_confirms.py TASK..., each confirmed by the broker"""
import os
import sys

import amqp

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"), confirm_publish=True)
connection.connect()
channel = connection.channel()

channel.queue_declare(queue="task_queue", durable=True, auto_delete=False)

for task in sys.argv[1:]:
    # Waits for the confirm, and raises MessageNacked if it is refused.
    channel.basic_publish(amqp.Message(task, delivery_mode=2), routing_key="task_queue", confirm_timeout=30)
    print(f" [x] Confirmed {task}")
connection.close()
