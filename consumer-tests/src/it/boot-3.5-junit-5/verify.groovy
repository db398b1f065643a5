// Nothing of what is inside the broker: Boot shortens org.apache.qpid.
assert !new File(basedir, 'build.log').readLines().find { it =~ /(INFO|DEBUG|TRACE) .* (o\.a\.q\w*|org\.apache\.qpid|com\.sleepycat)\./ }
