package dev.warren.broker.rabbitmq;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A group of behaviours that a RabbitMQ client sees, each a test that runs against the
 * embedded broker and, as it is, against a real RabbitMQ. The display names of class and
 * tests are the headings and lines of {@code COMPATIBILITY.md}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("compatibility")
@ExtendWith({ BrokerUnderTest.class, BrokerCondition.class, CompatibilityResults.class })
@DisplayNameGeneration(SentenceNames.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@interface CompatibilityTests {

}
