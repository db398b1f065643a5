// Rabbits and Warrens, the producer: letter_producer.js LETTER...
const amqp = require('amqplib');

async function main(letters) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('po_box', { durable: true });
  await channel.assertExchange('sorting_room', 'direct', { durable: true });
  await channel.bindQueue('po_box', 'sorting_room', 'jason');

  for (const letter of letters) {
    channel.publish('sorting_room', 'jason', Buffer.from(letter), { persistent: true });
    console.log(` [x] Sent ${letter}`);
  }
  await channel.close();
  await connection.close();
}

main(process.argv.slice(2));
