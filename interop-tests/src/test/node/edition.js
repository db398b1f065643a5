// How the tutorials declare their queues: as the older texts, or, with EDITION=current, as those of today
exports.queue = (durable) =>
  process.env.EDITION === 'current' ? { durable: true, arguments: { 'x-queue-type': 'quorum' } } : { durable };
