"""Cratelog's engine: domain, projections, reconciler, workflows and the adapters around them."""
