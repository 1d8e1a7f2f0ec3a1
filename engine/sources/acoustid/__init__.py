"""AcoustID as a provider of facts: a recording by its sound."""
