import { html, keyed, nothing, render, say } from '../parts/html.js';
import { Admin } from './admin.js';
import { ChannelView, ChannelsView } from './channels.js';
import { ConnectionView, ConnectionsView } from './connections.js';
import { ExchangeView, ExchangesView } from './exchanges.js';
import { OverviewView } from './overview.js';
import { QueueView, QueuesView } from './queues.js';
import { Session, explain, isLogin } from './session.js';
import { link } from './show.js';
import { texts } from './texts.js';
import { TopologyView } from './topology.js';

const PERIOD = 5000;

const LISTS = { connections: ConnectionsView, channels: ChannelsView, exchanges: ExchangesView, queues: QueuesView, bindings: TopologyView };

const NAVIGATION = [
	['', texts.overview.title],
	['connections', texts.connections.title],
	['channels', texts.channels.title],
	['exchanges', texts.exchanges.title],
	['queues', texts.queues.title],
	['bindings', texts.topology.title],
	['admin', texts.admin.title],
];

class NoView {

	title = texts.errors.noPage;

	data = null;

	async load() {
	}

	view() {
		return nothing;
	}

}

/**
 * The page: who is logged in, what is looked at, and the loop that keeps it fresh.
 *
 * A view has a title, loads its data, and draws them once it has some: data is undefined before. It may have crumbs,
 * a list of [text, address]; drawn(), called when it is on the page; and ofVirtualHost, if it is a list of what is in
 * virtual hosts.
 */
class Page {

	/** Null before somebody logs in. */
	session = null;

	/** The names of those that the user may see. */
	virtualHosts = [];

	/** The one that lists are limited to; empty for all. */
	virtualHost = '';

	#root = document.getElementById('page');

	#view = new NoView();

	#segments = [];

	#loading = null;

	#timer = 0;

	#refreshes = true;

	/** Why the data are not fresh. */
	#problem = '';

	/** What the last action led to. */
	#notice = null;

	/** Of the next view. */
	#nextNotice = null;

	#loginProblem = '';

	get api() {
		return this.session.api;
	}

	async start() {
		this.#root.replaceChildren();
		this.#root.addEventListener('redraw', () => this.draw());
		window.addEventListener('hashchange', () => this.#navigated());
		document.addEventListener('visibilitychange', () => this.#schedule(0));
		try {
			this.session = await Session.resume();
		}
		catch (error) {
			this.#loginProblem = explain(error);
		}
		await this.#entered();
	}

	async #entered() {
		if (this.session === null) {
			this.draw();
			return;
		}
		this.#loginProblem = '';
		await this.#navigated(false);
	}

	/** Shows another page of it. */
	go(address, notice = null) {
		this.#nextNotice = notice;
		location.hash = address;
	}

	async #navigated(byHand = true) {
		if (this.session === null) {
			return;
		}
		this.#segments = segments(location.hash);
		this.#view = viewOf(this, this.#segments);
		this.#problem = '';
		this.#notice = null;
		if (this.#nextNotice) {
			this.did(this.#nextNotice);
			this.#nextNotice = null;
		}
		this.draw();
		document.querySelector('.topbar [aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		if (byHand) {
			document.querySelector('h1')?.focus();
			window.scrollTo(0, 0);
		}
		await this.refresh();
	}

	/** Asks the broker again and draws. */
	async refresh() {
		this.#loading?.abort();
		clearTimeout(this.#timer);
		const loading = new AbortController();
		this.#loading = loading;
		const { signal } = loading;
		try {
			const names = await this.api.get(['vhosts'], { query: { columns: 'name' }, signal });
			this.virtualHosts = names.map(({ name }) => name);
			await this.#view.load(signal);
			this.#problem = '';
		}
		catch (error) {
			if (signal.aborted) {
				return;
			}
			loading.abort();
			if (isLogin(error)) {
				this.#leave(texts.login.expired);
				return;
			}
			this.#problem = error.status === 0 ? texts.errors.retrying : explain(error);
		}
		if (this.#loading === loading) {
			this.draw();
			this.#schedule(PERIOD);
		}
	}

	#schedule(delay) {
		clearTimeout(this.#timer);
		if (this.session !== null && this.#refreshes && !document.hidden) {
			this.#timer = setTimeout(() => this.refresh(), delay);
		}
	}

	/** Says that something was done, if it was, and looks again. */
	async after(done, text) {
		if (done) {
			this.did(text);
			await this.refresh();
		}
	}

	/** Does something that needs no questions, and says that it was done, or why not. */
	async act(action, text) {
		try {
			await action();
			this.did(text);
		}
		catch (error) {
			this.#notice = { kind: 'bad', text: explain(error) };
			this.draw();
		}
		await this.refresh();
	}

	/** Says that something was done. */
	did(text) {
		this.#notice = { kind: 'good', text };
		say(text);
		this.draw();
	}

	/** The path of a list, of one virtual host if one is chosen. */
	ofVirtualHost(...path) {
		return this.virtualHost === '' ? path : [...path, this.virtualHost];
	}

	draw() {
		render(this.session === null ? this.#login() : this.#page(), this.#root);
		document.title = this.session === null ? `${texts.login.title} – ${texts.product}`
			: `${this.#view.title} – ${texts.product}`;
		this.#view.drawn?.();
	}

	// Logging in and out

	#login() {
		return html`
			<main class="page login">
				<div class="card">
					<div class="brand">${mark()}<span>${texts.product}</span></div>
					<h1>${texts.login.title}</h1>
					<p class="muted">${texts.login.lead}</p>
					<form class="stack" @submit=${(event) => this.#logIn(event)}>
						<label class="field"><span>${texts.login.name}</span>
							<input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required></label>
						<label class="field"><span>${texts.login.password}</span>
							<input name="password" type="password" autocomplete="current-password"></label>
						<p class="error" role="alert" ?hidden=${!this.#loginProblem}>${this.#loginProblem}</p>
						<button class="primary">${texts.login.submit}</button>
					</form>
					<p class="hint">${texts.login.hint}</p>
				</div>
				${this.#links(texts.login.links)}
			</main>`;
	}

	async #logIn(event) {
		event.preventDefault();
		const data = new FormData(event.target);
		this.#loginProblem = '';
		try {
			this.session = await Session.logIn({ name: data.get('name'), password: data.get('password') });
			await this.#entered();
			document.querySelector('h1')?.focus();
		}
		catch (error) {
			this.#loginProblem = explain(error);
			this.draw();
		}
	}

	#leave(problem) {
		this.#loading?.abort();
		clearTimeout(this.#timer);
		document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
		this.session.logOut();
		this.session = null;
		this.virtualHosts = [];
		this.virtualHost = '';
		this.#view = new NoView();
		this.#notice = null;
		this.#loginProblem = problem;
		this.draw();
	}

	/** Somebody has changed the own password. */
	async logInAgain(credentials) {
		this.session = await Session.logIn(credentials);
	}

	// What everything has in common

	#page() {
		const view = this.#view;
		return html`
			<a class="skip" href="#main" @click=${skip}>${texts.skip}</a>
			<header class="topbar"><div>
				<a class="brand" href="#/">${mark()}<span>${texts.product}</span></a>
				<nav class="tabs grow" aria-label=${texts.navigation}><ul>
					${NAVIGATION.map(([segment, title]) => html`
						<li><a href=${segment ? link(segment) : '#/'} aria-current=${this.#isIn(segment) ? 'page' : 'false'}>${title}</a></li>`)}
				</ul></nav>
				<div class="row user">
					<span class="small muted any">${texts.login.loggedInAs(this.session.name)}</span>
					<button type="button" class="quiet compact" @click=${() => this.#leave('')}>${texts.login.logOut}</button>
				</div>
			</div></header>
			<main class="page" id="main" tabindex="-1">
				${view.crumbs ? html`<nav aria-label=${texts.crumbs}><ol class="crumbs">${view.crumbs.map(([text, address]) => html`
					<li><a href=${address}>${text}</a></li>`)}</ol></nav>` : nothing}
				<div class="row spread">
					<h1 tabindex="-1">${view.title}</h1>
					<div class="row tools">${this.#virtualHostChoice()}
						<label class="check small"><input type="checkbox" .checked=${this.#refreshes}
							@change=${(event) => this.#refreshing(event)}><span>${texts.refresh}</span></label></div>
				</div>
				${this.#problem ? html`<p class="notice bad" role="alert">${this.#problem}</p>` : nothing}
				${this.#notice ? html`<div class="notice ${this.#notice.kind} row spread" role=${this.#notice.kind === 'bad' ? 'alert' : 'note'}>
					<span class="any">${this.#notice.text}</span>
					<button type="button" class="quiet compact" @click=${() => this.#dismiss()}>${texts.dismiss}</button></div>` : nothing}
				${view.data !== undefined && this.virtualHosts.length === 0 ? html`
					<p class="notice warn">${texts.errors.noVirtualHost(this.session.name)}</p>` : nothing}
				${keyed(view, view.data !== undefined ? view.view()
					: this.#problem ? nothing : html`<p class="muted">${texts.notLoaded}</p>`)}
			</main>
			<footer class="page">${this.#links(texts.more)}</footer>`;
	}

	#isIn(segment) {
		return (this.#segments[0] ?? '') === segment;
	}

	#virtualHostChoice() {
		if (this.virtualHosts.length < 2 || !this.#view.ofVirtualHost) {
			return nothing;
		}
		return html`<label class="field inline"><span>${texts.virtualHost}</span>
			<select @change=${(event) => this.#chooseVirtualHost(event.target.value)}>
				<option value="" ?selected=${this.virtualHost === ''}>${texts.allVirtualHosts}</option>
				${this.virtualHosts.map((name) => html`<option value=${name} ?selected=${name === this.virtualHost}>${name}</option>`)}
			</select></label>`;
	}

	#chooseVirtualHost(name) {
		this.virtualHost = name;
		this.#view.table?.restart();
		this.refresh();
	}

	#refreshing(event) {
		this.#refreshes = event.target.checked;
		this.#schedule(0);
	}

	#dismiss() {
		this.#notice = null;
		this.draw();
		document.getElementById('main').focus();
	}

	#links(label) {
		return html`<nav aria-label=${label}><ul class="plain row small links">
			<li><a href="actuator/health">${texts.links.health}</a></li>
			<li><a href="api">${texts.links.api}</a></li>
			<li><a href="actuator/upgradereport">${texts.links.upgrade}</a></li></ul></nav>`;
	}

}

function skip(event) {
	event.preventDefault();
	document.getElementById('main').focus();
}

/** Two queues and the exchange before them. */
function mark() {
	return html`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
		<circle cx="6" cy="12" r="3.5"></circle><path d="M9.5 12h3M12.5 6v12M12.5 6h2M12.5 18h2"></path>
		<rect x="14.5" y="3.5" width="7" height="5" rx="1.5"></rect><rect x="14.5" y="15.5" width="7" height="5" rx="1.5"></rect></svg>`;
}

function segments(hash) {
	try {
		return hash.replace(/^#?\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
	}
	catch {
		return ['?'];
	}
}

function viewOf(page, [first = '', ...rest]) {
	if (first === '') {
		return new OverviewView(page);
	}
	if (first === 'admin') {
		return new Admin(page, rest).view ?? new NoView();
	}
	if (rest.length === 0 && Object.hasOwn(LISTS, first)) {
		return new LISTS[first](page);
	}
	switch (`${first}/${rest.length}`) {
		case 'connections/1': return new ConnectionView(page, ...rest);
		case 'channels/1': return new ChannelView(page, ...rest);
		case 'exchanges/2': return new ExchangeView(page, ...rest);
		case 'queues/2': return new QueueView(page, ...rest);
		default: return new NoView();
	}
}

await new Page().start();
