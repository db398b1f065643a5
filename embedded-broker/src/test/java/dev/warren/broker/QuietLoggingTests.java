package dev.warren.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With Logback; without any provider, it is the project {@code plain-junit-5.10} of the
 * consumer tests that looks at the output.
 */
class QuietLoggingTests {

	private final Logger qpid = (Logger) LoggerFactory.getLogger("org.apache.qpid");

	private Level before;

	@BeforeEach
	void remember() {
		this.before = this.qpid.getLevel();
	}

	@AfterEach
	void restore() {
		this.qpid.setLevel(this.before);
	}

	@Test
	void qpidLogsWarningsOnly() {
		this.qpid.setLevel(null);

		EmbeddedBroker.builder().start().close();

		assertThat(this.qpid.getLevel()).isEqualTo(Level.WARN);
	}

	@Test
	void aLevelThatIsSetIsLeftAlone() {
		this.qpid.setLevel(Level.INFO);

		EmbeddedBroker.builder().start().close();

		assertThat(this.qpid.getLevel()).isEqualTo(Level.INFO);
	}

}
