"""AcoustID as a provider of facts about recordings, by their sound."""
