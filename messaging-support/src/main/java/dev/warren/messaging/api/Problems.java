package dev.warren.messaging.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.warren.messaging.problem.ProblemType;

/**
 * The problems that a controller's method, or each of them, may answer with, for the
 * OpenAPI document. Those of every operation, such as a body that is too large, need not
 * be named.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface Problems {

	/**
	 * The problems.
	 * @return their types
	 */
	ProblemType[] value();

}
