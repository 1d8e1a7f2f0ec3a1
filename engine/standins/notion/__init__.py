"""A loopback Notion: one workspace, strict about shapes, limits and what is shared."""
