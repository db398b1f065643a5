import { ApiError } from '../parts/api.js';
import { html, nothing } from '../parts/html.js';
import { Table } from '../parts/table.js';
import { texts } from './texts.js';

/** A list that the management API sorts, filters and divides into pages, as it may be very long. */
export class ListView {

	data = undefined;

	ofVirtualHost = true;

	/**
	 * @param path of the page.api, by the virtual host that is chosen
	 * @param options of the table
	 */
	constructor(page, title, path, options) {
		this.page = page;
		this.title = title;
		this.path = path;
		this.table = new Table({
			caption: title,
			changed: () => this.page.refresh(),
			...options,
			texts: { ...texts.table, ...options.texts },
		});
	}

	async load(signal) {
		try {
			this.data = await this.#ask(signal);
		}
		catch (error) {
			if (!(error instanceof ApiError) || error.title !== 'page_out_of_range') {
				throw error;
			}
			this.table.restart();
			this.data = await this.#ask(signal);
		}
	}

	#ask(signal) {
		return this.page.api.get(this.path(), { query: this.table.query(), signal });
	}

	/** What there is to do above the list. */
	actions() {
		return nothing;
	}

	view() {
		return html`<section class="card">${this.actions()}${this.table.view(this.data)}</section>`;
	}

}

/** A table of what is there as a whole, which the page sorts and filters itself. */
export function localTable(page, options) {
	return new Table({ filterable: false, changed: () => page.draw(), ...options, texts: { ...texts.table, ...options.texts } });
}
