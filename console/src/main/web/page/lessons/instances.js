/**
 * What a service has several of, receivers, workers or servers, and how an experiment has as many of them as it needs.
 */

/** Receivers do not say so: those that there are run. */
const isRunning = ({ state }) => state === undefined || state === 'running';

export class Instances {

	constructor(service, path) {
		this.service = service;
		this.path = path;
		/** The request for all of them. */
		this.all = { service, method: 'GET', path };
		/** The request that starts another. */
		this.start = { service, method: 'POST', path };
	}

	/** A request about one of them; without more, it stops it. */
	one(id, method = 'DELETE', what = '') {
		return { service: this.service, method, path: `${this.path}/${encodeURIComponent(id)}${what}` };
	}

	async running(context) {
		return (await context.call(this.all)).filter(isRunning);
	}

	/** Starts and stops until so many are running. */
	async have(context, count) {
		const all = await context.call(this.all);
		const running = all.filter(isRunning);
		for (const { id } of [...running.slice(count), ...all.filter(({ state }) => state === 'crashed')]) {
			await context.call(this.one(id));
		}
		for (let missing = count - running.length; missing > 0; missing--) {
			await context.call(this.start);
		}
	}

	/** Starts and stops until so many are running, and remembers how many there were. */
	async haveForNow(context, count) {
		context.notes[this.path] = (await this.running(context)).length;
		await this.have(context, count);
	}

	/** The step at the end: as many as before, after the experiment has lost some. */
	asBefore(lost) {
		return {
			do: async (context) => {
				const before = context.notes[this.path];
				if (before !== undefined) {
					await this.have(context, before);
				}
			},
			script: (curl) => Array(lost).fill(curl(this.start)).join('\n'),
		};
	}

}
