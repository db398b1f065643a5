// Tutorial 2, the worker: worker.js EXPECTED_TASK...
// Does one task after the other, each dot a second, and acknowledges each when it is done.
const amqp = require('amqplib');
const edition = require('./edition');
const { setTimeout } = require('timers/promises');

async function main(expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('task_queue', edition.queue(true));
  await channel.prefetch(1);

  await channel.consume('task_queue', async (message) => {
    const task = message.content.toString();
    console.log(` [x] Received ${task}${message.fields.redelivered ? ', redelivered' : ''}`);
    if (task !== expected[0]) {
      throw new Error(`received '${task}' instead of '${expected[0]}'`);
    }
    if (message.properties.deliveryMode !== 2) {
      throw new Error(`'${task}' is not persistent`);
    }
    await setTimeout(1000 * (task.split('.').length - 1));
    channel.ack(message);
    console.log(' [x] Done');
    expected.shift();
    if (expected.length === 0) {
      await channel.close();
      await connection.close();
    }
  });
  console.log(' [*] Waiting for tasks');
}

main(process.argv.slice(2));
