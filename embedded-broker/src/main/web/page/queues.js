import { html, nothing, number } from '../parts/html.js';
import { bindQueue, bindingsTable, names } from './bindings.js';
import { SAMPLES, chart, values } from './chart.js';
import { consumersTable } from './consumers.js';
import { confirmed, form } from './dialogs.js';
import { ListView } from './list.js';
import { Messages } from './messages.js';
import { rateOf } from './overview.js';
import { Pairs } from './pairs.js';
import { Publish } from './publish.js';
import { badge, check, choice, entries, facts, field, link, rate, virtualHostField } from './show.js';
import { texts } from './texts.js';

const T = texts.queues;

const ARGUMENTS = ['x-message-ttl', 'x-expires', 'x-max-length', 'x-max-length-bytes', 'x-overflow', 'x-dead-letter-exchange',
	'x-dead-letter-routing-key', 'x-dead-letter-strategy', 'x-delivery-limit', 'x-max-priority', 'x-single-active-consumer',
	'x-consumer-timeout'];

function features(row) {
	const { 'x-queue-type': type, ...others } = row.arguments ?? {};
	return [
		badge(row.durable ? T.durable : T.transient),
		row.auto_delete ? badge(T.autoDelete) : nothing,
		row.exclusive ? badge(T.exclusive) : nothing,
		Object.keys(others).length > 0 ? badge(T.hasArguments) : nothing,
		row.policy ? badge(row.policy, 'info') : nothing,
	];
}

export class QueuesView extends ListView {

	constructor(page) {
		super(page, T.title, () => page.ofVirtualHost('queues'), {
			name: 'queues',
			key: (row) => `${row.vhost}\n${row.name}`,
			columns: [
				{ id: 'name', title: texts.name, show: (row) => html`<a href=${link('queues', row.vhost, row.name)}>${row.name}</a>` },
				{ id: 'vhost', title: texts.virtualHost, minor: true },
				{ id: 'type', title: texts.type, minor: true },
				{ id: 'features', title: T.features, sortable: false, minor: true, show: features },
				{ id: 'messages_ready', title: T.ready, numeric: true },
				{ id: 'messages_unacknowledged', title: T.unacknowledged, numeric: true, minor: true },
				{ id: 'messages', title: T.total, numeric: true, minor: true },
				{ id: 'consumers', title: T.consumers, numeric: true },
				{ id: 'message_stats.publish_details.rate', title: T.incoming, numeric: true, minor: true, show: (row) => rate(row.message_stats?.publish_details) },
				{ id: 'message_stats.deliver_get_details.rate', title: T.delivered, numeric: true, minor: true, show: (row) => rate(row.message_stats?.deliver_get_details) },
			],
		});
	}

	actions() {
		return html`<div class="row"><button type="button" class="primary" ?disabled=${this.page.virtualHosts.length === 0} @click=${() => this.#add()}>${T.add}</button></div>`;
	}

	async #add() {
		const table = new Pairs(texts.arguments, ARGUMENTS);
		let name = '';
		const done = await form({
			title: T.add,
			action: T.add,
			wide: true,
			fields: () => html`<div class="fields">
				${virtualHostField(this.page)}
				${field(texts.name, html`<input name="name" required autocomplete="off" spellcheck="false">`)}
				${field(texts.type, choice('type', Object.entries(T.types), 'default'))}
				${field(T.durability, choice('durable', [['true', T.durable], ['false', T.transient]], 'true'), { hint: T.durabilityHint })}
				<div class="wide">${check('auto_delete', T.autoDeleteHint)}</div>
				${table.view()}</div>`,
			submit: async (data) => {
				name = data.get('name');
				const type = data.get('type');
				await this.page.api.put(['queues', data.get('vhost'), name], {
					durable: data.get('durable') === 'true',
					auto_delete: data.has('auto_delete'),
					arguments: { ...(type === 'default' ? {} : { 'x-queue-type': type }), ...table.values() },
				});
			},
		});
		await this.page.after(done, T.added(name));
	}

}

export class QueueView {

	data = undefined;

	crumbs = [[T.title, link('queues')]];

	constructor(page, virtualHost, name) {
		this.page = page;
		this.virtualHost = virtualHost;
		this.name = name;
		this.title = name;
		this.path = ['queues', virtualHost, name];
		this.consumers = consumersTable(page, { queue: false });
		this.bindings = bindingsTable(page, 'bindings', texts.bindings.title, { destination: false });
		this.publish = new Publish(page, virtualHost, '', name);
		this.messages = new Messages(page, virtualHost, name);
	}

	async load(signal) {
		const [queue, bindings] = await Promise.all([
			this.page.api.get(this.path, { query: SAMPLES, signal }),
			this.page.api.get([...this.path, 'bindings'], { signal }),
		]);
		this.data = { queue, bindings };
	}

	view() {
		const { queue: one, bindings } = this.data;
		const stats = one.message_stats;
		return html`
			<section class="card">
				<dl class="stats">
					${[[T.ready, one.messages_ready], [T.unacknowledged, one.messages_unacknowledged], [T.total, one.messages], [T.consumers, one.consumers]]
						.map(([label, count]) => html`<div class="stat"><dt>${label}</dt><dd>${number(count)}</dd></div>`)}
				</dl>
				${facts([
					[texts.type, one.type],
					[texts.virtualHost, one.vhost],
					[T.features, features({ ...one, policy: null, arguments: {} })],
					[T.state, one.state],
					[T.policy, one.policy],
					[T.operatorPolicy, one.operator_policy],
					[T.effective, entries(one.effective_policy_definition)],
					[texts.arguments, entries(one.arguments)],
				])}
				<div class="row">
					<button type="button" @click=${() => this.#move()}>${T.move}</button>
					<button type="button" class="danger" @click=${() => this.#purge()}>${T.purge}</button>
					<button type="button" class="danger" @click=${() => this.#delete()}>${T.delete}</button>
				</div>
			</section>
			<div class="columns">
				<section class="card">${chart(T.depth, [
					{ name: T.ready, values: values(one.messages_ready_details), last: number(one.messages_ready) },
					{ name: T.unacknowledged, values: values(one.messages_unacknowledged_details), last: number(one.messages_unacknowledged) },
				])}</section>
				<section class="card">${stats ? chart(T.rates, [
					rateOf(T.incoming, stats.publish_details),
					rateOf(T.delivered, stats.deliver_get_details),
					rateOf(T.acknowledged, stats.ack_details),
				]) : html`<h2>${T.rates}</h2><p class="muted">${T.noRates}</p>`}</section>
			</div>
			<section class="card"><h2>${texts.consumers.title}</h2>${this.consumers.view(one.consumer_details)}</section>
			<section class="card"><h2>${texts.bindings.title}</h2>
				<div class="row"><button type="button" @click=${() => bindQueue(this.page, this.virtualHost, this.name)}>${texts.bindings.add}</button></div>
				${this.bindings.view(bindings)}</section>
			${this.publish.view()}
			${this.messages.view()}`;
	}

	async #move() {
		const others = (await names(this.page, 'queues', this.virtualHost)).filter((name) => name !== this.name);
		let moved = '';
		const done = await form({
			title: T.moveTitle(this.name),
			text: T.moveText,
			action: T.moveSubmit,
			fields: () => field(T.moveTo, choice('to', others.map((name) => [name, name]), others[0])),
			submit: async (data) => {
				const answer = await this.page.api.post([...this.path, 'move'], { to: data.get('to') }, { timeout: 600000 });
				moved = T.moved(answer.moved, data.get('to'));
			},
		});
		await this.page.after(done, moved);
	}

	async #purge() {
		const done = await confirmed({
			title: T.purgeTitle(this.name),
			text: T.purgeText(this.data.queue.messages_ready),
			action: T.purge,
			submit: () => this.page.api.delete([...this.path, 'contents']),
		});
		await this.page.after(done, T.purged(this.name));
	}

	async #delete() {
		const { messages, consumers } = this.data.queue;
		const done = await confirmed({
			title: T.deleteTitle(this.name),
			text: T.deleteText(messages, consumers),
			action: T.delete,
			submit: () => this.page.api.delete(this.path),
		});
		if (done) {
			this.page.go(link('queues'), T.deleted(this.name));
		}
	}

}
