/**
 * The lessons, in the order in which they are to be read.
 */

import hello from './hello.js';
import topics from './topics.js';

export const LESSONS = [hello, topics];
