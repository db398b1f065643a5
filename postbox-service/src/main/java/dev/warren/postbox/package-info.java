/**
 * "Rabbits and Warrens": letters go through a sorting room into durable boxes, from which
 * they are collected and acknowledged. This package is the lesson:
 * {@link dev.warren.postbox.PostboxTopology}, {@link dev.warren.postbox.Postman} and
 * {@link dev.warren.postbox.PostBox}.
 */
@NullMarked
package dev.warren.postbox;

import org.jspecify.annotations.NullMarked;
