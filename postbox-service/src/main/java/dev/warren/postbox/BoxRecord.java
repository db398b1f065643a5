package dev.warren.postbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All boxes, as one message says.
 *
 * @param revision counts the changes; of several records the highest counts
 * @param boxes the boxes
 */
record BoxRecord(long revision, List<Box> boxes) {

	/**
	 * There has never been a box.
	 */
	static final BoxRecord NONE = new BoxRecord(0, List.of());

	Optional<Box> find(String name) {
		return this.boxes.stream().filter((box) -> box.name().equals(name)).findFirst();
	}

	BoxRecord with(Box changed) {
		List<Box> boxes = new ArrayList<>(without(changed.name()).boxes);
		boxes.add(changed);
		return new BoxRecord(this.revision + 1, List.copyOf(boxes));
	}

	BoxRecord without(String name) {
		return new BoxRecord(this.revision + 1, this.boxes.stream().filter((box) -> !box.name().equals(name)).toList());
	}

}
