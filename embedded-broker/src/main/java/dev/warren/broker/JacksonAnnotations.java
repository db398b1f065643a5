package dev.warren.broker;

import java.util.Arrays;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * The one jar that Qpid's Jackson 3 shares with an application's Jackson 2. Maven may
 * choose the version that the latter asks for.
 */
final class JacksonAnnotations {

	private JacksonAnnotations() {
	}

	/**
	 * An explanation of why the broker cannot start, if the annotations are too old for
	 * Qpid.
	 */
	static @Nullable BrokerStartException tooOld(Throwable failure) {
		if (Arrays.stream(JsonFormat.Shape.values()).anyMatch((shape) -> shape.name().equals("POJO"))) {
			return null;
		}
		return new BrokerStartException(
				"The jackson-annotations on the class path are older than 2.19, which Qpid needs.",
				"Depend on com.fasterxml.jackson.core:jackson-annotations:2.20, with scope test: "
						+ "any Jackson 2 works with it.",
				failure);
	}

}
