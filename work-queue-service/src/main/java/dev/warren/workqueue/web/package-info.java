/**
 * The work queue over REST.
 */
@NullMarked
package dev.warren.workqueue.web;

import org.jspecify.annotations.NullMarked;
