// Tutorial 2, a worker that is killed in the middle of its first task: dying_worker.js EXPECTED_TASK
const amqp = require('amqplib');

async function main(expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('task_queue', { durable: true });
  await channel.prefetch(1);

  await channel.consume('task_queue', (message) => {
    const task = message.content.toString();
    console.log(` [x] Received ${task}`);
    if (task !== expected) {
      throw new Error(`received '${task}' instead of '${expected}'`);
    }
    process.kill(process.pid, 'SIGKILL');
  });
  console.log(' [*] Waiting for tasks');
}

main(process.argv[2]);
