/**
 * The lessons, in the order in which they are to be read.
 */

import hello from './hello.js';
import publishSubscribe from './publish-subscribe.js';
import routing from './routing.js';
import topics from './topics.js';
import headers from './headers.js';

export const LESSONS = [hello, publishSubscribe, routing, topics, headers];
