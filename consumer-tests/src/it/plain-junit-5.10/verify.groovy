// Without a provider, SLF4J complains to whoever is the first to log.
assert !new File(basedir, 'build.log').readLines().find { it.startsWith('SLF4J') }
