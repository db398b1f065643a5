// Tutorial 2, what happens to who declares task_queue, which is durable, as it is not: redeclare.js
const assert = require('assert');
const amqp = require('amqplib');

const REFUSAL = "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'task_queue' in vhost '/': "
  + "received 'false' but current is 'true'";

async function main() {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();
  // It is thrown below, too; without a listener it would end the program.
  channel.on('error', (error) => console.log(` [x] ${error.message}`));

  await assert.rejects(channel.assertQueue('task_queue', { durable: false }), (error) => {
    assert.strictEqual(error.code, 406);
    assert.ok(error.message.includes(REFUSAL), error.message);
    return true;
  });

  // Only the channel is closed.
  const another = await connection.createChannel();
  await another.assertQueue('task_queue', { durable: true });
  await connection.close();
}

main();
