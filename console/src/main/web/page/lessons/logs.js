/**
 * What the lessons of the logs-service have in common: tutorials 3, 4 and 5, and the headers exchange.
 */

const SERVICE = 'logs';

const SUBSCRIPTIONS = '/subscriptions';

const get = (path) => ({ service: SERVICE, method: 'GET', path });

/** @param wants `bindingKeys` or `bindingHeaders`, as the type needs them */
export const begin = (type, wants) => ({ service: SERVICE, method: 'POST', path: SUBSCRIPTIONS, json: { type, ...wants } });

export const end = (id) => ({ service: SERVICE, method: 'DELETE', path: `${SUBSCRIPTIONS}/${encodeURIComponent(id)}` });

export const send = (type, log) => ({ service: SERVICE, method: 'POST', path: `/logs/${type}`, json: log });

/** What somebody types as a list: a.b, c.d */
export const listOf = (text) => text.split(/[\s,]+/).filter(Boolean);

/** What somebody types as headers: format=pdf, pages=3. Numbers, true and false are what they look like. */
export function headersOf(text) {
	return Object.fromEntries(text.split(',').map((pair) => pair.trim()).filter(Boolean).map((pair) => {
		const [name, ...rest] = pair.split('=');
		const value = rest.join('=').trim();
		return [name.trim(), /^(true|false|-?\d+)$/.test(value) ? JSON.parse(value) : value];
	}));
}

/**
 * A step that begins a subscription.
 * @param name what the experiment calls it, and the shell variable that has its id
 */
export const beginStep = (name, type, wants) => ({
	do: async ({ call, notes }) => {
		notes[name] = await call(begin(type, wants));
	},
	script: (written) => `${name}=$(${written(begin(type, wants)).replace('curl', 'curl -s')} | cut -d'"' -f4)`,
});

/** A step that ends a subscription, if it was begun. */
export const endStep = (name) => ({
	do: async ({ call, notes }) => {
		if (notes[name]) {
			await call(end(notes[name].id));
		}
	},
	script: (written) => `${written(end('x')).slice(0, -1)}$${name}`,
});

export const routed = (events) => events.filter(({ what }) => what === 'routed');

/** What a subscription got, as the events tell it. */
export const deliveredTo = (events, subscription) =>
	events.filter(({ what, consumer }) => what === 'delivered' && consumer === subscription?.id);

export const acknowledged = (events) => events.filter(({ what }) => what === 'acknowledged');

/** The bodies of messages, oldest first. */
export const bodies = (events, of) => of.map(({ message }) =>
	events.find((event) => event.what === 'published' && event.message === message)?.body);

/**
 * A lesson of one type of exchange.
 *
 * @param wantsFields the fields of what a subscription wants, none for a fanout exchange; `wants(values)` makes of them
 * what the request needs
 * @param logFields the fields of a log; `log(values)` makes the request's body of them, `route(values)` the query of
 * what asks who would get it
 */
export function logsLesson({ id, type, exchange, wantsFields, wants, logFields, log, route, java, experiments }) {
	const isOfType = (row) => row.type === type;
	const which = { id: 'id', from: 'subscriptions', otherwise: 'subscription-1' };
	const pathOf = (values, rest) => `${SUBSCRIPTIONS}/${encodeURIComponent(values.id)}/${rest}`;
	const rebind = {
		id: 'rebind',
		fields: [which, ...wantsFields],
		request: (values) => ({ service: SERVICE, method: 'PUT', path: pathOf(values, 'bindings'), json: wants(values) }),
		java: ['LogReceiver', 'key = "#"'],
	};
	return {
		id,
		service: SERVICE,
		producers: { 'logs-service': [exchange] },
		scope: { exchange: (name) => name === exchange, queue: () => false },
		controls: [
			{
				id: 'subscribe',
				fields: wantsFields,
				request: (values) => begin(type, wants(values)),
				java: ['LogReceiver', '@RabbitListener(bindings'],
			},
			{
				id: 'send',
				fields: logFields,
				request: (values) => send(type, log(values)),
				java: ['LogEmitter', 'this.template.send('],
			},
			{
				id: 'subscriptions',
				list: get(SUBSCRIPTIONS),
				where: isOfType,
				// The queue goes with its receiver.
				java: ['LogReceiver', '// @Queue without a name'],
				actions: [{ id: 'end', request: (row) => end(row.id) }],
			},
			...(wantsFields.length > 0 ? [rebind] : []),
			{
				id: 'received',
				fields: [which],
				request: (values) => get(pathOf(values, 'messages')),
				java: ['LogReceiver', 'public void receive('],
			},
			{
				id: 'follow',
				fields: [which],
				follow: ['gap'],
				java: ['LogReceiver', 'this.lines.accept('],
				request: (values) => ({ ...get(pathOf(values, 'messages/stream')), stream: true }),
			},
			{
				id: 'routes',
				fields: logFields.filter((field) => field.id !== 'message'),
				request: (values) => get(`/routes?${new URLSearchParams({ type, ...route(values) })}`),
			},
			{
				id: 'exchanges',
				list: get('/exchanges'),
				where: isOfType,
				java: ['LogsTopology', java],
				actions: [{ id: 'delete', request: () => ({ service: SERVICE, method: 'DELETE', path: `/exchanges/${type}?force=true` }) }],
			},
		],
		experiments,
	};
}
