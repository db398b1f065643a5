import { Api, ApiError } from '../parts/api.js';
import { texts } from './texts.js';

const KEY = 'warren.broker.user';

/** What is enough to have a tag, as in RabbitMQ. */
const SUFFICIENT = {
	management: ['management', 'policymaker', 'monitoring', 'administrator'],
	policymaker: ['policymaker', 'administrator'],
	monitoring: ['monitoring', 'administrator'],
	administrator: ['administrator'],
};

/** The user who is logged in, for as long as the tab is open. */
export class Session {

	constructor(credentials, whoAmI) {
		this.api = new Api('api', credentials);
		this.name = whoAmI.name;
		this.tags = whoAmI.tags;
	}

	/** @throws Error whose message is for people, if the broker refuses; ApiError otherwise */
	static async logIn(credentials) {
		try {
			const session = new Session(credentials, await new Api('api', credentials).get(['whoami']));
			sessionStorage.setItem(KEY, JSON.stringify(credentials));
			return session;
		}
		catch (error) {
			if (error.status === 401) {
				throw new Error(isLogin(error) ? texts.login.wrong : texts.login.noTag(credentials.name));
			}
			throw error;
		}
	}

	/** The one from before the page was loaded again, or null. */
	static async resume() {
		const credentials = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
		return credentials ? Session.logIn(credentials) : null;
	}

	logOut() {
		sessionStorage.removeItem(KEY);
	}

	has(tag) {
		return this.tags.some((one) => SUFFICIENT[tag].includes(one));
	}

}

/** Whether the broker did not accept name and password, rather than what was asked of it. */
export function isLogin(error) {
	return error.status === 401 && error.title === 'not_authorized';
}

/** What went wrong, for people. */
export function explain(error) {
	if (!(error instanceof ApiError)) {
		return error.message;
	}
	switch (error.status) {
		case 0: return texts.errors.noAnswer;
		case 401: return texts.errors.notAllowed(error.detail || error.title);
		case 404: return error.detail === 'Not Found' ? texts.errors.gone : error.detail || error.title;
		default: return error.detail || error.title || error.message;
	}
}
