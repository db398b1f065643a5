/**
 * "Rabbits and Warrens": letters go through a sorting room into durable boxes, from which
 * they are collected and acknowledged. Begin with
 * {@link dev.warren.postbox.PostboxTopology}, {@link dev.warren.postbox.Sender},
 * {@link dev.warren.postbox.Deliveries} and {@link dev.warren.postbox.Boxes}.
 */
@NullMarked
package dev.warren.postbox;

import org.jspecify.annotations.NullMarked;
