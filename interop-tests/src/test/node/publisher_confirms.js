// Tutorial 7, the sender: publisher_confirms.js TASK...
// Each task is confirmed by the broker, and a message that has no queue to go to comes back before its confirm.
const amqp = require('amqplib');

async function main(tasks) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createConfirmChannel();
  const returned = [];
  channel.on('return', (message) => returned.push(message.fields));

  await channel.assertQueue('task_queue', { durable: true });

  for (const task of tasks) {
    channel.sendToQueue('task_queue', Buffer.from(task), { persistent: true, mandatory: true }, (refused) => {
      if (refused) {
        throw refused;
      }
      console.log(` [x] Confirmed ${task}`);
    });
  }
  await channel.waitForConfirms();
  if (returned.length !== 0) {
    throw new Error(`${returned.length} tasks came back`);
  }

  channel.sendToQueue('no_such_queue', Buffer.from('to nobody'), { mandatory: true });
  await channel.waitForConfirms();
  console.log(` [x] Returned with ${returned[0]?.replyCode} ${returned[0]?.replyText}`);
  if (returned[0]?.replyCode !== 312 || returned[0]?.replyText !== 'NO_ROUTE') {
    throw new Error('a message to nobody did not come back with 312 NO_ROUTE');
  }
  await connection.close();
}

main(process.argv.slice(2));
