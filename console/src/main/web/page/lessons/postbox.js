/**
 * "Rabbits and Warrens": letters that wait until somebody comes for them.
 */

const EXCHANGE = 'sorting_room';

const BOX = 'po_box';

const sendLetter = (to, text) => ({ service: 'postbox', method: 'POST', path: '/letters', json: { to, text } });

const boxes = { service: 'postbox', method: 'GET', path: '/boxes' };

const box = (name, method = 'GET', what = '') =>
	({ service: 'postbox', method, path: `/boxes/${encodeURIComponent(name)}${what}` });

const collect = (name, ack) => box(name, 'POST', `/collect?ack=${ack}`);

const settle = (handle, how) => ({ service: 'postbox', method: 'POST', path: `/deliveries/${encodeURIComponent(handle)}/${how}` });

const deliveries = { service: 'postbox', method: 'GET', path: '/deliveries' };

/** A box of the experiment's own: the letters of others stay where they are. */
const OWN_BOX = 'demo.box';

const OWN_KEY = 'demo';

const ownBox = { ...box(OWN_BOX, 'PUT'), json: { keys: [OWN_KEY] } };

const taken = (events) => events.filter((event) => event.what === 'delivered' && event.queue === OWN_BOX);

export default {
	id: 'postbox',
	service: 'postbox',
	producers: { 'postbox-service': [EXCHANGE] },
	getters: { 'postbox-service': [BOX] },
	scope: {
		exchange: (name) => name === EXCHANGE,
		queue: (name) => name === BOX,
	},
	controls: [
		{
			id: 'send',
			fields: [{ id: 'to', value: 'jason' }, { id: 'text', value: 'Dear Jason' }],
			request: ({ to, text }) => sendLetter(to, text),
			java: ['Postman', 'this.template.send('],
		},
		{
			id: 'collect',
			fields: [{ id: 'box', value: BOX }, { id: 'ack', options: ['manual', 'auto'], value: 'manual' }],
			request: ({ box: name, ack }) => collect(name, ack),
			java: ['PostBox', 'channel.basicGet(box, acknowledged)'],
		},
		{
			id: 'deliveries',
			list: deliveries,
			actions: [
				{ id: 'ack', request: ({ handle }) => settle(handle, 'ack'), java: ['PostBox', 'channel.basicAck('] },
				{
					id: 'back',
					request: ({ handle }) => settle(handle, 'reject?requeue=true'),
					java: ['PostBox', 'channel.basicReject('],
				},
				{ id: 'drop', request: ({ handle }) => settle(handle, 'reject?requeue=false'), java: ['PostBox', 'channel.basicReject('] },
			],
		},
		{
			id: 'declare',
			fields: [{ id: 'name', value: 'my_box' }, { id: 'keys', value: 'jason, anna' }],
			request: ({ name, keys }) => ({ ...box(name, 'PUT'), json: { keys: keys.split(',').map((key) => key.trim()).filter(Boolean) } }),
			java: ['PostboxTopology', 'BindingBuilder.bind(poBox)'],
		},
		{
			id: 'boxes',
			list: boxes,
			java: ['PostboxTopology', 'queues.durable(PO_BOX)'],
			actions: [
				{ id: 'show', request: ({ name }) => box(name) },
				{ id: 'delete', request: ({ name }) => box(name, 'DELETE') },
			],
		},
		{
			id: 'stream',
			fields: [{ id: 'box', value: BOX }, { id: 'ack', options: ['manual', 'auto'], value: 'manual' }],
			follow: ['end'],
			request: ({ box: name, ack }) => ({ ...box(name, 'GET', `/stream?ack=${ack}`), stream: true }),
		},
	],
	experiments: [
		{
			id: 'letter-to-nobody',
			steps: [
				{ request: sendLetter('nobody', 'Is anybody called nobody?') },
				{ until: ({ events }) => events.some(({ what }) => what === 'returned'), waiting: 'returned' },
			],
			facts: ({ events, answers: [{ status, body }] }) => ({ status, detail: body?.detail,
				reason: events.find(({ what }) => what === 'unroutable')?.reason,
				isConfirmed: events.some(({ what }) => what === 'confirmed'),
				isRouted: events.some(({ what }) => what === 'routed') }),
		},
		{
			id: 'with-and-without-ack',
			steps: [
				{ do: (context) => context.call(ownBox), script: (curl) => curl(ownBox) },
				{ pause: 2500 },
				{ request: sendLetter(OWN_KEY, 'first') },
				{ request: sendLetter(OWN_KEY, 'second') },
				{ until: ({ state }) => state.ready(OWN_BOX) >= 2, waiting: 'inBox' },
				{ pause: 1000 },
				{ do: (context) => context.call(collect(OWN_BOX, 'auto')), script: (curl) => curl(collect(OWN_BOX, 'auto')) },
				{ pause: 2000 },
				{
					do: async (context) => {
						context.notes.handle = (await context.call(collect(OWN_BOX, 'manual'))).handle;
					},
					script: (curl) => curl(collect(OWN_BOX, 'manual')),
				},
				{ pause: 2500 },
				{
					do: (context) => context.call(settle(context.notes.handle, 'reject?requeue=true')),
					script: (curl) => curl(settle('HANDLE', 'reject?requeue=true')),
				},
				{ pause: 2500 },
				{
					do: async (context) => {
						const letter = await context.call(collect(OWN_BOX, 'manual'));
						context.notes.again = letter;
						await context.pause(1500);
						await context.call(settle(letter.handle, 'ack'));
					},
					script: (curl) => `${curl(collect(OWN_BOX, 'manual'))}\n${curl(settle('HANDLE', 'ack'))}`,
				},
				{ pause: 1500 },
			],
			after: [{ do: (context) => context.call(box(OWN_BOX, 'DELETE')), script: (curl) => curl(box(OWN_BOX, 'DELETE')) }],
			facts: ({ events, notes }) => {
				const [auto, manual, again] = taken(events);
				const back = events.find((event) => event.what === 'requeued' && event.queue === OWN_BOX);
				return { auto: auto?.noAck, manual: manual?.noAck, text: notes.again?.text, redelivered: again?.redelivered,
					held: back && manual ? (back.time - manual.time) / 1000 : undefined };
			},
		},
	],
};
