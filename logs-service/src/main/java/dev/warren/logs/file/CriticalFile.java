package dev.warren.logs.file;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.logs.LogsProperties;
import dev.warren.logs.subscriptions.LogLine;
import dev.warren.logs.subscriptions.Subscription;
import dev.warren.logs.subscriptions.Subscriptions;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.log.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Writes what the standing subscriptions to all that is critical get to a file. One that
 * is slow, or fails for a while, holds up nobody who receives: like any reader of a feed,
 * it loses what goes from the feed before it was written, and says how much.
 */
@Component
@ConditionalOnBooleanProperty("warren.logs.critical-to-file")
class CriticalFile implements DisposableBean {

	private static final int CHUNK = 64;

	private static final Logger logger = LoggerFactory.getLogger(CriticalFile.class);

	private final RollingFile file;

	// The feeds, and the id of the last line written of each.
	private final Map<MessageFeed<LogLine>, Long> written = new LinkedHashMap<>();

	private @Nullable String fault;

	CriticalFile(Subscriptions subscriptions, LogsProperties properties) {
		this.file = new RollingFile(properties.criticalFile(), properties.criticalFileSize().toBytes(),
				properties.criticalFiles());
		subscriptions.list()
			.stream()
			.filter((subscription) -> subscription.id().startsWith(Subscriptions.CRITICAL))
			.map(Subscription::feed)
			.forEach((feed) -> this.written.put(feed, 0L));
	}

	/**
	 * Writes what is new. A line that cannot be written is tried again for as long as its
	 * feed has it.
	 */
	@Scheduled(fixedDelay = 100)
	synchronized void write() {
		try {
			for (MessageFeed<LogLine> feed : this.written.keySet()) {
				while (write(feed)) {
					continue;
				}
			}
			this.fault = null;
		}
		catch (IOException ex) {
			if (!ex.toString().equals(this.fault)) {
				this.fault = ex.toString();
				logger.warn("Lines are not written, trying again: {}", this.fault);
			}
		}
	}

	private boolean write(MessageFeed<LogLine> feed) throws IOException {
		long last = this.written.getOrDefault(feed, 0L);
		List<MessageFeed.Entry<LogLine>> next = feed.after(last, CHUNK);
		for (MessageFeed.Entry<LogLine> entry : next) {
			if (entry.id() > last + 1) {
				this.file.append("%s %d lines lost here: they came faster than the file takes them"
					.formatted(Instant.now(), entry.id() - last - 1));
				this.written.put(feed, entry.id() - 1);
			}
			LogLine line = entry.item();
			this.file.append("%s %s: %s".formatted(line.receivedAt(), Printable.text(line.routingKey()),
					Printable.text(line.message())));
			last = entry.id();
			this.written.put(feed, last);
		}
		return !next.isEmpty();
	}

	@Override
	public void destroy() {
		write();
	}

}
