// Tutorial 2 of today, the sender: new_task.js TASK...
const amqp = require('amqplib');

async function main(tasks) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('task_queue', { durable: true, arguments: { 'x-queue-type': 'quorum' } });

  for (const task of tasks) {
    channel.sendToQueue('task_queue', Buffer.from(task), { persistent: true });
    console.log(` [x] Sent ${task}`);
  }
  await channel.close();
  await connection.close();
}

main(process.argv.slice(2));
