package dev.warren.messaging.feed;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageFeedTests {

	private final MessageFeed<String> feed = new MessageFeed<>(3, DataSize.ofBytes(10), String::length);

	@Test
	void anEmptyFeedHasNothing() {
		assertThat(this.feed.newest(10)).isEmpty();
		assertThat(this.feed.after(0, 0, 10).entries()).isEmpty();
		assertThat(this.feed.newestId()).isZero();
		assertThat(this.feed.oldestId()).isOne();
	}

	@Test
	void theNewestComesFirst() {
		add("a", "b", "c");

		assertThat(this.feed.newest(10)).containsExactly("c", "b", "a");
		assertThat(this.feed.newest(2)).containsExactly("c", "b");
		assertThat(this.feed.newest(0)).isEmpty();
	}

	@Test
	void theOldestGoesWhenThereAreTooMany() {
		add("a", "b", "c", "d", "e");

		assertThat(this.feed.newest(10)).containsExactly("e", "d", "c");
		assertThat(this.feed.oldestId()).isEqualTo(3);
		assertThat(this.feed.newestId()).isEqualTo(5);
	}

	@Test
	void asManyOfTheOldestGoAsMakeRoomForALargeItem() {
		add("aaaa", "bbbb", "cc", "ddddddd");

		assertThat(this.feed.newest(10)).containsExactly("ddddddd", "cc");
	}

	@Test
	void theNewestStaysHoweverLargeItIs() {
		add("a", "larger than all the feed", "b");

		assertThat(this.feed.newest(10)).containsExactly("b");
		assertThat(this.feed.after(0, 0, 10).entries()).extracting(MessageFeed.Entry::id).containsExactly(3L);
	}

	@Test
	void whatIsTooLargeForAFeedThatShrinksGoes() {
		add("aaaa", "bb", "cc");

		this.feed.resize(DataSize.ofBytes(3));
		assertThat(this.feed.newest(10)).containsExactly("cc");
		add("d", "ee");

		assertThat(this.feed.newest(10)).containsExactly("ee", "d");
		this.feed.resize(DataSize.ofBytes(10));
		add("ffff");
		assertThat(this.feed.newest(10)).containsExactly("ffff", "ee", "d");
	}

	@Test
	void aReaderSeesByTheIdsWhatItLost() {
		add("a", "b", "c", "d", "e");

		assertThat(this.feed.after(1, 2)).extracting(MessageFeed.Entry::id).containsExactly(3L, 4L);
		assertThat(this.feed.after(4, 2)).extracting(MessageFeed.Entry::item).containsExactly("e");
		assertThat(this.feed.after(5, 2)).isEmpty();
	}

	@Test
	void sizesAreGivenBackWhenItemsGo() {
		for (int i = 0; i < 1000; i++) {
			add("aaaa", "bb");
		}

		assertThat(this.feed.newest(10)).containsExactly("bb", "aaaa", "bb");
	}

	@Test
	void whatFollowsAnEntryComesOldestFirst() {
		add("a", "b", "c");

		assertThat(this.feed.after(1, 0, 10).entries()).extracting(MessageFeed.Entry::item).containsExactly("b", "c");
		assertThat(this.feed.after(0, 0, 2).entries()).extracting(MessageFeed.Entry::item).containsExactly("a", "b");
		assertThat(this.feed.after(3, 0, 10).entries()).isEmpty();
	}

	@Test
	void whatFollowsAnEntryThatIsGoneBeginsWithTheOldestThereIs() {
		add("a", "b", "c", "d", "e");

		List<MessageFeed.Entry<String>> entries = this.feed.after(1, 0, 10).entries();

		assertThat(entries).extracting(MessageFeed.Entry::id).containsExactly(3L, 4L, 5L);
	}

	@Test
	void listenersHearOfItemsUntilTheyAreRemoved() {
		AtomicInteger heard = new AtomicInteger();
		Runnable listener = heard::incrementAndGet;

		this.feed.addListener(listener);
		add("a", "b");
		this.feed.removeListener(listener);
		add("c");

		assertThat(heard).hasValue(2);
	}

	@Test
	void aFeedHoldsAtLeastOneItem() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MessageFeed<>(0, DataSize.ofBytes(10), String::length))
			.withMessageContaining("'capacity'");
	}

	@Test
	void announcementsAreNoItems() {
		add("a");
		this.feed.announce("gap", "no more after this");
		add("b");

		assertThat(this.feed.newest(10)).containsExactly("b", "a");
		assertThat(this.feed.newestId()).isEqualTo(2);
		assertThat(this.feed.after(0, 0, 10).announcements()).singleElement()
			.extracting(MessageFeed.Announcement::after)
			.isEqualTo(1L);
		assertThat(this.feed.after(0, 1, 10).announcements()).isEmpty();
	}

	@Test
	void onlyTheNewestAnnouncementsAreKept() {
		for (int i = 1; i <= 1000; i++) {
			this.feed.announce("gap", i);
		}

		assertThat(this.feed.after(0, 0, 10).announcements()).hasSize(100)
			.last()
			.extracting(MessageFeed.Announcement::data)
			.isEqualTo(1000);
		assertThat(this.feed.announced()).isEqualTo(1000);
	}

	private void add(String... items) {
		for (String item : items) {
			this.feed.add(item);
		}
	}

}
