import { html, nothing } from '../parts/html.js';
import { confirmed, form } from './dialogs.js';
import { localTable } from './list.js';
import { badge, choice, field, needs, rate } from './show.js';
import { texts } from './texts.js';

const T = texts.virtualHosts;

const TYPES = ['classic', 'quorum', 'stream'];

export class VirtualHostsView {

	title = T.title;

	data = undefined;

	constructor(page) {
		this.page = page;
		const isAdministrator = page.session.has('administrator');
		this.table = localTable(page, {
			name: 'virtual-hosts',
			caption: T.title,
			filterable: true,
			key: ({ name }) => name,
			columns: [
				{ id: 'name', title: texts.name, show: ({ name, description, tags, protected_from_deletion: isProtected }) => html`
					<strong class="any">${name}</strong> ${tags.map((tag) => badge(tag))} ${isProtected ? badge(T.protected, 'info') : nothing}
					${description ? html`<br><span class="small muted">${description}</span>` : nothing}` },
				{ id: 'state', title: T.state, minor: true, value: state, show: (row) => badge(T.states[state(row)] ?? state(row), state(row) === 'running' ? 'good' : 'bad') },
				{ id: 'default_queue_type', title: T.queueType, minor: true },
				{ id: 'messages', title: T.messages, numeric: true },
				{ id: 'message_stats.publish_details.rate', title: texts.overview.published, numeric: true, minor: true, show: (row) => rate(row.message_stats?.publish_details) },
				isAdministrator ? { id: 'actions', title: texts.actions, sortable: false, show: (row) => this.#actions(row) } : null,
			].filter(Boolean),
		});
	}

	async load(signal) {
		this.data = await this.page.api.get(['vhosts'], { signal });
	}

	view() {
		return html`<section class="card">
			${this.page.session.has('administrator') ? html`
				<div class="row"><button type="button" class="primary" @click=${() => this.#add()}>${T.add}</button></div>`
				: needs(this.page, 'administrator')}
			${this.table.view(this.data)}</section>`;
	}

	#actions(row) {
		const { name, protected_from_deletion: isProtected } = row;
		return html`<div class="row">
			<button type="button" class="compact quiet" aria-label=${T.editNamed(name)} @click=${() => this.#edit(row)}>${T.edit}</button>
			<button type="button" class="compact quiet" aria-label=${isProtected ? T.unprotectNamed(name) : T.protectNamed(name)}
				@click=${() => this.#protect(name, !isProtected)}>${isProtected ? T.unprotect : T.protect}</button>
			<button type="button" class="compact quiet danger" aria-label=${T.deleteNamed(name)} ?disabled=${isProtected}
				@click=${() => this.#delete(name)}>${texts.delete}</button></div>`;
	}

	async #add() {
		let name = '';
		const done = await form({
			title: T.add,
			action: T.add,
			fields: () => html`
				${field(texts.name, html`<input name="name" required autocomplete="off" spellcheck="false">`)}
				${fields({ description: '', tags: [], default_queue_type: 'classic' })}`,
			submit: async (data) => {
				name = data.get('name');
				if (this.data.some((one) => one.name === name)) {
					throw new Error(T.existed);
				}
				await this.page.api.put(['vhosts', name], body(data));
			},
		});
		await this.page.after(done, T.added(name));
	}

	async #edit(row) {
		const done = await form({
			title: T.editNamed(row.name),
			action: texts.save,
			fields: () => fields(row),
			submit: (data) => this.page.api.put(['vhosts', row.name], body(data)),
		});
		await this.page.after(done, T.changed(row.name));
	}

	#protect(name, wanted) {
		const path = ['vhosts', name, 'deletion', 'protection'];
		return this.page.act(() => (wanted ? this.page.api.post(path) : this.page.api.delete(path)),
			wanted ? T.isProtected(name) : T.isUnprotected(name));
	}

	async #delete(name) {
		const done = await confirmed({
			title: T.deleteTitle(name),
			text: T.deleteText,
			action: texts.delete,
			fields: () => field(texts.name, html`<input name="name" required autocomplete="off" spellcheck="false">`),
			submit: async (data) => {
				if (data.get('name') !== name) {
					throw new Error(T.deleteWrong);
				}
				await this.page.api.delete(['vhosts', name]);
			},
		});
		if (done && this.page.virtualHost === name) {
			this.page.virtualHost = '';
		}
		await this.page.after(done, T.deleted(name));
	}

}

function state(row) {
	return Object.values(row.cluster_state ?? {})[0] ?? 'running';
}

function fields({ description, tags, default_queue_type: type }) {
	return html`
		${field(T.description, html`<input name="description" value=${description ?? ''} autocomplete="off">`)}
		${field(T.tags, html`<input name="tags" value=${(tags ?? []).join(', ')} autocomplete="off" spellcheck="false">`)}
		${field(T.queueType, choice('type', TYPES.map((one) => [one, texts.queues.types[one]]), type))}`;
}

function body(data) {
	return {
		description: data.get('description'),
		tags: data.get('tags').split(',').map((tag) => tag.trim()).filter(Boolean),
		default_queue_type: data.get('type'),
	};
}
