/**
 * What experiments ask of the management API. What they make themselves is called after them, and deleted afterwards.
 */

/** Filled in when it is known which virtual host the services use. */
const VIRTUAL_HOST = '{vhost}';

/** The names of queues and exchanges that experiments make begin like this. */
export const EXPERIMENT = 'demo.';

export const isOfAnExperiment = (name) => name.startsWith(EXPERIMENT);

const at = (...path) => `/api/${path.map((one, index) => (index === 1 ? one : encodeURIComponent(one))).join('/')}`;

export const queue = (name) => ({ service: 'broker', method: 'GET', path: at('queues', VIRTUAL_HOST, name) });

export const declareQueue = (name, json) => ({ service: 'broker', method: 'PUT', path: at('queues', VIRTUAL_HOST, name), json });

export const deleteQueue = (name) => ({ service: 'broker', method: 'DELETE', path: at('queues', VIRTUAL_HOST, name) });

/** Deletes a queue, unless there is anything in it. */
export const deleteEmptyQueue = (name) =>
	({ service: 'broker', method: 'DELETE', path: `${at('queues', VIRTUAL_HOST, name)}?if-empty=true` });

export const declareExchange = (name, json) =>
	({ service: 'broker', method: 'PUT', path: at('exchanges', VIRTUAL_HOST, name), json });

export const deleteExchange = (name) => ({ service: 'broker', method: 'DELETE', path: at('exchanges', VIRTUAL_HOST, name) });

export const bind = (exchange, name, key = '') => ({ service: 'broker', method: 'POST',
	path: `/api/bindings/${VIRTUAL_HOST}/e/${encodeURIComponent(exchange)}/q/${encodeURIComponent(name)}`,
	json: { routing_key: key, arguments: {} } });

/** A message for a queue, which the management API publishes. */
export const publish = (name, text, isPersistent) => ({ service: 'broker', method: 'POST',
	path: `/api/exchanges/${VIRTUAL_HOST}/amq.default/publish`,
	json: { routing_key: name, payload: text, payload_encoding: 'string',
		properties: { delivery_mode: isPersistent ? 2 : 1 } } });

/** Looks at the next messages of a queue, which stay there. */
export const peek = (name, count) => ({ service: 'broker', method: 'POST', path: `${at('queues', VIRTUAL_HOST, name)}/get`,
	json: { count, ackmode: 'ack_requeue_true', encoding: 'auto' } });

export const fault = (json) => ({ service: 'broker', method: 'POST', path: `/api/faults/${VIRTUAL_HOST}`, json });

/** Deletes what may be there or not. */
export const without = (...requests) => ({
	do: async (context) => {
		for (const request of requests) {
			await context.send(request);
		}
	},
	script: (curl) => requests.map(curl).join('\n'),
});
