// Tutorial 2, the sender: new_task.js TASK...
const amqp = require('amqplib');
const edition = require('./edition');

async function main(tasks) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('task_queue', edition.queue(true));

  for (const task of tasks) {
    channel.sendToQueue('task_queue', Buffer.from(task), { persistent: true });
    console.log(` [x] Sent ${task}`);
  }
  await channel.close();
  await connection.close();
}

main(process.argv.slice(2));
