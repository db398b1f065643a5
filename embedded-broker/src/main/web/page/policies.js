import { html } from '../parts/html.js';
import { confirmed, form } from './dialogs.js';
import { localTable } from './list.js';
import { Pairs } from './pairs.js';
import { choice, entries, field, needs, virtualHostField } from './show.js';
import { texts } from './texts.js';

const T = texts.policies;

const KEYS = ['message-ttl', 'expires', 'max-length', 'max-length-bytes', 'overflow', 'dead-letter-exchange',
	'dead-letter-routing-key', 'dead-letter-strategy', 'delivery-limit', 'consumer-timeout', 'alternate-exchange'];

const OPERATORS_KEYS = ['message-ttl', 'expires', 'max-length', 'max-length-bytes', 'delivery-limit'];

const ALL = ['all', 'queues', 'classic_queues', 'quorum_queues', 'streams', 'exchanges'];

/** The two kinds of policies. */
const KINDS = [
	{ path: 'policies', tag: 'policymaker', title: T.users, add: T.add, keys: KEYS, appliesTo: ALL },
	{ path: 'operator-policies', tag: 'administrator', title: T.operators, add: T.addOperators, keys: OPERATORS_KEYS,
		appliesTo: ['queues', 'classic_queues', 'quorum_queues', 'streams'] },
];

export class PoliciesView {

	title = T.title;

	data = undefined;

	ofVirtualHost = true;

	constructor(page) {
		this.page = page;
		this.tables = KINDS.map((kind) => localTable(page, {
			name: kind.path,
			caption: kind.title,
			texts: { empty: T.empty },
			key: (row) => `${row.vhost}\n${row.name}`,
			columns: [
				{ id: 'name', title: texts.name },
				{ id: 'vhost', title: texts.virtualHost, minor: true },
				{ id: 'pattern', title: T.pattern, show: ({ pattern }) => html`<span class="mono">${pattern}</span>` },
				{ id: 'apply-to', title: T.applyTo, minor: true, show: (row) => T.applies[row['apply-to']] ?? row['apply-to'] },
				{ id: 'definition', title: T.definition, sortable: false, show: ({ definition }) => entries(definition) },
				{ id: 'priority', title: T.priority, numeric: true, minor: true },
				page.session.has(kind.tag) ? { id: 'actions', title: texts.actions, sortable: false, show: (row) => this.#actions(kind, row) } : null,
			].filter(Boolean),
		}));
	}

	async load(signal) {
		this.data = await Promise.all(KINDS.map(({ path }) => this.page.api.get(this.page.ofVirtualHost(path), { signal })));
	}

	view() {
		return KINDS.map((kind, index) => html`
			<section class="card"><h2>${kind.title}</h2>
				${kind.tag === 'administrator' ? html`<p class="muted">${T.operatorsHint}</p>` : ''}
				${this.page.session.has(kind.tag) ? html`<div class="row">
					<button type="button" class="primary" ?disabled=${this.page.virtualHosts.length === 0} @click=${() => this.#edit(kind)}>${kind.add}</button></div>` : needs(this.page, kind.tag)}
				${this.tables[index].view(this.data[index])}</section>`);
	}

	#actions(kind, row) {
		return html`<div class="row">
			<button type="button" class="compact quiet" aria-label=${T.editNamed(row.name)} @click=${() => this.#edit(kind, row)}>${T.edit}</button>
			<button type="button" class="compact quiet danger" aria-label=${T.deleteNamed(row.name)} @click=${() => this.#delete(kind, row)}>${texts.delete}</button></div>`;
	}

	async #edit(kind, known) {
		const definition = new Pairs(T.definition, kind.keys, known?.definition);
		let name = known?.name;
		const done = await form({
			title: known ? T.editNamed(known.name) : kind.add,
			action: known ? texts.save : kind.add,
			wide: true,
			fields: () => html`<div class="fields">
				${known ? '' : html`${virtualHostField(this.page)}
					${field(texts.name, html`<input name="name" required autocomplete="off" spellcheck="false">`)}`}
				${field(T.pattern, html`<input class="mono" name="pattern" value=${known?.pattern ?? '.*'} autocomplete="off" spellcheck="false">`, { hint: T.patternHint })}
				${field(T.applyTo, choice('apply-to', kind.appliesTo.map((one) => [one, T.applies[one]]), known?.['apply-to'] ?? 'queues'))}
				${field(T.priority, html`<input name="priority" type="number" step="1" value=${known?.priority ?? 0} required>`)}
				${definition.view()}</div>`,
			submit: async (data) => {
				name = known?.name ?? data.get('name');
				await this.page.api.put([kind.path, known?.vhost ?? data.get('vhost'), name], {
					pattern: data.get('pattern'),
					'apply-to': data.get('apply-to'),
					priority: Number(data.get('priority')),
					definition: definition.values(),
				});
			},
		});
		await this.page.after(done, T.saved(name));
	}

	async #delete(kind, { vhost, name }) {
		const done = await confirmed({
			title: T.deleteTitle(name),
			text: T.deleteText,
			action: texts.delete,
			submit: () => this.page.api.delete([kind.path, vhost, name]),
		});
		await this.page.after(done, T.deleted(name));
	}

}
