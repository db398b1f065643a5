import { download, html } from '../parts/html.js';
import { explain } from './session.js';
import { choice, field } from './show.js';
import { texts } from './texts.js';

const T = texts.definitions;

/** Definitions may be large, and loading them takes a while. */
const TIMEOUT = 600000;

export class DefinitionsView {

	title = T.title;

	data = null;

	#problem = '';

	constructor(page) {
		this.page = page;
	}

	async load() {
	}

	view() {
		const scopes = [['', T.everything], ...this.page.virtualHosts.map((name) => [name, name])];
		return html`
			<p class="lead">${T.lead}</p>
			<div class="columns">
				<section class="card"><h2>${T.export}</h2>
					<form class="stack" @submit=${(event) => this.#export(event)}>
						${field(T.of, choice('scope', scopes, ''), { hint: T.passwords })}
						<div><button class="primary">${T.download}</button></div></form></section>
				<section class="card"><h2>${T.import}</h2>
					<form class="stack" id="import" @submit=${(event) => this.#import(event)}>
						${field(T.file, html`<input type="file" name="file" accept=".json,application/json">`)}
						${field(T.into, choice('scope', scopes, ''), { hint: T.importHint })}
						<p class="error" role="alert" ?hidden=${!this.#problem}>${this.#problem}</p>
						<div><button class="primary">${T.importSubmit}</button></div></form></section>
			</div>`;
	}

	async #export(event) {
		event.preventDefault();
		const scope = new FormData(event.target).get('scope');
		const file = `definitions${scope === '' ? '' : `-${scope.replace(/[^\w.-]+/g, '_')}`}.json`;
		await this.page.act(async () => {
			const definitions = await this.page.api.get(path(scope), { timeout: TIMEOUT });
			download(file, `${JSON.stringify(definitions, null, 2)}\n`, 'application/json');
		}, T.downloaded(file));
	}

	async #import(event) {
		event.preventDefault();
		const data = new FormData(event.target);
		try {
			const file = data.get('file');
			if (!file?.name) {
				throw new Error(T.noFile);
			}
			await this.page.api.post(path(data.get('scope')), parsed(await file.text()), { timeout: TIMEOUT });
			this.#problem = '';
			this.page.did(T.imported(file.name));
		}
		catch (error) {
			this.#problem = explain(error);
		}
		await this.page.refresh();
	}

}

function path(scope) {
	return scope === '' ? ['definitions'] : ['definitions', scope];
}

function parsed(text) {
	try {
		return JSON.parse(text);
	}
	catch {
		throw new Error(T.notJson);
	}
}
