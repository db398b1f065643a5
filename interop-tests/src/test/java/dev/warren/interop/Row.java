package dev.warren.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A row of the table in TESTS.md: a test that is run once with each of some clients, its
 * first parameter.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(RowClients.class)
@ExtendWith(RequiredClient.class)
@interface Row {

	/**
	 * The lesson.
	 */
	Tutorial tutorial();

	/**
	 * Which way messages go.
	 */
	Direction direction();

	/**
	 * The clients that can do it; by default all.
	 */
	Client[] clients() default { Client.PIKA, Client.PY_AMQP, Client.PY_AMQPLIB, Client.NODE, Client.AMQP_TOOLS };

}
