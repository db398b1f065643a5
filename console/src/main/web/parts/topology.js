/**
 * What is on the broker: exchanges, queues, bindings and consumers, from the management API. A lesson shows the part
 * of it that it is about.
 */

import { getter } from './model.js';

/** What the management API's paths call an exchange: the default exchange has no name. */
export const exchangeSegment = (name) => (name === '' ? 'amq.default' : name);

/** Exchanges that every broker has, and nobody needs to see before they are used. */
const isBuiltIn = (name) => name === '' || name.startsWith('amq.');

/**
 * Reads all of a virtual host.
 */
export async function readTopology(api, virtualHost) {
	const columns = 'name,durable,auto_delete,exclusive,arguments,messages_ready,messages_unacknowledged';
	const [exchanges, queues, bindings, consumers] = await Promise.all([
		api.get(['exchanges', virtualHost], { query: { columns: 'name,type,durable,auto_delete,internal,arguments' } }),
		api.get(['queues', virtualHost], { query: { columns } }),
		api.get(['bindings', virtualHost]),
		api.get(['consumers', virtualHost]),
	]);
	return {
		exchanges,
		queues: queues.map((queue) => ({
			name: queue.name,
			durable: queue.durable,
			exclusive: queue.exclusive,
			autoDelete: queue.auto_delete === true,
			arguments: queue.arguments ?? {},
			ready: queue.messages_ready ?? 0,
			unacknowledged: queue.messages_unacknowledged ?? 0,
		})),
		bindings: bindings.map((binding) => ({
			source: binding.source,
			destination: binding.destination,
			toExchange: binding.destination_type === 'exchange',
			key: binding.routing_key,
			arguments: binding.arguments ?? {},
		})),
		consumers: consumers.map((consumer) => ({
			queue: consumer.queue.name,
			tag: consumer.consumer_tag,
			prefetch: consumer.prefetch_count,
			acknowledges: consumer.ack_required,
			connection: consumer.channel_details?.connection_name ?? '',
		})),
	};
}

/** What a binding asks for, in short. */
export function bindingLabel({ source, key, arguments: args = {} }, type) {
	// The default exchange's bindings say no more than the name of the queue.
	if (type === 'fanout' || source === '') {
		return '';
	}
	const { 'x-match': match = 'all', ...others } = args;
	const headers = Object.entries(others).map(([name, value]) => `${name}=${value}`);
	return headers.length > 1 ? `${match}: ${headers.join(', ')}` : headers[0] ?? key;
}

/** A name that a broker or Spring made says nothing; then it is the consumer's that does. */
function orderOf({ name }, { consumers }) {
	return /^(amq|spring)\.gen-/.test(name) ? consumers.find(({ queue }) => queue === name)?.tag ?? name : name;
}

/**
 * The part of the topology that is drawn.
 *
 * @param scope `queue(name)` and `exchange(name)` say whether one is of interest; what is bound to an exchange of
 * interest is, too
 * @param producers the programs that publish: name -> the exchanges that they publish to
 * @param getters the programs that ask a queue for a message, and do not consume: name -> the queues that they ask
 */
export function partOf(topology, scope, producers, getters = new Map()) {
	const exchanges = new Map();
	for (const exchange of topology.exchanges) {
		if (scope.exchange(exchange.name)) {
			exchanges.set(exchange.name, exchange);
		}
	}
	const queues = new Map();
	for (const queue of topology.queues) {
		const isBound = topology.bindings.some((binding) => !binding.toExchange && binding.destination === queue.name
			&& !isBuiltIn(binding.source) && exchanges.has(binding.source));
		if (scope.queue(queue.name) || isBound) {
			queues.set(queue.name, queue);
		}
	}
	const inOrder = [...queues.values()].sort((one, other) => orderOf(one, topology).localeCompare(orderOf(other, topology), 'en',
		{ numeric: true }));
	const nodes = [];
	const edges = new Map();
	const edge = (from, to, kind, label) => {
		const id = `${from} > ${to}`;
		const known = edges.get(id);
		if (known) {
			if (label && !known.labels.includes(label)) {
				known.labels.push(label);
			}
		}
		else {
			edges.set(id, { id, from, to, kind, labels: label ? [label] : [] });
		}
	};

	for (const name of exchanges.keys()) {
		nodes.push({ id: exchangeId(name), kind: 'exchange', name, type: exchanges.get(name).type,
			durable: exchanges.get(name).durable });
		const alternate = exchanges.get(name).arguments?.['alternate-exchange'];
		if (alternate !== undefined && exchanges.has(alternate)) {
			edge(exchangeId(name), exchangeId(alternate), 'alternate', 'otherwise');
		}
	}
	for (const queue of inOrder) {
		nodes.push({ id: queueId(queue.name), kind: 'queue', ...queue });
		const deadLetters = queue.arguments['x-dead-letter-exchange'];
		if (deadLetters !== undefined) {
			const key = queue.arguments['x-dead-letter-routing-key'];
			if (deadLetters === '' && key !== undefined && queues.has(key)) {
				edge(queueId(queue.name), queueId(key), 'dead-letter', 'dead letters');
			}
			else if (exchanges.has(deadLetters)) {
				edge(queueId(queue.name), exchangeId(deadLetters), 'dead-letter', 'dead letters');
			}
		}
	}
	for (const binding of topology.bindings) {
		const source = exchanges.get(binding.source);
		if (!source) {
			continue;
		}
		const label = bindingLabel(binding, source.type);
		if (binding.toExchange && exchanges.has(binding.destination)) {
			edge(exchangeId(binding.source), exchangeId(binding.destination), 'binding', label);
		}
		else if (!binding.toExchange && queues.has(binding.destination)) {
			edge(exchangeId(binding.source), queueId(binding.destination), 'binding', label);
		}
	}
	for (const [producer, targets] of producers) {
		nodes.push({ id: producerId(producer), kind: 'producer', name: producer });
		for (const name of targets) {
			if (exchanges.has(name)) {
				edge(producerId(producer), exchangeId(name), 'publish', '');
			}
		}
	}
	for (const consumer of topology.consumers) {
		if (queues.has(consumer.queue)) {
			const id = consumerId(consumer.queue, consumer.tag);
			nodes.push({ id, kind: 'consumer', name: consumer.tag, tag: consumer.tag, queue: consumer.queue,
				prefetch: consumer.prefetch });
			edge(queueId(consumer.queue), id, 'consume', '');
			if (scope.replies?.(consumer.queue) && exchanges.has('')) {
				edge(id, exchangeId(''), 'reply', 'replies');
			}
		}
	}
	for (const [name, asked] of getters) {
		for (const queue of asked) {
			if (queues.has(queue)) {
				const tag = getter(name);
				nodes.push({ id: consumerId(queue, tag), kind: 'consumer', name, tag, queue, gets: true });
				edge(queueId(queue), consumerId(queue, tag), 'get', '');
			}
		}
	}
	return { nodes, edges: [...edges.values()] };
}

export const producerId = (name) => `p:${name}`;
export const exchangeId = (name) => `x:${name}`;
export const queueId = (name) => `q:${name}`;
export const consumerId = (queue, tag) => `c:${queue}:${tag ?? ''}`;
