import { html, nothing } from '../parts/html.js';
import { exchangeSegment } from '../parts/topology.js';
import { bindFrom, bindingsTable } from './bindings.js';
import { confirmed, form } from './dialogs.js';
import { ListView } from './list.js';
import { Pairs } from './pairs.js';
import { Publish } from './publish.js';
import { badge, check, choice, entries, exchangeName, facts, field, link, rate, virtualHostField } from './show.js';
import { texts } from './texts.js';

const T = texts.exchanges;

const ARGUMENTS = ['alternate-exchange', 'x-delayed-type', 'hash-header', 'hash-property'];

function features(row) {
	return [
		badge(row.durable ? T.durable : T.transient),
		row.auto_delete ? badge(T.autoDelete) : nothing,
		row.internal ? badge(T.internal) : nothing,
		row.policy ? badge(row.policy, 'info') : nothing,
	];
}

export class ExchangesView extends ListView {

	constructor(page) {
		super(page, T.title, () => page.ofVirtualHost('exchanges'), {
			name: 'exchanges',
			key: (row) => `${row.vhost}\n${row.name}`,
			columns: [
				{ id: 'name', title: texts.name, show: (row) => html`
					<a href=${link('exchanges', row.vhost, exchangeSegment(row.name))}>${exchangeName(row.name)}</a>` },
				{ id: 'vhost', title: texts.virtualHost, minor: true },
				{ id: 'type', title: texts.type },
				{ id: 'features', title: T.features, sortable: false, minor: true, show: features },
				{ id: 'message_stats.publish_in_details.rate', title: T.in, numeric: true, show: (row) => rate(row.message_stats?.publish_in_details) },
				{ id: 'message_stats.publish_out_details.rate', title: T.out, numeric: true, show: (row) => rate(row.message_stats?.publish_out_details) },
			],
		});
	}

	async load(signal) {
		const [, overview] = await Promise.all([
			super.load(signal),
			this.types ?? this.page.api.get(['overview'], { query: { columns: 'exchange_types' }, signal }),
		]);
		this.types ??= overview.exchange_types.map(({ name }) => name).sort();
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
				${field(texts.type, choice('type', this.types.map((type) => [type, type]), 'direct'))}
				${field(T.durability, choice('durable', [['true', T.durable], ['false', T.transient]], 'true'), { hint: T.durabilityHint })}
				<div class="wide">${check('auto_delete', T.autoDeleteHint)}${check('internal', T.internalHint)}</div>
				${table.view()}</div>`,
			submit: async (data) => {
				name = data.get('name');
				await this.page.api.put(['exchanges', data.get('vhost'), name], {
					type: data.get('type'),
					durable: data.get('durable') === 'true',
					auto_delete: data.has('auto_delete'),
					internal: data.has('internal'),
					arguments: table.values(),
				});
			},
		});
		await this.page.after(done, T.added(name));
	}

}

export class ExchangeView {

	data = undefined;

	crumbs = [[T.title, link('exchanges')]];

	constructor(page, virtualHost, segment) {
		this.page = page;
		this.virtualHost = virtualHost;
		this.segment = segment;
		this.name = segment === 'amq.default' ? '' : segment;
		this.title = exchangeName(this.name);
		this.path = ['exchanges', virtualHost, segment];
		this.from = bindingsTable(page, 'bindings-from', T.from, { source: false });
		this.to = bindingsTable(page, 'bindings-to', T.to, { destination: false });
		this.publish = new Publish(page, virtualHost, this.name);
	}

	async load(signal) {
		const { api } = this.page;
		const isDefault = this.name === '';
		const [exchange, from, to] = await Promise.all([
			api.get(this.path, { signal }),
			isDefault ? [] : api.get([...this.path, 'bindings', 'source'], { signal }),
			isDefault ? [] : api.get([...this.path, 'bindings', 'destination'], { signal }),
		]);
		this.data = { exchange, from, to };
	}

	view() {
		const { exchange: one, from, to } = this.data;
		return html`
			<section class="card">
				${facts([
					[texts.type, one.type],
					[texts.virtualHost, one.vhost],
					[T.features, features({ ...one, policy: null })],
					[T.policy, one.policy],
					[texts.arguments, entries(one.arguments)],
					[T.in, rate(one.message_stats?.publish_in_details)],
					[T.out, rate(one.message_stats?.publish_out_details)],
				])}
				${this.name === '' ? html`<p class="muted">${T.isDefault}</p>`
					: this.name.startsWith('amq.') ? html`<p class="muted">${T.isBuiltIn}</p>` : html`
					<div class="row"><button type="button" class="danger" @click=${() => this.#delete()}>${T.delete}</button></div>`}
			</section>
			${this.name === '' ? nothing : html`
				<section class="card"><h2>${T.from}</h2>
					<div class="row"><button type="button" @click=${() => bindFrom(this.page, this.virtualHost, this.name)}>${texts.bindings.add}</button></div>
					${this.from.view(from)}</section>
				${to.length === 0 ? nothing : html`<section class="card"><h2>${T.to}</h2>${this.to.view(to)}</section>`}`}
			${one.internal ? nothing : this.publish.view()}`;
	}

	async #delete() {
		const done = await confirmed({
			title: T.deleteTitle(this.name),
			text: T.deleteText,
			action: T.delete,
			submit: () => this.page.api.delete(this.path),
		});
		if (done) {
			this.page.go(link('exchanges'), T.deleted(this.name));
		}
	}

}
