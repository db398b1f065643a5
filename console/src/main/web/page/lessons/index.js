/**
 * The lessons, in the order in which they are to be read.
 */

import headers from './headers.js';
import hello from './hello.js';
import postbox from './postbox.js';
import publishSubscribe from './publish-subscribe.js';
import publisherConfirms from './publisher-confirms.js';
import routing from './routing.js';
import rpc from './rpc.js';
import topics from './topics.js';
import workQueues from './work-queues.js';

export const LESSONS = [
	hello,
	workQueues,
	publishSubscribe,
	routing,
	topics,
	headers,
	rpc,
	publisherConfirms,
	postbox,
];
