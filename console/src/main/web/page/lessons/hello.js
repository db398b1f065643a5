/**
 * Tutorial 1: one queue.
 */

const QUEUE = 'hello';

const send = (text) => ({ service: 'hello', method: 'POST', path: '/messages', text });

const receivers = { service: 'hello', method: 'GET', path: '/receivers' };

const startReceiver = { service: 'hello', method: 'POST', path: '/receivers' };

const stop = (id) => ({ service: 'hello', method: 'DELETE', path: `/receivers/${encodeURIComponent(id)}` });

const deliveries = (events) => events.filter((event) => event.what === 'delivered');

/** Starts and stops receivers until there are that many. */
async function haveReceivers(context, count) {
	const running = await context.call(receivers);
	for (const { id } of running.slice(count)) {
		await context.call(stop(id));
	}
	for (let missing = count - running.length; missing > 0; missing--) {
		await context.call(startReceiver);
	}
}

export default {
	id: 'hello',
	service: 'hello',
	producers: { 'hello-service': [''] },
	scope: {
		exchange: (name) => name === '',
		queue: (name) => name === QUEUE,
		publishes: (event) => (event.exchange ?? '') === '' && event.routingKey === QUEUE,
	},
	controls: [
		{
			id: 'send',
			fields: [{ id: 'text', value: 'Hello World!' }],
			request: ({ text }) => send(text),
			java: ['Sender', 'this.template.send('],
		},
		{ id: 'start', request: () => startReceiver, java: ['Receiver', '@RabbitListener'] },
		{
			id: 'receivers',
			list: receivers,
			actions: [{ id: 'stop', request: ({ id }) => stop(id) }],
		},
		{ id: 'queue', request: () => ({ service: 'hello', method: 'GET', path: '/queue' }), java: ['HelloTopology', 'queues.declared('] },
	],
	experiments: [
		{
			id: 'nobody-listens',
			steps: [
				{ do: (context) => haveReceivers(context, 0), script: 'curl -X DELETE localhost:8081/receivers/receiver-1' },
				{ request: send('Anybody there?') },
				{ request: send('I can wait.') },
				{ until: ({ state }) => state.ready(QUEUE) >= 2, waiting: 'inQueue' },
				{ pause: 1500 },
				{ request: startReceiver },
				{ until: ({ events }) => deliveries(events).length >= 2, waiting: 'delivered' },
			],
			facts: ({ events }) => {
				const published = events.find((event) => event.what === 'published');
				const delivered = deliveries(events)[0];
				return { count: deliveries(events).length, receiver: delivered?.consumer,
					waited: delivered && published ? (delivered.time - published.time) / 1000 : undefined };
			},
		},
		{
			id: 'take-turns',
			needsNoEvents: true,
			steps: [
				{ do: (context) => haveReceivers(context, 3), script: 'curl -X POST localhost:8081/receivers\ncurl -X POST localhost:8081/receivers' },
				...Array.from({ length: 6 }, (_, index) => ({ request: send(`message ${index + 1}`) })),
				{ until: ({ events }) => deliveries(events).length >= 6, waiting: 'delivered' },
				{ do: (context) => haveReceivers(context, 1), script: 'curl localhost:8081/receivers' },
			],
			facts: ({ events }) => {
				const byReceiver = new Map();
				for (const { consumer } of deliveries(events)) {
					byReceiver.set(consumer, (byReceiver.get(consumer) ?? 0) + 1);
				}
				return { byReceiver };
			},
		},
	],
};
