import { html } from '../parts/html.js';
import { form } from './dialogs.js';
import { localTable } from './list.js';
import { choice, field } from './show.js';
import { texts } from './texts.js';

const T = texts.limits;

/** What may be limited: the path, what it is called in it, and which limits there are. */
const KINDS = [
	{ path: 'vhost-limits', of: 'vhost', title: T.virtualHosts, label: texts.virtualHost, limits: ['max-connections', 'max-queues'] },
	{ path: 'user-limits', of: 'user', title: T.users, label: T.user, limits: ['max-connections', 'max-channels'] },
];

export class LimitsView {

	title = T.title;

	data = undefined;

	constructor(page) {
		this.page = page;
		this.tables = KINDS.map((kind) => localTable(page, {
			name: kind.path,
			caption: kind.title,
			texts: { empty: T.empty },
			key: (row) => `${row.of}\n${row.limit}`,
			columns: [
				{ id: 'of', title: kind.label },
				{ id: 'limit', title: T.limit, show: ({ limit }) => T.names[limit] ?? limit },
				{ id: 'value', title: T.value, numeric: true },
				{ id: 'actions', title: texts.actions, sortable: false, show: (row) => html`
					<button type="button" class="compact quiet danger" aria-label=${T.clearNamed(T.names[row.limit] ?? row.limit, row.of)}
						@click=${() => page.act(() => page.api.delete([kind.path, row.of, row.limit]), T.cleared)}>${T.clear}</button>` },
			],
		}));
	}

	async load(signal) {
		const { api } = this.page;
		const [users, ...limits] = await Promise.all([
			api.get(['users'], { query: { columns: 'name' }, signal }),
			...KINDS.map(({ path }) => api.get([path], { signal })),
		]);
		this.users = users.map(({ name }) => name);
		this.data = limits.map((list, index) => list.flatMap((one) => Object.entries(one.value)
			.map(([limit, value]) => ({ of: one[KINDS[index].of], limit, value }))));
	}

	view() {
		return KINDS.map((kind, index) => html`
			<section class="card"><h2>${kind.title}</h2>
				<div class="row"><button type="button" @click=${() => this.#set(kind)}>${T.set}</button></div>
				${this.tables[index].view(this.data[index])}</section>`);
	}

	async #set(kind) {
		const names = kind.of === 'vhost' ? this.page.virtualHosts : this.users;
		const done = await form({
			title: T.set,
			action: texts.save,
			fields: () => html`
				${field(kind.label, choice('of', names.map((name) => [name, name]), names[0]))}
				${field(T.limit, choice('limit', kind.limits.map((limit) => [limit, T.names[limit]]), kind.limits[0]))}
				${field(T.value, html`<input name="value" type="number" step="1" required>`, { hint: T.hint })}`,
			submit: (data) => this.page.api.put([kind.path, data.get('of'), data.get('limit')], { value: Number(data.get('value')) }),
		});
		await this.page.after(done, T.saved);
	}

}
