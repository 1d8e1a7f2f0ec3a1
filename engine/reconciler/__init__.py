"""Pure planning: wanted, found, base and attempts in, a Plan out."""
