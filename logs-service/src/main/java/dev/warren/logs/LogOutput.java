package dev.warren.logs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Writes lines to the service's log, each with the trace of its sender.
 */
final class LogOutput implements LineOutput {

	private static final Logger logger = LoggerFactory.getLogger(LogOutput.class);

	private static final Pattern TRACE_PARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-.*");

	@Override
	public void write(LogLine line) {
		Matcher trace = TRACE_PARENT.matcher(traceParent(line));
		if (!trace.matches()) {
			logger.info(PrintableLine.of(line));
			return;
		}
		MDC.put("traceId", trace.group(1));
		MDC.put("spanId", trace.group(2));
		try {
			logger.info(PrintableLine.of(line));
		}
		finally {
			MDC.clear();
		}
	}

	private static String traceParent(LogLine line) {
		return (line.properties().headers() != null) ? String.valueOf(line.properties().headers().get("traceparent"))
				: "";
	}

	@Override
	public void lost(long count) {
		logger.warn("{} lines lost here: they came faster than the log takes them", count);
	}

}
