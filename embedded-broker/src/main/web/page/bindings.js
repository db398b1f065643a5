import { html, nothing } from '../parts/html.js';
import { exchangeSegment } from '../parts/topology.js';
import { confirmed, form } from './dialogs.js';
import { localTable } from './list.js';
import { Pairs } from './pairs.js';
import { choice, entries, exchangeName, field, link } from './show.js';
import { texts } from './texts.js';

const T = texts.bindings;

/** A list of bindings, of which the columns show what differs. */
export function bindingsTable(page, name, caption, { source = true, destination = true, isRemote = false }) {
	return localTable(page, {
		name,
		caption,
		// A broker may have very many: the management API divides them into pages, those of the default exchange last.
		...(isRemote ? { filterable: true, sort: 'source', reverse: true, changed: () => page.refresh() } : {}),
		texts: { empty: T.empty },
		key: (row) => [row.vhost, row.source, row.destination_type, row.destination, row.properties_key].join('\n'),
		columns: [
			isRemote ? { id: 'vhost', title: texts.virtualHost, minor: true } : null,
			source ? { id: 'source', title: T.source, show: (row) => html`
				<a href=${link('exchanges', row.vhost, exchangeSegment(row.source))}>${exchangeName(row.source)}</a>` } : null,
			destination ? { id: 'destination', title: T.destination, show: destinationLink } : null,
			{ id: 'routing_key', title: T.routingKey, show: ({ routing_key: key }) => (key === '' ? '' : html`<span class="mono">${key}</span>`) },
			{ id: 'arguments', title: T.arguments, sortable: false, show: (row) => entries(row.arguments) },
			{ id: 'actions', title: texts.actions, sortable: false, show: (row) => unbindButton(page, row) },
		].filter(Boolean),
	});
}

function destinationLink({ vhost, destination, destination_type: type }) {
	return type === 'queue' ? html`<a href=${link('queues', vhost, destination)}>${destination}</a>`
		: html`<a href=${link('exchanges', vhost, destination)}>${destination}</a> <span class="badge">${T.exchange}</span>`;
}

function unbindButton(page, row) {
	if (row.source === '') {
		return nothing;
	}
	return html`<button type="button" class="compact quiet danger" aria-label=${T.deleteNamed(row.source, row.destination, row.routing_key)}
		@click=${() => unbind(page, row)}>${T.delete}</button>`;
}

async function unbind(page, row) {
	const { source, destination, routing_key: key } = row;
	const kind = row.destination_type === 'queue' ? 'q' : 'e';
	const done = await confirmed({
		title: T.deleteTitle,
		text: T.deleteText(source, destination, key),
		action: T.delete,
		submit: () => page.api.delete(['bindings', row.vhost, 'e', source, kind, destination, row.properties_key]),
	});
	await page.after(done, T.deleted);
}

/** Asks how a queue is to be bound, and binds it. */
export async function bindQueue(page, virtualHost, queue) {
	const exchanges = await names(page, 'exchanges', virtualHost);
	const table = new Pairs(T.arguments, ['x-match']);
	await bind(page, {
		title: T.addTo(queue),
		fields: () => html`${field(T.exchange, options('source', exchanges))}`,
		table,
		path: (data) => ['bindings', virtualHost, 'e', data.get('source'), 'q', queue],
	});
}

/** Asks what is to be bound to an exchange, and binds it. */
export async function bindFrom(page, virtualHost, exchange) {
	const [queues, exchanges] = await Promise.all([names(page, 'queues', virtualHost), names(page, 'exchanges', virtualHost)]);
	const table = new Pairs(T.arguments, ['x-match']);
	await bind(page, {
		title: T.addFrom(exchange),
		fields: () => html`${field(T.destination, html`<select name="destination">
			<optgroup label=${T.queue}>${queues.map((name) => html`<option value=${`q ${name}`}>${name}</option>`)}</optgroup>
			<optgroup label=${T.exchange}>${exchanges.map((name) => html`<option value=${`e ${name}`}>${name}</option>`)}</optgroup></select>`)}`,
		table,
		path: (data) => ['bindings', virtualHost, 'e', exchange, ...splitOnce(data.get('destination') ?? '')],
	});
}

async function bind(page, { title, fields, table, path }) {
	const done = await form({
		title,
		action: T.add,
		wide: true,
		fields: () => html`<div class="fields">${fields()}
			${field(T.routingKey, html`<input name="key" autocomplete="off" spellcheck="false">`)}${table.view()}</div>`,
		submit: async (data) => {
			await page.api.post(path(data), { routing_key: data.get('key'), arguments: table.values() });
		},
	});
	await page.after(done, T.added);
}

function options(name, values) {
	return choice(name, values.map((value) => [value, value]), values[0]);
}

function splitOnce(text) {
	return [text.slice(0, 1), text.slice(2)];
}

/** The names of the exchanges (but the default one) or queues of a virtual host, to choose from. */
export async function names(page, what, virtualHost) {
	const found = await page.api.get([what, virtualHost], { query: { columns: 'name' } });
	return found.map(({ name }) => name).filter(Boolean);
}
