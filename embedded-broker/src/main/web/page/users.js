import { html, nothing } from '../parts/html.js';
import { names as namesOf } from './bindings.js';
import { confirmed, form } from './dialogs.js';
import { localTable } from './list.js';
import { redraw } from './pairs.js';
import { badge, check, choice, facts, field, link, yesNo } from './show.js';
import { texts } from './texts.js';

const T = texts.users;

const P = texts.permissions;

const TAGS = Object.keys(T.tagHints);

export class UsersView {

	title = T.title;

	data = undefined;

	constructor(page) {
		this.page = page;
		this.table = localTable(page, {
			name: 'users',
			caption: T.title,
			filterable: true,
			key: ({ name }) => name,
			columns: [
				{ id: 'name', title: texts.name, show: ({ name }) => html`<a href=${link('admin', 'users', name)}>${name}</a>` },
				{ id: 'tags', title: T.tags, show: ({ tags }) => (tags.length > 0 ? tags.map((tag) => badge(tag, 'info')) : T.noTags) },
				{ id: 'virtualHosts', title: T.virtualHosts, minor: true,
					show: ({ virtualHosts }) => (virtualHosts.length > 0 ? virtualHosts.join(', ') : T.noAccess) },
				{ id: 'hasPassword', title: T.hasPassword, minor: true, show: ({ hasPassword }) => yesNo(hasPassword) },
			],
		});
	}

	async load(signal) {
		const [users, permissions] = await Promise.all([
			this.page.api.get(['users'], { signal }),
			this.page.api.get(['permissions'], { signal }),
		]);
		this.data = users.map(({ name, tags, password_hash: hash }) => ({
			name,
			tags,
			hasPassword: hash !== '',
			virtualHosts: permissions.filter(({ user }) => user === name).map(({ vhost }) => vhost),
		}));
	}

	view() {
		return html`<section class="card">
			<div class="row"><button type="button" class="primary" @click=${() => this.#add()}>${T.add}</button></div>
			${this.table.view(this.data)}</section>`;
	}

	async #add() {
		let name = '';
		const done = await form({
			title: T.add,
			action: T.add,
			fields: () => html`
				${field(texts.name, html`<input name="name" required autocomplete="off" autocapitalize="none" spellcheck="false">`)}
				${passwordFields()}
				${check('certificate', T.noPassword)}
				${tagFields([])}`,
			submit: async (data) => {
				name = data.get('name');
				if (this.data.some((one) => one.name === name)) {
					throw new Error(T.existed);
				}
				const password = passwordIn(data);
				if (password === '' && !data.has('certificate')) {
					throw new Error(T.passwordMissing);
				}
				await this.page.api.put(['users', name], { ...(data.has('certificate') ? {} : { password }), tags: tagsIn(data) });
			},
		});
		if (done) {
			this.page.go(link('admin', 'users', name), T.added(name));
		}
	}

}

function passwordFields() {
	return html`<div class="fields">
		${field(T.password, html`<input name="password" type="password" autocomplete="new-password">`)}
		${field(T.passwordAgain, html`<input name="again" type="password" autocomplete="new-password">`)}</div>`;
}

function passwordIn(data) {
	if (data.get('password') !== data.get('again')) {
		throw new Error(T.passwordsDiffer);
	}
	return data.get('password');
}

function tagFields(tags) {
	return html`<fieldset class="tags"><legend>${T.tags}</legend>
		<div>${TAGS.map((tag) => check(`tag.${tag}`, T.tagHints[tag], tags.includes(tag)))}</div>
		${field(T.otherTags, html`<input name="tags" autocomplete="off" value=${tags.filter((tag) => !TAGS.includes(tag)).join(', ')}>`)}</fieldset>`;
}

function tagsIn(data) {
	return [...TAGS.filter((tag) => data.has(`tag.${tag}`)), ...data.get('tags').split(',').map((tag) => tag.trim()).filter(Boolean)];
}

export class UserView {

	data = undefined;

	crumbs = [[T.title, link('admin', 'users')]];

	constructor(page, name) {
		this.page = page;
		this.name = name;
		this.title = name;
		this.path = ['users', name];
		this.permissions = localTable(page, {
			name: 'permissions',
			caption: P.title,
			texts: { empty: P.empty },
			key: ({ vhost }) => vhost,
			columns: [
				{ id: 'vhost', title: texts.virtualHost },
				...['configure', 'write', 'read'].map(expression),
				{ id: 'actions', title: texts.actions, sortable: false, show: ({ vhost }) => html`
					<button type="button" class="compact quiet danger" aria-label=${P.clearNamed(vhost)} @click=${() => this.#clear(vhost)}>${P.clear}</button>` },
			],
		});
		this.topicPermissions = localTable(page, {
			name: 'topic-permissions',
			caption: P.topicTitle,
			texts: { empty: P.topicEmpty },
			key: ({ vhost, exchange }) => `${vhost}\n${exchange}`,
			columns: [
				{ id: 'vhost', title: texts.virtualHost },
				{ id: 'exchange', title: P.exchange },
				...['write', 'read'].map(expression),
				{ id: 'actions', title: texts.actions, sortable: false, show: ({ vhost, exchange }) => html`
					<button type="button" class="compact quiet danger" aria-label=${P.topicClearNamed(exchange, vhost)}
						@click=${() => this.#clearTopic(vhost, exchange)}>${P.clear}</button>` },
			],
		});
	}

	async load(signal) {
		const { api } = this.page;
		const [user, permissions, topicPermissions] = await Promise.all([
			api.get(this.path, { signal }),
			api.get([...this.path, 'permissions'], { signal }),
			api.get([...this.path, 'topic-permissions'], { signal }),
		]);
		this.data = { user, permissions, topicPermissions };
	}

	view() {
		const { user, permissions, topicPermissions } = this.data;
		return html`
			<section class="card">
				${facts([
					[T.tags, user.tags.length > 0 ? user.tags.map((tag) => badge(tag, 'info')) : T.noTags],
					[T.hasPassword, yesNo(user.password_hash !== '')],
				])}
				${this.#isSelf() ? html`<p class="notice">${T.deleteSelf}</p>` : nothing}
				<div class="row"><button type="button" @click=${() => this.#change()}>${T.change}</button>
					<button type="button" class="danger" @click=${() => this.#delete()}>${T.delete}</button></div>
			</section>
			<section class="card"><h2>${P.title}</h2>
				<div class="row"><button type="button" @click=${() => this.#permit()}>${P.set}</button></div>
				${this.permissions.view(permissions)}</section>
			<section class="card"><h2>${P.topicTitle}</h2><p class="muted">${P.topicHint}</p>
				<div class="row"><button type="button" @click=${() => this.#permitTopic()}>${P.topicSet}</button></div>
				${this.topicPermissions.view(topicPermissions)}</section>`;
	}

	#isSelf() {
		return this.name === this.page.session.name;
	}

	async #change() {
		const { user } = this.data;
		let password = '';
		const done = await form({
			title: T.changeTitle(this.name),
			action: texts.save,
			fields: () => html`${passwordFields()}<p class="hint">${T.keepPassword}</p>${tagFields(user.tags)}`,
			submit: async (data) => {
				password = passwordIn(data);
				const known = user.password_hash === '' ? {} : { password_hash: user.password_hash, hashing_algorithm: user.hashing_algorithm };
				await this.page.api.put(this.path, { ...(password === '' ? known : { password }), tags: tagsIn(data) });
			},
		});
		if (done && password !== '' && this.#isSelf()) {
			await this.page.logInAgain({ name: this.name, password });
		}
		await this.page.after(done, T.changed(this.name));
	}

	async #delete() {
		const done = await confirmed({
			title: T.deleteTitle(this.name),
			text: this.#isSelf() ? `${T.deleteSelf} ${T.deleteText}` : T.deleteText,
			action: T.delete,
			submit: () => this.page.api.delete(this.path),
		});
		if (done) {
			this.page.go(link('admin', 'users'), T.deleted(this.name));
		}
	}

	async #permit() {
		const done = await form({
			title: P.set,
			text: P.hint,
			action: texts.save,
			fields: () => html`<div class="fields">${virtualHosts(this.page)}${['configure', 'write', 'read'].map(expressionField)}</div>`,
			submit: (data) => this.page.api.put(['permissions', data.get('vhost'), this.name],
				{ configure: data.get('configure'), write: data.get('write'), read: data.get('read') }),
		});
		await this.page.after(done, P.changed);
	}

	async #clear(virtualHost) {
		const done = await confirmed({
			title: P.clearTitle(this.name, virtualHost),
			text: P.clearText,
			action: P.clear,
			submit: () => this.page.api.delete(['permissions', virtualHost, this.name]),
		});
		await this.page.after(done, P.cleared);
	}

	async #permitTopic() {
		let exchanges = [];
		const choose = async (virtualHost) => {
			exchanges = await namesOf(this.page, 'exchanges', virtualHost);
		};
		await choose(this.page.virtualHosts[0]);
		const done = await form({
			title: P.topicSet,
			text: P.topicHint,
			action: texts.save,
			fields: () => html`<div class="fields">
				${virtualHosts(this.page, (event) => choose(event.target.value)
					.then(() => redraw(event.target)))}
				${field(P.exchange, choice('exchange', exchanges.map((name) => [name, name]), exchanges.find((name) => name === 'amq.topic')))}
				${['write', 'read'].map(expressionField)}</div>`,
			submit: (data) => this.page.api.put(['topic-permissions', data.get('vhost'), this.name],
				{ exchange: data.get('exchange'), write: data.get('write'), read: data.get('read') }),
		});
		await this.page.after(done, P.topicChanged);
	}

	async #clearTopic(virtualHost, exchange) {
		const done = await confirmed({
			title: P.topicClearTitle(this.name, exchange),
			text: P.topicClearText,
			action: P.clear,
			submit: () => this.page.api.delete(['topic-permissions', virtualHost, this.name, exchange]),
		});
		await this.page.after(done, P.topicCleared);
	}

}

function expression(id) {
	return { id, title: P[id], show: (row) => html`<span class="mono">${row[id]}</span>` };
}

function expressionField(name) {
	return field(P[name], html`<input class="mono" name=${name} value=".*" autocomplete="off" spellcheck="false">`);
}

function virtualHosts(page, changed = () => {}) {
	return field(texts.virtualHost, html`<select name="vhost" @change=${changed}>${page.virtualHosts.map((name) => html`
		<option value=${name}>${name}</option>`)}</select>`);
}
