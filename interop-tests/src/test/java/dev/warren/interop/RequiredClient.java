package dev.warren.interop;

import java.lang.reflect.Method;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs a test only if the machine has its client.
 */
final class RequiredClient implements InvocationInterceptor {

	@Override
	public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
			ReflectiveInvocationContext<Method> test, ExtensionContext context) throws Throwable {
		((Client) test.getArguments().get(0)).require();
		invocation.proceed();
	}

}
