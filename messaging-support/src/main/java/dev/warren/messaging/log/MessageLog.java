package dev.warren.messaging.log;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * One line of the log for each message that is sent, received, rejected or dead-lettered,
 * in the words of the tutorials' own programs: <code> [x] Sent 'Hello World!'</code>. Of
 * more than 50 in a second the rest is counted, and what strangers wrote is kept on its
 * line.
 */
public class MessageLog {

	private static final int LINES_A_SECOND = 50;

	private static final Logger logger = LoggerFactory.getLogger(MessageLog.class);

	private final AtomicInteger lines = new AtomicInteger();

	/**
	 * Writes a line, or counts it if there were too many in this second.
	 * @param format the line, as SLF4J takes it, without the tutorials' {@code [x]}
	 * @param values what goes into its places
	 */
	public void line(String format, @Nullable Object... values) {
		if (this.lines.incrementAndGet() <= LINES_A_SECOND) {
			logger.info(" [x] " + format,
					Arrays.stream(values).map((value) -> Printable.line(String.valueOf(value))).toArray());
		}
	}

	@Scheduled(fixedRate = 1000)
	void countTheRest() {
		int rest = this.lines.getAndSet(0) - LINES_A_SECOND;
		if (rest > 0) {
			logger.info(" [x] and {} more within a second", rest);
		}
	}

}
