package dev.warren.broker.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.broker.BrokerFaults;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs a test several times, to find consumers that do not bear what "at least once"
 * allows: first plainly, then with deliveries {@linkplain BrokerFaults#disturbDeliveries
 * disturbed} while the test method runs, each time by another seed. Messages come twice,
 * come again after they were acknowledged, and overtake one another.
 * <p>
 * When a disturbed run fails, the failure has the seed and what was disturbed. Further
 * runs then look whether fewer disturbances are enough. When the plain run fails, there
 * are no others. With {@code -Dwarren.broker.at-least-once.seed=42}, all such tests run
 * with that seed only.
 * <p>
 * The test needs a broker by {@link EmbeddedBrokerTest} or
 * {@link EmbeddedBrokerExtension}, and has to bear being repeated. What it consumes
 * itself, to see what came of it, is disturbed as well: {@link #queues()} leaves that
 * out, or {@code broker.queue(…)} looks at it undisturbed.
 *
 * <pre>{@code
 * &#64;AtLeastOnceTest(queues = "orders")
 * void eachOrderIsShippedOnce(EmbeddedBroker broker) {
 *     …
 * }
 * }</pre>
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(AtLeastOnceExtension.class)
public @interface AtLeastOnceTest {

	/**
	 * How many disturbed runs there are, 1 or more, each with a seed of its own that is
	 * another one whenever the test is run.
	 */
	int runs() default 5;

	/**
	 * The seeds of the disturbed runs, for instance that of a failure; by default there
	 * are as many as {@link #runs()}, by chance.
	 */
	long[] seeds() default {};

	/**
	 * The names of the queues whose deliveries are disturbed, by default all.
	 */
	String[] queues() default {};

}
